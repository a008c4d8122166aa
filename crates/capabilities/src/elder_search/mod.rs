//! 找老人: from a name, initials, a village or a whole number to the elder's file.
//!
//! For everybody who works with people, within the own area; what lies outside does not exist.
//! Law: 个人信息保护法 arts. 6, 28 (no more than needed), see also `basis`.
//!
//! 1. What is looked for is sent and answered at once; no address holds it, but for an area.
//! 2. A whole number leads to its one elder and is not put back into the page.
//! 3. A village leads to pages that can be turned.
//! 4. Names go by ranges and numbers by keyed hash, so that an answer tells nothing of outside.

mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 找老人
pub const CAPABILITY: Capability = Capability {
    id: "elder_search",
    name: "找老人",
    basis: &["anhui-plan 二(二)4"],
    reads: &["name", "sex", "birth_date", "hukou_area", "life"],
    duties: &[],
    menu: &[Menu { group: "", text: "找老人", href: links::search, action: Action::SeePeople }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new().get(see, "/elders", pages::search).post(see, "/elders", pages::find)
}
