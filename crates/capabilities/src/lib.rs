//! The capabilities: one folder each, all of the same shape, and [`ALL`] of them.
//!
//! A capability declares what it owes, shows and answers. Menu, routes, permission tables and
//! coverage tests follow from `ALL`, so that nothing has to be remembered twice. Capabilities do
//! not import each other: they meet through facts, duties and verdicts.

mod app;
mod applying;
pub mod bank;
mod batch_report;
mod claiming;
mod commit;
mod desk_lines;
mod download;
mod duty_lines;
mod freshness;
mod interview;
pub mod links;
mod list_words;
mod originals;
mod outgoing_log;
mod pay;
mod payees;
mod print_trace;
mod reach;
mod runs;
pub mod sheets;
mod shell;
mod stopping;
mod surviving;
mod table_pages;
#[cfg(test)]
mod testing;
mod whom;
mod words;
mod work;

pub mod account;
pub mod accounts;
pub mod applications;
pub mod audit_trail;
pub mod bank_files;
pub mod bank_returns;
pub mod care_subsidies;
pub mod class_changes;
pub mod complaints;
pub mod corrections;
pub mod data_exchange;
pub mod desk_queue;
pub mod duplicates;
pub mod duty_list;
pub mod elder_file;
pub mod elder_search;
pub mod entitlement_list;
pub mod funds;
pub mod holds;
pub mod lookups;
pub mod match_desk;
pub mod matching;
pub mod moves;
pub mod on_time;
pub mod paper;
pub mod pay_closing;
pub mod pay_lines;
pub mod pay_runs;
pub mod portal;
pub mod publicity;
pub mod receipts;
pub mod recoveries;
pub mod recovery_claims;
pub mod relief;
pub mod repayments;
pub mod reporting;
pub mod restores;
pub mod source_row;
pub mod stop_proposals;
pub mod stops;
pub mod survival;
pub mod survival_lists;
pub mod today;
pub mod why;

use access::Action;
use duties::DutyKind;
use webkit::{Href, Routes};

pub use app::{AfterFacts, App, AppParts, Clock, DemoAccount, Play, PlayMonth};
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
    &today::CAPABILITY,
    &duty_list::CAPABILITY,
    &why::CAPABILITY,
    &matching::CAPABILITY,
    &elder_search::CAPABILITY,
    &elder_file::CAPABILITY,
    &source_row::CAPABILITY,
    &applications::CAPABILITY,
    &publicity::CAPABILITY,
    &complaints::CAPABILITY,
    &stops::CAPABILITY,
    &stop_proposals::CAPABILITY,
    &restores::CAPABILITY,
    &holds::CAPABILITY,
    &class_changes::CAPABILITY,
    &moves::CAPABILITY,
    &survival::CAPABILITY,
    &survival_lists::CAPABILITY,
    &recoveries::CAPABILITY,
    &recovery_claims::CAPABILITY,
    &repayments::CAPABILITY,
    &pay_runs::CAPABILITY,
    &pay_closing::CAPABILITY,
    &pay_lines::CAPABILITY,
    &bank_files::CAPABILITY,
    &bank_returns::CAPABILITY,
    &funds::CAPABILITY,
    &on_time::CAPABILITY,
    &care_subsidies::CAPABILITY,
    &relief::CAPABILITY,
    &paper::CAPABILITY,
    &data_exchange::CAPABILITY,
    &corrections::CAPABILITY,
    &desk_queue::CAPABILITY,
    &match_desk::CAPABILITY,
    &duplicates::CAPABILITY,
    &reporting::CAPABILITY,
    &receipts::CAPABILITY,
    &lookups::CAPABILITY,
    &entitlement_list::CAPABILITY,
    &audit_trail::CAPABILITY,
    &accounts::CAPABILITY,
    &account::CAPABILITY,
    &portal::CAPABILITY,
];

/// The duty kind with this stored word.
pub fn duty_kind(id: &str) -> Option<&'static DutyKind> {
    ALL.iter().flat_map(|capability| capability.duties).find(|kind| kind.id == id).copied()
}

/// 流程: every flow that cases move along.
pub fn flows() -> Vec<&'static cases::Flow> {
    vec![
        &stopping::flow::STOP,
        &stopping::flow::RESTORE,
        &claiming::flow::FLOW,
        &applications::flow::FLOW,
        &pay_closing::flow::FLOW,
        &complaints::flow::FLOW,
        &relief::flow::FLOW,
    ]
}

/// Every route of every capability.
pub fn routes() -> Routes<App> {
    ALL.iter().fold(Routes::new(), |all, capability| all.and((capability.routes)()))
}

/// Shows on every card of the scope what the claims of death amount to now; for capabilities that
/// bring or take back such claims and do not know the one that weighs them.
pub(crate) async fn show_lives(app: &App, tx: &mut db::Tx) -> Result<(), kernel::Trouble> {
    data_exchange::show_lives(app, tx).await
}

/// 在效的停发 of the scope, with what each rested on; for the capability that looks for who is
/// owed something.
pub(crate) async fn standing_stops(
    conn: &mut sqlx::PgConnection,
) -> Result<findings::Stops, kernel::Trouble> {
    stops::standing(conn).await
}

/// What our own runs have paid to people of the scope of whom a source says that they died.
pub(crate) async fn paid_to_the_dead(
    conn: &mut sqlx::PgConnection,
) -> Result<findings::Payments, kernel::Trouble> {
    recoveries::paid_to_the_dead(conn).await
}

/// Runs every reconciler for every area that has a list of its own.
pub fn reconcile_all(
    app: App,
) -> std::pin::Pin<Box<dyn Future<Output = Result<(), kernel::Trouble>> + Send>> {
    Box::pin(async move {
        corrections::reconcile_everywhere(&app).await?;
        bank_returns::reconcile_everywhere(&app).await?;
        publicity::reconcile_everywhere(&app).await?;
        relief::reconcile_everywhere(&app).await?;
        care_subsidies::reconcile_everywhere(&app).await?;
        on_time::reconcile_everywhere(&app).await?;
        survival::reconcile_everywhere(&app).await?;
        matching::reconcile_everywhere(&app).await.map(drop)
    })
}

pub(crate) use data_exchange::Incoming;
pub(crate) use why::{Evidence, conditions};

/// Takes in a file that came over the wire, the way every file goes; gives its batch when it is
/// new. Here, because capabilities do not import each other.
pub(crate) async fn take_in(
    app: &App,
    actor: &access::Actor,
    incoming: Incoming,
) -> Result<kernel::BatchId, kernel::Trouble> {
    let work = Work::new(app.wall());
    let mode = data_exchange::Mode::DryRun;
    data_exchange::import(app, actor, incoming, mode, &work).await.map(|imported| imported.batch)
}
