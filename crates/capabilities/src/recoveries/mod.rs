//! 追缴: what was paid and was not owed, who owes it back, and since when.
//!
//! 术语: 多发 (overpaid), 登记多发 (open claims), 应收 (receivable), 账龄 (age). Who: the county opens
//! claims, finance works on them (`recovery_claims`, `repayments`). Process: case flow `recovery`;
//! process rules 7.4.
//!
//! 1. A claim opens when a stop is approved (`claiming`), or for everybody at once (登记多发):
//!    months × sums, from what the rosters and our own runs paid after the month that was owed
//!    last. Twice opens nothing more: one month of one item is claimed once.
//! 2. Opening moves the sum in the ledger from what was paid to what is owed back by the person.
//! 3. The list has all claims by state and by age, the oldest first, and is a workbook too.
//! 4. When the stop behind it is taken back, the claim is withdrawn.

mod age;
mod opening;
mod pages;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 追缴
pub const CAPABILITY: Capability = Capability {
    id: "recoveries",
    name: "追缴",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "death_date",
        "life",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[],
    menu: &[Menu {
        group: "办理",
        text: "追缴",
        href: links::recoveries::list,
        action: Action::SeePeople,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    Routes::new()
        .get(see, "/recoveries", pages::list)
        .get(see, "/recoveries.xlsx", pages::sheet)
        .post(Gate::May(Action::ApproveCases), "/recoveries/open", opening::open)
}

/// What our own runs have paid to people of the scope of whom a source says that they died.
pub(crate) async fn paid_to_the_dead(
    conn: &mut sqlx::PgConnection,
) -> Result<findings::Payments, kernel::Trouble> {
    store::paid_to_the_dead(conn).await
}
