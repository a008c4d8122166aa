//! 花名册: the people behind every figure of a pay run.
//!
//! 术语: 花名册 (lines), 差异 (differences), 暂缓 (held), 补发 (arrears), 需人工看 (look). Who: who
//! prepares, confirms and audits payments, and the towns for their own people; the treasury sees
//! sums only and finds nothing here. Asked for by: Anhui 二(二)4.
//!
//! 1. Lines by town, band, kind or name; each leads to the elder and to the conditions behind it.
//! 2. Who is paid otherwise than last month, by cause, and who is held, with what is missing.
//! 3. Each list is a workbook too; one person's payments of 24 months stand on a page of their own.

mod lines;
mod others;
mod payments;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 花名册
pub const CAPABILITY: Capability = Capability {
    id: "pay_lines",
    name: "花名册",
    basis: &["anhui-plan 二(二)4"],
    reads: &[],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    Routes::new()
        .get(see, "/pay/{run}/lines", lines::list)
        .post(see, "/pay/{run}/lines", lines::search)
        .get(see, "/pay/{run}/lines.xlsx", lines::export)
        .get(see, "/pay/{run}/differences", others::differences)
        .get(see, "/pay/{run}/differences.xlsx", others::differences_book)
        .get(see, "/pay/{run}/held", others::held)
        .get(see, "/pay/{run}/held.xlsx", others::held_book)
        .get(see, "/elders/{person}/payments", payments::page)
}
