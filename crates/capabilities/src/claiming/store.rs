//! The statements of claims.

use std::collections::HashMap;

use db::OrTrouble;
use findings::Paid;
use kernel::{CaseId, Day, Fen, Month, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::domain::Instalment;

mod money;

pub(crate) use money::{Entry, NewEntry, WriteOff, contact, entries, put_entry, write_offs};

/// 应收: a claim as it was opened.
#[derive(Clone, Debug)]
pub(crate) struct Recovery {
    pub(crate) case: CaseId,
    pub(crate) person: PersonId,
    pub(crate) item: String,
    pub(crate) cause: String,
    pub(crate) died_on: Option<Day>,
    pub(crate) known_on: Option<Day>,
    pub(crate) opened_on: Day,
    pub(crate) total: Fen,
}

/// Of these people and this item, the months that are claimed back already.
pub(crate) async fn claimed(
    conn: &mut PgConnection,
    item: &str,
    people: &[PersonId],
) -> Result<Vec<(PersonId, Month)>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", month AS "month: Month" FROM recovery_month
           WHERE item = $1 AND person_id = ANY($2) AND NOT released"#,
        item,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.person, row.month)).collect())
}

/// How many claims there were for each of these people and this item.
pub(crate) async fn counts(
    conn: &mut PgConnection,
    item: &str,
    people: &[PersonId],
) -> Result<HashMap<PersonId, i64>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", count(*) AS "n!" FROM recovery
           WHERE item = $1 AND person_id = ANY($2) GROUP BY person_id"#,
        item,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.person, row.n)).collect())
}

/// The day on which the first word of each death came.
pub(crate) async fn deaths_known(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Day>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", min(known_at)::date AS "day!: Day"
           FROM assertion WHERE kind = 'death_date' AND person_id = ANY($1) GROUP BY person_id"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.person, row.day)).collect())
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    it: &Recovery,
    months: &[Paid],
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO recovery (case_id, person_id, item, cause, died_on, known_on, opened_on,
                               total_fen)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        it.case as CaseId,
        it.person as PersonId,
        it.item,
        it.cause,
        it.died_on as Option<Day>,
        it.known_on as Option<Day>,
        it.opened_on as Day,
        it.total as Fen
    )
    .execute(&mut *conn)
    .await
    .or_trouble()?;
    let (at, sums): (Vec<Day>, Vec<Fen>) =
        months.iter().map(|paid| (paid.month.first(), paid.amount_fen)).unzip();
    let by_us: Vec<bool> = months.iter().map(|paid| paid.by_us).collect();
    query!(
        "INSERT INTO recovery_month (case_id, person_id, item, month, amount_fen, by_us)
         SELECT $1, $2, $3, m.* FROM unnest($4::date[], $5::bigint[], $6::boolean[]) AS m",
        it.case as CaseId,
        it.person as PersonId,
        it.item,
        &at as &[Day],
        &sums as &[Fen],
        &by_us
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Lets the months of a claim go.
pub(crate) async fn release(conn: &mut PgConnection, case: CaseId) -> Result<(), Trouble> {
    query!("UPDATE recovery_month SET released = true WHERE case_id = $1", case as CaseId)
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(())
}

pub(crate) async fn recovery(conn: &mut PgConnection, case: CaseId) -> Result<Recovery, Trouble> {
    let row = query!(
        r#"SELECT person_id AS "person: PersonId", item, cause, died_on AS "died_on: Day",
                  known_on AS "known_on: Day", opened_on AS "opened_on: Day",
                  total_fen AS "total: Fen"
           FROM recovery WHERE case_id = $1"#,
        case as CaseId
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok(Recovery {
        case,
        person: row.person,
        item: row.item,
        cause: row.cause,
        died_on: row.died_on,
        known_on: row.known_on,
        opened_on: row.opened_on,
        total: row.total,
    })
}

/// Waits for whoever else enters money on the claim, so that no more is taken off than is left.
pub(crate) async fn lock(conn: &mut PgConnection, case: CaseId) -> Result<(), Trouble> {
    query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended('recovery', hashtext($1)))
           AS "locked!: ()""#,
        case.to_string()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Open claims about a person and an item.
pub(crate) async fn open_claims(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
) -> Result<Vec<CaseId>, Trouble> {
    query_scalar!(
        r#"SELECT r.case_id AS "case: CaseId" FROM recovery r
           JOIN case_file f ON f.id = r.case_id
           WHERE r.person_id = $1 AND r.item = $2 AND f.owner_role IS NOT NULL"#,
        person as PersonId,
        item
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// The months of a claim, the earliest first.
pub(crate) async fn months(conn: &mut PgConnection, case: CaseId) -> Result<Vec<Paid>, Trouble> {
    let rows = query!(
        r#"SELECT month AS "month: Month", amount_fen AS "amount: Fen", by_us
           FROM recovery_month WHERE case_id = $1 ORDER BY month"#,
        case as CaseId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let paid = |row: (Month, Fen, bool)| Paid { month: row.0, amount_fen: row.1, by_us: row.2 };
    Ok(rows.into_iter().map(|row| paid((row.month, row.amount, row.by_us))).collect())
}

/// The plan that holds.
pub(crate) async fn instalments(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Vec<Instalment>, Trouble> {
    let rows = query!(
        r#"SELECT due_on AS "due_on: Day", amount_fen AS "amount: Fen"
           FROM recovery_instalment WHERE case_id = $1
             AND version = (SELECT max(version) FROM recovery_instalment WHERE case_id = $1)
           ORDER BY no"#,
        case as CaseId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|it| Instalment { due_on: it.due_on, amount: it.amount }).collect())
}
