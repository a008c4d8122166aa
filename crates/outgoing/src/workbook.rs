//! 工作簿: cells with their types, so that sums add up and days sort in the spreadsheet.

use kernel::{Day, Fen};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// A new workbook that says it was made on the bureau's day: the same rows give the same bytes.
pub fn book(today: Day) -> Workbook {
    let mut book = Workbook::new();
    if let Ok(made) = ExcelDateTime::parse_from_str(&today.to_string()) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    }
    book
}

/// 单元格: a cell with its type, so that sums add up and days sort in the spreadsheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words, never read as a formula.
    Text(String),
    /// A count.
    Count(u64),
    /// Yuan with two decimals.
    Money(Fen),
    /// A day.
    Day(Day),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// How sums and days look.
pub struct Formats {
    sum: Format,
    day: Format,
}

impl Default for Formats {
    fn default() -> Self {
        Self::new()
    }
}

impl Formats {
    /// The bureau's.
    pub fn new() -> Self {
        Self {
            sum: Format::new().set_num_format("#,##0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

/// Writes a cell as its type.
pub fn write_cell(
    sheet: &mut Worksheet,
    (line, place): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string(line, place, text)?,
        Cell::Count(count) => {
            let count = u32::try_from(*count).map_or(f64::MAX, f64::from);
            sheet.write_number(line, place, count)?
        }
        Cell::Money(sum) => {
            sheet.write_number_with_format(line, place, yuan(*sum), &formats.sum)?
        }
        Cell::Day(day) => {
            let day = ExcelDateTime::parse_from_str(&day.to_string())?;
            sheet.write_datetime_with_format(line, place, &day, &formats.day)?
        }
        Cell::Empty => sheet,
    };
    Ok(())
}

/// A spreadsheet counts in floating point; two decimals survive it up to 90 trillion yuan.
pub fn yuan(sum: Fen) -> f64 {
    let whole = i32::try_from(sum.get() / 100).map_or(f64::MAX, f64::from);
    let cents = i32::try_from(sum.get() % 100).map_or(0.0, f64::from);
    whole + cents / 100.0
}
