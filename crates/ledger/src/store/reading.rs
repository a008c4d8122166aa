//! The statements that read.

use kernel::{AreaId, Fen, LedgerAccountId, Month, Now, PersonId, TransferId, Trouble};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use crate::read::{Act, Balance, BalanceFilter, JournalLine, Moved, Standing};
use crate::write::trouble;
use crate::{AccountKey, AccountKind};

/// A transfer as it was written.
pub(crate) struct Stored {
    pub(crate) id: TransferId,
    pub(crate) act: Act,
    pub(crate) pending: Option<TransferId>,
    pub(crate) debit: LedgerAccountId,
    pub(crate) credit: LedgerAccountId,
    pub(crate) amount: Fen,
    pub(crate) person: Option<PersonId>,
    pub(crate) about: String,
}

pub(crate) async fn find(
    conn: &mut PgConnection,
    ids: &[TransferId],
) -> Result<Vec<Stored>, Trouble> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.get()).collect();
    let rows = query!(
        r#"SELECT id, act, pending, debit, credit, amount_fen AS "amount: Fen",
                  person_id AS "person: PersonId", about
           FROM transfer WHERE id = ANY ($1)"#,
        &ids
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    rows.into_iter()
        .map(|r| {
            Ok(Stored {
                id: TransferId::new(r.id),
                act: act_of(&r.act)?,
                pending: r.pending.map(TransferId::new),
                debit: LedgerAccountId::new(r.debit),
                credit: LedgerAccountId::new(r.credit),
                amount: r.amount,
                person: r.person,
                about: r.about,
            })
        })
        .collect()
}

fn act_of(code: &str) -> Result<Act, Trouble> {
    Act::from_code(code).ok_or_else(|| Trouble::fault(format!("transfer.act: {code}")))
}

pub(crate) async fn balances(
    conn: &mut PgConnection,
    id: Option<LedgerAccountId>,
    filter: &BalanceFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Balance>, Trouble> {
    let rows = query!(
        r#"SELECT a.id, a.kind, a.area_id AS "area: AreaId", a.fund, a.item, a.year,
                  a.person_id AS "person: PersonId", b.debits_pending AS "debits_pending: Fen",
                  b.debits_posted AS "debits_posted: Fen",
                  b.credits_pending AS "credits_pending: Fen",
                  b.credits_posted AS "credits_posted: Fen"
           FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
           WHERE ($1::bigint IS NULL OR a.id = $1) AND ($2::text IS NULL OR a.kind = $2)
             AND ($3::bigint IS NULL OR a.area_id = $3) AND ($4::text IS NULL OR a.fund = $4)
             AND ($5::text IS NULL OR a.item = $5) AND ($6::smallint IS NULL OR a.year = $6)
             AND ($7::uuid IS NULL OR a.person_id = $7)
           ORDER BY a.area_id, a.fund, a.item, a.year, a.kind, a.id LIMIT $8 OFFSET $9"#,
        id.map(LedgerAccountId::get),
        filter.kind.map(AccountKind::code),
        filter.area as Option<AreaId>,
        filter.fund,
        filter.item,
        filter.year,
        filter.person as Option<PersonId>,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    rows.into_iter()
        .map(|r| {
            let kind = AccountKind::from_code(&r.kind)
                .ok_or_else(|| Trouble::fault(format!("ledger_account.kind: {}", r.kind)))?;
            let key = AccountKey {
                kind,
                area: r.area,
                fund: r.fund,
                item: r.item,
                year: r.year,
                person: r.person,
            };
            Ok(Balance {
                id: LedgerAccountId::new(r.id),
                key,
                debits_pending: r.debits_pending,
                debits_posted: r.debits_posted,
                credits_pending: r.credits_pending,
                credits_posted: r.credits_posted,
            })
        })
        .collect()
}

pub(crate) async fn journal(
    conn: &mut PgConnection,
    account: LedgerAccountId,
    limit: i64,
    offset: i64,
) -> Result<Vec<JournalLine>, Trouble> {
    let rows = query!(
        r#"SELECT no, at AS "at: Now", act, about, debit, credit, lines,
                  amount_fen AS "amount: Fen"
           FROM ledger_journal WHERE debit = $1 OR credit = $1
           ORDER BY no DESC LIMIT $2 OFFSET $3"#,
        account.get(),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    rows.into_iter()
        .map(|r| {
            Ok(JournalLine {
                no: r.no,
                at: r.at,
                act: act_of(&r.act)?,
                about: r.about,
                debit: LedgerAccountId::new(r.debit),
                credit: LedgerAccountId::new(r.credit),
                lines: r.lines,
                amount: r.amount,
            })
        })
        .collect()
}

pub(crate) async fn count_journal(
    conn: &mut PgConnection,
    account: LedgerAccountId,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "count!" FROM ledger_journal WHERE debit = $1 OR credit = $1"#,
        account.get()
    )
    .fetch_one(conn)
    .await
    .map_err(trouble)
}

/// By the month of the bureau's clock; money that went back to its source is not spent.
pub(crate) async fn spent_by_month(
    conn: &mut PgConnection,
    account: LedgerAccountId,
) -> Result<Vec<(Month, Fen)>, Trouble> {
    let rows = query!(
        r#"SELECT date_trunc('month', j.at)::date AS "month!: Month",
                  sum(CASE WHEN j.debit <> $1 AND j.act IN ('single', 'post') THEN -j.amount_fen
                           WHEN j.debit <> $1 OR j.act = 'post' THEN 0
                           WHEN j.act = 'void' THEN -j.amount_fen
                           ELSE j.amount_fen END)::bigint AS "spent!: Fen"
           FROM ledger_journal j
           JOIN ledger_account other
             ON other.id = CASE WHEN j.debit = $1 THEN j.credit ELSE j.debit END
           WHERE (j.debit = $1 OR j.credit = $1) AND other.kind <> 'source'
           GROUP BY 1 ORDER BY 1"#,
        account.get()
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    Ok(rows.into_iter().map(|r| (r.month, r.spent)).collect())
}

/// What came from sources, less what went back.
pub(crate) async fn allotted(
    conn: &mut PgConnection,
    accounts: &[LedgerAccountId],
) -> Result<Vec<(LedgerAccountId, Fen)>, Trouble> {
    let ids: Vec<i64> = accounts.iter().map(|id| id.get()).collect();
    let rows = query!(
        r#"SELECT a.id AS "id!", sum(CASE WHEN j.credit = a.id THEN j.amount_fen
                                          ELSE -j.amount_fen END)::bigint AS "sum!: Fen"
           FROM unnest($1::bigint[]) AS a (id)
           JOIN ledger_journal j ON a.id IN (j.debit, j.credit)
           JOIN ledger_account other
             ON other.id = CASE WHEN j.debit = a.id THEN j.credit ELSE j.debit END
           WHERE other.kind = 'source' AND j.act = 'single'
           GROUP BY a.id"#,
        &ids
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    Ok(rows.into_iter().map(|r| (LedgerAccountId::new(r.id), r.sum)).collect())
}

/// Of one matter when it is given; what settles a pending one is its standing.
pub(crate) async fn of_person(
    conn: &mut PgConnection,
    person: PersonId,
    about: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Moved>, Trouble> {
    let rows = query!(
        r#"SELECT t.id, t.act, t.debit, t.credit, t.amount_fen AS "amount: Fen",
                  t.person_id AS "person: PersonId", t.about, t.at AS "at: Now",
                  s.act AS "settled?", s.at AS "settled_at?: Now"
           FROM transfer t LEFT JOIN transfer s ON s.pending = t.id
           WHERE t.person_id = $1 AND t.pending IS NULL AND ($2::text IS NULL OR t.about = $2)
           ORDER BY t.at DESC, t.id LIMIT $3 OFFSET $4"#,
        person as PersonId,
        about,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    rows.into_iter()
        .map(|r| {
            let act = act_of(&r.act)?;
            let settled = r.settled.as_deref().zip(r.settled_at);
            Ok(Moved {
                id: TransferId::new(r.id),
                act,
                debit: LedgerAccountId::new(r.debit),
                credit: LedgerAccountId::new(r.credit),
                amount: r.amount,
                person: r.person,
                about: r.about,
                at: r.at,
                standing: (act == Act::Pending).then(|| standing_of(settled)),
            })
        })
        .collect()
}

fn standing_of(settled: Option<(&str, Now)>) -> Standing {
    match settled {
        None => Standing::Pending,
        Some(("post", at)) => Standing::Posted(at),
        Some((_, at)) => Standing::Voided(at),
    }
}

pub(crate) async fn standing(
    conn: &mut PgConnection,
    pending: &[TransferId],
) -> Result<Vec<(TransferId, Standing)>, Trouble> {
    let ids: Vec<Uuid> = pending.iter().map(|id| id.get()).collect();
    let rows = query!(
        r#"SELECT t.id, s.act AS "settled?", s.at AS "settled_at?: Now"
           FROM transfer t LEFT JOIN transfer s ON s.pending = t.id
           WHERE t.id = ANY ($1) AND t.act = 'pending' ORDER BY t.id"#,
        &ids
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)?;
    let each = rows.into_iter().map(|r| {
        let settled = r.settled.as_deref().zip(r.settled_at);
        (TransferId::new(r.id), standing_of(settled))
    });
    Ok(each.collect())
}
