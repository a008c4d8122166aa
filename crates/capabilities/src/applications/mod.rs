//! 申领办理: from the elder's word to the award.
//!
//! 术语: 申领 (application), 受理 (acceptance), 审核 (review), 审批 (approval), 代办 (helper), 免申即享 (no
//! application), 亲属备案 (kin declaration), 回避 (recusal). Who: the village takes in, the town
//! reviews, the county approves; clocks by the item's `[review]`.
//!
//! 1. Opened from an unclaimed entitlement, from a notice ahead, or at the window. What is known is
//!    filled in; channel, consent and account are the elder's word.
//! 2. Without an account it waits for one. An item that asks for no application goes to review at
//!    once.
//! 3. The town sees every condition with its source, and passes, returns with reasons, or rejects.
//!    A second return needs a call. What is proved passes in one act.
//! 4. Publicity stands where the item's route has it; see `publicity`.
//! 5. The county decides on what holds at that moment. Approval writes the award from the first
//!    month owed; refusal makes a notice with reasons, clauses and what would change the answer.
//! 6. 申请审批表 is printed from what stands here, one person a page; every print is counted.
//! 7. Nobody has two parts in one case, and nobody decides about a declared relative.

mod acts;
mod apply;
mod decide;
mod desk;
pub mod flow;
mod gaps;
mod kin;
mod notice;
mod one;
mod queue;
mod sheet;
#[cfg(test)]
mod tests;
mod typed;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability, Menu, links};

/// 申领办理
pub const CAPABILITY: Capability = Capability {
    id: "applications",
    name: "申领办理",
    basis: &["anhui-plan 二(二)4"],
    reads: &["bank_account"],
    duties: &[],
    menu: &[
        Menu {
            group: "办理",
            text: "申领办理",
            href: links::applications::queue,
            action: Action::SeeDuties,
        },
        Menu {
            group: "办理",
            text: "亲属备案",
            href: links::applications::kin,
            action: Action::DecideDuties,
        },
    ],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeDuties);
    let accept = Gate::May(Action::AcceptCases);
    let review = Gate::May(Action::ReviewCases);
    let approve = Gate::May(Action::ApproveCases);
    let works = Gate::May(Action::DecideDuties);
    Routes::new()
        .get(see, "/applications", queue::list)
        .get(see, "/applications.xlsx", queue::sheet)
        .post(review, "/applications-batch/pass", acts::pass_all)
        .post(approve, "/applications-batch/approve", acts::approve_all)
        .get(see, "/applications/sheets", sheet::all)
        .post(works, "/applications/sheets/print", sheet::print_all)
        .get(see, "/applications/{case}", one::one)
        .get(see, "/applications/{case}/sheet", sheet::one)
        .post(works, "/applications/{case}/print", sheet::print)
        .get(see, "/applications/{case}/notice", notice::paper)
        .post(accept, "/applications/{case}/form", apply::again)
        .post(accept, "/applications/{case}/withdraw", acts::withdraw)
        .post(review, "/applications/{case}/pass", acts::pass)
        .post(review, "/applications/{case}/return", acts::give_back)
        .post(review, "/applications/{case}/reject", acts::reject)
        .post(approve, "/applications/{case}/approve", acts::approve)
        .post(approve, "/applications/{case}/send-back", acts::send_back)
        .post(approve, "/applications/{case}/refuse", acts::refuse)
        .get(accept, "/elders/{person}/apply", apply::choose)
        .get(accept, "/elders/{person}/apply/{item}", apply::new)
        .post(accept, "/elders/{person}/apply/{item}", apply::submit)
        .get(works, "/kin", kin::list)
        .get(works, "/kin.xlsx", kin::sheet)
        .post(works, "/elders/{person}/kin", kin::declare)
        .post(works, "/kin/{declaration}/end", kin::end)
}
