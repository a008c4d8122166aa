//! The statements over 指标登记.

use db::OrTrouble;
use kernel::{AccountId, AreaId, Fen, Now, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::domain::{EntryState, Origin};

/// 指标登记 as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) area: AreaId,
    pub(super) origin: Origin,
    pub(super) fund: String,
    pub(super) item: String,
    pub(super) year: i16,
    /// Below zero: 调减.
    pub(super) amount: Fen,
    pub(super) document: String,
    pub(super) note: String,
    pub(super) entered: (AccountId, String, Now),
    pub(super) state: EntryState,
    pub(super) decided: Option<(String, Now)>,
    pub(super) reason: String,
}

/// 指标登记 to be written.
pub(super) struct New<'a> {
    pub(super) area: AreaId,
    pub(super) area_pos: i32,
    pub(super) origin: Origin,
    pub(super) fund: &'a str,
    pub(super) item: &'a str,
    pub(super) year: i16,
    pub(super) amount: Fen,
    pub(super) document: &'a str,
    pub(super) note: &'a str,
    pub(super) by: AccountId,
    pub(super) at: Now,
}

/// Gives its id; none when the same document says the same already.
pub(super) async fn insert(conn: &mut PgConnection, it: &New<'_>) -> Result<Option<i64>, Trouble> {
    query_scalar!(
        "INSERT INTO budget_entry (area_id, area_pos, origin, fund, item, year, amount_fen,
                                   document, note, entered_by, entered_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'entered')
         ON CONFLICT DO NOTHING RETURNING id",
        it.area as AreaId,
        it.area_pos,
        it.origin.code(),
        it.fund,
        it.item,
        it.year,
        it.amount as Fen,
        it.document,
        it.note,
        it.by as AccountId,
        it.at as Now
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// Which entries: those of which each part that is given is so.
#[derive(Default)]
pub(super) struct Filter {
    pub(super) id: Option<i64>,
    pub(super) state: Option<EntryState>,
}

/// Entries of the scope, newest first.
pub(super) async fn list(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Stored>, Trouble> {
    let rows = query!(
        r#"SELECT b.id, b.area_id AS "area: AreaId", b.origin, b.fund, b.item, b.year,
                  b.amount_fen AS "amount: Fen", b.document, b.note,
                  b.entered_by AS "entered_by: AccountId", e.name AS entered_name,
                  b.entered_at AS "entered_at: Now", b.state, d.name AS "decided_name?",
                  b.decided_at AS "decided_at: Now", b.reason
           FROM budget_entry b JOIN account e ON e.id = b.entered_by
           LEFT JOIN account d ON d.id = b.decided_by
           WHERE ($1::bigint IS NULL OR b.id = $1) AND ($2::text IS NULL OR b.state = $2)
           ORDER BY b.id DESC LIMIT $3 OFFSET $4"#,
        filter.id,
        filter.state.map(EntryState::code),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let broken = || Trouble::fault(format!("budget_entry {}: unknown word", r.id));
            Ok(Stored {
                id: r.id,
                area: r.area,
                origin: Origin::from_code(&r.origin).ok_or_else(broken)?,
                fund: r.fund,
                item: r.item,
                year: r.year,
                amount: r.amount,
                document: r.document,
                note: r.note,
                entered: (r.entered_by, r.entered_name, r.entered_at),
                state: EntryState::from_code(&r.state).ok_or_else(broken)?,
                decided: r.decided_name.zip(r.decided_at),
                reason: r.reason,
            })
        })
        .collect()
}

/// How many entries of the scope are in each state.
pub(super) async fn counts(conn: &mut PgConnection) -> Result<Vec<(EntryState, u64)>, Trouble> {
    let rows = query!(
        r#"SELECT state, count(*) AS "count!" FROM budget_entry GROUP BY state ORDER BY state"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let each = rows
        .into_iter()
        .filter_map(|r| EntryState::from_code(&r.state).zip(u64::try_from(r.count).ok()));
    Ok(each.collect())
}

/// Gives whether it was still waiting.
pub(super) async fn decide(
    conn: &mut PgConnection,
    id: i64,
    state: EntryState,
    reason: &str,
    (at, by): (Now, AccountId),
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE budget_entry SET state = $2, reason = $3, decided_at = $4, decided_by = $5
         WHERE id = $1 AND state = 'entered'",
        id,
        state.code(),
        reason,
        at as Now,
        by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}
