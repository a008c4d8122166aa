//! The statements of proposals.

use db::OrTrouble;
use kernel::{CaseId, Day, DutyId, Fen, Month, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use crate::stopping::Stop;

/// How many stops there were about a person and an item, whatever came of them.
pub(super) async fn count(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM stop_case WHERE person_id = $1 AND item = $2"#,
        person as PersonId,
        item
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    it: &Stop,
    duty: Option<DutyId>,
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO stop_case (case_id, person_id, item, reason, monthly_fen, died_on,
                                not_due_from, evidence, duty_id, proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        it.case as CaseId,
        it.person as PersonId,
        it.item,
        it.reason,
        it.monthly as Fen,
        it.died_on as Option<Day>,
        it.not_due_from as Option<Month>,
        it.evidence,
        duty as Option<DutyId>,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Open duties about a person and an item that a stop answers.
pub(super) async fn answered(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
) -> Result<Vec<(DutyId, String)>, Trouble> {
    let rows = query!(
        r#"SELECT id AS "id: DutyId", kind FROM duty
           WHERE person_id = $1 AND item = $2 AND state = 'open'
             AND kind IN ('award_after_death', 'award_without_entitlement')"#,
        person as PersonId,
        item
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.id, row.kind)).collect())
}
