//! 追缴办理: one claim, the notice that asks for the money, and where it goes if nobody answers.
//!
//! 术语: 追缴通知书 (notice), 还款协议 (agreement), 退款人 (who repays), 移送 (referral). Who: finance;
//! whoever sees the elder reads it. Process: case flow `recovery`; process rules 7.4.
//!
//! 1. The page says which months were overpaid, what has come back, what is planned, who did what,
//!    and holds the forms of all that can be done (money: `repayments`).
//! 2. A notice goes to an heir or whoever has the money; their name and number are sealed. The
//!    name is filled in on the paper, a telephone number stands on none.
//! 3. Who refuses, or took the money by fraud, is referred.

mod paper;
mod serving;
mod show;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 追缴办理
pub const CAPABILITY: Capability = Capability {
    id: "recovery_claims",
    name: "追缴办理",
    basis: &["anhui-plan 二(二)4"],
    reads: &["life"],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePeople);
    let work = Gate::May(Action::PreparePay);
    Routes::new()
        .get(see, "/recoveries/{case}", show::claim)
        .get(see, "/recoveries/{case}/notice-paper", paper::notice)
        .get(see, "/recoveries/{case}/agreement", paper::agreement)
        .post(work, "/recoveries/{case}/notice", serving::notice)
        .post(work, "/recoveries/{case}/refer", serving::refer)
}
