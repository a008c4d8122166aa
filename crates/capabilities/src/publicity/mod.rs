//! 公示: who is to get what hangs in the village before (or after) it is decided, so that whoever
//! knows better can say so; and comes down again.
//!
//! 术语: 公示单 (sheet), 公示期 (period), 张贴 (put up), 撤下 (take down), 异议 (objection), 遮蔽 (masked).
//! Who: the town posts and takes down, the village sees, everybody reads. Law: see `basis`;
//! 社会救助暂行办法 61 and 个人信息保护法 5–6, 28 (no more than is needed, and not for longer).
//!
//! 1. An application whose item's route has publicity waits here for its sheet.
//! 2. The town puts up what waits in one act: one sheet for each village, on paper and on the
//!    open page, made only of masked lines (see [`masked`]).
//! 3. The period runs in calendar days; the open page answers while it runs and not after.
//! 4. An objection freezes its line alone; the rest goes on.
//! 5. After the last day what nobody has objected to moves on by itself, at the latest when the
//!    sheet is taken down. A sheet that hangs too long is shown as overdue.
//! 6. A sheet that comes down early proves nothing: its applications wait for another one.

mod jobs;
mod masked;
mod pages;
mod period;
mod posting;
mod public;
mod sheet;
mod store;
#[cfg(test)]
mod tests;
pub mod views;
mod waiting;

use access::Action;
use webkit::{Gate, Routes};

pub(crate) use jobs::reconcile_everywhere;

use crate::{App, Capability, Menu, links};

/// 公示
pub const CAPABILITY: Capability = Capability {
    id: "publicity",
    name: "公示",
    basis: &["anhui-plan 二(二)4"],
    reads: &[],
    duties: &[],
    menu: &[Menu {
        group: "办理",
        text: "公示",
        href: links::publicity::postings,
        action: Action::AcceptCases,
    }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeDuties);
    let post = Gate::May(Action::ReviewCases);
    let take_down = Gate::May(Action::AcceptCases);
    Routes::new()
        .get(see, "/publicity", pages::list)
        .get(see, "/publicity.xlsx", pages::book)
        .post(post, "/publicity/post", posting::post)
        .get(see, "/publicity/sheets", sheet::all)
        .post(take_down, "/publicity/print", sheet::print_all)
        .get(see, "/publicity/{posting}", pages::one)
        .get(see, "/publicity/{posting}/sheet", sheet::one)
        .post(take_down, "/publicity/{posting}/print", sheet::print)
        .post(take_down, "/publicity/{posting}/take-down", posting::take_down)
        .get(Gate::Public, "/public/notices", public::all)
        .get(Gate::Public, "/public/notices/{posting}", public::one)
}
