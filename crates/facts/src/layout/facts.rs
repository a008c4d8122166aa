//! 事实规则: what the rows of a file assert, and what it says by leaving somebody out.

use std::collections::BTreeMap;

use kernel::{FactType, FactValue, Fen};
use policy::register;
use serde::{Deserialize, Serialize};

use super::{Coverage, HUKOU, Layout, Parse};

/// One fact that a row asserts: the value of a column, or always the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactRule {
    /// Id of the fact kind.
    pub kind: String,
    /// Field that holds the value; `hukou` stands for the town and village together. For a kind
    /// that is a person, a field that holds the other one's resident number.
    #[serde(default)]
    pub from: Option<String>,
    /// What every row asserts, instead of `from`.
    #[serde(default)]
    pub value: Option<Constant>,
    /// Field that says since when; the file's as-of day when there is none.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Field with the last day on which it is true.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// 名册之外: what is true of everybody of the file's area whom the file does not name. Only of
    /// a file that names everybody; never stored, see [`crate::population::ClosedWorld`].
    #[serde(default)]
    pub otherwise: Option<Constant>,
    /// Only for rows whose fields hold these words.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

/// A value that stands in a layout: yes or no, a whole number (money in fen), or a stored word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Constant {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A stored word.
    Word(String),
}

impl Constant {
    /// The value as a fact of this kind; none when the kind has no such values.
    pub fn value(&self, kind: &str) -> Option<FactValue> {
        match (self, register::kind_of(kind)?.value_type) {
            (Self::Bool(yes), FactType::Bool) => Some(FactValue::Bool(*yes)),
            (Self::Int(fen), FactType::Fen) => Some(FactValue::Fen(Fen::new(*fen))),
            (Self::Int(n), FactType::Int(least, most)) if (least..=most).contains(n) => {
                Some(FactValue::Int(*n))
            }
            (Self::Word(word), value_type) => word_value(word, value_type),
            _ => None,
        }
    }
}

/// What a stored word is as a value of this type.
pub(crate) fn word_value(word: &str, value_type: FactType) -> Option<FactValue> {
    match value_type {
        FactType::Word(words) if words.contains(&word) => Some(FactValue::Text(word.to_owned())),
        FactType::Text => Some(FactValue::Text(word.to_owned())),
        FactType::Bool => word.parse().ok().map(FactValue::Bool),
        FactType::Int(least, most) => {
            word.parse().ok().filter(|number| (least..=most).contains(number)).map(FactValue::Int)
        }
        _ => None,
    }
}

/// Whether a rule can be followed: its kind is registered, its fields exist, its words are values.
pub(super) fn check(layout: &Layout, rule: &FactRule) -> Result<(), String> {
    let kind = &rule.kind;
    let registered =
        register::kind_of(kind).ok_or_else(|| format!("事实 {kind} 不在事实登记表里"))?;
    let known = |field: &str| field == HUKOU || layout.column(field).is_some();
    let dates = rule.valid_from.iter().chain(&rule.valid_to);
    let fields = rule.from.iter().chain(dates).chain(rule.when.keys());
    if let Some(field) = fields.into_iter().find(|field| !known(field)) {
        return Err(format!("事实 {kind} 用到没有的栏目 {field}"));
    }
    if rule.from.is_some() == rule.value.is_some() {
        return Err(format!("事实 {kind} 要写 from 或 value，只写一个"));
    }
    for constant in rule.value.iter().chain(&rule.otherwise) {
        if constant.value(kind).is_none() {
            return Err(format!("事实 {kind} 没有 {constant:?} 这个取值"));
        }
    }
    if rule.otherwise.is_some() && layout.coverage != Coverage::Full {
        return Err(format!("事实 {kind} 写了 otherwise，但这个来源不是全量"));
    }
    let column = rule.from.as_deref().and_then(|field| layout.column(field));
    let Some(column) = column.filter(|column| column.parse == Parse::Word) else { return Ok(()) };
    let said = |word: &&String| match rule.when.get(&column.field) {
        Some(only) => only == *word,
        None => true,
    };
    match column
        .words
        .values()
        .filter(said)
        .find(|it| word_value(it, registered.value_type).is_none())
    {
        Some(word) => Err(format!("事实 {kind} 没有 {word} 这个取值")),
        None => Ok(()),
    }
}
