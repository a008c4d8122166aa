use std::fmt;

use serde::Serialize;

use crate::{AreaId, Day, Fen, PersonId};

/// 事实种类: one kind in the register of facts. The register is data that ships with the
/// program; a kind is never renamed, only retired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FactKind {
    /// Stored word, for ever.
    pub id: &'static str,
    /// What its values are.
    #[serde(rename = "type")]
    pub value_type: FactType,
    /// The bureau's word.
    pub label: &'static str,
    /// Unit of the value, empty when it has none.
    pub unit: &'static str,
    /// Capability that owns the kind.
    pub owner: &'static str,
    /// 来源部门: who is to say it.
    pub source_department: &'static str,
    /// How far it may be shown.
    pub sensitivity: Sensitivity,
}

/// The type of a fact's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "name", content = "domain", rename_all = "snake_case")]
pub enum FactType {
    /// A day.
    Day,
    /// Yes or no.
    Bool,
    /// A whole number from the first to the second.
    Int(i64, i64),
    /// Money in fen.
    Fen,
    /// A node of the area tree.
    Area,
    /// One of these stored words.
    Word(&'static [&'static str]),
    /// Free text.
    Text,
    /// Another person: a relative. No list can ask about it.
    Person,
}

/// How far a fact may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// 工作所需: shown to whoever may see the person.
    Work,
    /// 敏感: shown masked; clear needs a purpose and leaves an entry.
    Sensitive,
    /// 密存: stored sealed, compared by a keyed hash, shown by its last signs. Always text.
    Sealed,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FactValue {
    /// A day.
    Day(Day),
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Money.
    Fen(Fen),
    /// A node of the area tree.
    Area(AreaId),
    /// A stored word or free text.
    Text(String),
    /// Another person.
    Person(PersonId),
}

impl fmt::Display for FactValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Bool(true) => f.write_str("是"),
            Self::Bool(false) => f.write_str("否"),
            Self::Int(number) => number.fmt(f),
            Self::Fen(fen) => write!(f, "{fen} 元"),
            Self::Area(area) => area.fmt(f),
            Self::Text(text) => f.write_str(text),
            Self::Person(person) => person.fmt(f),
        }
    }
}
