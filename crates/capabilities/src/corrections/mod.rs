//! 校核纠错: what a sender's row says wrongly goes back to the sender, and comes back right.
//!
//! 术语: 纠错 (correction), 交接单 (slip), 答复 (answer), 先按核实的值用 (meanwhile). Who: whoever finds an
//! error drafts, the data officer sends and notes the answer, the sender corrects its own data.
//! Asked for by: 政务数据共享条例 (校核纠错), Nanyang 3.
//!
//! 1. Drafted: from a fact of an elder, or from the rows of a file that cannot be used. It says
//!    what the row says, what is right, and by whose evidence.
//! 2. Sent: the drafts about one file go in one slip, with a workbook in the sender's own layout.
//! 3. Answered: accepted, so that the next file brings it; or refused with a reason.
//! 4. Closed, once the matter is settled.
//! 5. Meanwhile the value that is right may stand as a statement, which needs a reason.
//! 6. One that is not answered in time is a duty of the data officer.

mod domain;
mod drafting;
mod duty_kinds;
mod jobs;
mod pages;
mod slip;
mod store;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability, Menu, links};

/// 校核纠错
pub const CAPABILITY: Capability = Capability {
    id: "corrections",
    name: "校核纠错",
    basis: &["nanyang-2023-40 3"],
    reads: &[],
    duties: &[&duty_kinds::UNANSWERED],
    menu: &[Menu {
        group: "",
        text: "校核纠错",
        href: links::corrections,
        action: Action::ReceiveFiles,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeFiles);
    let draft = Gate::May(Action::DecideDuties);
    let send = Gate::May(Action::ReceiveFiles);
    Routes::new()
        .get(see, "/corrections", pages::list)
        .get(see, "/corrections.xlsx", pages::list_sheet)
        .get(draft, "/elders/{person}/correction", drafting::new)
        .post(draft, "/elders/{person}/correction", drafting::draft)
        .post(send, "/files/{batch}/corrections", drafting::draft_rows)
        .post(send, "/corrections/send", pages::send)
        .get(see, "/corrections/{correction}", pages::one)
        .post(send, "/corrections/{correction}/answer", pages::answer)
        .post(send, "/corrections/{correction}/close", pages::close)
        .get(see, "/correction-slips/{slip}", slip::paper)
        .get(send, "/correction-slips/{slip}/rows.xlsx", slip::workbook)
}
