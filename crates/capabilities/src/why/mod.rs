//! 依据: why somebody is entitled or not, or why a duty is on somebody's desk.
//!
//! 术语: 逐条依据 (condition), 金额怎么来的 (build-up), 规定出处 (basis), 若重新评估为 (effect). Who:
//! everybody who may see the person. Asked for by: Nanyang 3, Shenyang 二.2.
//!
//! 1. The item is judged for this month as a determination judges it.
//! 2. Each condition stands with its value and, for every fact under it, file and row.
//! 3. A duty adds what it rests on beside the item, its sum step by step, its deadline
//!    and what came of it; whoever owes it records that here.
//! 4. An assessment that is due shows what each level would give.
//! 5. List, time rules, clauses, and what would change the answer.

mod evidence;
mod pages;
mod reassess;
mod sums;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use evidence::{Case as Evidence, conditions};

use crate::{App, Capability};

/// 依据
pub const CAPABILITY: Capability = Capability {
    id: "why",
    name: "依据",
    basis: &["nanyang-2023-40 3", "shenyang-2023-27 二.2"],
    reads: &[
        "life",
        "register_state",
        "death_date",
        "last_seen",
        "last_visit",
        "assessed_on",
        "assessment_valid_until",
        "assessment_scheme",
        "living_arrangement",
        "bank_account",
        "spouse",
        "household",
        "receives_elsewhere",
        "lead.elsewhere_area",
        "lead.elsewhere_fen",
        "lead.exclusive_benefit",
        "lead.exclusive_fen",
        "award.disability_nursing",
    ],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new().get(Gate::May(Action::SeeDuties), "/duties/{duty}", pages::duty).get(
        Gate::May(Action::SeePeople),
        "/elders/{person}/why/{item}",
        pages::item,
    )
}
