use kernel::{Day, FactType, Fen};
use serde_json::Value as Json;

use crate::area::is_code;
use crate::register::{KINDS, KindIx};

/// The value of a fact as the engine reads it. Areas are division codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A day.
    Day(Day),
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Money in fen.
    Fen(Fen),
    /// An area code, or whatever the caller's area tree understands.
    Area(Box<str>),
    /// A word of the kind's domain.
    Word(&'static str),
    /// Free text.
    Text(Box<str>),
}

/// A value with the days between which it holds (`to` is the first day outside) and the day
/// from which it was known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// What holds.
    pub value: Value,
    /// First day; none when always before.
    pub from: Option<Day>,
    /// First day on which it holds no more.
    pub to: Option<Day>,
    /// When it became known. Kept for the caller: the engine judges what it is given.
    pub known: Option<Day>,
}

/// 已知事实: what is known about one person, by position in the register.
///
/// Give a fact no `from` unless its source says since when it holds: the date of a file is not
/// the date since when somebody is registered in a village. Kinds of type day record events and
/// hold at all times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    slots: Vec<Slot>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Slot {
    #[default]
    Empty,
    One(Dated),
    Many(Vec<Dated>),
}

/// A fact that the register does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactError {
    /// No such kind.
    #[error("事实登记表里没有“{0}”，可用的种类见 policy facts")]
    Unregistered(String),
    /// The value is of another type.
    #[error("事实“{id}”（{label}）的值写成了 {given}，应为{expected}")]
    WrongType {
        /// Id of the kind.
        id: &'static str,
        /// Its label.
        label: &'static str,
        /// What was given.
        given: String,
        /// What it should be.
        expected: String,
    },
    /// The facts are not an object of facts.
    #[error("事实应写成“种类：值”的对象，这里是 {0}")]
    Shape(String),
}

impl Facts {
    /// Nothing known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what holds at all times.
    pub fn set(&mut self, id: &str, value: Value) -> Result<(), FactError> {
        self.add(id, Dated { value, from: None, to: None, known: None })
    }

    /// Adds what holds between two days. Of two that hold on one day the later added counts.
    pub fn add(&mut self, id: &str, dated: Dated) -> Result<(), FactError> {
        let index = KindIx::of(id).ok_or_else(|| FactError::Unregistered(id.to_owned()))?;
        if !fits(&dated.value, index.kind().value_type) {
            return Err(wrong(index, format!("{:?}", dated.value)));
        }
        if self.slots.is_empty() {
            self.slots.resize(KINDS.len(), Slot::Empty);
        }
        let slot = &mut self.slots[index.position()];
        *slot = match std::mem::take(slot) {
            Slot::Empty => Slot::One(dated),
            Slot::One(first) => Slot::Many(vec![first, dated]),
            Slot::Many(mut all) => {
                all.push(dated);
                Slot::Many(all)
            }
        };
        Ok(())
    }

    /// What holds on a day, if it is known.
    pub fn on(&self, kind: KindIx, day: Day) -> Option<&Value> {
        let timeless = matches!(kind.kind().value_type, FactType::Day);
        let holds = |dated: &Dated| {
            timeless
                || (dated.from.is_none_or(|from| from <= day) && dated.to.is_none_or(|to| day < to))
        };
        match self.slots.get(kind.position())? {
            Slot::Empty => None,
            Slot::One(dated) => holds(dated).then_some(&dated.value),
            Slot::Many(all) => all.iter().rev().find(|dated| holds(dated)).map(|d| &d.value),
        }
    }

    /// The day of an event, if it is known.
    pub fn event(&self, kind: KindIx) -> Option<Day> {
        if let Value::Day(day) = self.newest(kind)?.value { Some(day) } else { None }
    }

    /// The word added last, whenever it holds: what all claims amount to now.
    pub fn newest_word(&self, kind: KindIx) -> Option<&'static str> {
        if let Value::Word(word) = self.newest(kind)?.value { Some(word) } else { None }
    }

    fn newest(&self, kind: KindIx) -> Option<&Dated> {
        match self.slots.get(kind.position())? {
            Slot::Empty => None,
            Slot::One(dated) => Some(dated),
            Slot::Many(all) => all.last(),
        }
    }

    /// Only what was known by a day; a fact without `known` counts as always known.
    #[must_use]
    pub fn known_by(&self, day: Day) -> Self {
        let known = |dated: &Dated| dated.known.is_none_or(|known| known <= day);
        let past = |slot: &Slot| match slot {
            Slot::One(dated) if known(dated) => slot.clone(),
            Slot::Empty | Slot::One(_) => Slot::Empty,
            Slot::Many(all) => Slot::Many(all.iter().filter(|it| known(it)).cloned().collect()),
        };
        Self { slots: self.slots.iter().map(past).collect() }
    }

    /// Reads `{"<fact id>": value}`; each value is plain, `{"value","from","to","known"}`, or a
    /// list of such. A fact that is `null` is not known.
    pub fn from_json(facts: &Json) -> Result<Self, FactError> {
        let object = facts.as_object().ok_or_else(|| FactError::Shape(facts.to_string()))?;
        let mut read = Self::new();
        for (id, given) in object {
            let index = KindIx::of(id).ok_or_else(|| FactError::Unregistered(id.clone()))?;
            let each = given.as_array().map_or(std::slice::from_ref(given), Vec::as_slice);
            for one in each.iter().filter(|one| !one.is_null()) {
                read.add(index.kind().id, read_dated(index, one)?)?;
            }
        }
        Ok(read)
    }
}

fn read_dated(index: KindIx, given: &Json) -> Result<Dated, FactError> {
    let Some(object) = given.as_object() else {
        return Ok(Dated { value: read_value(index, given)?, from: None, to: None, known: None });
    };
    let unexpected =
        object.keys().find(|key| !["value", "from", "to", "known"].contains(&key.as_str()));
    let Some(value) = object.get("value").filter(|_| unexpected.is_none()) else {
        return Err(wrong(index, given.to_string()));
    };
    let day = |key: &str| match object.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(text) => match text.as_str().and_then(|text| text.parse::<Day>().ok()) {
            Some(day) => Ok(Some(day)),
            None => Err(FactError::WrongType {
                id: index.kind().id,
                label: index.kind().label,
                given: format!("{key}: {text}"),
                expected: "起止日期，如 2026-06-02".to_owned(),
            }),
        },
    };
    Ok(Dated {
        value: read_value(index, value)?,
        from: day("from")?,
        to: day("to")?,
        known: day("known")?,
    })
}

fn read_value(index: KindIx, given: &Json) -> Result<Value, FactError> {
    let text = given.as_str();
    let read = match index.kind().value_type {
        FactType::Day => text.and_then(|text| text.parse().ok()).map(Value::Day),
        FactType::Bool => given.as_bool().map(Value::Bool),
        FactType::Int(..) => given.as_i64().map(Value::Int),
        FactType::Fen => given.as_i64().map(|fen| Value::Fen(Fen::new(fen))),
        FactType::Area => text.filter(|text| is_code(text)).map(|text| Value::Area(text.into())),
        FactType::Word(words) => {
            words.iter().find(|word| Some(**word) == text).map(|word| Value::Word(word))
        }
        FactType::Text => text.map(|text| Value::Text(text.into())),
        FactType::Person => None,
    };
    read.filter(|value| fits(value, index.kind().value_type))
        .ok_or_else(|| wrong(index, given.to_string()))
}

fn fits(value: &Value, value_type: FactType) -> bool {
    match (value, value_type) {
        (Value::Day(_), FactType::Day)
        | (Value::Bool(_), FactType::Bool)
        | (Value::Area(_), FactType::Area)
        | (Value::Text(_), FactType::Text) => true,
        (Value::Int(number), FactType::Int(from, to)) => (from..=to).contains(number),
        (Value::Fen(fen), FactType::Fen) => *fen >= Fen::ZERO,
        (Value::Word(word), FactType::Word(words)) => words.contains(word),
        _ => false,
    }
}

fn wrong(index: KindIx, given: String) -> FactError {
    let expected = match index.kind().value_type {
        FactType::Day => "日期，如 \"1946-05-31\"".to_owned(),
        FactType::Bool => " true 或 false".to_owned(),
        FactType::Int(from, to) => format!(" {from} 到 {to} 的整数"),
        FactType::Fen => "以分计的非负整数，40 元写 4000".to_owned(),
        FactType::Area => "区划代码（2、4、6、9 或 12 位数字），如 \"990121\"".to_owned(),
        FactType::Word(words) => format!("下列之一：{}", words.join("、")),
        FactType::Text => "文字".to_owned(),
        FactType::Person => "系统里的一个人，不能在这里给出".to_owned(),
    };
    FactError::WrongType { id: index.kind().id, label: index.kind().label, given, expected }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{BIRTH_DATE, HUKOU_AREA};
    use serde_json::json;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn a_plain_value_and_a_dated_one_are_read() {
        let facts = Facts::from_json(&json!({
            "birth_date": {"value": "1945-10-17", "known": "2026-06-01"},
            "hukou_area": [
                {"value": "990122001001", "to": "2026-03-01"},
                {"value": "990121003012", "from": "2026-03-01"},
            ],
        }))
        .expect("facts");
        assert_eq!(facts.event(BIRTH_DATE), Some(day("1945-10-17")));
        let area = |on| facts.on(HUKOU_AREA, day(on)).cloned();
        assert_eq!(area("2026-02-28"), Some(Value::Area("990122001001".into())));
        assert_eq!(area("2026-03-01"), Some(Value::Area("990121003012".into())));
        assert_eq!(facts.known_by(day("2026-05-31")).event(BIRTH_DATE), None);
    }

    #[test]
    fn an_unregistered_fact_and_a_wrong_type_are_refused_by_name() {
        let refusal = |facts: Json| Facts::from_json(&facts).expect_err("refused").to_string();
        assert!(refusal(json!({"brith_date": "1945-10-17"})).contains("brith_date"));
        assert!(refusal(json!({"birth_date": 1945})).contains("birth_date"));
        assert!(refusal(json!({"birth_date": "1945-02-30"})).contains("birth_date"));
        assert!(refusal(json!({"sex": "女"})).contains("male、female"));
        assert!(refusal(json!({"hukou_area": "溪尾村"})).contains("区划代码"));
        assert!(
            refusal(json!({"life": {"value": "living", "form": "2026-01-01"}})).contains("life")
        );
        assert!(refusal(json!([1])).contains("对象"));
        assert_eq!(Facts::from_json(&json!({"sex": null})), Ok(Facts::new()), "not known");
    }
}
