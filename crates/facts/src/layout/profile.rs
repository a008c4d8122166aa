//! What a file looks like, column by column, before anything of it is believed.

use kernel::{Day, Refusal};
use serde::Serialize;

use super::{Column, Layout, Mapping, Parse};
use crate::normalise::{self, DayFault, NumberFault};
use crate::row::{TypedRow, Typist, Value};
use crate::sheet::{Cell, Row};

/// 文件概况: what the file shows, for a person to confirm.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// Rows about a person.
    pub rows: u32,
    /// Rows that are about nobody: titles, headers, totals, notes.
    pub asides: u32,
    /// Its columns in their order.
    pub columns: Vec<ColumnProfile>,
}

/// 栏目概况: one column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnProfile {
    /// Its header.
    pub header: String,
    /// The field it is read as, if any.
    pub field: Option<String>,
    /// Cells that are not blank.
    pub filled: u32,
    /// Of these, the cells that can be read as the field; all for a column without a field.
    pub valid: u32,
    /// Of these, the cells that are at least of its kind: a number with a wrong digit is one.
    pub alike: u32,
    /// The first five different ones. They are personal data: shown masked.
    pub samples: Vec<String>,
    /// For each mapped column in the layout's order: how many cells would be valid there.
    #[serde(skip)]
    valid_as: Vec<u32>,
}

const SAMPLES: usize = 5;
/// A damaged number still has so many digits; a day or an age has not.
const FEWEST_DIGITS: usize = 12;
/// So few strange cells are dirt in however short a file.
const FEW: u32 = 2;

/// Sees every row of a file once and gives its [`Profile`].
pub struct Profiler<'a> {
    layout: &'a Layout,
    mapping: &'a Mapping,
    typist: Typist<'a>,
    profile: Profile,
}

impl<'a> Profiler<'a> {
    /// For a file that this mapping fits.
    pub fn new(layout: &'a Layout, mapping: &'a Mapping) -> Self {
        let columns = mapping.headers.iter().enumerate().map(|(at, header)| ColumnProfile {
            header: header.clone(),
            field: mapping.columns.iter().find(|(_, place)| *place == at).map(|(f, _)| f.clone()),
            filled: 0,
            valid: 0,
            alike: 0,
            samples: Vec::new(),
            valid_as: vec![0; layout.columns.len()],
        });
        let profile = Profile { rows: 0, asides: 0, columns: columns.collect() };
        Self { layout, mapping, typist: Typist::new(layout, mapping), profile }
    }

    /// Sees a row; gives it typed, when it is about a person.
    pub fn see(&mut self, row: &Row) -> Option<TypedRow> {
        let Some(typed) = self.typist.read(row) else {
            self.profile.asides += 1;
            return None;
        };
        self.profile.rows += 1;
        let birth = typed.number().ok().map(|(number, _)| number.birth());
        for (at, profile) in self.profile.columns.iter_mut().enumerate() {
            let cell = row.cell(at);
            if cell.is_blank() {
                continue;
            }
            profile.filled += 1;
            if profile.samples.len() < SAMPLES {
                let text = cell.as_text();
                if !profile.samples.iter().any(|sample| *sample == text) {
                    profile.samples.push(text.into_owned());
                }
            }
            let Some(field) = &profile.field else {
                profile.valid += 1;
                profile.alike += 1;
                continue;
            };
            if let Some(column) = self.layout.column(field) {
                let valid = is_valid(column, &typed, birth);
                profile.valid += u32::from(valid);
                profile.alike += u32::from(valid || is_alike(column, cell, self.mapping));
            }
            for (column, valid) in self.layout.columns.iter().zip(&mut profile.valid_as) {
                *valid += u32::from(would_be_valid(column, cell, birth, self.mapping));
            }
        }
        Some(typed)
    }

    /// What was seen.
    pub fn finish(self) -> Profile {
        self.profile
    }
}

/// Whether the field's cell in this row is what the column says. A day of birth must be the one
/// in the row's number: any day at all would hide a swapped column.
fn is_valid(column: &Column, row: &TypedRow, birth: Option<Day>) -> bool {
    match (row.field(&column.field).map(|field| &field.value), birth) {
        (Some(Ok(Some(Value::Day(day)))), Some(birth)) if column.field == "birth_date" => {
            *day == birth
        }
        (Some(Ok(Some(_))), _) => true,
        _ => false,
    }
}

/// Whether a cell that cannot be read is at least meant for the column: dirt is returned row by
/// row, a wrong column makes the whole file wrong.
fn is_alike(column: &Column, cell: &Cell, mapping: &Mapping) -> bool {
    match column.parse {
        Parse::ResidentNumber => match normalise::resident_number(cell) {
            Err(NumberFault::Wrong { text, .. }) => {
                text.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS
            }
            other => other != Err(NumberFault::Blank),
        },
        Parse::Day => matches!(
            normalise::day(cell, mapping.epoch),
            Ok(Some(_)) | Err(DayFault::Impossible | DayFault::ShortYear)
        ),
        _ => false,
    }
}

/// Whether a cell would do in another column: asked of names, numbers and days, whose columns are
/// those that senders swap.
fn would_be_valid(column: &Column, cell: &Cell, birth: Option<Day>, mapping: &Mapping) -> bool {
    match column.parse {
        Parse::Name => normalise::name(&cell.as_text()).is_some(),
        Parse::ResidentNumber => normalise::resident_number(cell).is_ok(),
        Parse::Day => match normalise::day(cell, mapping.epoch) {
            Ok(Some(day)) => column.field != "birth_date" || birth.is_none_or(|b| day.value == b),
            _ => false,
        },
        _ => false,
    }
}

impl Profile {
    /// 栏目核对: refuses a file with a column whose cells are not what it should hold, and says
    /// with which one it looks swapped.
    pub fn verdict(&self, layout: &Layout) -> Result<(), Refusal> {
        if self.rows == 0 {
            return Err(Refusal::new("表头下面没有数据。", "请核对后重新导出报送。"));
        }
        let Some((bad, column)) = self.columns.iter().find_map(|profile| {
            let column = layout.column(profile.field.as_deref()?)?;
            let strange = profile.filled - profile.alike;
            let wrong = strange > FEW
                && u64::from(profile.alike) * 100
                    < u64::from(profile.filled) * u64::from(column.valid_percent);
            let illegible = profile.valid * 2 < profile.filled;
            (wrong || illegible).then_some((profile, column))
        }) else {
            return Ok(());
        };
        let share = u64::from(bad.valid) * 100 / u64::from(bad.filled.max(1));
        let header = &bad.header;
        Err(match self.swapped_with(bad, column, layout) {
            Some(other) => Refusal::new(
                format!("“{header}”和“{}”两列看着填反了。", other.header),
                "请核对这两列的内容后重新报送。",
            ),
            None => Refusal::new(
                format!("“{header}”一列只有 {share}% 读得出，低于 {}%。", column.valid_percent),
                "请核对这一列是不是放错了内容，更正后重新报送。",
            ),
        })
    }

    /// The column whose cells would do here, and for which these would do there.
    fn swapped_with(
        &self,
        bad: &ColumnProfile,
        column: &Column,
        layout: &Layout,
    ) -> Option<&ColumnProfile> {
        let place = |field: &str| layout.columns.iter().position(|it| it.field == field);
        let own = place(&column.field)?;
        let mostly = |valid: u32, filled: u32| filled > 0 && valid * 2 > filled;
        self.columns.iter().find(|other| {
            let Some(there) = other.field.as_deref().and_then(place) else { return false };
            there != own
                && mostly(other.valid_as[own], other.filled)
                && mostly(bad.valid_as[there], bad.filled)
        })
    }
}
