use serde::{Deserialize, Serialize};

/// 性别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }

    /// 男 or 女.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }

    /// From the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "male" => Some(Self::Male),
            "female" => Some(Self::Female),
            _ => None,
        }
    }
}

/// 死亡信息: what the claims about a person's death amount to. Death is a claim with a source,
/// never a flag.
#[doc(alias = "生存状态")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// 在世: no claim of death stands.
    Living,
    /// 死亡待核: one source says so.
    Reported,
    /// 死亡已印证: two independent sources say so.
    Corroborated,
    /// 死亡已确认: a person on duty has established it.
    Confirmed,
    /// 死亡信息矛盾: a source says so, and a later trace of life says otherwise.
    Contradicted,
}

impl Life {
    /// All states.
    pub const ALL: [Self; 5] =
        [Self::Living, Self::Reported, Self::Corroborated, Self::Confirmed, Self::Contradicted];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Living => "living",
            Self::Reported => "reported",
            Self::Corroborated => "corroborated",
            Self::Confirmed => "confirmed",
            Self::Contradicted => "contradicted",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Living => "在世",
            Self::Reported => "死亡待核",
            Self::Corroborated => "死亡已印证",
            Self::Confirmed => "死亡已确认",
            Self::Contradicted => "死亡信息矛盾",
        }
    }

    /// From the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|life| life.code() == code)
    }
}
