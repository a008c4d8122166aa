//! Where 申领办理 is.

use kernel::{CaseId, PersonId};
use webkit::Href;

use super::elder;

/// 申领办理: the applications of the area.
pub fn queue() -> Href {
    Href::to("/applications")
}

/// The applications in one state.
pub fn queue_of(state: &str) -> Href {
    if state.is_empty() { queue() } else { queue().query("state", state) }
}

/// The same as a workbook.
pub fn sheet(state: &str) -> Href {
    let sheet = Href::to("/applications.xlsx");
    if state.is_empty() { sheet } else { sheet.query("state", state) }
}

/// 申请审批表 of every application in a state.
pub fn papers(state: &str) -> Href {
    let papers = Href::to("/applications/sheets");
    if state.is_empty() { papers } else { papers.query("state", state) }
}

/// Notes that they are printed, and shows them.
pub fn print_papers() -> Href {
    Href::to("/applications/sheets/print")
}

/// One application.
pub fn one(case: CaseId) -> Href {
    queue().seg(case)
}

/// An act on an application, or a part of it: `form`, `pass`, `return`, `reject`, `approve`,
/// `send-back`, `refuse`, `withdraw`, `notice`, `sheet`, `print`.
pub fn part(case: CaseId, part: &'static str) -> Href {
    one(case).seg(part)
}

/// Passes or approves all that are chosen: `pass`, `approve`.
pub fn batch(act: &'static str) -> Href {
    Href::to("/applications-batch").seg(act)
}

/// 代办申领: the items that an elder can apply for.
pub fn choose(person: PersonId) -> Href {
    elder(person).seg("apply")
}

/// The form of an elder's application for an item.
pub fn apply(person: PersonId, item: &str) -> Href {
    choose(person).seg(item)
}

/// 亲属备案
pub fn kin() -> Href {
    Href::to("/kin")
}

/// The same as a workbook.
pub fn kin_sheet() -> Href {
    Href::to("/kin.xlsx")
}

/// Declares an elder as a relative.
pub fn declare_kin(person: PersonId) -> Href {
    elder(person).seg("kin")
}

/// Ends a declaration.
pub fn end_kin(declaration: i64) -> Href {
    kin().seg(declaration).seg("end")
}
