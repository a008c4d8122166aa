//! 核验名单: how far a round of the survival check is.
//!
//! 术语: 一轮 (round), 核验方式 (way), 暂缓 (hold). Who: whoever sees people, each their own area.
//! Finding 3 of the users' study; process rules 7.2.
//!
//! 1. The page of a round says how many were verified in which way, and which villages still have
//!    somebody to look for.
//! 2. Everybody of the round, by the way in which they were verified, with who is held since when;
//!    the same as a workbook.
//! 3. The county finds the button here that begins a round which was missed (`survival`).

mod pages;
mod store;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 核验名单
pub const CAPABILITY: Capability = Capability {
    id: "survival_lists",
    name: "核验名单",
    basis: &["anhui-plan 二(二)4"],
    reads: &["life"],
    duties: &[],
    menu: &[Menu {
        group: "办理",
        text: "生存核验",
        href: links::survival::now,
        action: Action::SeePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new().get(see, "/survival", pages::now).get(see, "/survival/{run}", pages::round).get(
        see,
        "/survival/{run}/people.xlsx",
        pages::sheet,
    )
}
