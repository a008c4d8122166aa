//! The statements of this crate that find accounts and write.

pub(crate) mod proof;
pub(crate) mod reading;

use kernel::{AreaId, LedgerAccountId, Now, PersonId, Transfer, TransferAct, TransferId, Trouble};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use crate::AccountKey;
use crate::read::Act;
use crate::write::{Reserve, trouble};

pub(crate) async fn find_account(
    conn: &mut PgConnection,
    key: &AccountKey,
) -> Result<Option<LedgerAccountId>, Trouble> {
    let id = query_scalar!(
        "SELECT id FROM ledger_account
         WHERE area_id = $1 AND fund = $2 AND item = $3 AND year = $4 AND kind = $5
           AND person_id IS NOT DISTINCT FROM $6",
        key.area as AreaId,
        key.fund,
        key.item,
        key.year,
        key.kind.code(),
        key.person as Option<PersonId>
    )
    .fetch_optional(conn)
    .await
    .map_err(trouble)?;
    Ok(id.map(LedgerAccountId::new))
}

/// Nothing when it stands already, or when the person or the area is not seen.
pub(crate) async fn make_account(conn: &mut PgConnection, key: &AccountKey) -> Result<(), Trouble> {
    query!(
        "INSERT INTO ledger_account (area_id, fund, item, year, kind, person_id, area_pos)
         SELECT a.area_id, $2, $3, $4, $5, $6, COALESCE(p.area_pos, a.lo)
         FROM area_position a LEFT JOIN person p ON p.person_id = $6
         WHERE a.area_id = $1 AND ($6::uuid IS NULL OR p.person_id IS NOT NULL)
         ON CONFLICT DO NOTHING",
        key.area as AreaId,
        key.fund,
        key.item,
        key.year,
        key.kind.code(),
        key.person as Option<PersonId>
    )
    .execute(conn)
    .await
    .map_err(trouble)?;
    Ok(())
}

fn each<T>(all: &[Transfer], part: impl Fn(&Transfer) -> T) -> Vec<T> {
    all.iter().map(part).collect()
}

/// Debit, credit and sum of what moves by itself.
fn sums(it: &Transfer) -> (i64, i64, i64) {
    match it.act {
        TransferAct::Single { debit, credit, amount_fen }
        | TransferAct::Pending { debit, credit, amount_fen } => {
            (debit.get(), credit.get(), amount_fen.get())
        }
        TransferAct::Post(_) | TransferAct::Void(_) => (0, 0, 0),
    }
}

fn act_code(it: &Transfer) -> String {
    let act = match it.act {
        TransferAct::Single { .. } => Act::Single,
        TransferAct::Pending { .. } => Act::Pending,
        TransferAct::Post(_) => Act::Post,
        TransferAct::Void(_) => Act::Void,
    };
    act.code().to_owned()
}

/// Transfers that move by themselves; gives how many were new.
pub(crate) async fn insert_moves(
    conn: &mut PgConnection,
    all: &[Transfer],
    at: Now,
) -> Result<u64, Trouble> {
    let done = query!(
        "INSERT INTO transfer (id, act, debit, credit, amount_fen, person_id, area_pos, about, at)
         SELECT t.id, t.act, t.debit, t.credit, t.amount, t.person,
                COALESCE(p.area_pos, a.area_pos), t.about, $8
         FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[],
                     $6::uuid[], $7::text[]) AS t (id, act, debit, credit, amount, person, about)
         LEFT JOIN person p ON p.person_id = t.person
         LEFT JOIN ledger_account a ON a.id = t.debit
         WHERE t.person IS NULL OR p.person_id IS NOT NULL
         ORDER BY t.id
         ON CONFLICT (id) DO NOTHING",
        &each(all, |it| it.id.get()),
        &each(all, act_code),
        &each(all, |it| sums(it).0),
        &each(all, |it| sums(it).1),
        &each(all, |it| sums(it).2),
        &each(all, |it| it.person) as &[Option<PersonId>],
        &each(all, |it| it.about.clone()),
        at as Now
    )
    .execute(conn)
    .await
    .map_err(trouble)?;
    Ok(done.rows_affected())
}

/// Transfers that settle pending ones; gives how many were new.
pub(crate) async fn insert_settlements(
    conn: &mut PgConnection,
    all: &[Transfer],
    at: Now,
) -> Result<u64, Trouble> {
    let pending = |it: &Transfer| match it.act {
        TransferAct::Post(pending) | TransferAct::Void(pending) => pending.get(),
        TransferAct::Single { .. } | TransferAct::Pending { .. } => Uuid::nil(),
    };
    let done = query!(
        "INSERT INTO transfer
             (id, act, pending, debit, credit, amount_fen, person_id, area_pos, about, at)
         SELECT t.id, t.act, p.id, p.debit, p.credit, p.amount_fen, p.person_id, p.area_pos,
                t.about, $5
         FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[])
              AS t (id, act, pending, about)
         JOIN transfer p ON p.id = t.pending AND p.act = 'pending'
         ORDER BY t.id
         ON CONFLICT (id) DO NOTHING",
        &each(all, |it| it.id.get()),
        &each(all, act_code),
        &each(all, pending),
        &each(all, |it| it.about.clone()),
        at as Now
    )
    .execute(conn)
    .await
    .map_err(trouble)?;
    Ok(done.rows_affected())
}

/// One pending transfer a line; gives how many were new. Where `some_stand` is false, one that
/// stands already is an error: to look for each of a million costs as much as to write it.
pub(crate) async fn insert_reserved(
    conn: &mut PgConnection,
    it: &Reserve<'_>,
    some_stand: bool,
    at: Now,
) -> Result<u64, sqlx::Error> {
    let (ids, people, amounts) = columns(it);
    let done = query!(
        "INSERT INTO transfer (id, act, debit, credit, amount_fen, person_id, area_pos, about, at)
         SELECT t.id, 'pending', $4, $5, t.amount, t.person, p.area_pos, $6, $7
         FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS t (id, person, amount)
         JOIN person p ON p.person_id = t.person
         WHERE NOT $8 OR NOT EXISTS (SELECT FROM transfer s WHERE s.id = t.id)",
        &ids,
        &people,
        &amounts,
        it.debit.get(),
        it.credit.get(),
        it.about,
        at as Now,
        some_stand
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Room to sort a run's million lines without files, for the rest of the transaction.
pub(crate) async fn make_room(conn: &mut PgConnection) -> Result<(), Trouble> {
    query!("SELECT set_config('work_mem', '64MB', true)").fetch_one(conn).await.map_err(trouble)?;
    Ok(())
}

/// In the order of the index that they are written to: to sort whole rows in the database costs
/// as much as half of the writing.
fn columns(it: &Reserve<'_>) -> (Vec<Uuid>, Vec<Uuid>, Vec<i64>) {
    let mut lines = it.lines.to_vec();
    lines.sort_unstable_by_key(|line| line.id);
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for line in lines {
        columns.0.push(line.id.get());
        columns.1.push(line.person.get());
        columns.2.push(line.amount.get());
    }
    columns
}

/// How many of the ids stand, and how many of them as they are asked for.
pub(crate) async fn count_reserved(
    conn: &mut PgConnection,
    it: &Reserve<'_>,
) -> Result<(i64, i64), Trouble> {
    let (ids, people, amounts) = columns(it);
    let row = query!(
        r#"SELECT count(*) AS "seen!",
                  count(*) FILTER (WHERE s.act = 'pending' AND s.debit = $4 AND s.credit = $5
                      AND s.amount_fen = t.amount AND s.person_id = t.person AND s.about = $6)
                  AS "same!"
           FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS t (id, person, amount)
           JOIN transfer s ON s.id = t.id"#,
        &ids,
        &people,
        &amounts,
        it.debit.get(),
        it.credit.get(),
        it.about
    )
    .fetch_one(conn)
    .await
    .map_err(trouble)?;
    Ok((row.seen, row.same))
}

/// One post or void for each; its id is that of the pending one with another first digit.
/// `some_stand` as with [`insert_reserved`].
pub(crate) async fn insert_settled(
    conn: &mut PgConnection,
    (act, made): (Act, fn(TransferId) -> TransferId),
    pending: &[TransferId],
    about: &str,
    some_stand: bool,
    at: Now,
) -> Result<u64, sqlx::Error> {
    let done = query!(
        "INSERT INTO transfer
             (id, act, pending, debit, credit, amount_fen, person_id, area_pos, about, at)
         SELECT t.id, $3, p.id, p.debit, p.credit, p.amount_fen, p.person_id, p.area_pos, $4, $5
         FROM unnest($1::uuid[], $2::uuid[]) AS t (id, pending)
         JOIN transfer p ON p.id = t.pending AND p.act = 'pending'
         WHERE NOT $6 OR NOT EXISTS (SELECT FROM transfer s WHERE s.id = t.id)",
        &pending.iter().map(|id| made(*id)).collect::<Vec<_>>() as &[TransferId],
        pending as &[TransferId],
        act.code(),
        about,
        at as Now,
        some_stand
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// How many of them are settled so.
pub(crate) async fn count_settled(
    conn: &mut PgConnection,
    pending: &[TransferId],
    act: Act,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "count!" FROM unnest($1::uuid[]) AS t (pending)
           JOIN transfer s ON s.pending = t.pending AND s.act = $2"#,
        pending as &[TransferId],
        act.code()
    )
    .fetch_one(conn)
    .await
    .map_err(trouble)
}
