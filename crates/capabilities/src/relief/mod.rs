//! 社会救助衔接: who needs what the relief system gives is handed over to it, and what it answers
//! comes back; and whoever enters or leaves the low-income roster is somebody's duty in time.
//!
//! 术语: 转办 (hand-over), 特困人员救助供养, 最低生活保障, 临时救助, 生活无着流浪乞讨人员救助, 低收入人口动态监测
//! (monitoring). Who: village and town hand over and note the answer. Asked for by: Nanyang 6,
//! Shenyang 三.2.
//!
//! 1. Handed over: kind of relief, reason, what was handed and to whom, until when an answer is
//!    due; a slip on paper names the elder with a masked number.
//! 2. Answered: accepted, refused with a reason, or paid, each with the relief system's day. A
//!    low-income roster that lists the elder in the category is an answer as well.
//! 3. Monitoring: between two rosters of a source, whoever is new, is gone or is in another
//!    category. The duty says which items open, close or change their sum from next month on.
//! 4. Relief itself is decided and paid by the relief system; nothing of it is judged here.

mod changes;
mod domain;
mod duty_kinds;
pub mod flow;
mod handing;
mod jobs;
mod pages;
mod paper;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability, Menu, links};

/// 社会救助衔接
pub const CAPABILITY: Capability = Capability {
    id: "relief",
    name: "社会救助衔接",
    basis: &["nanyang-2023-40 三(三)6", "shenyang-2023-27 二(三)2"],
    reads: &["relief_category", "low_income"],
    duties: &[&duty_kinds::RELIEF_CHANGE],
    menu: &[Menu {
        group: "资金",
        text: "社会救助衔接",
        href: links::relief::handovers,
        action: Action::SeePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    let hand = Gate::May(Action::AcceptCases);
    Routes::new()
        .get(see, "/relief", pages::list)
        .get(see, "/relief.xlsx", pages::list_book)
        .get(see, "/relief/changes", changes::list)
        .get(see, "/relief/changes.xlsx", changes::list_book)
        .post(hand, "/relief/find", handing::find)
        .get(hand, "/elders/{person}/relief", handing::new)
        .post(hand, "/elders/{person}/relief", handing::hand_over)
        .get(see, "/relief/{case}", handing::one)
        .post(hand, "/relief/{case}/step", handing::step)
        .get(see, "/relief/{case}/slip", paper::slip)
}
