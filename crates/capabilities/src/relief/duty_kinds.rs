//! What a change of the low-income roster owes.

use duties::{Close, DutyKind, Outcome};
use kernel::Role;

const fn done(id: &'static str, label: &'static str) -> Outcome {
    Outcome { id, label, needs_reason: false, closes_as: Close::Done }
}

/// 低收入变化: somebody has entered or left the low-income roster, or is in another category.
#[doc(alias = "低收入人口动态监测")]
pub(super) const RELIEF_CHANGE: DutyKind = DutyKind {
    id: "relief_change",
    label: "低收入变化",
    next_step: "告知本人，该申请的帮助申请，不再符合的核实后转停发",
    owner: Role::TownReviewer,
    window_working_days: Some(5),
    outcomes: &[
        done("told", "已告知，帮助申请"),
        done("adjusted", "已按新类别办理调整或停发"),
        done("handed_over", "已转办社会救助"),
        Outcome {
            id: "no_effect",
            label: "核实后待遇不变",
            needs_reason: true,
            closes_as: Close::Waived,
        },
    ],
};
