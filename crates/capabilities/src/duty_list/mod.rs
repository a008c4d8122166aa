//! 待办名单: every duty of the area, filtered, searched, on paper and as a workbook.
//!
//! 术语: 名单 (list), 打印名单 (sheet), 导出 (workbook). Who: everybody who owes acts or looks over who
//! does. Asked for by: Nanyang 3.
//!
//! 1. An address says kind, cause, item, deadline, owner, area and order; nothing personal.
//! 2. A name, initials or a number are sent and answered at once, so that no address holds them.
//! 3. The same question gives the same rows as a page, as a sheet by owner, and as a workbook.
//! 4. What leaves says its filter, who took it out and when.

mod pages;
mod paper;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 待办名单
pub const CAPABILITY: Capability = Capability {
    id: "duty_list",
    name: "待办名单",
    basis: &["nanyang-2023-40 3"],
    reads: &["name", "sex", "birth_date", "hukou_area"],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeDuties);
    Routes::new()
        .get(see, "/duties", pages::list)
        .post(see, "/duties", pages::search)
        .get(see, "/duties-sheet", paper::sheet)
        .get(see, "/duties.xlsx", paper::export)
}
