//! 异议与投诉: what people say is wrong is taken in, answered in time, and put right.
//!
//! 术语: 异议 (objection to what hangs), 投诉 (complaint), 渠道 (channel), 答复 (answer), 复查 (review by
//! another), 回访 (asking whether the answer satisfies). Who: everybody in the office takes in; who
//! can put it right answers. Asked for by: users-and-journeys J13; Nanyang 3, Shenyang 二.2.
//!
//! 1. Taken in by any channel, with a receipt number; linked to what it is about.
//! 2. An objection to an application freezes that application. A payment that runs is held only by
//!    a person's decision. “本人还活着” is never held: it is owed an answer the same day.
//! 3. The answer says what was found in plain words, with what the rules say of the elder.
//! 4. Not founded: what was frozen goes on. Founded: the application is returned or refused.
//! 5. Whoever is not satisfied gets a review by another person within 30 days.
//! 6. The page says why somebody is not paid: verdict, last payments, last acts.

mod acts;
mod domain;
pub mod flow;
mod one;
mod pages;
mod register;
mod reply;
mod store;
#[cfg(test)]
mod tests;
mod told;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 异议与投诉
pub const CAPABILITY: Capability = Capability {
    id: "complaints",
    name: "异议与投诉",
    basis: &["anhui-plan 二(二)4"],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "办理",
        text: "异议与投诉",
        href: links::complaints::complaints,
        action: Action::DecideDuties,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeDuties);
    let work = Gate::May(Action::DecideDuties);
    let hold = Gate::May(Action::ApproveCases);
    Routes::new()
        .get(see, "/complaints", pages::list)
        .get(see, "/complaints.xlsx", pages::book)
        .get(work, "/complaints/new", register::ask)
        .post(work, "/complaints/new", register::find)
        .get(work, "/elders/{person}/complaint", register::new)
        .post(work, "/elders/{person}/complaint", register::register)
        .get(see, "/complaints/{complaint}", one::page)
        .get(see, "/complaints/{complaint}/reply", reply::paper)
        .post(work, "/complaints/{complaint}/print", reply::print)
        .post(work, "/complaints/{complaint}/answer", acts::answer)
        .post(work, "/complaints/{complaint}/review", acts::review)
        .post(work, "/complaints/{complaint}/settle", acts::settle)
        .post(work, "/complaints/{complaint}/withdraw", acts::withdraw)
        .post(hold, "/complaints/{complaint}/hold", acts::hold)
}
