//! 停发原因: their words, and what can be done about each.

/// 停发原因. The stored words are those of `stop_case.reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// 去世
    Death,
    /// 户籍迁出
    MovedOut,
    /// 不再符合条件
    LostQualification,
    /// 重复享受
    Duplicate,
    /// 本人放弃
    GaveUp,
    /// 查找不到
    NotLocated,
    /// 数据更正
    DataCorrection,
    /// 政策调整
    PolicyChange,
    /// 逾期未核验
    SurvivalLapsed,
    /// 其他
    Other,
}

impl Reason {
    /// All, in the order of the form.
    pub(crate) const ALL: [Self; 10] = [
        Self::Death,
        Self::MovedOut,
        Self::LostQualification,
        Self::Duplicate,
        Self::GaveUp,
        Self::NotLocated,
        Self::SurvivalLapsed,
        Self::DataCorrection,
        Self::PolicyChange,
        Self::Other,
    ];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Death => "death",
            Self::MovedOut => "moved_out",
            Self::LostQualification => "lost_qualification",
            Self::Duplicate => "duplicate",
            Self::GaveUp => "gave_up",
            Self::NotLocated => "not_located",
            Self::DataCorrection => "data_correction",
            Self::PolicyChange => "policy_change",
            Self::SurvivalLapsed => "survival_lapsed",
            Self::Other => "other",
        }
    }

    pub(crate) const fn chinese(self) -> &'static str {
        match self {
            Self::Death => "去世",
            Self::MovedOut => "户籍迁出",
            Self::LostQualification => "不再符合条件",
            Self::Duplicate => "重复享受",
            Self::GaveUp => "本人放弃",
            Self::NotLocated => "查找不到本人",
            Self::DataCorrection => "数据更正",
            Self::PolicyChange => "政策调整",
            Self::SurvivalLapsed => "逾期没有完成生存核验",
            Self::Other => "其他",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// Words by which the clause of an item that speaks of the reason is found.
    pub(crate) const fn clause_words(self) -> &'static [&'static str] {
        match self {
            Self::Death => &["去世", "死亡"],
            Self::MovedOut => &["迁出", "户籍"],
            Self::Duplicate => &["重复", "别处"],
            _ => &[],
        }
    }

    /// 怎么补救, as the notice says it.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::Death => "如果老人健在，请带身份证到乡镇民政办，核实后从停发的月份起补发。",
            Self::MovedOut => "请凭“最后发放月证明”到新户籍地申请；户籍迁回的，可以重新申请。",
            Self::LostQualification => "以后又符合条件的，可以重新申请，从符合条件的月份起算。",
            Self::Duplicate => "另一处不再发放的，请带停发证明申请恢复。",
            Self::GaveUp => "以后想领的，可以随时重新申请。",
            Self::NotLocated | Self::SurvivalLapsed => {
                "本人出现或联系上以后，核实在世即恢复，停发期间的一并补发。"
            }
            Self::DataCorrection | Self::PolicyChange | Self::Other => {
                "对情况有异议的，请带有关材料到乡镇民政办核对。"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_reads_back() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
        }
    }
}
