//! 月度发放: the runs of a county, and how one is proposed.
//!
//! 术语: 发放批次 (pay run), 拟制 (propose), 补发 (arrears), 暂缓 (held). Who: 资金发放岗 proposes;
//! who confirms, reviews and audits payments looks. Asked for by: Anhui 二(二)4.
//!
//! 1. A run is worked out from facts, the list and what was paid before (`payroll`), beside the
//!    request; nothing moves.
//! 2. While a run of the same item and month stands, another is refused and names who made it.
//! 3. What it pays and who signs it is `pay_closing`; its people are `pay_lines`.

mod jobs;
mod list;
mod pages;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 月度发放
pub const CAPABILITY: Capability = Capability {
    id: "pay_runs",
    name: "月度发放",
    basis: &["anhui-plan 二(二)4"],
    reads: &[
        "award.old_age_allowance",
        "award.care_service_subsidy",
        "award.nursing_subsidy",
        "bank_account",
        "death_date",
        "life",
        "hold.survival",
        "hold.objection",
        "hold.decision",
    ],
    duties: &[],
    menu: &[Menu {
        group: "资金",
        text: "月度发放",
        href: links::pay_runs::runs,
        action: Action::SeePay,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    Routes::new()
        .get(see, "/pay", pages::overview)
        .post(Gate::May(Action::PreparePay), "/pay", pages::propose)
        .get(see, "/pay.xlsx", pages::export)
}
