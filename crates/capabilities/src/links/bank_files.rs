//! Where 银行文件与回盘 is.

use kernel::RunId;
use webkit::Href;

use super::pay_runs;

/// 银行文件
pub fn files() -> Href {
    Href::to("/bank-files")
}

/// The file of a run. Sent to, it makes the file.
pub fn file(run: RunId) -> Href {
    pay_runs::part(run, "bank-file")
}

/// An act on the file of a run, or a part of it: `download`, `manifest`, `returns`.
pub fn part(run: RunId, part: &'static str) -> Href {
    file(run).seg(part)
}

/// 解除冻结: `propose` and `confirm`.
pub fn release(part: &'static str) -> Href {
    files().seg("release").seg(part)
}

/// 退汇与回盘: money that came back, for one cause; empty for all.
pub fn returns(cause: &str) -> Href {
    let all = Href::to("/bank-returns");
    if cause.is_empty() { all } else { all.query("cause", cause) }
}

/// The same as a workbook.
pub fn returns_export(cause: &str) -> Href {
    let all = Href::to("/bank-returns.xlsx");
    if cause.is_empty() { all } else { all.query("cause", cause) }
}

/// 退汇与回盘: all of it.
pub fn all_returns() -> Href {
    returns("")
}
