//! The statements of restores.

use db::OrTrouble;
use kernel::{CaseId, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

/// 恢复: which stop is taken back.
#[derive(Clone, Debug)]
pub(super) struct Restore {
    pub(super) case: CaseId,
    pub(super) person: PersonId,
    pub(super) item: String,
    pub(super) stop: Option<CaseId>,
    pub(super) known_dead: bool,
    pub(super) evidence: String,
}

pub(super) async fn put_restore(
    conn: &mut PgConnection,
    it: &Restore,
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO restore_case (case_id, person_id, item, stop_case, known_dead, evidence,
                                   proposed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        it.case as CaseId,
        it.person as PersonId,
        it.item,
        it.stop as Option<CaseId>,
        it.known_dead,
        it.evidence,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn restore(conn: &mut PgConnection, case: CaseId) -> Result<Restore, Trouble> {
    let row = query!(
        r#"SELECT person_id AS "person: PersonId", item, stop_case AS "stop: CaseId", known_dead,
                  evidence
           FROM restore_case WHERE case_id = $1"#,
        case as CaseId
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok(Restore {
        case,
        person: row.person,
        item: row.item,
        stop: row.stop,
        known_dead: row.known_dead,
        evidence: row.evidence,
    })
}

/// How many restores there were about a person and an item.
pub(super) async fn count_restores(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM restore_case WHERE person_id = $1 AND item = $2"#,
        person as PersonId,
        item
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}
