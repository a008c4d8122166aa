//! 社会救助转办: how a hand-over moves.

use cases::{Flow, MoveDef, StateDef, Window};
use kernel::Role;

/// Working days within which the relief system is asked what became of it.
pub(super) const ANSWER_WORKING_DAYS: u32 = 10;

const BOTH: &[Role] = &[Role::VillageWorker, Role::TownReviewer];
/// The system notes what a roster says.
const AND_ROSTER: &[Role] = &[Role::VillageWorker, Role::TownReviewer, Role::DataOfficer];

/// 社会救助转办
pub const FLOW: Flow = Flow {
    id: "relief",
    chinese: "社会救助转办",
    states: &[
        StateDef { id: "handed", chinese: "已转办", owner: Some(Role::TownReviewer) },
        StateDef { id: "accepted", chinese: "已受理", owner: Some(Role::TownReviewer) },
        StateDef { id: "paid", chinese: "已救助", owner: None },
        StateDef { id: "refused", chinese: "不予救助", owner: None },
        StateDef { id: "withdrawn", chinese: "已撤回", owner: None },
    ],
    moves: &[
        MoveDef {
            id: "accept",
            label: "救助部门已受理",
            from: &["handed"],
            to: "accepted",
            roles: BOTH,
            hand: None,
            needs_note: false,
            codes: &[],
            window: Window::WorkingDays(ANSWER_WORKING_DAYS),
        },
        MoveDef {
            id: "pay",
            label: "已批准或已发放",
            from: &["handed", "accepted"],
            to: "paid",
            roles: AND_ROSTER,
            hand: None,
            needs_note: false,
            codes: &[],
            window: Window::None,
        },
        MoveDef {
            id: "refuse",
            label: "不予救助",
            from: &["handed", "accepted"],
            to: "refused",
            roles: BOTH,
            hand: None,
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
        MoveDef {
            id: "withdraw",
            label: "撤回转办",
            from: &["handed"],
            to: "withdrawn",
            roles: BOTH,
            hand: None,
            needs_note: true,
            codes: &[],
            window: Window::None,
        },
    ],
};
