//! The statements over the forms of applications and what was shown when they were decided.

use access::Sealed;
use db::OrTrouble;
use kernel::{AccountId, CaseId, Now, Trouble};
use sqlx::{PgConnection, query, query_as};

/// A form as it is stored.
pub(super) struct StoredForm {
    pub(super) case: CaseId,
    pub(super) version: i32,
    pub(super) content: Vec<u8>,
    pub(super) key_version: i16,
    pub(super) at: Now,
    pub(super) by: String,
}

pub(super) async fn insert_form(
    conn: &mut PgConnection,
    case: CaseId,
    version: i32,
    channel: &str,
    sealed: &Sealed,
    (by, at): (AccountId, Now),
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO application_form (case_id, version, channel, content, key_version,
                                       written_by, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        case as CaseId,
        version,
        channel,
        sealed.bytes,
        sealed.key_version,
        by as AccountId,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn last_form(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Option<StoredForm>, Trouble> {
    Ok(last_forms(conn, &[case]).await?.pop())
}

pub(super) async fn last_forms(
    conn: &mut PgConnection,
    cases: &[CaseId],
) -> Result<Vec<StoredForm>, Trouble> {
    query_as!(
        StoredForm,
        r#"SELECT DISTINCT ON (f.case_id) f.case_id AS "case: CaseId", f.version, f.content,
                  f.key_version, f.written_at AS "at: Now", a.name AS by
           FROM application_form f JOIN account a ON a.id = f.written_by
           WHERE f.case_id = ANY($1) ORDER BY f.case_id, f.version DESC"#,
        cases as &[CaseId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn insert_proof(
    conn: &mut PgConnection,
    case: CaseId,
    move_no: i32,
    sealed: &Sealed,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO application_proof (case_id, move_no, content, key_version)
         VALUES ($1, $2, $3, $4)",
        case as CaseId,
        move_no,
        sealed.bytes,
        sealed.key_version
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// What was shown when the application was last decided.
pub(super) async fn last_proof(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Option<(i32, Sealed)>, Trouble> {
    let row = query!(
        "SELECT move_no, content, key_version FROM application_proof
         WHERE case_id = $1 ORDER BY move_no DESC LIMIT 1",
        case as CaseId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(|r| (r.move_no, Sealed { bytes: r.content, key_version: r.key_version })))
}
