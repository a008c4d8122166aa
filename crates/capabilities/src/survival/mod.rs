//! 生存核验: who is paid is alive, first by what departments know anyway, by people only for the
//! rest. No photo, no face.
//!
//! 术语: 一轮 (round), 痕迹 (trace), 核验方式 (way), 暂缓 (hold). Who: the county begins a round, the
//! villages look for the residue; the lists are in `survival_lists`. Finding 3 of the users' study;
//! process rules 7.2.
//!
//! 1. Twice a year (`survival_months`) a round begins by itself on the first run of its month; one
//!    that was missed is begun by the county.
//! 2. Any dated trace within the window (`survival_trace_days`) settles somebody silently: clinic,
//!    visit, assessment.
//! 3. The residue goes to the villages as duties to the round's end (`survival_working_days`):
//!    phone first, then the door; seen, spoken to, dead or not found.
//! 4. Who is not settled by the end is held (`hold.survival`), never stopped; whoever is seen
//!    later is let go at once, and the next run brings the arrears.

mod duty_kinds;
mod jobs;
mod starting;
mod store;
#[cfg(test)]
mod tests;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability};

/// 生存核验
pub const CAPABILITY: Capability = Capability {
    id: "survival",
    name: "生存核验",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "last_seen",
        "last_visit",
        "assessed_on",
        "life",
        "hold.survival",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[&duty_kinds::SURVIVAL_CHECK],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new().post(Gate::May(Action::ApproveCases), "/survival/begin", starting::start)
}
