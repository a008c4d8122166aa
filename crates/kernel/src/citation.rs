use serde::{Deserialize, Serialize};

/// 规定出处: a clause of a document in the register of sources.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Id of the document in `policy/sources.toml`.
    pub doc: String,
    /// Clause as the document counts it.
    pub clause: String,
    /// What it says, in our words.
    pub says: String,
}

/// How sure we are that a published figure is what we wrote down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Read in the text itself, or several independent texts agree.
    Verified,
    /// Read in a second-hand text.
    Verified2nd,
    /// Written from knowledge; to be checked before it decides money.
    FromMemory,
    /// A guess or an estimate.
    Unverified,
    /// Invented, for a place that does not exist.
    Fictional,
}

impl Confidence {
    /// The mark as people read it.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Verified => "已核原文",
            Self::Verified2nd => "转引，未核原文",
            Self::FromMemory => "凭记忆，待核",
            Self::Unverified => "未核实",
            Self::Fictional => "虚构（演示）",
        }
    }
}
