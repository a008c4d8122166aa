//! 月结: what a run pays, why it differs from last month, and who signed it.
//!
//! 术语: 发放批次 (pay run), 冻结 (freeze), 锁定 (lock), 资金申请 (fund request), 财政审核 (treasury
//! review), 支付凭证 (voucher), 暂缓 (held). Who: 资金发放岗 freezes and locks first,
//! 县级审批岗 locks second, 财政审核岗 passes or refuses by sums alone. Asked for by: Anhui 二(二)4.
//!
//! 1. The page says 上月 + 新增 − 停发 ± 档次 + 补发 = 本月; each figure opens to its people, and
//!    each person to the conditions behind it. What nobody can explain must be nought.
//! 2. Frozen it has a hash over every line. What stands in the way of that is said, with who does
//!    what about it: an unexplained difference, an old death feed, a month that is still open.
//! 3. Two people lock the hash that they saw; the second lock reserves the money line by line, and
//!    makes facts of changed rates.
//! 4. The treasury sees sums by fund, town and band, and no people. Refused, the run comes back
//!    as a new version that is locked anew.
//! 5. With a voucher the run goes to `bank_files`; its people are listed by `pay_lines`.

mod acts;
pub mod flow;
mod pages;
mod show;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 月结
pub const CAPABILITY: Capability = Capability {
    id: "pay_closing",
    name: "月结",
    basis: &["anhui-plan 二(二)4"],
    reads: &["award.old_age_allowance", "death_date", "life"],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    let prepare = Gate::May(Action::PreparePay);
    Routes::new()
        .get(see, "/pay/{run}", pages::run)
        .post(prepare, "/pay/{run}/freeze", pages::freeze)
        .post(prepare, "/pay/{run}/lock", pages::lock)
        .post(Gate::May(Action::ConfirmPay), "/pay/{run}/lock-again", pages::lock_again)
        .post(prepare, "/pay/{run}/request", pages::request)
        .post(Gate::May(Action::ReviewFunds), "/pay/{run}/review", pages::review)
        .post(prepare, "/pay/{run}/reopen", pages::reopen)
        .post(prepare, "/pay/{run}/voucher", pages::voucher)
        .post(prepare, "/pay/{run}/drop", pages::drop_run)
}
