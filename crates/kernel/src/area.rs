use serde::{Deserialize, Serialize};

/// 行政区划级别: the level of an area.
#[doc(alias = "行政区划")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaLevel {
    /// 省
    Province,
    /// 市
    Prefecture,
    /// 县
    County,
    /// 乡镇(街道)
    Township,
    /// 村(社区)
    Village,
}

/// What an area is: a coded division, or a unit that does a division's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaKind {
    /// 行政区划
    Division,
    /// 管委会: a development zone's committee and its like.
    #[doc(alias = "管委会")]
    ManagingUnit,
}

impl AreaLevel {
    /// All levels from the top.
    pub const ALL: [Self; 5] =
        [Self::Province, Self::Prefecture, Self::County, Self::Township, Self::Village];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Township => "township",
            Self::Village => "village",
        }
    }

    /// The level with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

impl AreaKind {
    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Division => "division",
            Self::ManagingUnit => "managing_unit",
        }
    }
}
