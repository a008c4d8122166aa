//! 今日待办: the home page of whoever owes acts, with the difference ledger.
//!
//! 术语: 差异一览 (card), 月结算 (month strip), 数据陈旧 (stale source). Who: everybody who owes acts;
//! other roles are led to the page that is theirs. Asked for by: Nanyang 3, Shenyang 二.2.
//!
//! 1. What was found is counted by kind, item and cause; each number opens to its people.
//! 2. The strip says how far the month is before its accounts close.
//! 3. Sources that are older than agreed are named, as what rests on them may be wrong.
//! 4. Below stand the duties to begin with: what is due, then the most money, then the oldest.
//! 5. In the demo the clock is turned from here, and the reconcilers run.

mod cards;
mod clock;
mod pages;
mod play;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 今日待办
pub const CAPABILITY: Capability = Capability {
    id: "today",
    name: "今日待办",
    basis: &["nanyang-2023-40 3", "shenyang-2023-27 二.2"],
    reads: &["award.old_age_allowance"],
    duties: &[],
    menu: &[Menu {
        group: "", text: "今日待办", href: links::today, action: Action::SeeDuties
    }],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new()
        .get(Gate::SignedIn, "/", pages::today)
        .post(Gate::SignedIn, "/demo/clock", clock::turn)
        .get(Gate::SignedIn, "/demo/play", play::progress)
        .post(Gate::SignedIn, "/demo/play", play::begin)
        .post(Gate::SignedIn, "/demo/play/stop", play::stop)
}
