//! 回盘与退汇: what the bank says of each line, and the money that came back.
//!
//! 术语: 回盘 (bank return), 成功 (paid), 退汇 (returned), 未明 (unknown), 在途 (at rest), 退汇待处理
//! (payment_returned). Who: 资金发放岗 takes the bank's file in, the village puts the account right.
//! Asked for by: Anhui 二(二)4.
//!
//! 1. A return is read by a child process and held against the file that left, line by line. One
//!    changed cell, a foreign run, a word that nobody knows: nothing of it counts.
//! 2. 成功 posts the line's reserved money, 退汇 voids it and gives the village a duty, 未明 leaves
//!    it: it is never paid again by itself.
//! 3. A return may list a part, come months later or come twice; what was said already changes
//!    nothing.
//! 4. When every line has an answer and sums agree, the run is settled.
//! 5. Money that came back goes out again in the next run; the duty then closes by itself.

mod duty_kinds;
mod jobs;
mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability, Menu, links};

/// 回盘与退汇
pub const CAPABILITY: Capability = Capability {
    id: "bank_returns",
    name: "回盘与退汇",
    basis: &["anhui-plan 二(二)4"],
    reads: &[],
    duties: &[&duty_kinds::RETURNED],
    menu: &[Menu {
        group: "资金",
        text: "退汇",
        href: links::bank_files::all_returns,
        action: Action::PreparePay,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeePay);
    Routes::new()
        .post(Gate::May(Action::PreparePay), "/pay/{run}/bank-file/returns", pages::take)
        .get(see, "/bank-returns", pages::list)
        .get(see, "/bank-returns.xlsx", pages::export)
}
