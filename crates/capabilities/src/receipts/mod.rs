//! 送达与回执: a frozen file leaves once, and the receiver's answer comes back to its rows.
//!
//! 术语: 送达 (it has arrived), 交接单 (hand-over slip), 回执 (receipt). Who: the data officer sends;
//! the county and the auditor look. Asked for by: Anhui 4, Nanyang 3.
//!
//! 1. By hand: the file is downloaded, which leaves an entry, and goes out with a slip that names
//!    rows and hash; how it was handed over is noted.
//! 2. Over signed HTTP: the state is on record before anything leaves. When the line broke nobody
//!    knows whether it arrived; then the receiver is asked, and nothing is sent by itself.
//! 3. The receipt says of each row whether it was taken: a file, read by a child process, or the
//!    platform's answer. One that leaves a row open is refused, but where the layout says that
//!    only refused rows are listed.

mod jobs;
mod pages;
mod paper;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 送达与回执
pub const CAPABILITY: Capability = Capability {
    id: "receipts",
    name: "送达与回执",
    basis: &["anhui-plan 4", "nanyang-2023-40 3"],
    reads: &[],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeFiles);
    let report = Gate::May(Action::ReportUp);
    Routes::new()
        .get(report, "/reports/{run}/slip", paper::slip)
        .post(report, "/reports/{run}/file", pages::download_file)
        .post(report, "/reports/{run}/handed-over", pages::handed_over)
        .post(report, "/reports/{run}/send", pages::send)
        .post(report, "/reports/{run}/ask", pages::ask)
        .post(report, "/reports/{run}/receipt", pages::take_receipt)
        .get(see, "/reports/{run}/refused.xlsx", pages::refused_book)
}
