use kernel::{FactKind, FactType, Sensitivity};
use serde_json::{Value as Json, json};

/// 事实登记表: every kind of fact that a list may ask about. Append-only: a kind is never renamed
/// or moved, so that its position ([`KindIx`]) is a stable column for the engine.
#[doc(alias = "事实登记表")]
pub const KINDS: &[FactKind] = &[
    kind("name", FactType::Text, "姓名", "", "elder_file", "公安局", Sensitivity::Work),
    kind("sex", SEX, "性别", "", "elder_file", "公安局", Sensitivity::Work),
    kind("birth_date", FactType::Day, "出生日期", "", "elder_file", "公安局", Sensitivity::Work),
    kind("hukou_area", FactType::Area, "户籍所在地", "", "elder_file", "公安局", Sensitivity::Work),
    kind("register_state", REGISTER, "户口状态", "", "elder_file", "公安局", Sensitivity::Work),
    kind("death_date", FactType::Day, "死亡日期", "", "data_exchange", "殡仪馆", Sensitivity::Work),
    kind("life", LIFE, "生存状态", "", "data_exchange", "民政局", Sensitivity::Work),
    kind(
        "last_seen",
        FactType::Day,
        "最近痕迹",
        "",
        "data_exchange",
        "医保局",
        Sensitivity::Sensitive,
    ),
    kind(
        "award.old_age_allowance",
        FactType::Fen,
        "在发高龄津贴",
        "分/月",
        "old_age_allowance",
        "民政局",
        Sensitivity::Work,
    ),
    kind(
        "applied_on",
        FactType::Day,
        "申请日期",
        "",
        "old_age_allowance",
        "民政局",
        Sensitivity::Work,
    ),
    kind(
        "approved_on",
        FactType::Day,
        "审批日期",
        "",
        "old_age_allowance",
        "民政局",
        Sensitivity::Work,
    ),
    kind(
        "paid_elsewhere_until",
        FactType::Day,
        "原户籍地发放截止",
        "",
        "old_age_allowance",
        "原户籍地民政局",
        Sensitivity::Work,
    ),
    kind(
        "receives_elsewhere",
        FactType::Bool,
        "在别处领取",
        "",
        "data_exchange",
        "省级民政部门",
        Sensitivity::Work,
    ),
    kind(
        "low_income",
        FactType::Bool,
        "低收入家庭",
        "",
        "relief",
        "民政局",
        Sensitivity::Sensitive,
    ),
    kind("relief_category", RELIEF, "低收入类别", "", "relief", "民政局", Sensitivity::Sensitive),
    kind(
        "disability_grade",
        FactType::Int(0, 4),
        "残疾等级",
        "级（0 为无残疾证）",
        "care_subsidies",
        "残联",
        Sensitivity::Sensitive,
    ),
    kind(
        "disability_kind",
        DISABILITY,
        "残疾类别",
        "",
        "care_subsidies",
        "残联",
        Sensitivity::Sensitive,
    ),
    kind(
        "family_planning_special",
        FAMILY_PLANNING,
        "计划生育特殊家庭",
        "",
        "visits",
        "卫生健康委",
        Sensitivity::Sensitive,
    ),
    kind("veteran", FactType::Bool, "优抚对象", "", "relief", "退役军人局", Sensitivity::Work),
    kind("marital_status", MARRIAGE, "婚姻状况", "", "elder_file", "民政局", Sensitivity::Work),
    kind("spouse", FactType::Person, "配偶", "", "elder_file", "民政局", Sensitivity::Work),
    kind("household", FactType::Text, "户号", "", "elder_file", "公安局", Sensitivity::Work),
    kind("living_arrangement", LIVING, "居住情况", "", "visits", "评估机构", Sensitivity::Work),
    kind(
        "assessment_level",
        LEVEL,
        "能力等级",
        "",
        "assessment",
        "评估机构",
        Sensitivity::Sensitive,
    ),
    kind("assessment_scheme", SCHEME, "评估标准", "", "assessment", "评估机构", Sensitivity::Work),
    kind("assessed_on", FactType::Day, "评估日期", "", "assessment", "评估机构", Sensitivity::Work),
    kind(
        "assessment_valid_until",
        FactType::Day,
        "评估有效期至",
        "",
        "assessment",
        "评估机构",
        Sensitivity::Work,
    ),
    kind(
        "pension_fen",
        FactType::Fen,
        "养老金",
        "分/月",
        "matching",
        "人力资源社会保障局",
        Sensitivity::Sensitive,
    ),
    kind("bank_account", FactType::Text, "收款账户", "", "matching", "财政局", Sensitivity::Sealed),
    kind("last_visit", FactType::Day, "最近探访", "", "visits", "民政局", Sensitivity::Work),
    kind(
        "adapted_on",
        FactType::Day,
        "适老化改造日期",
        "",
        "home_adaptation",
        "民政局",
        Sensitivity::Work,
    ),
    kind(
        "award.care_service_subsidy",
        FactType::Fen,
        "在发养老服务补贴",
        "分/月",
        "care_subsidies",
        "民政局",
        Sensitivity::Work,
    ),
    kind(
        "award.nursing_subsidy",
        FactType::Fen,
        "在发护理补贴",
        "分/月",
        "care_subsidies",
        "民政局",
        Sensitivity::Work,
    ),
    kind(
        "award.disability_living",
        FactType::Fen,
        "在发困难残疾人生活补贴",
        "分/月",
        "care_subsidies",
        "残联",
        Sensitivity::Work,
    ),
    kind(
        "award.disability_nursing",
        FactType::Fen,
        "在发重度残疾人护理补贴",
        "分/月",
        "care_subsidies",
        "残联",
        Sensitivity::Work,
    ),
    kind(
        "lead.elsewhere_area",
        FactType::Text,
        "线索：另一发放地",
        "",
        "matching",
        "省级民政部门",
        Sensitivity::Work,
    ),
    kind(
        "lead.elsewhere_fen",
        FactType::Fen,
        "线索：另一地月标准",
        "分/月",
        "matching",
        "省级民政部门",
        Sensitivity::Work,
    ),
    kind(
        "lead.exclusive_benefit",
        BENEFIT,
        "线索：同时享受的互斥待遇",
        "",
        "matching",
        "省级民政部门",
        Sensitivity::Work,
    ),
    kind(
        "lead.exclusive_fen",
        FactType::Fen,
        "线索：互斥待遇月标准",
        "分/月",
        "matching",
        "省级民政部门",
        Sensitivity::Work,
    ),
    kind(
        "assessment_requested",
        FactType::Bool,
        "评估申请人",
        "",
        "assessment",
        "民政局",
        Sensitivity::Work,
    ),
    kind("hold.survival", FactType::Bool, "生存核验暂缓", "", "stops", "民政局", Sensitivity::Work),
    kind("hold.objection", FactType::Bool, "异议暂缓", "", "stops", "民政局", Sensitivity::Work),
    kind("hold.decision", FactType::Bool, "决定暂缓", "", "stops", "民政局", Sensitivity::Work),
    kind(
        "award.care_voucher",
        FactType::Fen,
        "在用养老服务消费补贴",
        "分/月",
        "care_subsidies",
        "民政局",
        Sensitivity::Work,
    ),
];

const RELIEF: FactType = FactType::Word(&[
    "none",
    "minimum_living",
    "low_income_edge",
    "destitute",
    "rigid_expense",
    "other_low_income",
]);
const DISABILITY: FactType = FactType::Word(&[
    "visual",
    "hearing",
    "speech",
    "physical",
    "intellectual",
    "mental",
    "multiple",
]);
const FAMILY_PLANNING: FactType =
    FactType::Word(&["none", "only_child_dead", "only_child_disabled"]);
const MARRIAGE: FactType = FactType::Word(&["unmarried", "married", "divorced", "widowed"]);
const LIVING: FactType =
    FactType::Word(&["alone", "empty_nest", "left_behind", "with_family", "in_institution"]);
const LEVEL: FactType = FactType::Word(&["able", "mild", "moderate", "severe", "complete"]);
const SCHEME: FactType = FactType::Word(&["gbt42195", "mzt039", "ltci2021"]);
const BENEFIT: FactType = FactType::Word(&[
    "disability_living",
    "disability_nursing",
    "destitute_support",
    "national_voucher",
    "long_term_care_insurance",
]);

const SEX: FactType = FactType::Word(&["male", "female"]);
const REGISTER: FactType =
    FactType::Word(&["present", "cancelled_by_death", "moved_out", "absent"]);
const LIFE: FactType =
    FactType::Word(&["living", "reported", "corroborated", "confirmed", "contradicted"]);

const fn kind(
    id: &'static str,
    value_type: FactType,
    label: &'static str,
    unit: &'static str,
    owner: &'static str,
    source_department: &'static str,
    sensitivity: Sensitivity,
) -> FactKind {
    FactKind { id, value_type, label, unit, owner, source_department, sensitivity }
}

/// Position of a kind in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindIx(u8);

impl KindIx {
    /// The kind with this id.
    pub fn of(id: &str) -> Option<Self> {
        let position = KINDS.iter().position(|kind| kind.id == id)?;
        u8::try_from(position).ok().map(Self)
    }

    /// The registered kind.
    pub fn kind(self) -> &'static FactKind {
        &KINDS[self.position()]
    }

    /// The column.
    pub fn position(self) -> usize {
        usize::from(self.0)
    }

    const fn must(id: &str) -> Self {
        let mut at = 0;
        while at < KINDS.len() {
            if same(KINDS[at].id.as_bytes(), id.as_bytes()) {
                #[expect(clippy::cast_possible_truncation, reason = "the register is short")]
                return Self(at as u8);
            }
            at += 1;
        }
        panic!("a constant names a registered kind")
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// 出生日期
pub const BIRTH_DATE: KindIx = KindIx::must("birth_date");
/// 户籍所在地
pub const HUKOU_AREA: KindIx = KindIx::must("hukou_area");
/// 户口状态
pub const REGISTER_STATE: KindIx = KindIx::must("register_state");
/// 死亡日期
pub const DEATH_DATE: KindIx = KindIx::must("death_date");
/// 生存状态
pub const LIFE_STATE: KindIx = KindIx::must("life");
/// 申请日期
pub const APPLIED_ON: KindIx = KindIx::must("applied_on");
/// 审批日期
pub const APPROVED_ON: KindIx = KindIx::must("approved_on");
/// 原户籍地发放截止
pub const PAID_ELSEWHERE_UNTIL: KindIx = KindIx::must("paid_elsewhere_until");
/// 在别处领取
pub const RECEIVES_ELSEWHERE: KindIx = KindIx::must("receives_elsewhere");

/// The kind with this id.
pub fn kind_of(id: &str) -> Option<&'static FactKind> {
    KINDS.iter().find(|kind| kind.id == id)
}

/// The bureau's word for a stored word of a fact, or the stored word itself.
pub fn word_chinese(word: &str) -> &str {
    match word {
        "male" => "男",
        "female" => "女",
        "present" => "在册",
        "cancelled_by_death" => "死亡注销",
        "moved_out" => "已迁出",
        "absent" => "最近一份里没有",
        "none" => "无",
        "minimum_living" => "最低生活保障",
        "low_income_edge" => "最低生活保障边缘",
        "destitute" => "特困供养",
        "rigid_expense" => "刚性支出困难",
        "other_low_income" => "其他低收入",
        "visual" => "视力",
        "hearing" => "听力",
        "speech" => "言语",
        "physical" => "肢体",
        "intellectual" => "智力",
        "mental" => "精神",
        "multiple" => "多重",
        "only_child_dead" => "独生子女死亡",
        "only_child_disabled" => "独生子女伤残",
        "unmarried" => "未婚",
        "married" => "已婚",
        "divorced" => "离婚",
        "widowed" => "丧偶",
        "alone" => "独居",
        "empty_nest" => "空巢",
        "left_behind" => "留守",
        "with_family" => "与家人同住",
        "in_institution" => "住机构",
        "able" => "能力完好",
        "mild" => "轻度失能",
        "moderate" => "中度失能",
        "severe" => "重度失能",
        "complete" => "完全失能",
        "gbt42195" => "GB/T 42195—2022",
        "mzt039" => "MZ/T 039—2013",
        "ltci2021" => "医保发〔2021〕37号",
        "disability_living" => "困难残疾人生活补贴",
        "disability_nursing" => "重度残疾人护理补贴",
        "destitute_support" => "特困供养照料护理",
        "national_voucher" => "养老服务消费补贴",
        "long_term_care_insurance" => "长期护理保险",
        other => match kernel::Life::from_code(other) {
            Some(life) => life.chinese(),
            None => other,
        },
    }
}

/// The register as `policy facts --json` prints it.
pub fn facts_json() -> Json {
    let rows: Vec<Json> = KINDS
        .iter()
        .map(|kind| {
            let (type_name, domain) = match kind.value_type {
                FactType::Day => ("day", Json::Null),
                FactType::Bool => ("bool", Json::Null),
                FactType::Int(from, to) => ("int", json!([from, to])),
                FactType::Fen => ("fen", Json::Null),
                FactType::Area => ("area", Json::Null),
                FactType::Word(words) => ("word", json!(words)),
                FactType::Text => ("text", Json::Null),
                FactType::Person => ("person", Json::Null),
            };
            json!({
                "id": kind.id,
                "type": type_name,
                "domain": domain,
                "unit": kind.unit,
                "label": kind.label,
                "owner": kind.owner,
                "source_department": kind.source_department,
                "sensitivity": kind.sensitivity,
            })
        })
        .collect();
    json!({ "facts": rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_id_a_label_an_owner_and_a_source() {
        for (at, kind) in KINDS.iter().enumerate() {
            assert_eq!(KindIx::of(kind.id).map(KindIx::position), Some(at), "{}", kind.id);
            for text in [kind.label, kind.owner, kind.source_department] {
                assert!(!text.is_empty(), "{}", kind.id);
            }
        }
    }

    #[test]
    fn the_register_prints_type_and_domain_apart() {
        let all = facts_json();
        assert_eq!(all["facts"][1]["type"], "word");
        assert_eq!(all["facts"][1]["domain"], json!(["male", "female"]));
        assert_eq!(all["facts"].as_array().map(Vec::len), Some(KINDS.len()));
    }
}
