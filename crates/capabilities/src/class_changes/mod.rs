//! 调整备案: who changes class in a month.
//!
//! 术语: 档次变化 (change of class), 调整备案表 (list of adjustments). Who: the village confirms the
//! duty, town and county print the list. Process rules 7.4.
//!
//! 1. Who only changes class is not stopped, and nobody approves it: the sum of a month is the
//!    verdict's.
//! 2. The list of a month says from which sum to which and why, and goes on paper or as a workbook.

mod changes;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 调整备案
pub const CAPABILITY: Capability = Capability {
    id: "class_changes",
    name: "调整备案",
    basis: &["anhui-plan 二(二)4"],
    reads: &["award.old_age_allowance", "award.care_service_subsidy", "award.nursing_subsidy"],
    duties: &[],
    menu: &[Menu {
        group: "办理", text: "调整备案", href: this_month, action: Action::SeePeople
    }],
    routes,
};

fn this_month() -> webkit::Href {
    links::stops::class_changes(None)
}

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new().get(see, "/class-changes", changes::list).get(
        see,
        "/class-changes.xlsx",
        changes::sheet,
    )
}
