//! 申领流程, as a table.

use cases::{Flow, MoveDef, ReasonCode, StateDef, Window};
use kernel::{Hand, Role};

/// 待提交: filled in from what is known, not yet the elder's word.
pub const PREFILLED: &str = "prefilled";
/// 待补账户: the elder wants it and has no account to be paid into.
pub const WAITING_ACCOUNT: &str = "waiting_account";
/// 待审核
pub const IN_REVIEW: &str = "in_review";
/// 退回补正
pub const RETURNED: &str = "returned";
/// 公示中, before the county decides.
pub const IN_PUBLICITY: &str = "in_publicity";
/// 有异议
pub const OBJECTED: &str = "objected";
/// 待审批
pub const IN_APPROVAL: &str = "in_approval";
/// 审批后公示, where the route has it there.
pub const IN_FINAL_PUBLICITY: &str = "in_final_publicity";
/// 已批准
pub const APPROVED: &str = "approved";
/// 不予批准
pub const REFUSED: &str = "refused";
/// 已撤回
pub const WITHDRAWN: &str = "withdrawn";

const VILLAGE: Option<Role> = Some(Role::VillageWorker);
const TOWN: Option<Role> = Some(Role::TownReviewer);
const COUNTY: Option<Role> = Some(Role::CountyApprover);

const WINDOW: &[Role] = &[Role::VillageWorker, Role::TownReviewer];
const REVIEWER: &[Role] = &[Role::TownReviewer];
const APPROVER: &[Role] = &[Role::CountyApprover];
const EITHER: &[Role] = &[Role::TownReviewer, Role::CountyApprover];

const ANY: &[Role] = &[Role::VillageWorker, Role::TownReviewer, Role::CountyApprover];

const REVIEW: Window = Window::Listed("审核期限");
const PUBLICITY: Window = Window::Listed("公示期");
const APPROVAL: Window = Window::Listed("审批期限");
const CONTACT: Window = Window::Listed("联系期限");

const fn state(id: &'static str, chinese: &'static str, owner: Option<Role>) -> StateDef {
    StateDef { id, chinese, owner }
}

const fn code(id: &'static str, label: &'static str) -> ReasonCode {
    ReasonCode { id, label }
}

/// 退回原因
pub const RETURN_REASONS: &[ReasonCode] = &[
    code("identity", "身份信息与证件不一致"),
    code("consent", "没有本人同意或代办委托"),
    code("account", "收款账户不对或缺存折、社保卡信息"),
    code("household", "户籍或居住情况要核实"),
    code("condition", "有条件没有依据，要补材料"),
    code("other", "其他（写在说明里）"),
];

/// 不予批准原因, beside the conditions that do not hold.
pub const REFUSAL_REASONS: &[ReasonCode] = &[
    code("not_entitled", "不符合清单规定的条件"),
    code("elsewhere", "已在别处享受，不能重复享受"),
    code("untrue", "申请材料不实"),
    code("deceased", "申请人已去世"),
    code("other", "其他（写在说明里）"),
];

/// A move that is nobody's part, needs no word and no reason; the others are made of it.
const PLAIN: MoveDef = MoveDef {
    id: "",
    label: "",
    from: &[],
    to: "",
    roles: &[],
    hand: None,
    needs_note: false,
    codes: &[],
    window: Window::None,
};

/// 申领
pub const FLOW: Flow = Flow {
    id: "application",
    chinese: "申领",
    states: &[
        state(PREFILLED, "待提交", VILLAGE),
        state(WAITING_ACCOUNT, "待补账户", VILLAGE),
        state(IN_REVIEW, "待审核", TOWN),
        state(RETURNED, "退回补正", VILLAGE),
        state(IN_PUBLICITY, "公示", TOWN),
        state(OBJECTED, "有异议", TOWN),
        state(IN_APPROVAL, "待审批", COUNTY),
        state(IN_FINAL_PUBLICITY, "审批后公示", TOWN),
        state(APPROVED, "已批准", None),
        state(REFUSED, "不予批准", None),
        state(WITHDRAWN, "已撤回", None),
    ],
    moves: &[
        MoveDef {
            id: "submit",
            label: "提交",
            from: &[PREFILLED, WAITING_ACCOUNT, RETURNED],
            to: IN_REVIEW,
            roles: WINDOW,
            hand: Some(Hand::Accepts),
            window: REVIEW,
            ..PLAIN
        },
        MoveDef {
            id: "wait_for_account",
            label: "登记，待补账户",
            from: &[PREFILLED, RETURNED],
            to: WAITING_ACCOUNT,
            roles: WINDOW,
            hand: Some(Hand::Accepts),
            ..PLAIN
        },
        MoveDef {
            id: "pass_to_publicity",
            label: "审核通过，转公示",
            from: &[IN_REVIEW],
            to: IN_PUBLICITY,
            roles: REVIEWER,
            hand: Some(Hand::Reviews),
            window: PUBLICITY,
            ..PLAIN
        },
        MoveDef {
            id: "pass_to_approval",
            label: "审核通过，报县级审批",
            from: &[IN_REVIEW],
            to: IN_APPROVAL,
            roles: REVIEWER,
            hand: Some(Hand::Reviews),
            window: APPROVAL,
            ..PLAIN
        },
        MoveDef {
            id: "return",
            label: "退回补正",
            from: &[IN_REVIEW],
            to: RETURNED,
            roles: REVIEWER,
            hand: Some(Hand::Reviews),
            codes: RETURN_REASONS,
            window: CONTACT,
            ..PLAIN
        },
        MoveDef {
            id: "reject",
            label: "审核不通过",
            from: &[IN_REVIEW],
            to: REFUSED,
            roles: REVIEWER,
            hand: Some(Hand::Reviews),
            codes: REFUSAL_REASONS,
            ..PLAIN
        },
        MoveDef {
            id: "publicity_over",
            label: "公示无异议，报县级审批",
            from: &[IN_PUBLICITY],
            to: IN_APPROVAL,
            roles: ANY,
            window: APPROVAL,
            ..PLAIN
        },
        MoveDef {
            id: "object",
            label: "收到异议",
            from: &[IN_PUBLICITY, IN_APPROVAL, IN_FINAL_PUBLICITY],
            to: OBJECTED,
            roles: ANY,
            needs_note: true,
            ..PLAIN
        },
        MoveDef {
            id: "object_dismissed",
            label: "异议不成立，继续公示",
            from: &[OBJECTED],
            to: IN_PUBLICITY,
            roles: EITHER,
            needs_note: true,
            window: PUBLICITY,
            ..PLAIN
        },
        MoveDef {
            id: "object_dismissed_on",
            label: "异议不成立，报县级审批",
            from: &[OBJECTED],
            to: IN_APPROVAL,
            roles: EITHER,
            needs_note: true,
            window: APPROVAL,
            ..PLAIN
        },
        MoveDef {
            id: "object_dismissed_final",
            label: "异议不成立，继续审批后公示",
            from: &[OBJECTED],
            to: IN_FINAL_PUBLICITY,
            roles: EITHER,
            needs_note: true,
            window: PUBLICITY,
            ..PLAIN
        },
        MoveDef {
            id: "object_returned",
            label: "异议属实，退回补正",
            from: &[OBJECTED],
            to: RETURNED,
            roles: EITHER,
            needs_note: true,
            window: CONTACT,
            ..PLAIN
        },
        MoveDef {
            id: "object_upheld",
            label: "异议成立，不予批准",
            from: &[OBJECTED],
            to: REFUSED,
            roles: EITHER,
            needs_note: true,
            ..PLAIN
        },
        MoveDef {
            id: "approve",
            label: "批准",
            from: &[IN_APPROVAL],
            to: APPROVED,
            roles: APPROVER,
            hand: Some(Hand::Approves),
            ..PLAIN
        },
        MoveDef {
            id: "approve_to_publicity",
            label: "批准，转公示",
            from: &[IN_APPROVAL],
            to: IN_FINAL_PUBLICITY,
            roles: APPROVER,
            hand: Some(Hand::Approves),
            window: PUBLICITY,
            ..PLAIN
        },
        MoveDef {
            id: "send_back",
            label: "退回乡镇重审",
            from: &[IN_APPROVAL],
            to: IN_REVIEW,
            roles: APPROVER,
            hand: Some(Hand::Approves),
            codes: RETURN_REASONS,
            window: REVIEW,
            ..PLAIN
        },
        MoveDef {
            id: "refuse",
            label: "不予批准",
            from: &[IN_APPROVAL],
            to: REFUSED,
            roles: APPROVER,
            hand: Some(Hand::Approves),
            codes: REFUSAL_REASONS,
            ..PLAIN
        },
        MoveDef {
            id: "final_publicity_over",
            label: "公示无异议，办结",
            from: &[IN_FINAL_PUBLICITY],
            to: APPROVED,
            roles: ANY,
            ..PLAIN
        },
        MoveDef {
            id: "withdraw",
            label: "撤回申请",
            from: &[
                PREFILLED,
                WAITING_ACCOUNT,
                IN_REVIEW,
                RETURNED,
                IN_PUBLICITY,
                OBJECTED,
                IN_APPROVAL,
                IN_FINAL_PUBLICITY,
            ],
            to: WITHDRAWN,
            roles: WINDOW,
            needs_note: true,
            ..PLAIN
        },
    ],
};
