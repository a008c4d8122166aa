//! The statement of who changes class.

use db::OrTrouble;
use kernel::{Day, DutyId, Fen, PersonId, Trouble};
use sqlx::{PgConnection, query};

/// 档次变化 that was found in a month.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) duty: DutyId,
    pub(super) person: PersonId,
    pub(super) item: String,
    pub(super) cause: String,
    /// What the month's sum changes by.
    pub(super) by: Fen,
    /// `open`, `done` or `cause_gone` (paid at the new sum).
    pub(super) state: String,
}

/// Who changes class by what was found from the first day to the last, without what was found to
/// be a mistake.
pub(super) async fn changes(
    conn: &mut PgConnection,
    (from, to): (Day, Day),
    limit: i64,
    offset: i64,
) -> Result<Vec<Change>, Trouble> {
    let rows = query!(
        r#"SELECT d.id AS "duty: DutyId", d.person_id AS "person: PersonId", d.item AS "item!",
                  d.cause, d.monthly_fen AS "by: Fen", d.state
           FROM duty d JOIN person p ON p.person_id = d.person_id
           WHERE d.kind = 'class_change' AND d.item IS NOT NULL AND d.state <> 'waived'
             AND d.opened_on BETWEEN $1 AND $2
           ORDER BY p.area_pos, p.name_key, d.id LIMIT $3 OFFSET $4"#,
        from as Day,
        to as Day,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| Change {
            duty: row.duty,
            person: row.person,
            item: row.item,
            cause: row.cause,
            by: row.by,
            state: row.state,
        })
        .collect())
}
