//! 政策找人: who is owed what and does not get it, and who gets what they are not owed.
//!
//! 术语: 应享未享 (unclaimed_entitlement), 不应享而享 (award_without_entitlement), 差异 (finding),
//! 待办 (duty), 办理结果 (outcome). Who: the village worker and the town reviewer act, the county
//! looks over everything. Asked for by: Nanyang 3, Shenyang 二.2.
//!
//! 1. For each person of an area the list in force is evaluated for this month, by the crate
//!    [`findings`].
//! 2. The verdict against what the roster pays gives findings, each with cause, sum and owner.
//! 3. Findings against open duties: new ones open, changed ones are restated, and those whose
//!    cause is gone close by themselves ([`jobs`]). Twice changes nothing.
//! 4. A person whose roster row waits on the match desk is neither unpaid nor overpaid yet.
//! 5. A person's decision holds until the facts under it change.
//! 6. Every figure on `today` opens to its people (`duty_list`), each person to conditions, file
//!    rows and clause (`why`).

mod jobs;
mod outcome;
#[cfg(test)]
mod tests;

use access::Action;
use webkit::{Gate, Routes};

pub use jobs::{Determination, ItemCount, Reconciled, determine, reconcile, reconcile_everywhere};

use crate::{App, Capability};

/// 政策找人、服务找人
pub const CAPABILITY: Capability = Capability {
    id: "matching",
    name: "政策找人",
    basis: &["nanyang-2023-40 3", "shenyang-2023-27 二.2"],
    reads: &[
        "birth_date",
        "hukou_area",
        "register_state",
        "death_date",
        "life",
        "last_seen",
        "last_visit",
        "assessed_on",
        "assessment_valid_until",
        "living_arrangement",
        "receives_elsewhere",
        "bank_account",
        "spouse",
        "household",
        "lead.elsewhere_area",
        "lead.elsewhere_fen",
        "lead.exclusive_benefit",
        "lead.exclusive_fen",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
        "award.disability_living",
        "award.disability_nursing",
    ],
    duties: findings::kinds::ALL,
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new().post(Gate::May(Action::DecideDuties), "/duties/{duty}/outcome", outcome::record)
}
