//! 登录: who is signed in, and how that begins and ends.
//!
//! Terms: 登录 sign in · 退出 sign out · 在线用户 open sessions · 强制下线 end somebody's session.
//! For everybody; 在线用户 is for the administrator, within the own area.
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
//! 8. In the demo, accounts are entered with one click.

mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 登录
pub const CAPABILITY: Capability = Capability {
    id: "account",
    name: "登录",
    basis: &[],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "系统",
        text: "在线用户",
        href: links::sessions,
        action: Action::ManageSessions,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let manage = Gate::May(Action::ManageSessions);
    Routes::new()
        .get(Gate::Public, webkit::SIGN_IN, pages::sign_in)
        .post(Gate::Public, webkit::SIGN_IN, pages::enter)
        .post(Gate::SignedIn, "/sign-out", pages::sign_out)
        .get(manage, "/sessions", pages::online)
        .post(manage, "/sessions/{session}/end", pages::force_out)
}
