//! 公开页: what elders and their families read and ask, without signing in.
//!
//! Terms: 清单 list · 看看能不能享受 the check · 问题 question · 回答 answer · 海报 poster.
//! For everybody; nothing here is about a person, and nothing is kept.
//! Law: see `basis` of [`CAPABILITY`] (the list is published, and can be asked about); 个人信息保护法
//! art. 6 (no more than is needed: here nothing at all).
//!
//! The flow:
//! 1. Somebody opens the list of their county or town, in large type, by who they are.
//! 2. It prints as a poster that a village hangs up; a card with telephone numbers goes along.
//! 3. The check asks one question a page; “不知道” is always an answer.
//! 4. Which questions there are follows from the items in force: a question is asked only while
//!    some item cannot be judged without it, now or within a year.
//! 5. Answers travel in the form, by POST, and are forgotten with the reply: no cookie, no
//!    address, no log line, no row in the database holds them.
//! 6. The result comes from the same rules as everybody's: what can be had, what comes soon,
//!    what cannot be had and why, what is still to be found out; with whom to call.
//! 7. A wrong answer gets a kind word; a form that no page of ours sends gets a plain 400.

mod list;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 公开页
pub const CAPABILITY: Capability = Capability {
    id: "portal",
    name: "公开页",
    basis: &["anhui-plan 二(一)1", "nanyang-2023-40 三(一)1", "shenyang-2023-27 二(二)2"],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "政策",
        text: "给群众看的清单",
        href: links::public,
        action: Action::SeeLists,
    }],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new()
        .get(Gate::Public, "/public", pages::list)
        .get(Gate::Public, "/public/areas", pages::areas)
        .get(Gate::Public, "/public/poster", pages::poster)
        .get(Gate::Public, "/public/card", pages::card)
        .get(Gate::Public, "/public/check", pages::begin)
        .post(Gate::Public, "/public/check", pages::answer)
        .get(Gate::Public, "/public/help", pages::help)
}
