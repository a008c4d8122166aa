//! 账号管理: who may sign in, as what and for how long; and everybody's own password.
//!
//! Terms: 开立账号 open an account · 续期 renew · 停用 end its grants.
//! For the administrator, within the own area; the own password is for everybody.
//! Law: 网络安全法 art. 21 (who did what must be known), 个人信息保护法 art. 51 (access by right).
//!
//! The flow:
//! 1. The administrator opens accounts with a role in an area of the own one, renews and ends
//!    them, the latter with a reason; whoever is ended is out at the next click.
//! 2. Everybody changes the own password; the account's other sessions end.

mod book;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 账号管理
pub const CAPABILITY: Capability = Capability {
    id: "accounts",
    name: "账号管理",
    basis: &[],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "系统",
        text: "账号管理",
        href: links::accounts,
        action: Action::ManageAccounts,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let let_in = Gate::May(Action::ManageAccounts);
    Routes::new()
        .get(let_in, "/accounts", pages::list)
        .post(let_in, "/accounts", pages::open)
        .get(let_in, "/accounts.xlsx", book::book)
        .get(let_in, "/accounts/new", pages::blank)
        .get(let_in, "/accounts/{account}", pages::one)
        .post(let_in, "/accounts/{account}", pages::change)
        .post(let_in, "/accounts/{account}/end", pages::end)
        .get(Gate::SignedIn, "/password", pages::password)
        .post(Gate::SignedIn, "/password", pages::change_password)
}
