//! What `doctor` and the start of the server ask the database.

use db::OrTrouble;
use kernel::{Now, Trouble};
use sqlx::{PgConnection, query, query_scalar};

/// The server as it says it runs.
pub(crate) struct ServerState {
    pub(crate) version: String,
    /// Settings that guard against loss, with what they are set to.
    pub(crate) durable: Vec<(&'static str, String)>,
}

pub(crate) async fn server_state(conn: &mut PgConnection) -> Result<ServerState, Trouble> {
    let row = query!(
        r#"SELECT current_setting('server_version') AS "version!",
                  current_setting('fsync') AS "fsync!",
                  current_setting('full_page_writes') AS "full_page_writes!",
                  current_setting('synchronous_commit') AS "synchronous_commit!",
                  current_setting('data_checksums') AS "data_checksums!""#
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok(ServerState {
        version: row.version,
        durable: vec![
            ("fsync", row.fsync),
            ("full_page_writes", row.full_page_writes),
            ("synchronous_commit", row.synchronous_commit),
            ("data_checksums", row.data_checksums),
        ],
    })
}

/// When the last audit entry of the scope was written.
pub(crate) async fn last_entry_at(conn: &mut PgConnection) -> Result<Option<Now>, Trouble> {
    query_scalar!(r#"SELECT max(at) AS "at: Now" FROM audit_entry"#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// Numbers and hashes of the files that left for a bank. The connection is the engine's.
pub(crate) async fn bank_files(
    conn: &mut PgConnection,
) -> Result<Vec<(String, [u8; 32])>, Trouble> {
    let rows = query!("SELECT number, file_sm3 FROM bank_file ORDER BY run_id")
        .fetch_all(conn)
        .await
        .or_trouble()?;
    rows.into_iter()
        .map(|row| {
            let hash = row.file_sm3.try_into();
            Ok((row.number, hash.map_err(|_| Trouble::fault("bank_file.file_sm3"))?))
        })
        .collect()
}
