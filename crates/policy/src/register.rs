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
];

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
