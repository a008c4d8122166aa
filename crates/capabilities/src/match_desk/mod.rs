//! 人工比对: rows of which nobody can tell by rules whom they are about, one pair at a time.
//!
//! 术语: 候选人 (candidate), 是同一人 / 都不是 / 请村里核实 (decision). Who: the
//! data officer decides; the village worker is asked. Asked for by: Anhui 4, Nanyang 3.
//!
//! 1. Applying a file puts its uncertain rows on the desk, with cells, facts and candidates.
//! 2. A person says that the row is about one of them, about none, or asks the village.
//! 3. About somebody: what the row says is asserted with the row as its source, so that undoing
//!    the decision or the file takes it back. About none: nothing, or a new person in a register.
//! 4. The village's answer comes back to the desk; the data officer still decides.
//! 5. Findings about a candidate wait until the row is decided, and no longer.
//! 6. The same question in the next file has the same answer and is not asked again.

mod domain;
mod duty_kinds;
mod jobs;
mod pair;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 人工比对
pub const CAPABILITY: Capability = Capability {
    id: "match_desk",
    name: "人工比对",
    basis: &["anhui-plan 4", "nanyang-2023-40 3"],
    reads: &["name", "birth_date", "sex", "hukou_area"],
    duties: &[&duty_kinds::MATCH_CHECK],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    let decide = Gate::May(Action::AcceptFiles);
    Routes::new()
        .get(decide, "/desk/{batch}/{row}", pair::pair)
        .post(decide, "/desk/{batch}/{row}/decision", pair::decide)
        .post(decide, "/desk/undo", pair::undo)
}
