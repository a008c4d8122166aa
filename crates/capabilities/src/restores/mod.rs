//! 恢复发放: a stop is taken back, and the payments come back whole.
//!
//! 术语: 恢复 (restore), 补发 (arrears), 已故 (known to be dead). Who: the county; of somebody who is
//! known to be dead the town or the county proposes and another person of the county confirms.
//! Process: case flow `restore`; process rules 7.4.
//!
//! 1. A stop is taken back in one act: the award stands again from the month from which it was
//!    stopped, and the next run brings the arrears. It needs words on who made sure.
//! 2. Whoever is known to be dead comes back by two people only. The person lives again, and every
//!    item that ended by the death comes back with it.
//! 3. What was claimed back because of the stop is withdrawn (`claiming`).
//! 4. Who proposed can take the proposal back, and decides nothing.

mod restoring;
mod show;
mod store;
#[cfg(test)]
mod tests;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 恢复发放
pub const CAPABILITY: Capability = Capability {
    id: "restores",
    name: "恢复发放",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "life",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let approve = Gate::May(Action::ApproveCases);
    let work = Gate::May(Action::DecideDuties);
    Routes::new()
        .post(work, "/elders/{person}/restore/{item}", restoring::restore)
        .get(Gate::May(Action::SeePeople), "/restores/{case}", show::restore)
        .post(approve, "/restores/{case}/confirm", restoring::confirm)
        .post(approve, "/restores/{case}/refuse", restoring::refuse)
        .post(work, "/restores/{case}/take_back", restoring::take_back)
}
