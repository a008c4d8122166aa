use access::{Actor, AuditEntry};
use db::Tx;
use facts::{STATEMENT_RANK, Voice};
use kernel::{Effects, Now, Trouble};

/// Writes what a decision wants written, with its audit entry, into the transaction; the caller
/// commits it. All or nothing.
///
/// Assertions of a decision are statements of the actor: they rest on the audit entry. Facts from
/// files go the same way in bulk, see `data_exchange::jobs`.
pub async fn commit(
    mut tx: Tx,
    actor: &Actor,
    at: Now,
    effects: &Effects,
    action: &'static str,
    object: String,
    note: &str,
) -> Result<(), Trouble> {
    let entry = AuditEntry::new(actor, at, action, object).note(note);
    let statement = access::record(tx.conn(), &entry).await?;
    let voice =
        Voice { supplier: "", rank: STATEMENT_RANK, as_of: None, statement: Some(statement) };
    facts::assert_all(&mut tx, voice, at, &effects.assertions).await?;
    cases::write(tx.conn(), &effects.moves, actor, at).await?;
    duties::write(tx.conn(), &effects.duties, at).await?;
    ledger::write(tx.conn(), &effects.transfers, at).await?;
    tx.commit().await
}
