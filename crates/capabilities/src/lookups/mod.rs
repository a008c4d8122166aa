//! 实时核验: another system is asked about one elder now, or for a batch as of a day.
//!
//! 术语: 核验 (look-up), 批量拉取 (pull), 线路 (line), 失败时怎么办 (on failure). Who: whoever may
//! see a whole number asks about one person, for a purpose that is kept; the data officer pulls.
//! Asked for by: Anhui 4, Nanyang 3. Law: 个人信息保护法 6 (no more than the purpose needs).
//!
//! 1. Asked about a person, the last answer is used while it is young; else the system is asked.
//! 2. The answer is shown beside what stands here. It writes no fact: a person decides.
//! 3. No answer: the last one while it is not too old, or 暂缓, or 不知道, as configured.
//! 4. A pulled batch goes the way of every file: received, sealed, tried, applied by a person.
//! 5. Each call leaves a trace without any value; the page shows how each line has been.

mod domain;
mod jobs;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 实时核验
pub const CAPABILITY: Capability = Capability {
    id: "lookups",
    name: "实时核验",
    basis: &["anhui-plan 4", "nanyang-2023-40 3"],
    reads: &["name", "life", "death_date", "relief_category", "disability_grade"],
    duties: &[],
    menu: &[Menu {
        group: "看与查",
        text: "实时核验",
        href: links::lookups,
        action: Action::RevealNumber,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let ask = Gate::May(Action::RevealNumber);
    let receive = Gate::May(Action::ReceiveFiles);
    Routes::new()
        .get(ask, "/lookups", pages::overview)
        .post(ask, "/lookups", pages::search)
        .post(receive, "/lookups/{exchange}/pull/{supplier}", pages::pull)
        .get(ask, "/elders/{person}/lookups", pages::elder)
        .post(ask, "/elders/{person}/lookups/{exchange}", pages::look_up)
}
