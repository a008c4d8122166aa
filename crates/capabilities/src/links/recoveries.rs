//! Where 追缴 is.

use kernel::CaseId;
use webkit::Href;

/// 追缴: the list.
pub fn list() -> Href {
    Href::to("/recoveries")
}

/// Claims of a state and of an age; empty for all that are open.
pub fn filtered(state: &str, age: &str) -> Href {
    of(list(), state, age)
}

/// The same as a workbook.
pub fn sheet(state: &str, age: &str) -> Href {
    of(Href::to("/recoveries.xlsx"), state, age)
}

fn of(list: Href, state: &str, age: &str) -> Href {
    let list = if state.is_empty() { list } else { list.query("state", state) };
    if age.is_empty() { list } else { list.query("age", age) }
}

/// 登记多发: opens a claim for everybody who was paid after death.
pub fn open() -> Href {
    list().seg("open")
}

/// One claim.
pub fn claim(case: CaseId) -> Href {
    list().seg(case)
}

/// An act on a claim: `notice`, `contact`, `plan`, `repaid`, `set-off`, `write-off`, `decision`,
/// `refer`.
pub fn act(case: CaseId, act: &'static str) -> Href {
    claim(case).seg(act)
}

/// 追缴通知书
pub fn notice_paper(case: CaseId) -> Href {
    claim(case).seg("notice-paper")
}

/// 还款协议
pub fn agreement(case: CaseId) -> Href {
    claim(case).seg("agreement")
}
