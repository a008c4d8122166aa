//! What the residue of a round owes.

use duties::{Close, DutyKind, Outcome};
use kernel::Role;

const fn told(id: &'static str, label: &'static str) -> Outcome {
    Outcome { id, label, needs_reason: true, closes_as: Close::Done }
}

/// 生存核验: nobody has left a trace within the round's window. A kind of its own beside
/// `no_trace`: that one asks at any time about whoever was not seen for a year; this one belongs to
/// a round, ends with it, and holds the payment when it is not answered.
#[doc(alias = "生存核验")]
pub(super) const SURVIVAL_CHECK: DutyKind = DutyKind {
    id: "survival_check",
    label: "生存核验",
    next_step: "先打电话，联系不上再上门；不用拍照，不用刷脸",
    owner: Role::VillageWorker,
    window_working_days: None,
    outcomes: &[
        Outcome {
            id: "seen",
            label: "上门见到，本人在世",
            needs_reason: false,
            closes_as: Close::Done,
        },
        Outcome {
            id: "spoken",
            label: "电话确认，本人在世",
            needs_reason: false,
            closes_as: Close::Done,
        },
        told("dead", "确已去世"),
        told("not_found", "没找到人"),
    ],
};
