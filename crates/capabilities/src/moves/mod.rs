//! 迁出迁入: a certificate of the last month that was paid goes with who leaves, and comes with who
//! arrives.
//!
//! 术语: 最后发放月证明 (certificate of last payment). Who: whoever sees the elder prints it, whoever
//! accepts applications notes the one of another place. Process rules 7.4.
//!
//! 1. The certificate says the item, the sum and the last month, from our own runs or from the
//!    roster that was taken over.
//! 2. What another place has paid until is a fact: the months before are not owed here.

mod moving;
#[cfg(test)]
mod tests;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 迁出迁入
pub const CAPABILITY: Capability = Capability {
    id: "moves",
    name: "迁出迁入",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "paid_elsewhere_until",
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
    Routes::new().get(see, "/elders/{person}/last-payment/{item}", moving::certificate).post(
        Gate::May(Action::AcceptCases),
        "/elders/{person}/moved-in/{item}",
        moving::moved_in,
    )
}
