//! 上报: what is known here goes to national and provincial systems, in their layouts.
//!
//! 术语: 上报版式 (layout), 上报批次 (run), 封存 (freeze), 退回重报 (retry). Who: the
//! data officer reports; the county and the auditor look. Asked for by: Anhui 4, Nanyang 3.
//!
//! 1. A layout in `export/<id>.toml` says who is in, which columns, which codes, what stays here.
//! 2. A run is made and shown: rows that can go out, rows that cannot with what is missing.
//! 3. Confirmed, it is frozen: the bytes lie sealed under their SM3 and do not change any more.
//! 4. How it leaves and what the receiver says of it is the capability `receipts`.
//! 5. Refused rows are put right here and go out again in a run of their own.
//! 6. An increment says what was added, changed or ended since the last run that left.

mod jobs;
mod pages;
mod show;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 上报
pub const CAPABILITY: Capability = Capability {
    id: "reporting",
    name: "上报",
    basis: &["anhui-plan 4", "nanyang-2023-40 3"],
    reads: &[
        "name",
        "sex",
        "birth_date",
        "hukou_area",
        "register_state",
        "relief_category",
        "disability_grade",
        "assessment_level",
        "assessed_on",
        "living_arrangement",
        "last_visit",
        "adapted_on",
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
    ],
    duties: &[],
    menu: &[Menu { group: "", text: "上报", href: links::reports, action: Action::SeeFiles }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeFiles);
    let report = Gate::May(Action::ReportUp);
    Routes::new()
        .get(see, "/reports", pages::overview)
        .post(report, "/reports", pages::make)
        .get(see, "/reports/{run}", pages::run)
        .post(report, "/reports/{run}/freeze", pages::freeze)
        .post(report, "/reports/{run}/drop", pages::drop_run)
        .post(report, "/reports/{run}/retry", pages::retry)
        .get(see, "/reports/{run}/held.xlsx", pages::held_book)
}
