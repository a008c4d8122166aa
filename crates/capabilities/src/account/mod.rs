//! 登录与账号: who may sign in, who is signed in, and how that begins and ends.
//!
//! Terms: 登录 sign in · 退出 sign out · 在线用户 open sessions · 强制下线 end somebody's session ·
//! 开立账号 open an account · 停用 end its grants.
//! For everybody; 在线用户 and 账号管理 are for the administrator, within the own area.
//! Law: 网络安全法 art. 21 (who did what must be known), 个人信息保护法 art. 51 (access by right).
//!
//! The flow:
//! 1. Whoever has no open session is led to the sign-in page.
//! 2. Login name and password are checked; a wrong one of either gets the same answer.
//! 3. The browser keeps a token in a cookie that no script can read; we keep its hash.
//! 4. Sign-in is recorded; so are sign-out and a forced end.
//! 5. Fifteen minutes without a request, or twelve hours, end the session.
//! 6. The next request leads back to sign-in, which says why the session ended.
//! 7. The administrator sees open sessions of the own area and may end others' ones.
//! 8. The administrator opens accounts with a role in an area of the own one, renews and ends
//!    them, the latter with a reason; whoever is ended is out at the next click.
//! 9. Everybody changes the own password; the account's other sessions end.
//! 10. In the demo, accounts are entered with one click.

mod accounts;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 登录与账号
pub const CAPABILITY: Capability = Capability {
    id: "account",
    name: "登录与账号",
    basis: &[],
    reads: &[],
    duties: &[],
    menu: &[
        Menu {
            group: "系统",
            text: "账号管理",
            href: links::accounts,
            action: Action::ManageAccounts,
        },
        Menu {
            group: "系统",
            text: "在线用户",
            href: links::sessions,
            action: Action::ManageSessions,
        },
    ],
    routes,
};

fn routes() -> Routes<App> {
    let manage = Gate::May(Action::ManageSessions);
    let let_in = Gate::May(Action::ManageAccounts);
    Routes::new()
        .get(Gate::Public, webkit::SIGN_IN, pages::sign_in)
        .post(Gate::Public, webkit::SIGN_IN, pages::enter)
        .post(Gate::SignedIn, "/sign-out", pages::sign_out)
        .get(manage, "/sessions", pages::online)
        .post(manage, "/sessions/{session}/end", pages::force_out)
        .get(let_in, "/accounts", accounts::list)
        .post(let_in, "/accounts", accounts::open)
        .get(let_in, "/accounts/new", accounts::blank)
        .get(let_in, "/accounts/{account}", accounts::one)
        .post(let_in, "/accounts/{account}", accounts::change)
        .post(let_in, "/accounts/{account}/end", accounts::end)
        .get(Gate::SignedIn, "/password", accounts::password)
        .post(Gate::SignedIn, "/password", accounts::change_password)
}
