//! What the village owes while money that came back is at rest.

use duties::{Close, DutyKind, Outcome};
use kernel::Role;

use crate::bank::RETURNED_DUTY;

/// 退汇待处理: the bank could not credit the account.
#[doc(alias = "退汇待处理")]
pub(super) const RETURNED: DutyKind = DutyKind {
    id: RETURNED_DUTY,
    label: "退汇待处理",
    next_step: "联系本人或家属，改正收款账户，下一批重发",
    owner: Role::VillageWorker,
    window_working_days: Some(3),
    outcomes: &[
        Outcome {
            id: "account_given",
            label: "已提供新账户，待登记",
            needs_reason: false,
            closes_as: Close::Done,
        },
        Outcome {
            id: "account_works",
            label: "原账户已可用，下一批重发",
            needs_reason: false,
            closes_as: Close::Done,
        },
        Outcome {
            id: "has_died",
            label: "本人已去世，转停发",
            needs_reason: true,
            closes_as: Close::Done,
        },
        Outcome {
            id: "not_found",
            label: "联系不上",
            needs_reason: true,
            closes_as: Close::Waived,
        },
    ],
};
