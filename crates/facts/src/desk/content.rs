use access::{Sealed, Vault};
use kernel::{AreaId, Assertion, BatchId, Day, FactValue, Fen, PersonId, ResidentNumber, Trouble};
use serde::{Deserialize, Serialize};

use crate::matching::DeskReason;
use crate::normalise;
use crate::sheet;

/// What a row of the desk says, as it is kept (sealed).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Why it is not certain, in a sentence.
    pub words: String,
    /// Its cells, as far as the layout knows them.
    pub cells: Vec<Cell>,
    /// What it asserts, once it is known of whom.
    pub facts: Vec<StoredFact>,
    /// The person whom it can make known, in a file that makes people known.
    pub newcomer: Option<Newcomer>,
    /// Whom it may be about, the best first.
    pub candidates: Vec<PersonId>,
}

/// A cell with a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Our word for its column.
    pub field: String,
    /// What a person reads in it.
    pub raw: String,
}

/// A fact of a row, before it is known of whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFact {
    /// Id of the kind.
    pub kind: String,
    /// What is said.
    pub value: StoredValue,
    /// True from.
    pub from: Day,
    /// Ends.
    pub to: Option<Day>,
}

/// A value as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoredValue {
    Day(Day),
    Bool(bool),
    Int(i64),
    Fen(Fen),
    Area(AreaId),
    Text(String),
    Person(PersonId),
}

/// Somebody whom a row can make known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Newcomer {
    /// As given.
    pub name: String,
    /// Whole and valid.
    pub number: String,
    /// Village.
    pub area: AreaId,
}

impl From<&FactValue> for StoredValue {
    fn from(value: &FactValue) -> Self {
        match value {
            FactValue::Day(it) => Self::Day(*it),
            FactValue::Bool(it) => Self::Bool(*it),
            FactValue::Int(it) => Self::Int(*it),
            FactValue::Fen(it) => Self::Fen(*it),
            FactValue::Area(it) => Self::Area(*it),
            FactValue::Text(it) => Self::Text(it.clone()),
            FactValue::Person(it) => Self::Person(*it),
        }
    }
}

impl From<StoredValue> for FactValue {
    fn from(value: StoredValue) -> Self {
        match value {
            StoredValue::Day(it) => Self::Day(it),
            StoredValue::Bool(it) => Self::Bool(it),
            StoredValue::Int(it) => Self::Int(it),
            StoredValue::Fen(it) => Self::Fen(it),
            StoredValue::Area(it) => Self::Area(it),
            StoredValue::Text(it) => Self::Text(it),
            StoredValue::Person(it) => Self::Person(it),
        }
    }
}

impl StoredFact {
    /// What an assertion says, without whom it is about.
    pub fn of(it: &Assertion) -> Self {
        let (from, to) = (it.valid.from, it.valid.to);
        Self { kind: it.kind.to_owned(), value: StoredValue::from(&it.value), from, to }
    }
}

impl Content {
    /// What stands in the cell of this field; empty when there is none.
    pub fn raw(&self, field: &str) -> &str {
        self.cells.iter().find(|cell| cell.field == field).map_or("", |cell| cell.raw.as_str())
    }

    /// The row's number, when it is whole and valid.
    pub fn number(&self) -> Option<ResidentNumber> {
        let cell = sheet::Cell::Text(self.raw("resident_number").to_owned());
        normalise::resident_number(&cell).ok().map(|number| number.value)
    }
}

/// Fields that say who a row is about.
const WHO: [&str; 7] = ["name", "resident_number", "birth_date", "sex", "town", "village", "place"];

/// 比对问题: what a row asks, as a keyed hash: its sender, why it is not certain, and all that it
/// says about who it is. What else it says, such as a sum, makes it another question only where
/// that is the question: which of two rows with one number is right.
pub fn question(vault: &Vault, supplier: &str, reason: &str, cells: &[Cell]) -> [u8; 16] {
    let mut text = format!("{supplier}\u{1f}{reason}");
    let whole = reason == DeskReason::SameNumberTwice { row: 0 }.code();
    for cell in cells.iter().filter(|cell| whole || WHO.contains(&cell.field.as_str())) {
        text.extend(["\u{1f}", &cell.field, "=", &normalise::plain(&cell.raw).value]);
    }
    vault.keyed(b"desk_question", text.as_bytes())
}

fn place(batch: BatchId, row_no: u32) -> String {
    format!("desk_row.content/{batch}/{row_no}")
}

pub(super) fn seal(
    vault: &Vault,
    batch: BatchId,
    row_no: u32,
    content: &Content,
) -> Result<(Vec<u8>, i16), Trouble> {
    let clear = serde_json::to_vec(content).map_err(Trouble::fault)?;
    let sealed = vault.seal(&place(batch, row_no), &clear)?;
    Ok((sealed.bytes, sealed.key_version))
}

pub(super) fn open(
    vault: &Vault,
    batch: BatchId,
    row_no: u32,
    bytes: Vec<u8>,
    key_version: i16,
) -> Result<Content, Trouble> {
    let clear = vault.open(&place(batch, row_no), &Sealed { bytes, key_version })?;
    serde_json::from_slice(&clear).map_err(Trouble::fault)
}
