//! The statements over prints.

use db::OrTrouble;
use kernel::{AccountId, Now, Trouble};
use sqlx::{PgConnection, query_as, query_scalar};

use super::Print;

/// Gives its number; none when another one took it at the same moment.
pub(super) async fn insert(
    conn: &mut PgConnection,
    (object, form): (&str, &str),
    area_pos: i32,
    by: AccountId,
    at: Now,
) -> Result<Option<i32>, Trouble> {
    query_scalar!(
        "INSERT INTO print_trace (object, form, no, area_pos, by_account, at)
         SELECT $1, $2, coalesce(max(no), 0) + 1, $3, $4, $5
         FROM print_trace WHERE object = $1 AND form = $2
         ON CONFLICT DO NOTHING RETURNING no",
        object,
        form,
        area_pos,
        by as AccountId,
        at as Now
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// Newest first.
pub(super) async fn prints(
    conn: &mut PgConnection,
    object: &str,
    form: &str,
) -> Result<Vec<Print>, Trouble> {
    query_as!(
        Print,
        r#"SELECT p.no, a.name AS by, p.at AS "at: Now"
           FROM print_trace p JOIN account a ON a.id = p.by_account
           WHERE p.object = $1 AND p.form = $2 ORDER BY p.no DESC"#,
        object,
        form
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}
