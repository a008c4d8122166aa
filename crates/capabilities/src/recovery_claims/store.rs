//! The statement of whom a claim is made to.

use db::OrTrouble;
use kernel::{AccountId, CaseId, Now, Trouble};
use sqlx::{PgConnection, query};

pub(super) async fn put_contact(
    conn: &mut PgConnection,
    case: CaseId,
    (relation, sealed): (&str, &str),
    (at, by): (Now, AccountId),
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO recovery_contact (case_id, no, relation, sealed, noted_at, noted_by)
         SELECT $1, count(*) + 1, $2, $3, $4, $5 FROM recovery_contact WHERE case_id = $1",
        case as CaseId,
        relation,
        sealed,
        at as Now,
        by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
