use std::collections::HashSet;

use access::Actor;
use db::OrTrouble as _;
use kernel::{AccountId, Now, Trouble};
use sqlx::PgConnection;

use crate::originals::hex;

/// 解除: what somebody proposed, and whether another one agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    pub(crate) id: i64,
    /// Lines of the log that were looked at.
    pub(crate) lines: usize,
    /// SM3 of those lines.
    pub(crate) sm3: [u8; 32],
    pub(crate) reason: String,
    pub(crate) by: AccountId,
    pub(crate) by_name: String,
    pub(crate) at: Now,
    pub(crate) confirmed: bool,
}

/// Numbers and hashes of every file that the database knows. The connection is the engine's.
pub(super) async fn known(conn: &mut PgConnection) -> Result<HashSet<(String, String)>, Trouble> {
    let rows = sqlx::query!("SELECT number, file_sm3 FROM bank_file")
        .fetch_all(conn)
        .await
        .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.number, hex(&row.file_sm3))).collect())
}

/// All releases, the newest first.
pub(super) async fn releases(conn: &mut PgConnection) -> Result<Vec<Release>, Trouble> {
    let rows = sqlx::query!(
        r#"SELECT r.id, r.log_lines, r.log_sm3, r.reason, r.proposed_by, r.proposed_at AS "at: Now",
               coalesce(a.name, '') AS "by_name!", c.release_id IS NOT NULL AS "confirmed!"
           FROM outgoing_release r
           LEFT JOIN account a ON a.id = r.proposed_by
           LEFT JOIN outgoing_release_confirmation c ON c.release_id = r.id
           ORDER BY r.id DESC"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|row| {
            Ok(Release {
                id: row.id,
                lines: usize::try_from(row.log_lines).map_err(Trouble::fault)?,
                sm3: row.log_sm3.try_into().map_err(|_| Trouble::fault("a hash of 32 bytes"))?,
                reason: row.reason,
                by: AccountId::new(row.proposed_by),
                by_name: row.by_name,
                at: row.at,
                confirmed: row.confirmed,
            })
        })
        .collect()
}

pub(super) async fn propose(
    conn: &mut PgConnection,
    (lines, log_sm3): (usize, &[u8; 32]),
    reason: &str,
    actor: &Actor,
    at: Now,
) -> Result<i64, Trouble> {
    sqlx::query_scalar!(
        "INSERT INTO outgoing_release (log_lines, log_sm3, reason, proposed_by, proposed_at)
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
        i32::try_from(lines).map_err(Trouble::fault)?,
        log_sm3.as_slice(),
        reason,
        actor.account.get(),
        at as Now,
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn confirm(
    conn: &mut PgConnection,
    release: &Release,
    actor: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    let done = sqlx::query!(
        "INSERT INTO outgoing_release_confirmation
             (release_id, proposed_by, confirmed_by, confirmed_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        release.id,
        release.by.get(),
        actor.account.get(),
        at as Now,
    )
    .execute(conn)
    .await
    .or_trouble()?;
    if done.rows_affected() == 0 {
        return Err(Trouble::Conflict("刚刚已有人确认解除。".to_owned()));
    }
    Ok(())
}
