//! 一人一档: everything that is known of one elder, and who said so.
//!
//! Terms: 一人一档 the elder's page · 看证件号 show the whole number · 一页告知 the notice that an
//! elder is given on paper.
//! For everybody who works with people, within the own area; what lies outside does not exist.
//! Law: 个人信息保护法 arts. 6, 28, 29 (no more than needed; sensitive data), see also `basis`.
//!
//! The flow:
//! 1. The page shows what the elder gets: the awards that stand today.
//! 2. It shows what they could get: items of the list in force, judged as a determination does.
//! 3. It shows what was stopped, what is open, and what nobody has told yet; category, family,
//!    household, account (its last signs), traces of life and leads, each with its source; and
//!    what the files of everybody say by not naming the elder.
//! 4. Every fact carries who said it, when we learned it, and the file's row as a link.
//! 5. Numbers are masked. The whole number needs a reason, leaves an entry, and is not kept by the
//!    browser.
//! 6. One sheet in large print tells the elder what they get, could get, and what to do.

mod domain;
mod pages;
mod paper;
mod profile;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 一人一档
pub const CAPABILITY: Capability = Capability {
    id: "elder_file",
    name: "一人一档",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "name",
        "sex",
        "birth_date",
        "hukou_area",
        "register_state",
        "relief_category",
        "low_income",
        "disability_grade",
        "disability_kind",
        "assessment_level",
        "assessment_scheme",
        "assessment_valid_until",
        "living_arrangement",
        "family_planning_special",
        "veteran",
        "marital_status",
        "spouse",
        "household",
        "adapted_on",
        "bank_account",
        "last_seen",
        "last_visit",
        "assessed_on",
    ],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new()
        .get(see, "/elders/{person}", pages::elder)
        .post(Gate::May(Action::RevealNumber), "/elders/{person}/number", pages::reveal)
        .get(see, "/elders/{person}/notice", paper::notice)
}
