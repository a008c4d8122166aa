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

/// All of them.
pub const ALL: &[&DutyKind] = &[
    &UNCLAIMED,
    &AFTER_DEATH,
    &NOT_ENTITLED,
    &CONTRADICTED,
    &NOT_DEREGISTERED,
    &CLASS_CHANGE,
    &SOON,
    &FACT_MISSING,
];
