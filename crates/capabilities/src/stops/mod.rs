//! 停发与恢复: payments end in time; the list of all stops, and what the county decides.
//!
//! 术语: 停发 (stop), 停发告知书 (notice), 多发 (overpaid). Who: the town proposes
//! (`stop_proposals`), the county approves. Process: case flow `stop`; process rules 7.4.
//!
//! 1. The list says whose payment should end (待提出), what waits for the county, and what came of
//!    it; restores (`restores`) stand there too.
//! 2. The county approves: the award is nothing from the first month that is neither paid nor
//!    owed, the death is established, and what was overpaid is claimed back (`claiming`). Deaths
//!    that two departments report or a person has established go all at once.
//! 3. While what the stop rested on stays, nobody is asked about the person again.
//! 4. What is not clear goes back to the town, which looks again or takes the proposal back.
//! 5. The elder or the family gets a notice with the reason, the clause and what can be done.

mod deciding;
mod domain;
mod notice;
mod pages;
mod show;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 停发与恢复
pub const CAPABILITY: Capability = Capability {
    id: "stops",
    name: "停发与恢复",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "life",
        "death_date",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[],
    menu: &[Menu {
        group: "办理",
        text: "停发与恢复",
        href: links::stops::list,
        action: Action::SeePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    let propose = Gate::May(Action::ReviewCases);
    let approve = Gate::May(Action::ApproveCases);
    Routes::new()
        .get(see, "/stops", pages::list)
        .get(see, "/stops.xlsx", pages::sheet)
        .post(approve, "/stops/approve", deciding::approve_all)
        .get(see, "/stops/{case}", show::stop)
        .get(see, "/stops/{case}/notice", notice::notice)
        .post(approve, "/stops/{case}/approve", deciding::approve)
        .post(approve, "/stops/{case}/reject", deciding::reject)
        .post(approve, "/stops/{case}/return", deciding::send_back)
        .post(propose, "/stops/{case}/resubmit", deciding::resubmit)
        .post(propose, "/stops/{case}/withdraw", deciding::withdraw)
}

/// 在效的停发 of the scope, with what each rested on.
pub(crate) async fn standing(
    conn: &mut sqlx::PgConnection,
) -> Result<findings::Stops, kernel::Trouble> {
    store::standing(conn).await
}
