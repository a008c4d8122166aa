//! 表单打印: the month on paper: summary, rosters, new and stopped lists, town confirmations.
//!
//! For town, county and finance. Asked for by 发放 (`basis`): what is signed and stamped is paper.
//!
//! 1. A run has its forms: one summary, and for each town a roster, the lists of new and of
//!    stopped people and the sheet that the town stamps.
//! 2. Printing is an act: it is counted, and a sheet says which print it is. Looking is free.
//! 3. A sheet is a page of A4 with its own sum; the last one has all of it, in words too.
//! 4. The code on a sheet leads back to the record. It holds no person and no number.
//! 5. Forms about one person (申请审批表, 备案表, 告知书) are printed where the person's case is.

mod card;
mod forms;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 表单打印
pub const CAPABILITY: Capability = Capability {
    id: "paper",
    name: "表单打印",
    basis: &["anhui-plan 二(二)4"],
    reads: &["name"],
    duties: &[],
    menu: &[Menu {
        group: "看与查",
        text: "表单打印",
        href: links::paper::forms,
        action: Action::SeePay,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = || Gate::May(Action::SeePay);
    Routes::new()
        .get(see(), "/paper", pages::newest)
        .get(see(), "/paper/{run}", pages::of_run)
        .get(see(), "/paper/{run}/summary", forms::summary)
        .get(see(), "/paper/{run}/roster", forms::roster)
        .get(see(), "/paper/{run}/added", forms::added)
        .get(see(), "/paper/{run}/stopped", forms::stopped)
        .get(see(), "/paper/{run}/confirmation", forms::confirmation)
        .post(see(), "/paper/{run}/{form}/print", pages::print)
        .get(Gate::May(Action::SeePeople), "/elders/{person}/card", card::card)
}
