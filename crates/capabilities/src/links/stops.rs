//! Where 停发与恢复 is.

use kernel::{CaseId, Month, PersonId};
use webkit::Href;

use super::elder;

/// 停发与恢复: the list.
pub fn list() -> Href {
    Href::to("/stops")
}

/// What waits in one part of the list.
pub fn part(part: &str) -> Href {
    if part.is_empty() { list() } else { list().query("part", part) }
}

/// The same as a workbook.
pub fn sheet(part: &str) -> Href {
    let sheet = Href::to("/stops.xlsx");
    if part.is_empty() { sheet } else { sheet.query("part", part) }
}

/// 提出停发 for everybody whose death is proved.
pub fn propose_all() -> Href {
    list().seg("propose")
}

/// 批准停发 of everybody whose death is proved.
pub fn approve_all() -> Href {
    list().seg("approve")
}

/// 办理停发 of one item for one elder.
pub fn propose(person: PersonId, item: &str) -> Href {
    elder(person).seg("stop").seg(item)
}

/// One stop.
pub fn stop(case: CaseId) -> Href {
    list().seg(case)
}

/// An act on a stop: `approve`, `reject`, `return`, `resubmit`, `withdraw`.
pub fn act(case: CaseId, act: &'static str) -> Href {
    stop(case).seg(act)
}

/// 停发告知书
pub fn notice(case: CaseId) -> Href {
    stop(case).seg("notice")
}

/// 恢复发放 of one item for one elder.
pub fn restore(person: PersonId, item: &str) -> Href {
    elder(person).seg("restore").seg(item)
}

/// One restore that waits for a second person, or was decided.
pub fn restored(case: CaseId) -> Href {
    Href::to("/restores").seg(case)
}

/// An act on a restore: `confirm`, `refuse`, `take_back`.
pub fn restore_act(case: CaseId, act: &'static str) -> Href {
    restored(case).seg(act)
}

/// 暂缓发放: who is held and why.
pub fn holds() -> Href {
    Href::to("/holds")
}

/// The same as a workbook.
pub fn holds_sheet() -> Href {
    Href::to("/holds.xlsx")
}

/// 暂缓 or 解除暂缓 of one elder.
pub fn hold(person: PersonId) -> Href {
    elder(person).seg("hold")
}

/// 调整备案: who changes class in a month.
pub fn class_changes(month: Option<Month>) -> Href {
    in_month(Href::to("/class-changes"), month)
}

/// The same as a workbook.
pub fn class_changes_sheet(month: Option<Month>) -> Href {
    in_month(Href::to("/class-changes.xlsx"), month)
}

fn in_month(list: Href, month: Option<Month>) -> Href {
    match month {
        Some(month) => list.query("month", month),
        None => list,
    }
}

/// 最后发放月证明
pub fn last_payment(person: PersonId, item: &str) -> Href {
    elder(person).seg("last-payment").seg(item)
}

/// 迁入: what another place has paid until.
pub fn moved_in(person: PersonId, item: &str) -> Href {
    elder(person).seg("moved-in").seg(item)
}
