use std::borrow::Cow;

use kernel::Day;

/// 单元格: what one cell holds, before anybody says what it means.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as written, with its spaces.
    Text(String),
    /// A number. Beyond 15 digits a spreadsheet has lost the rest: never an identifier.
    Number(f64),
    /// A number that the sender formatted as a day.
    Date(Day),
    /// Yes or no.
    Bool(bool),
    /// An error such as `#REF!`.
    Error(String),
}

/// A row of a sheet. In a text file it may be empty, when the sender wrote delimiters only.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number as the spreadsheet shows it, counted from 1.
    pub number: u32,
    /// Its cells from the first column on; trailing empty ones are left out.
    pub cells: Vec<Cell>,
}

impl Cell {
    /// Whether it holds nothing but spaces.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// What a person would read in the cell. Numbers are written without an exponent up to 15
    /// digits and with one beyond, as the spreadsheet shows them.
    pub fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) | Self::Error(text) => Cow::Borrowed(text),
            Self::Number(number) if number.abs() < 1e15 => Cow::Owned(number.to_string()),
            Self::Number(number) => Cow::Owned(scientific(*number)),
            Self::Date(day) => Cow::Owned(day.to_string()),
            Self::Bool(true) => Cow::Borrowed("TRUE"),
            Self::Bool(false) => Cow::Borrowed("FALSE"),
        }
    }
}

/// `4.11325189506153E+17`.
fn scientific(number: f64) -> String {
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((digits, power)) if !power.starts_with('-') => format!("{digits}E+{power}"),
        _ => text,
    }
}

impl Row {
    /// The cell of a column counted from 0; empty beyond the last.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// A row without its trailing empty cells, or nothing when all are empty.
    pub(crate) fn trimmed(number: u32, mut cells: Vec<Cell>) -> Option<Self> {
        while cells.last().is_some_and(Cell::is_blank) {
            cells.pop();
        }
        (!cells.is_empty()).then_some(Self { number, cells })
    }
}
