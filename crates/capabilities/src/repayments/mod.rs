//! 退还和核销: money comes back, is set off, or is written off by a decision.
//!
//! 术语: 分期 (instalment), 退款 (repayment), 抵扣 (set-off), 核销 (write-off). Who: finance; the
//! county decides write-offs. Process: case flow `recovery`; process rules 7.4.
//!
//! 1. Instalments make exactly what is left; the days go forward from today.
//! 2. Each repayment, set-off and write-off takes off what is owed in the ledger, never more than
//!    is left. The claim ends when nothing is.
//! 3. A set-off needs written consent and says against what.
//! 4. A write-off is proposed by one person and decided by another; before a notice only up to the
//!    small sum that the county has set (`recovery_small_fen`).

mod repaying;
mod store;
#[cfg(test)]
mod tests;
mod write_off;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 退还和核销
pub const CAPABILITY: Capability = Capability {
    id: "repayments",
    name: "退还和核销",
    basis: &["anhui-plan 二(二)4"],
    reads: &[],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let work = Gate::May(Action::PreparePay);
    Routes::new()
        .post(work, "/recoveries/{case}/plan", repaying::agree)
        .post(work, "/recoveries/{case}/repaid", repaying::repaid)
        .post(work, "/recoveries/{case}/set-off", repaying::set_off)
        .post(work, "/recoveries/{case}/write-off", write_off::write_off)
        .post(Gate::May(Action::ApproveCases), "/recoveries/{case}/decision", write_off::decide)
}
