//! 提出停发: how an item of one elder stands, and the town's proposal that it should end.
//!
//! 术语: 停发 (stop), 停发原因 (reason), 依据 (evidence). Who: the town proposes, the county decides
//! (`stops`). Process: case flow `stop`; process rules 7.4.
//!
//! 1. A claim of death holds by itself: nobody has to do anything. Whose payment should end stands
//!    under 待提出, by the duties of the difference ledger.
//! 2. One page says how an item of one elder stands, and leads to all that can be done: stop,
//!    restore, hold, move.
//! 3. The town proposes a stop with its reason; deaths that two departments report or a person has
//!    established go all at once, one source alone needs somebody who made sure.
//! 4. The proposal answers the duties that asked for it. Twice is refused.
//! 5. Who only changes class is not stopped (`class_changes`).

mod domain;
mod hub;
mod proposing;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 提出停发
pub const CAPABILITY: Capability = Capability {
    id: "stop_proposals",
    name: "提出停发",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "life",
        "death_date",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    let propose = Gate::May(Action::ReviewCases);
    Routes::new()
        .post(propose, "/stops/propose", proposing::propose_all)
        .get(see, "/elders/{person}/stop/{item}", hub::hub)
        .post(propose, "/elders/{person}/stop/{item}", proposing::propose)
}
