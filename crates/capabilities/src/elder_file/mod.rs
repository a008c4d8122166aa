//! 一人一档: everything that is known of one elder, and who said so.
//!
//! Terms: 找老人 search · 一人一档 the elder's page · 来源行 a row of a department's file ·
//! 看证件号 show the whole number · 一页告知 the notice that an elder is given on paper.
//! For everybody who works with people, within the own area; what lies outside does not exist.
//! Law: 个人信息保护法 arts. 6, 28, 29 (no more than needed; sensitive data), see also `basis`.
//!
//! The flow:
//! 1. Somebody types a name, initials, a village or a whole number; no address ever holds it.
//! 2. A whole number leads to its one elder, a village to pages that can be turned.
//! 3. The page shows what the elder gets: the awards that stand today.
//! 4. It shows what they could get: items of the list in force, judged as a determination does.
//! 5. It shows what was stopped, what is open, and what nobody has told yet.
//! 6. Every fact carries who said it, when we learned it, and the file's row as a link.
//! 7. The row's page shows what was read from it; sensitive facts stay closed.
//! 8. Numbers are masked. The whole number needs a reason, leaves an entry, and is not kept by the
//!    browser.
//! 9. One sheet in large print tells the elder what they get, could get, and what to do.

mod domain;
mod pages;
mod paper;
mod search;
mod source_row;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 一人一档
pub const CAPABILITY: Capability = Capability {
    id: "elder_file",
    name: "一人一档",
    basis: &["anhui-plan 二(二)4"],
    reads: &["name", "sex", "birth_date", "hukou_area", "register_state"],
    duties: &[],
    menu: &[Menu { group: "", text: "找老人", href: links::search, action: Action::SeePeople }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new()
        .get(see, "/elders", search::search)
        .post(see, "/elders", search::find)
        .get(see, "/elders/{person}", pages::elder)
        .post(Gate::May(Action::RevealNumber), "/elders/{person}/number", pages::reveal)
        .get(see, "/elders/{person}/notice", paper::notice)
        .get(see, "/files/{batch}/rows/{row}", source_row::source_row)
}
