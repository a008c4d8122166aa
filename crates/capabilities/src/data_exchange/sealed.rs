//! The report of a file as it is kept with the batch: sealed.

use access::{Actor, Sealed};
use db::Tx;
use facts::batches::{self, Batch, BatchState};
use kernel::{BatchId, Trouble};

use super::report::Report;
use crate::App;

/// The report of a file, if it was read.
pub(crate) fn load_report(app: &App, batch: &Batch) -> Result<Option<Report>, Trouble> {
    let Some(bytes) = &batch.report else { return Ok(None) };
    let (version, sealed) = bytes
        .split_first_chunk::<2>()
        .ok_or_else(|| Trouble::fault(format!("batch_state.report of {} is cut", batch.id)))?;
    let sealed = Sealed { bytes: sealed.to_vec(), key_version: i16::from_be_bytes(*version) };
    let clear = app.vault().open(&report_place(batch.id), &sealed)?;
    serde_json::from_slice(&clear).map(Some).map_err(Trouble::fault)
}

pub(super) fn seal_report(app: &App, batch: &Batch, report: &Report) -> Result<Vec<u8>, Trouble> {
    let clear = serde_json::to_vec(report).map_err(Trouble::fault)?;
    let sealed = app.vault().seal(&report_place(batch.id), &clear)?;
    let mut bytes = sealed.key_version.to_be_bytes().to_vec();
    bytes.extend_from_slice(&sealed.bytes);
    Ok(bytes)
}

fn report_place(id: BatchId) -> String {
    format!("batch_state.report/{id}")
}

pub(super) async fn put_report(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    report: &Report,
    state: BatchState,
    actor: &Actor,
) -> Result<(), Trouble> {
    let sealed = seal_report(app, batch, report)?;
    let account = (actor.account.get() != 0).then_some(actor.account);
    let decided = state.is_decided().then_some((app.now(), account));
    batches::move_on(tx.conn(), batch.id, state, Some(&sealed), decided, None).await
}
