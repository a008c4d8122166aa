//! 按时足额发放: of everybody who is entitled, how many were paid in full and in time, and what is
//! the matter with everybody else.
//!
//! 术语: 应享 (entitled), 按时足额 (in full and in time), 晚发 (late), 少发 (short), 在途 (on its way).
//! Who: finance and the county look, town and village find their own people. Asked for by: Nanyang
//! 4(二), the statistics of the city plan.
//!
//! 1. The base is everybody whose verdict for the month is yes with a sum, not whoever stands on a
//!    roster: who was never reached counts as not paid.
//! 2. In time is what the bank has paid by the last day of the payment period (month, quarter …);
//!    in full is the verdict's sum. Both, or it is not counted.
//! 3. Everybody else has one cause, and every number leads to its people.
//! 4. A month is counted when its run moves or the bank answers, and whenever somebody asks.

mod domain;
mod jobs;
mod pages;
mod people;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability, Menu, links};

/// 按时足额发放
pub const CAPABILITY: Capability = Capability {
    id: "on_time",
    name: "按时足额发放",
    basis: &["nanyang-2023-40 四(二)"],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "资金",
        text: "按时足额发放",
        href: links::on_time::first,
        action: Action::SeePay,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    let people = Gate::May(Action::SeePeople);
    Routes::new()
        .get(see, "/on-time", pages::page)
        .get(see, "/on-time.xlsx", pages::book)
        .post(Gate::May(Action::PreparePay), "/on-time/count", pages::count)
        .get(people, "/on-time/people", people::list)
        .get(people, "/on-time/people.xlsx", people::list_book)
}
