//! 异议与投诉

use kernel::{CaseId, PersonId};
use webkit::Href;

use super::elder;

/// 异议与投诉
pub fn complaints() -> Href {
    Href::to("/complaints")
}

/// The same as a workbook.
pub fn complaints_book() -> Href {
    Href::to("/complaints.xlsx")
}

/// 登记: finds whom it is about.
pub fn find() -> Href {
    complaints().seg("new")
}

/// 登记 about an elder.
pub fn new(person: PersonId) -> Href {
    elder(person).seg("complaint")
}

/// 对公示提出异议: about an application that hangs.
pub fn object(person: PersonId, application: CaseId) -> Href {
    new(person).query("case", application)
}

/// One complaint.
pub fn complaint(case: CaseId) -> Href {
    complaints().seg(case)
}

/// A part of it, or an act on it: `answer`, `settle`, `review`, `hold`, `withdraw`, `reply`.
pub fn part(case: CaseId, part: &'static str) -> Href {
    complaint(case).seg(part)
}
