//! Where 月度发放 is.

use kernel::{PersonId, RunId};
use webkit::Href;

/// 月度发放
pub fn runs() -> Href {
    Href::to("/pay")
}

/// 发放批次 as a workbook.
pub fn export() -> Href {
    Href::to("/pay.xlsx")
}

/// 月结: one run.
pub fn run(run: RunId) -> Href {
    runs().seg(run)
}

/// An act on a run, or a part of it: `freeze`, `lock`, `drop`, `request`, `review`, `voucher`,
/// `settle`.
pub fn part(run: RunId, part: &'static str) -> Href {
    self::run(run).seg(part)
}

/// 花名册: the lines of a run.
pub fn lines(run: RunId) -> Href {
    part(run, "lines")
}

/// 与上月比: the people behind a figure; empty for everybody who differs.
pub fn differences(run: RunId, cause: &str) -> Href {
    let all = part(run, "differences");
    if cause.is_empty() { all } else { all.query("cause", cause) }
}

/// 暂缓: who is held, for one cause; empty for all.
pub fn held(run: RunId, cause: &str) -> Href {
    let all = part(run, "held");
    if cause.is_empty() { all } else { all.query("cause", cause) }
}

/// 发放记录 of one elder.
pub fn payments(person: PersonId) -> Href {
    super::elder(person).seg("payments")
}
