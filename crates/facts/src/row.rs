//! 一行: from the cells of a row to typed values, by a layout and a mapping.

use std::sync::Arc;

use kernel::{AreaId, Day, FactType, FactValue, Fen, Month, PersonId, ResidentNumber, Sex};
use policy::register;

use crate::layout::{Column, FactRule, HUKOU, Layout, Mapping, Parse, word_value};
use crate::normalise::{self, Name, Normal, Normalised, NumberFault};
use crate::sheet::{Cell, Epoch, Row};

/// A typed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// 姓名
    Name(Name),
    /// 身份证号
    Number(ResidentNumber),
    /// 日期
    Day(Day),
    /// 月份
    Month(Month),
    /// 金额
    Fen(Fen),
    /// A whole number.
    Count(i64),
    /// A stored word.
    Word(String),
    /// Text without spaces and in half-width.
    Text(String),
}

/// One cell with a meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Which one.
    pub field: Arc<str>,
    /// Its column, counted from 0; none when the file has no such column.
    pub place: Option<usize>,
    /// What a person reads in the cell.
    pub raw: String,
    /// The value, nothing for a blank cell, or why it cannot be read.
    pub value: Result<Option<Value>, Fault>,
    /// What was undone to read it.
    pub steps: Vec<Normalised>,
    /// Whether it makes a row another row: free text that no fact rests on does not.
    pub weighs: bool,
}

/// Why a cell cannot be read, and what its sender can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// 原因
    pub reason: String,
    /// 怎么改
    pub remedy: String,
    /// For a resident number: what is still to be had from it.
    pub number: Option<NumberFault>,
}

/// A row with typed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedRow {
    /// Its number in the file, counted from 1 as the spreadsheet counts.
    pub row_no: u32,
    /// Its fields in the layout's order.
    pub fields: Vec<Field>,
}

/// 地名: what a row says about where somebody is registered, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// Town, or empty.
    pub town: String,
    /// Village, or empty.
    pub village: String,
    /// Town and village in one cell, such as 云溪镇溪尾村, or empty.
    pub whole: String,
}

impl Place {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.town.is_empty() && self.village.is_empty() && self.whole.is_empty()
    }
}

/// Reads the rows of one file.
pub struct Typist<'a> {
    layout: &'a Layout,
    columns: Vec<(&'a Column, Arc<str>, Option<usize>)>,
    header: &'a Mapping,
    epoch: Epoch,
}

impl<'a> Typist<'a> {
    /// For a file that this mapping fits.
    pub fn new(layout: &'a Layout, mapping: &'a Mapping) -> Self {
        let columns = layout
            .columns
            .iter()
            .map(|column| (column, Arc::from(column.field.as_str()), mapping.place(&column.field)))
            .collect();
        Self { layout, columns, header: mapping, epoch: mapping.epoch }
    }

    /// The typed row; nothing for titles, headers, totals and notes, which are about nobody.
    pub fn read(&self, row: &Row) -> Option<TypedRow> {
        if row.number <= self.header.last_header_row() || self.is_aside(row) {
            return None;
        }
        let fields = self.columns.iter().map(|(column, field, place)| {
            let cell = place.map_or(&Cell::Empty, |at| row.cell(at));
            let (value, steps) = read_cell(column, cell, self.epoch);
            let raw = cell.as_text().into_owned();
            let weighs = self.layout.weighs(column);
            Field { field: Arc::clone(field), place: *place, raw, value, steps, weighs }
        });
        Some(TypedRow { row_no: row.number, fields: fields.collect() })
    }

    /// Totals, notes and repeated headers. A row with a legible number is never one of them.
    fn is_aside(&self, row: &Row) -> bool {
        let cell = |field: &str| self.header.place(field).map(|at| row.cell(at));
        if cell("resident_number").is_some_and(|it| normalise::resident_number(it).is_ok()) {
            return false;
        }
        let Some(first) = row.cells.iter().find(|cell| !cell.is_blank()) else { return false };
        let first = normalise::plain(&first.as_text()).value;
        if self.layout.skip_rows.iter().any(|word| first.starts_with(word.as_str())) {
            return true;
        }
        self.columns.iter().filter(|(_, _, place)| place.is_some()).all(|(column, _, place)| {
            let cell = place.map_or(&Cell::Empty, |at| row.cell(at));
            let text = normalise::plain(&cell.as_text()).value;
            column.headers.iter().any(|header| header.rsplit('/').next() == Some(text.as_str()))
        })
    }
}

type Read = (Result<Option<Value>, Fault>, Vec<Normalised>);

fn read_cell(column: &Column, cell: &Cell, epoch: Epoch) -> Read {
    if cell.is_blank() && column.parse != Parse::ResidentNumber {
        return (Ok(None), Vec::new());
    }
    let header = column.headers[0].rsplit('/').next().unwrap_or_default();
    let text = cell.as_text();
    match column.parse {
        Parse::Name => match normalise::name(&text) {
            Some(name) => good(name, Value::Name),
            None => bad(format!("“{header}”不是姓名。"), "请填写姓名，不要填号码。"),
        },
        Parse::ResidentNumber => match normalise::resident_number(cell) {
            Ok(number) => good(number, Value::Number),
            Err(NumberFault::Blank) => (Ok(None), Vec::new()),
            Err(fault) => {
                let (reason, remedy) = (fault.reason(), fault.remedy().to_owned());
                (Err(Fault { reason, remedy, number: Some(fault) }), Vec::new())
            }
        },
        Parse::Day => match normalise::day(cell, epoch) {
            Ok(day) => day.map_or((Ok(None), Vec::new()), |day| good(day, Value::Day)),
            Err(fault) => {
                bad(format!("“{header}”填的“{text}”：{fault}。"), "请写成 2026-06-02 这样的日期。")
            }
        },
        Parse::Month => match normalise::month(cell, epoch) {
            Ok(month) => month.map_or((Ok(None), Vec::new()), |it| good(it, Value::Month)),
            Err(fault) => {
                bad(format!("“{header}”填的“{text}”：{fault}。"), "请写成 2026-06 这样的月份。")
            }
        },
        Parse::Yuan => match normalise::yuan(cell) {
            Ok(fen) => (Ok(fen.map(Value::Fen)), Vec::new()),
            Err(_) => bad(
                format!("“{header}”填的“{text}”不是金额。"),
                "请写成 40 或 40.00 这样的元，最多两位小数。",
            ),
        },
        Parse::Count => match normalise::count(cell) {
            None => (Ok(None), Vec::new()),
            Some(Ok(count)) => (Ok(Some(Value::Count(count))), Vec::new()),
            Some(Err(text)) => bad(format!("“{header}”填的“{text}”不是整数。"), "请填写整数。"),
        },
        Parse::Word => {
            let Normal { value, steps } = normalise::plain(&text);
            match column.words.get(&value) {
                Some(word) => (Ok(Some(Value::Word(word.clone()))), steps),
                None => bad(
                    format!("“{header}”填的“{text}”不在约定的取值里。"),
                    &format!(
                        "请填写：{}。",
                        column.words.keys().cloned().collect::<Vec<_>>().join("、")
                    ),
                ),
            }
        }
        Parse::Area | Parse::Text => good(normalise::plain(&text), Value::Text),
    }
}

fn good<T>(normal: Normal<T>, value: impl Fn(T) -> Value) -> Read {
    (Ok(Some(value(normal.value))), normal.steps)
}

fn bad(reason: String, remedy: &str) -> Read {
    (Err(Fault { reason, remedy: remedy.to_owned(), number: None }), Vec::new())
}

/// Why a row as a whole is returned to its sender, with the column to colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Column of the bad cell, counted from 0, if it is one cell.
    pub place: Option<usize>,
    /// 原因
    pub reason: String,
    /// 怎么改
    pub remedy: String,
}

impl TypedRow {
    /// The field of this name.
    pub fn field(&self, field: &str) -> Option<&Field> {
        self.fields.iter().find(|it| &*it.field == field)
    }

    /// The value of a field, when it is there and legible.
    pub fn value(&self, field: &str) -> Option<&Value> {
        self.field(field).and_then(|it| it.value.as_ref().ok()).and_then(Option::as_ref)
    }

    /// The name, when it is legible.
    pub fn name(&self) -> Option<&Name> {
        match self.value("name") {
            Some(Value::Name(name)) => Some(name),
            _ => None,
        }
    }

    /// The number with its steps, or why there is none.
    pub fn number(&self) -> Result<(ResidentNumber, &[Normalised]), NumberFault> {
        let Some(field) = self.field("resident_number") else { return Err(NumberFault::Blank) };
        match &field.value {
            Ok(Some(Value::Number(number))) => Ok((*number, &field.steps)),
            Err(Fault { number: Some(fault), .. }) => Err(fault.clone()),
            _ => Err(NumberFault::Blank),
        }
    }

    /// The day in a field.
    pub fn day(&self, field: &str) -> Option<Day> {
        match self.value(field) {
            Some(Value::Day(day)) => Some(*day),
            _ => None,
        }
    }

    /// The sum in a field.
    pub fn fen(&self, field: &str) -> Option<Fen> {
        match self.value(field) {
            Some(Value::Fen(fen)) => Some(*fen),
            _ => None,
        }
    }

    /// The month in a field.
    pub fn month(&self, field: &str) -> Option<Month> {
        match self.value(field) {
            Some(Value::Month(month)) => Some(*month),
            _ => None,
        }
    }

    /// The word or text in a field.
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.value(field) {
            Some(Value::Word(text) | Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The whole number in a field.
    pub fn count(&self, field: &str) -> Option<i64> {
        match self.value(field) {
            Some(Value::Count(count)) => Some(*count),
            _ => None,
        }
    }

    /// The sex that the row states in words.
    pub fn sex(&self) -> Option<Sex> {
        self.text("sex").and_then(Sex::from_code)
    }

    /// Where the row says that somebody is registered.
    pub fn place(&self) -> Place {
        let text = |field| self.text(field).unwrap_or_default().to_owned();
        Place { town: text("town"), village: text("village"), whole: text("place") }
    }

    /// The first thing that makes the row unusable besides its number, which matching judges:
    /// an illegible cell, or a required one that is blank.
    pub fn fault(&self, layout: &Layout) -> Option<RowFault> {
        if self.name().is_none() && self.number() == Err(NumberFault::Blank) {
            return Some(RowFault {
                place: self.field("name").and_then(|field| field.place),
                reason: "没有姓名和身份证号，分不清是谁。".to_owned(),
                remedy: "请补填后重新报送，或删除这一行。".to_owned(),
            });
        }
        self.fields.iter().find_map(|field| {
            let column = layout.column(&field.field)?;
            let (reason, remedy) = match &field.value {
                _ if column.parse == Parse::ResidentNumber => return None,
                Err(fault) => (fault.reason.clone(), fault.remedy.clone()),
                Ok(None) if column.required => {
                    let header = column.headers[0].rsplit('/').next().unwrap_or_default();
                    (format!("“{header}”是空的。"), "请补填后重新报送。".to_owned())
                }
                Ok(_) => return None,
            };
            Some(RowFault { place: field.place, reason, remedy })
        })
    }
}

/// A fact that a row asserts, before it is known of whom. The value of a kind that is kept sealed
/// is still clear here: it is sealed before it becomes an assertion, and never logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactDraft {
    /// Id of the fact kind.
    pub kind: String,
    /// What is said.
    pub value: FactValue,
    /// Since when.
    pub valid_from: Day,
    /// The first day on which it is not true any more.
    pub valid_to: Option<Day>,
}

/// Finds what a row only names.
#[derive(Clone, Copy)]
pub struct Resolve<'a> {
    /// The area of a place.
    pub area: &'a dyn Fn(&Place) -> Option<AreaId>,
    /// Who has this number.
    pub person: &'a dyn Fn(&ResidentNumber) -> Option<PersonId>,
}

/// 断言草稿: the facts of a row by the layout's rules, valid from `as_of` unless a field says
/// otherwise. Of a place or a relative that nobody knows, nothing is asserted.
pub fn facts_of(
    layout: &Layout,
    row: &TypedRow,
    as_of: Day,
    resolve: Resolve<'_>,
) -> Vec<FactDraft> {
    let holds =
        |rule: &&FactRule| rule.when.iter().all(|(field, word)| row.text(field) == Some(word));
    let draft = |rule: &FactRule| {
        let value = value_of(rule, row, resolve)?;
        let since = rule.valid_from.as_deref().and_then(|field| match row.value(field) {
            Some(Value::Day(day)) => Some(*day),
            Some(Value::Month(month)) => Some(month.first()),
            _ => None,
        });
        let last = rule.valid_to.as_deref().and_then(|field| match row.value(field) {
            Some(Value::Day(day)) => Some(*day),
            Some(Value::Month(month)) => Some(month.last()),
            _ => None,
        });
        // What had lapsed before the file speaks was at least true on its last day.
        let since = since.unwrap_or(as_of);
        let valid_from = last.map_or(since, |last| last.min(since));
        let valid_to = last.map(|last| last.plus_days(1));
        Some(FactDraft { kind: rule.kind.clone(), value, valid_from, valid_to })
    };
    layout.facts.iter().filter(holds).filter_map(draft).collect()
}

fn value_of(rule: &FactRule, row: &TypedRow, resolve: Resolve<'_>) -> Option<FactValue> {
    match (rule.from.as_deref(), &rule.value) {
        (None, constant) => constant.as_ref()?.value(&rule.kind),
        (Some(HUKOU), _) => Some(FactValue::Area((resolve.area)(&row.place())?)),
        (Some(field), _) => fact_value(row.value(field)?, &rule.kind, resolve),
    }
}

fn fact_value(value: &Value, kind: &str, resolve: Resolve<'_>) -> Option<FactValue> {
    let value_type = register::kind_of(kind)?.value_type;
    Some(match value {
        Value::Name(name) => FactValue::Text(name.given.clone()),
        // The number says two things about its person, or who a relative is; nothing else of it
        // becomes a fact.
        Value::Number(number) => match value_type {
            FactType::Person => FactValue::Person((resolve.person)(number)?),
            FactType::Day => FactValue::Day(number.birth()),
            _ => FactValue::Text(number.sex().code().to_owned()),
        },
        Value::Day(day) => FactValue::Day(*day),
        Value::Month(month) => FactValue::Day(month.first()),
        Value::Fen(fen) => FactValue::Fen(*fen),
        Value::Count(count) => match value_type {
            FactType::Int(least, most) if !(least..=most).contains(count) => return None,
            _ => FactValue::Int(*count),
        },
        Value::Word(text) | Value::Text(text) => word_value(text, value_type)?,
    })
}

#[cfg(test)]
mod tests;
