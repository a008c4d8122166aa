//! What the findings owe: the kinds of duty, who owes them and what may come of them.

use duties::{Close, DutyKind, Outcome};
use kernel::Role;

const fn done(id: &'static str, label: &'static str) -> Outcome {
    Outcome { id, label, needs_reason: false, closes_as: Close::Done }
}

const fn told(id: &'static str, label: &'static str) -> Outcome {
    Outcome { id, label, needs_reason: true, closes_as: Close::Done }
}

const fn waived(id: &'static str, label: &'static str) -> Outcome {
    Outcome { id, label, needs_reason: true, closes_as: Close::Waived }
}

const MISTAKEN: Outcome = waived("mistaken", "情况不符，不该列出");

/// 应享未享: entitled, and nobody pays.
#[doc(alias = "应享未享")]
pub const UNCLAIMED: DutyKind = DutyKind {
    id: "unclaimed_entitlement",
    label: "应享未享",
    next_step: "上门或电话核实意愿，打印一页告知",
    owner: Role::VillageWorker,
    window_working_days: Some(3),
    outcomes: &[
        done("willing", "已联系，愿意申请"),
        waived("declined", "本人不申请"),
        told("not_found", "没找到人"),
        MISTAKEN,
    ],
};

/// 不应享而享: dead, and still on the roll.
pub const AFTER_DEATH: DutyKind = DutyKind {
    id: "award_after_death",
    label: "已去世仍在册",
    next_step: "核对死亡日期，停发并登记多发金额",
    owner: Role::TownReviewer,
    window_working_days: Some(2),
    outcomes: &[done("to_stop", "属实，转停发"), told("alive", "本人在世"), MISTAKEN],
};

/// 不应享而享: paid, and some condition does not hold.
pub const NOT_ENTITLED: DutyKind = DutyKind {
    id: "award_without_entitlement",
    label: "不符合条件仍在册",
    next_step: "核对条件，属实的转停发",
    owner: Role::TownReviewer,
    window_working_days: Some(5),
    outcomes: &[done("to_stop", "属实，转停发"), MISTAKEN],
};

/// 档次变化: paid at another class's rate.
pub const CLASS_CHANGE: DutyKind = DutyKind {
    id: "class_change",
    label: "档次变化",
    next_step: "村级确认后填写调整备案表",
    owner: Role::VillageWorker,
    window_working_days: Some(5),
    outcomes: &[done("confirmed", "已确认，转调整"), MISTAKEN],
};

/// 即将满龄: entitled soon.
pub const SOON: DutyKind = DutyKind {
    id: "entitled_soon",
    label: "即将满龄",
    next_step: "送达预先告知，提醒准备社保卡",
    owner: Role::VillageWorker,
    window_working_days: None,
    outcomes: &[done("told", "已告知"), told("not_found", "没找到人"), MISTAKEN],
};

/// 死亡信息矛盾: a source says dead, and a later trace says alive.
pub const CONTRADICTED: DutyKind = DutyKind {
    id: "contradicted_death",
    label: "死亡信息矛盾",
    next_step: "今天上门或电话确认是否在世",
    owner: Role::VillageWorker,
    window_working_days: Some(0),
    outcomes: &[told("alive", "本人在世"), told("dead", "确已去世")],
};

/// 已火化，公安未销户
pub const NOT_DEREGISTERED: DutyKind = DutyKind {
    id: "death_not_deregistered",
    label: "已去世，公安未销户",
    next_step: "通知家属销户，并把名单送公安",
    owner: Role::TownReviewer,
    window_working_days: Some(5),
    outcomes: &[done("family_told", "已通知家属"), told("alive", "本人在世"), MISTAKEN],
};

/// 还差事实: some fact is unknown, and without it nobody can tell.
pub const FACT_MISSING: DutyKind = DutyKind {
    id: "fact_missing",
    label: "还差一项事实",
    next_step: "向来源部门补齐这一项",
    owner: Role::DataOfficer,
    window_working_days: Some(5),
    outcomes: &[done("asked", "已向来源部门要"), MISTAKEN],
};

/// 应享，没有收款账户
pub const ACCOUNT_MISSING: DutyKind = DutyKind {
    id: "account_missing",
    label: "没有收款账户",
    next_step: "请本人或家属补报社保卡账户",
    owner: Role::VillageWorker,
    window_working_days: Some(5),
    outcomes: &[done("asked", "已请本人补报"), told("cannot", "办不了卡，需代办"), MISTAKEN],
};

/// 待核线索: another county pays as well.
#[doc(alias = "两地领取")]
pub const TWO_COUNTIES: DutyKind = DutyKind {
    id: "two_counties",
    label: "两地重复领取",
    next_step: "与另一地核实，按择高保留一处",
    owner: Role::CountyApprover,
    window_working_days: Some(5),
    outcomes: &[
        told("elsewhere", "属实，由另一地发，本县停发"),
        told("kept_here", "属实，由本县发，另一地停发"),
        waived("untrue", "不属实"),
    ],
};

/// 待核线索: two benefits that must not be held together.
#[doc(alias = "待遇互斥")]
pub const EXCLUSIVE: DutyKind = DutyKind {
    id: "exclusive_benefits",
    label: "两项待遇互斥",
    next_step: "核实两项都在发，告知本人后择高保留一项",
    owner: Role::CountyApprover,
    window_working_days: Some(5),
    outcomes: &[
        told("keep_this", "属实，保留这一项"),
        told("keep_other", "属实，保留另一项"),
        waived("untrue", "不属实"),
    ],
};

/// 待核线索: one account for people who are nothing to each other.
#[doc(alias = "共用账户")]
pub const SHARED_ACCOUNT: DutyKind = DutyKind {
    id: "shared_account",
    label: "无关的人共用账户",
    next_step: "核对账户是谁的，钱是否到了本人手里",
    owner: Role::TownReviewer,
    window_working_days: Some(5),
    outcomes: &[
        told("to_change", "属实，转变更账户"),
        told("agreed", "属实，本人同意由他人代领"),
        waived("untrue", "不属实"),
    ],
};

/// 待核线索: paid, and no trace of life within the limit.
#[doc(alias = "生存核验")]
pub const NO_TRACE: DutyKind = DutyKind {
    id: "no_trace",
    label: "久无生存痕迹",
    next_step: "先打电话，联系不上再上门，确认是否在世",
    owner: Role::VillageWorker,
    window_working_days: Some(5),
    outcomes: &[
        done("seen", "见到或通话确认，本人在世"),
        told("dead", "确已去世"),
        told("not_found", "没找到人"),
    ],
};

/// 评估: never assessed, or the assessment has lapsed.
#[doc(alias = "评估到期")]
pub const ASSESSMENT_DUE: DutyKind = DutyKind {
    id: "assessment_due",
    label: "该评估",
    next_step: "征得同意后派两名评估员上门",
    owner: Role::TownReviewer,
    window_working_days: Some(10),
    outcomes: &[
        done("sent", "已派评估"),
        waived("declined", "本人不愿评估"),
        told("not_found", "没找到人"),
        MISTAKEN,
    ],
};

/// 探访: not visited in this month yet.
#[doc(alias = "探访关爱")]
pub const VISIT_DUE: DutyKind = DutyKind {
    id: "visit_due",
    label: "本月该探访",
    next_step: "上门、电话或视频探访，记下情况",
    owner: Role::VillageWorker,
    window_working_days: None,
    outcomes: &[
        done("visited", "已探访，平安"),
        told("visited_need", "已探访，有需要要转办"),
        told("not_reached", "没见到人"),
        told("away", "外出，有人证明平安"),
        waived("declined", "本人不愿探访"),
    ],
};

/// 服务到期: another service of the list that is due.
pub const SERVICE_DUE: DutyKind = DutyKind {
    id: "service_due",
    label: "该提供服务",
    next_step: "联系本人，安排服务",
    owner: Role::VillageWorker,
    window_working_days: Some(10),
    outcomes: &[done("arranged", "已安排"), waived("declined", "本人不需要"), MISTAKEN],
};

/// All of them, in the order in which a page groups them.
pub const ALL: &[&DutyKind] = &[
    &UNCLAIMED,
    &FACT_MISSING,
    &ACCOUNT_MISSING,
    &AFTER_DEATH,
    &NOT_ENTITLED,
    &CLASS_CHANGE,
    &CONTRADICTED,
    &NOT_DEREGISTERED,
    &TWO_COUNTIES,
    &EXCLUSIVE,
    &SHARED_ACCOUNT,
    &NO_TRACE,
    &ASSESSMENT_DUE,
    &VISIT_DUE,
    &SERVICE_DUE,
    &SOON,
];
