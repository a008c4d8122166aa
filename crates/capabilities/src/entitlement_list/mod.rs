//! 基本养老服务清单: what the region has promised to whom, as it was published.
//!
//! Terms: 清单 list · 项目 item · 档次 band · 标准 amount · 上级清单 upper list · 规定出处 basis.
//! For everybody who works with the lists; who keeps them reads them here too.
//! Law: see `basis` of [`CAPABILITY`]; each list names its own document.
//!
//! The flow:
//! 1. Lists are data in `policy/`; this folder only shows what they say.
//! 2. The list in force is that of the nearest area above the reader's that has one.
//! 3. Its page names the upper lists that it carries out.
//! 4. An item's page says who gets how much, from when to when, by which clause.
//! 5. Each amount carries the day from which it holds; each source, how sure we are of it.
//! 6. What the texts leave open is listed as an assumption.
//! 7. The upper item stands beside it, band by band, in words.
//! 8. All lists stand by issuer on a line of time: in force, over, coming; one can look for words
//!    in all of them, and read what an edition says otherwise than the one before.
//! 9. The examples that come with the list are run again when the page is opened, and counted.
//! 10. Lists are public: nothing here depends on the reader's area but where they begin.

mod browse;
mod domain;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 基本养老服务清单
pub const CAPABILITY: Capability = Capability {
    id: "entitlement_list",
    name: "服务清单",
    basis: &["anhui-plan 二(一)1", "anhui-plan 二(一)2", "nanyang-2023-40 三(一)1"],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "政策", text: "服务清单", href: links::lists, action: Action::SeeLists
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeLists);
    Routes::new()
        .get(see, "/lists", pages::in_force)
        .get(see, "/lists/all", browse::all)
        .post(see, "/lists/search", browse::search)
        .get(see, "/lists/{list}", pages::list)
        .get(see, "/lists/{list}/changes", browse::changes)
        .get(see, "/lists/{list}/items.xlsx", browse::export)
        .get(see, "/lists/{list}/{item}", pages::item)
}
