//! What the rig asks of the database beside the ledger.

use db::OrTrouble;
use kernel::Trouble;
use sqlx::PgConnection;

/// 对照: the transaction is acknowledged before the disk has it, as no server of ours does.
pub(crate) async fn do_not_wait_for_the_disk(conn: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::query("SET LOCAL synchronous_commit TO off").execute(conn).await.or_trouble()?;
    Ok(())
}
