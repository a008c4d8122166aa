//! Where 社会救助衔接 is.

use kernel::{CaseId, PersonId};
use webkit::Href;

/// 社会救助转办
pub fn handovers() -> Href {
    Href::to("/relief")
}

/// The same as a workbook.
pub fn handovers_book() -> Href {
    Href::to("/relief.xlsx")
}

/// 低收入变化
pub fn changes() -> Href {
    Href::to("/relief/changes")
}

/// The same as a workbook.
pub fn changes_book() -> Href {
    Href::to("/relief/changes.xlsx")
}

/// Finds whom to hand over.
pub fn find() -> Href {
    Href::to("/relief/find")
}

/// 转办 of one elder.
pub fn new(person: PersonId) -> Href {
    super::elder(person).seg("relief")
}

/// One hand-over.
pub fn handover(case: CaseId) -> Href {
    handovers().seg(case)
}

/// An act on it, or a part of it: `step`, `slip`.
pub fn part(case: CaseId, part: &'static str) -> Href {
    handover(case).seg(part)
}
