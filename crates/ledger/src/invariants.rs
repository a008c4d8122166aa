use kernel::Trouble;
use sqlx::PgConnection;

use crate::store::proof;

/// What must hold of the whole ledger, as sentences about what does not; none when all is well.
/// For tests, fault rigs and `doctor`: the connection has to see every row.
pub async fn invariants(conn: &mut PgConnection) -> Result<Vec<String>, Trouble> {
    let mut broken = Vec::new();
    let (debits, credits) = proof::totals(conn).await?;
    if debits != credits {
        broken.push(format!("debits {debits:?} and credits {credits:?} differ"));
    }
    for id in proof::accounts_off_transfers(conn).await? {
        broken.push(format!("account {id}: sums differ from its transfers"));
    }
    for id in proof::accounts_off_journal(conn).await? {
        broken.push(format!("account {id}: sums differ from its journal"));
    }
    for id in proof::settled_wrongly(conn).await? {
        broken.push(format!("transfer {id}: settles what is not pending, or not as it stands"));
    }
    Ok(broken)
}
