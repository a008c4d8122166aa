//! 停发、恢复: how a stop and a restore go on.

use cases::{Flow, MoveDef, StateDef, Window};
use kernel::{Hand, Role};

const COUNTY: &[Role] = &[Role::CountyApprover];

const TOWN: &[Role] = &[Role::TownReviewer];

/// 停发: the town proposes, the county approves.
pub(crate) const STOP: Flow = Flow {
    id: "stop",
    chinese: "停发",
    states: &[
        StateDef { id: "proposed", chinese: "待审批", owner: Some(Role::CountyApprover) },
        StateDef { id: "in_review", chinese: "退回核实", owner: Some(Role::TownReviewer) },
        StateDef { id: "approved", chinese: "已停发", owner: None },
        StateDef { id: "rejected", chinese: "不予停发", owner: None },
        StateDef { id: "withdrawn", chinese: "已撤回", owner: None },
    ],
    moves: &[
        MoveDef {
            id: "approve",
            label: "批准停发",
            from: &["proposed"],
            to: "approved",
            roles: COUNTY,
            hand: Some(Hand::Approves),
            needs_note: false,
            codes: &[],
            window: Window::None,
        },
        MoveDef {
            id: "reject",
            label: "不予停发",
            from: &["proposed"],
            to: "rejected",
            roles: COUNTY,
            hand: Some(Hand::Approves),
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
        MoveDef {
            id: "return",
            label: "退回核实",
            from: &["proposed"],
            to: "in_review",
            roles: COUNTY,
            hand: None,
            needs_note: true,
            codes: &[],
            window: Window::WorkingDays(REVIEW_DAYS),
        },
        MoveDef {
            id: "resubmit",
            label: "已核实，再报",
            from: &["in_review"],
            to: "proposed",
            roles: TOWN,
            hand: None,
            needs_note: true,
            codes: &[],
            window: Window::WorkingDays(DECISION_DAYS),
        },
        MoveDef {
            id: "withdraw",
            label: "撤回",
            from: &["proposed", "in_review"],
            to: "withdrawn",
            roles: TOWN,
            hand: None,
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
    ],
};

/// 审批期限 of a stop, in working days.
pub(crate) const DECISION_DAYS: u32 = 3;

/// How long the town has to look again, in working days.
pub(crate) const REVIEW_DAYS: u32 = 3;

/// 恢复 of somebody who was known to be dead: one person proposes, another confirms.
pub(crate) const RESTORE: Flow = Flow {
    id: "restore",
    chinese: "恢复发放",
    states: &[
        StateDef {
            id: "proposed", chinese: "待另一人确认", owner: Some(Role::CountyApprover)
        },
        StateDef { id: "confirmed", chinese: "已恢复", owner: None },
        StateDef { id: "refused", chinese: "不予恢复", owner: None },
        StateDef { id: "withdrawn", chinese: "已撤回", owner: None },
    ],
    moves: &[
        MoveDef {
            id: "confirm",
            label: "确认恢复",
            from: &["proposed"],
            to: "confirmed",
            roles: COUNTY,
            hand: Some(Hand::Approves),
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
        MoveDef {
            id: "refuse",
            label: "不予恢复",
            from: &["proposed"],
            to: "refused",
            roles: COUNTY,
            hand: Some(Hand::Approves),
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
        MoveDef {
            id: "take_back",
            label: "撤回提出",
            from: &["proposed"],
            to: "withdrawn",
            roles: &[Role::TownReviewer, Role::CountyApprover],
            hand: None,
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
    ],
};
