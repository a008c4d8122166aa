//! 部门数据归集: other departments' files, from receipt to facts.
//!
//! 术语: 供数单位 (supplier), 批次 (batch), 试导 (dry run), 入库 (apply), 暂缓 (hold), 撤销 (undo),
//! 退回件 (return file), 交接单 (hand-over slip). Who: the data officer receives; the county and
//! the auditor look. Asked for by: Anhui 4, Nanyang 3, Shenyang 二.2.
//!
//! 1. A file is received, kept sealed under its SM3 and noted with supplier and as-of day.
//! 2. A child process reads it under hard limits; its columns are recognised or remembered.
//! 3. Rows are typed and matched: exact, after a stated normalisation, for the desk, nobody.
//! 4. The report says what came of it, against the file before; a shrunken, older or unchanged
//!    file is held until a person says why it may come in; one that would end too many awards
//!    until a second person agrees.
//! 5. Applied: people, facts, rows and what the claims of death amount to, in one transaction. A
//!    file that can stop somebody's money is accepted by one person and applied by another, who
//!    sees whom it would stop.
//! 6. Returned rows go to the sender as a workbook in the sender's own layout.
//! 7. Undone: every assertion of the file is retracted; what the source said before stands again.

mod apply;
mod deaths;
mod decide;
mod decisions;
mod desk;
mod domain;
mod gone;
mod jobs;
mod names;
mod pages;
mod read;
mod report;
mod sealed;
mod show;
#[cfg(test)]
mod tests;
pub mod views;
mod workbook;

use access::Action;
use webkit::{Gate, Routes};

pub use crate::originals::sweep_clear_copies;
pub(crate) use apply::show_lives;
pub use deaths::DeathNote;
pub use decide::{Hands, accept, give_back, take_in, undo_newest};
pub use domain::Hold;
pub use jobs::{Imported, Incoming, Mode, import, import_by};
pub use report::{Counts, Report};
pub(crate) use sealed::load_report;

use crate::{App, Capability, Menu, links};

/// 部门数据归集
pub const CAPABILITY: Capability = Capability {
    id: "data_exchange",
    name: "部门数据归集",
    basis: &["anhui-plan 4", "nanyang-2023-40 3", "shenyang-2023-27 二.2"],
    reads: &["death_date", "last_seen", "life"],
    duties: &[],
    menu: &[Menu { group: "", text: "部门数据", href: links::files, action: Action::SeeFiles }],
    routes,
};

fn routes() -> Routes<App> {
    let see = Gate::May(Action::SeeFiles);
    let receive = Gate::May(Action::ReceiveFiles);
    let accept = Gate::May(Action::AcceptFiles);
    let confirm = Gate::May(Action::ConfirmDeaths);
    Routes::new()
        .get(see, "/files", pages::intake)
        .post(receive, "/files", pages::upload_file)
        .get(receive, "/file-templates/{supplier}", pages::template)
        .get(see, "/files/{batch}", pages::batch)
        .get(receive, "/files/{batch}/errors.xlsx", pages::errors)
        .post(receive, "/files/{batch}/mapping", pages::map_columns)
        .post(receive, "/files/{batch}/return", decisions::give_back)
        .post(receive, "/files/{batch}/stop", pages::stop)
        .post(accept, "/files/{batch}/accept", decisions::accept)
        .post(confirm, "/files/{batch}/confirm", decisions::confirm)
        .post(confirm, "/files/{batch}/refuse", decisions::give_back)
        .post(accept, "/files/{batch}/apply", decisions::apply)
        .post(accept, "/files/{batch}/undo", decisions::undo)
}
