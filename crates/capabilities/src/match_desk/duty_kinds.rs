//! What the village owes to the match desk.

use duties::{Close, DutyKind, Outcome};
use kernel::Role;

/// 是同一人
pub(super) const SAME: &str = "same";

const fn told(id: &'static str, label: &'static str, needs_reason: bool) -> Outcome {
    Outcome { id, label, needs_reason, closes_as: Close::Done }
}

/// 核实是否同一人: a row of a file may be about somebody of the village.
#[doc(alias = "请村里核实")]
pub(super) const MATCH_CHECK: DutyKind = DutyKind {
    id: "match_check",
    label: "核实是否同一人",
    next_step: "上门或电话问清，是不是同一人",
    owner: Role::VillageWorker,
    window_working_days: Some(3),
    outcomes: &[
        told(SAME, "是同一人", false),
        told("not_same", "不是同一人", false),
        told("unclear", "问不清楚", true),
    ],
};
