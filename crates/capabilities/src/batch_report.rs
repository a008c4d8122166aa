//! What other capabilities ask of a file's report: rows that cannot be used, and how its columns
//! were read.

use facts::batches::Batch;
use facts::layout::Mapping;
use kernel::Trouble;

use crate::App;
use crate::data_exchange::load_report;

/// Rows of a file that cannot be used: row, whom it names, why, and what the sender should do.
pub(crate) fn rejects_of(
    app: &App,
    batch: &Batch,
) -> Result<Vec<(u32, String, String, String)>, Trouble> {
    let rejects = load_report(app, batch)?.map(|report| report.rejects).unwrap_or_default();
    let rows = rejects.into_iter().map(|it| (it.row, it.who, it.reason, it.remedy));
    Ok(rows.collect())
}

/// How the columns of a file were read, if it was.
pub(crate) fn mapping_of(app: &App, batch: &Batch) -> Result<Option<Mapping>, Trouble> {
    Ok(load_report(app, batch)?.map(|report| report.mapping))
}
