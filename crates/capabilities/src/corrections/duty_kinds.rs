//! What the data officer owes when a sender is silent.

use duties::{Close, DutyKind, Outcome};
use kernel::Role;

/// 纠错未答复: the day by which the sender had to answer has passed.
#[doc(alias = "催办")]
pub(super) const UNANSWERED: DutyKind = DutyKind {
    id: "correction_unanswered",
    label: "纠错未答复",
    next_step: "向来源部门催办，记下答复",
    owner: Role::DataOfficer,
    window_working_days: Some(2),
    outcomes: &[Outcome {
        id: "chased",
        label: "已催办，等答复",
        needs_reason: true,
        closes_as: Close::Done,
    }],
};
