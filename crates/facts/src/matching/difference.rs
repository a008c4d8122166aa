use std::collections::HashMap;
use std::hash::{DefaultHasher, Hasher};
use std::io::Write;

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
    /// With the key already taken in: that is half of the work for something as short as a row.
    keyed: Hmac<Sm3>,
    salt: [u8; 32],
}

impl Hashes {
    /// With the installation's key.
    ///
    /// # Panics
    /// Never: HMAC takes keys of any length.
    pub fn new(key: [u8; 32]) -> Self {
        let keyed = Hmac::new_from_slice(&key).expect("HMAC takes keys of any length");
        Self { keyed, salt: key }
    }

    /// The row's person as far as the row says it: its number, else all that it says.
    pub fn row_key(&self, row: &TypedRow) -> RowKey {
        match row.number() {
            Ok((number, _)) => {
                let mut said = Vec::with_capacity(64);
                part(&mut said, |it| it.extend(b"number"));
                part(&mut said, |it| it.extend(number.reveal().as_bytes()));
                self.hash(&said)
            }
            Err(_) => self.row_hash(row),
        }
    }

    /// What the row says, by values and not by spelling: `2026/5/9` and `2026-05-09` are one, and
    /// free text that no fact rests on is left out.
    pub fn row_hash(&self, row: &TypedRow) -> RowHash {
        self.hash(&content(row))
    }

    /// Whether two rows of one file say the same: as [`Self::row_hash`], but never stored, so
    /// that it may be one that costs a tenth.
    pub(super) fn likeness(&self, row: &TypedRow) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(&self.salt);
        hasher.write(&content(row));
        hasher.finish()
    }

    fn hash(&self, said: &[u8]) -> [u8; 16] {
        let mut mac = self.keyed.clone();
        mac.update(said);
        let whole = mac.finalize().into_bytes();
        let mut half = [0; 16];
        half.copy_from_slice(&whole[..16]);
        half
    }
}

/// What a row says, as bytes: equal for rows that say the same.
fn content(row: &TypedRow) -> Vec<u8> {
    let mut said = Vec::with_capacity(256);
    for field in row.fields.iter().filter(|field| field.weighs) {
        part(&mut said, |it| {
            it.extend(field.field.as_bytes());
            it.push(b'=');
            say(it, field);
        });
    }
    said
}

/// Adds a part behind its length, so that no two lists of parts are one text.
fn part(said: &mut Vec<u8>, add: impl FnOnce(&mut Vec<u8>)) {
    let start = said.len();
    said.extend([0; 8]);
    add(said);
    let length = (said.len() - start - 8) as u64;
    said[start..start + 8].copy_from_slice(&length.to_le_bytes());
}

/// Adds the value in one spelling; the cell as it stands when it has none.
fn say(said: &mut Vec<u8>, field: &Field) {
    let written = match &field.value {
        Ok(None) => Ok(()),
        Err(_) => said.write_all(field.raw.as_bytes()),
        Ok(Some(value)) => match value {
            Value::Name(name) => said.write_all(name.given.as_bytes()),
            Value::Number(number) => said.write_all(number.reveal().as_bytes()),
            Value::Day(day) => write!(said, "{day}"),
            Value::Month(month) => write!(said, "{month}"),
            Value::Fen(fen) => write!(said, "{}", fen.get()),
            Value::Count(count) => write!(said, "{count}"),
            Value::Word(text) | Value::Text(text) => said.write_all(text.as_bytes()),
        },
    };
    written.expect("memory takes what is written to it");
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

    /// How many percent of the rows that are in both files say something else, rounded down.
    pub fn change_percent(&self) -> u32 {
        let both = self.changed.len() + self.unchanged;
        u32::try_from(self.changed.len() * 100 / both.max(1)).unwrap_or(100)
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
