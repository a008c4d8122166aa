//! 异议与投诉流程, as a table.

use cases::{Flow, MoveDef, StateDef, Window};
use kernel::{Hand, Role};

/// 待答复
pub const RECEIVED: &str = "received";
/// 已答复
pub const ANSWERED: &str = "answered";
/// 待复查: the answer did not satisfy; another person looks again.
pub const IN_REVIEW: &str = "in_review";
/// 已复查
pub const REVIEWED: &str = "reviewed";
/// 已办结
pub const CLOSED: &str = "closed";
/// 已撤回
pub const WITHDRAWN: &str = "withdrawn";

/// 复查期限, in days.
pub const REVIEW_DAYS: u32 = 30;

const OFFICE: &[Role] = &[
    Role::VillageWorker,
    Role::TownReviewer,
    Role::FinanceOfficer,
    Role::CountyApprover,
    Role::DataOfficer,
];
const ANSWERS: &[Role] = &[Role::TownReviewer, Role::FinanceOfficer, Role::CountyApprover];
const REVIEWS: &[Role] = &[Role::CountyApprover, Role::FinanceOfficer];

const fn state(id: &'static str, chinese: &'static str, owner: Option<Role>) -> StateDef {
    StateDef { id, chinese, owner }
}

const PLAIN: MoveDef = MoveDef {
    id: "",
    label: "",
    from: &[],
    to: "",
    roles: OFFICE,
    hand: None,
    needs_note: false,
    codes: &[],
    window: Window::None,
};

/// 异议与投诉. Who owes the answer is said by the kind of complaint; the flow names the town for
/// those that say nothing.
pub const FLOW: Flow = Flow {
    id: "complaint",
    chinese: "异议与投诉",
    states: &[
        state(RECEIVED, "待答复", Some(Role::TownReviewer)),
        state(ANSWERED, "已答复，待回访", Some(Role::TownReviewer)),
        state(IN_REVIEW, "待复查", Some(Role::CountyApprover)),
        state(REVIEWED, "已复查", None),
        state(CLOSED, "已办结", None),
        state(WITHDRAWN, "已撤回", None),
    ],
    moves: &[
        MoveDef {
            id: "answer",
            label: "答复",
            from: &[RECEIVED],
            to: ANSWERED,
            roles: ANSWERS,
            hand: Some(Hand::Reviews),
            ..PLAIN
        },
        MoveDef {
            id: "satisfied",
            label: "本人认可，办结",
            from: &[ANSWERED],
            to: CLOSED,
            ..PLAIN
        },
        MoveDef {
            id: "dissatisfied",
            label: "本人不认可，转复查",
            from: &[ANSWERED],
            to: IN_REVIEW,
            needs_note: true,
            window: Window::Days(REVIEW_DAYS),
            ..PLAIN
        },
        MoveDef {
            id: "review",
            label: "复查答复",
            from: &[IN_REVIEW],
            to: REVIEWED,
            roles: REVIEWS,
            hand: Some(Hand::Approves),
            ..PLAIN
        },
        MoveDef {
            id: "withdraw",
            label: "本人撤回",
            from: &[RECEIVED, ANSWERED, IN_REVIEW],
            to: WITHDRAWN,
            needs_note: true,
            ..PLAIN
        },
    ],
};
