//! 留痕: who did what to what, and why.
//!
//! 术语: 留痕 (audit_trail). Who: the auditor, who sees the areas of the grant and changes nothing.
//! Law: 网络安全法 23, 个人信息保护法 51 (who handled what, kept and shown).
//!
//! Every act of a person, every applied file and every whole number that was shown leaves an entry
//! in its own transaction. The entry holds hashes of content and the person's reason, never the
//! content. Entries are only added.

mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 留痕
pub const CAPABILITY: Capability = Capability {
    id: "audit_trail",
    name: "留痕",
    basis: &[],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "看与查",
        text: "谁看过什么",
        href: links::audit,
        action: Action::SeeAudit,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeAudit);
    Routes::new().get(see, "/audit", pages::entries).get(see, "/audit.xlsx", pages::book)
}
