//! 暂缓发放: who is held and why, and the acts that hold somebody or let them go.
//!
//! 术语: 暂缓 (hold), 解除暂缓 (lift), 生存核验 (survival check), 异议 (objection). Who: the town and
//! the county. Process rules 7.4.
//!
//! 1. A claim of death holds by itself until somebody has made sure.
//! 2. Other holds are facts: 决定暂缓, 生存核验, 异议. They are lifted with a reason; an objection by
//!    the county only, which answers it.
//! 3. Held money is not lost: it is paid from the month of the hold once it is clear.

mod holding;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 暂缓发放
pub const CAPABILITY: Capability = Capability {
    id: "holds",
    name: "暂缓发放",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "life",
        "hold.survival",
        "hold.objection",
        "hold.decision",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[],
    menu: &[Menu {
        group: "办理",
        text: "暂缓发放",
        href: links::stops::holds,
        action: Action::SeePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new().get(see, "/holds", holding::holds).get(see, "/holds.xlsx", holding::sheet).post(
        Gate::May(Action::DecideDuties),
        "/elders/{person}/hold",
        holding::hold,
    )
}
