//! 资金账: what may be paid of each item in a year, what is set aside, what is paid, what is left.
//!
//! 术语: 预算指标 (budget), 下达 (allot), 调增 调减 (raise, lower), 预留 (pending), 使用率 (used). Who:
//! the bureau's finance officer enters a document, the treasury or the county confirms it;
//! everybody who sees pay runs sees the accounts. Asked for by: Nanyang 8, the provincial plan
//! 二(二)4.
//!
//! 1. A document gives money to an item of a fund, or takes it away: entered with its number.
//! 2. Another person confirms it, and the ledger moves the sum from its source to the budget; or
//!    sends it back with a reason. Who entered it may take it back until somebody has confirmed.
//! 3. Locking a pay run sets money aside; the bank's answers pay it or set it free (`pay_runs`).
//! 4. At this month's pace: how far the rest reaches, and what is missing until December.

mod account;
mod deciding;
mod domain;
mod entries;
mod list;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 资金账
pub const CAPABILITY: Capability = Capability {
    id: "funds",
    name: "资金账",
    basis: &["anhui-plan 二(二)4", "nanyang-2023-40 8"],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "资金",
        text: "资金账",
        href: links::funds::funds,
        action: Action::SeePay,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    let enter = Gate::May(Action::PreparePay);
    Routes::new()
        .get(see, "/funds", list::page)
        .get(see, "/funds.xlsx", list::sheet)
        .get(see, "/funds/accounts/{fund}", account::page)
        .get(see, "/funds/accounts/{fund}/journal.xlsx", account::sheet)
        .get(see, "/funds/entries", entries::list)
        .get(see, "/funds/entries.xlsx", entries::sheet)
        .get(enter, "/funds/entries/new", entries::blank)
        .post(enter, "/funds/entries", entries::enter)
        .get(see, "/funds/entries/{entry}", entries::one)
        // Two actions confirm, and who entered may take it back: the handler asks which.
        .post(see, "/funds/entries/{entry}/decision", deciding::decide)
}
