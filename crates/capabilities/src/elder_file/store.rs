//! The statements of this capability.

use db::OrTrouble;
use kernel::{Day, PersonId, Trouble};
use sqlx::PgConnection;

/// Who is of one household with somebody, or is their spouse by either's record, as far as they
/// lie in the scope.
pub(super) async fn relatives(
    conn: &mut PgConnection,
    person: PersonId,
    household: Option<&str>,
    today: Day,
) -> Result<Vec<(PersonId, bool)>, Trouble> {
    let rows = sqlx::query!(
        r#"SELECT f.person_id AS "person: PersonId", bool_or(f.kind = 'spouse') AS "spouse!"
           FROM fact_current f
           WHERE (f.valid_to IS NULL OR f.valid_to > $4) AND f.person_id <> $1
             AND (f.kind = 'household' AND f.value_text = $2
                  OR f.kind = 'spouse' AND f.value_text = $3)
           GROUP BY f.person_id ORDER BY f.person_id LIMIT 30"#,
        person as PersonId,
        household,
        person.to_string(),
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.person, row.spouse)).collect())
}
