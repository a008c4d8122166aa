use std::collections::HashMap;

use hmac::{Hmac, KeyInit, Mac};
use sm3::Sm3;

use crate::row::{Field, TypedRow, Value};

/// 行标识: the same row from one file to the next, as a keyed hash.
pub type RowKey = [u8; 16];
/// 行摘要: what the row says, as a keyed hash.
pub type RowHash = [u8; 16];

/// Makes keyed hashes of rows. Keyed, because a plain hash of a resident number is no secret.
#[derive(Clone)]
pub struct Hashes {
    key: [u8; 32],
}

impl Hashes {
    /// With the installation's key.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The row's person as far as the row says it: its number, else all that it says.
    pub fn row_key(&self, row: &TypedRow) -> RowKey {
        match row.number() {
            Ok((number, _)) => self.hash(["number", number.reveal()].into_iter()),
            Err(_) => self.row_hash(row),
        }
    }

    /// What the row says, by values and not by spelling: `2026/5/9` and `2026-05-09` are one, and
    /// free text that no fact rests on is left out.
    pub fn row_hash(&self, row: &TypedRow) -> RowHash {
        let weighty = row.fields.iter().filter(|field| field.weighs);
        let parts: Vec<String> =
            weighty.map(|field| format!("{}={}", field.field, said(field))).collect();
        self.hash(parts.iter().map(String::as_str))
    }

    fn hash<'p>(&self, parts: impl Iterator<Item = &'p str>) -> [u8; 16] {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.key).expect("a key of any length is taken");
        for part in parts {
            mac.update(&(part.len() as u64).to_le_bytes());
            mac.update(part.as_bytes());
        }
        let whole = mac.finalize().into_bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        half
    }
}

/// The value in one spelling; the cell as it stands when it has none.
fn said(field: &Field) -> String {
    match &field.value {
        Ok(None) => String::new(),
        Err(_) => field.raw.clone(),
        Ok(Some(value)) => match value {
            Value::Name(name) => name.given.clone(),
            Value::Number(number) => number.reveal().to_owned(),
            Value::Day(day) => day.to_string(),
            Value::Month(month) => month.to_string(),
            Value::Fen(fen) => fen.get().to_string(),
            Value::Count(count) => count.to_string(),
            Value::Word(text) | Value::Text(text) => text.clone(),
        },
    }
}

/// 与上期差异: what a full file says that the one before did not, and the other way round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Rows that were not there, in the file's order.
    pub added: Vec<RowKey>,
    /// Rows that are gone, in the order of their keys.
    pub removed: Vec<RowKey>,
    /// Rows that say something else now, in the file's order.
    pub changed: Vec<RowKey>,
    /// How many say the same.
    pub unchanged: usize,
    /// How many rows the file before had.
    pub previous: usize,
}

impl Difference {
    /// How many percent of the rows before are gone, rounded down.
    pub fn shrink_percent(&self) -> u32 {
        let share = self.removed.len() * 100 / self.previous.max(1);
        u32::try_from(share).unwrap_or(100)
    }
}

/// Compares two files by their rows' keys and hashes; of a key that comes twice the first counts.
pub fn difference(
    before: impl IntoIterator<Item = (RowKey, RowHash)>,
    now: impl IntoIterator<Item = (RowKey, RowHash)>,
) -> Difference {
    let mut old: HashMap<RowKey, (RowHash, bool)> = HashMap::new();
    for (key, hash) in before {
        old.entry(key).or_insert((hash, false));
    }
    let mut result = Difference { previous: old.len(), ..Difference::default() };
    let mut fresh = std::collections::HashSet::new();
    for (key, hash) in now {
        match old.get_mut(&key) {
            Some((_, true)) => {}
            Some((same, met)) => {
                *met = true;
                if *same == hash { result.unchanged += 1 } else { result.changed.push(key) }
            }
            None if fresh.insert(key) => result.added.push(key),
            None => {}
        }
    }
    result.removed = old.into_iter().filter(|(_, (_, met))| !met).map(|(key, _)| key).collect();
    result.removed.sort_unstable();
    result
}
