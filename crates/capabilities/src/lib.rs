//! The capabilities: one folder each, all of the same shape, and [`ALL`] of them.
//!
//! A capability declares what it owes, shows and answers. Menu, routes, permission tables and
//! coverage tests follow from `ALL`, so that nothing has to be remembered twice. Capabilities do
//! not import each other: they meet through facts, duties and verdicts.

mod app;
mod commit;
mod download;
pub mod links;
mod originals;
mod shell;
#[cfg(test)]
mod testing;
mod words;
mod work;

pub mod account;
pub mod audit_trail;
pub mod data_exchange;
pub mod elder_file;
pub mod entitlement_list;
pub mod matching;

use access::Action;
use duties::DutyKind;
use webkit::{Href, Routes};

pub use app::{AfterFacts, App, AppParts, Clock, DemoAccount};
pub use commit::commit;
pub use work::{Work, WorkState, Works};

/// 业务能力: what one folder brings to the whole.
pub struct Capability {
    /// Stored word, the folder's name.
    pub id: &'static str,
    /// The bureau's word.
    pub name: &'static str,
    /// Clauses that ask for it, as `policy/sources.toml` counts them.
    pub basis: &'static [&'static str],
    /// Fact kinds that it reads.
    pub reads: &'static [&'static str],
    /// Duties that it owns.
    pub duties: &'static [&'static DutyKind],
    /// Lines of the menu.
    pub menu: &'static [Menu],
    /// Its pages and acts.
    pub routes: fn() -> Routes<App>,
}

/// A line of the menu.
pub struct Menu {
    /// Heading of the group; empty for the first.
    pub group: &'static str,
    /// What is read.
    pub text: &'static str,
    /// Where it leads.
    pub href: fn() -> Href,
    /// Shown to whoever may do this.
    pub action: Action,
}

/// All capabilities, in the order of the menu.
pub const ALL: &[&Capability] = &[
    &matching::CAPABILITY,
    &elder_file::CAPABILITY,
    &data_exchange::CAPABILITY,
    &entitlement_list::CAPABILITY,
    &audit_trail::CAPABILITY,
    &account::CAPABILITY,
];

/// The duty kind with this stored word.
pub fn duty_kind(id: &str) -> Option<&'static DutyKind> {
    ALL.iter().flat_map(|capability| capability.duties).find(|kind| kind.id == id).copied()
}

/// Every route of every capability.
pub fn routes() -> Routes<App> {
    ALL.iter().fold(Routes::new(), |all, capability| all.and((capability.routes)()))
}

/// Runs every reconciler for every area that has a list of its own.
pub fn reconcile_all(
    app: App,
) -> std::pin::Pin<Box<dyn Future<Output = Result<(), kernel::Trouble>> + Send>> {
    Box::pin(async move { matching::reconcile_everywhere(&app).await.map(drop) })
}
