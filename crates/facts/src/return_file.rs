//! 退回文件: the rows that could not be used, in the sender's own layout, with what to change.

use kernel::Day;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::row::RowFault;
use crate::sheet::{Cell, Row};

/// A row that goes back, with why.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// The row as it came.
    pub row: Row,
    /// Which cell is wrong, why, and what to do.
    pub fault: RowFault,
}

struct Looks {
    text: Format,
    bad: Format,
    day: Format,
    bad_day: Format,
    header: Format,
    advice: Format,
}

/// 退回文件: a workbook with the lines above the data as they came (`head`, up to the header) and
/// the rejected rows, the bad cell red, and two columns 原因 and 怎么改 at the end. It can be
/// corrected and sent in again as it is: the two columns are ignored.
///
/// Text is written as text, also when it begins with `=`. `on` is the day it is made.
pub fn return_file(head: &[Row], rejects: &[Reject], on: Day) -> Result<Vec<u8>, XlsxError> {
    let red = Color::RGB(0x00FF_C7CE);
    let text = Format::new().set_num_format("@");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let looks = Looks {
        bad: text.clone().set_background_color(red),
        bad_day: day.clone().set_background_color(red),
        header: text.clone().set_bold(),
        advice: text.clone().set_text_wrap().set_align(FormatAlign::Top),
        text,
        day,
    };
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&date(on)?));
    let sheet = workbook.add_worksheet();
    sheet.set_name("退回")?;
    let rows = head.iter().chain(rejects.iter().map(|reject| &reject.row));
    let width = rows.map(|row| row.cells.len()).max().unwrap_or(0);
    let (reason, remedy) = (column(width), column(width + 1));
    let mut line = 0;
    for row in head {
        for (at, cell) in row.cells.iter().enumerate() {
            put(sheet, line, column(at), cell, &looks.header, &looks.day)?;
        }
        line += 1;
    }
    let titles = line.saturating_sub(1);
    sheet.write_string_with_format(titles, reason, "原因", &looks.header)?;
    sheet.write_string_with_format(titles, remedy, "怎么改", &looks.header)?;
    line = line.max(1);
    sheet.set_freeze_panes(line, 0)?;
    for reject in rejects {
        for at in 0..reject.row.cells.len().max(reject.fault.place.map_or(0, |at| at + 1)) {
            let bad = reject.fault.place == Some(at);
            let (text, day) =
                if bad { (&looks.bad, &looks.bad_day) } else { (&looks.text, &looks.day) };
            put(sheet, line, column(at), reject.row.cell(at), text, day)?;
        }
        let why = format!("原第 {} 行：{}", reject.row.number, reject.fault.reason);
        sheet.write_string_with_format(line, reason, why, &looks.advice)?;
        sheet.write_string_with_format(line, remedy, &reject.fault.remedy, &looks.advice)?;
        line += 1;
    }
    for at in 0..width {
        sheet.set_column_width(column(at), 20)?;
    }
    sheet.set_column_width(reason, 48)?;
    sheet.set_column_width(remedy, 48)?;
    workbook.save_to_buffer()
}

fn column(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: i8| number.unsigned_abs();
    ExcelDateTime::from_ymd(day.year().unsigned_abs(), part(day.month_number()), part(day.day()))
}

/// Numbers of up to 11 digits stay numbers; longer ones are identifiers and become text.
const LONGEST_NUMBER: f64 = 1e11;

fn put(
    sheet: &mut Worksheet,
    line: u32,
    at: u16,
    cell: &Cell,
    text: &Format,
    day: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(line, at, text)?,
        Cell::Number(number) if number.abs() < LONGEST_NUMBER => sheet.write_number_with_format(
            line,
            at,
            *number,
            &text.clone().set_num_format("General"),
        )?,
        // A spreadsheet has no days before 1900.
        Cell::Date(it) if it.year() >= 1900 => {
            sheet.write_datetime_with_format(line, at, date(*it)?, day)?
        }
        other => sheet.write_string_with_format(line, at, other.as_text(), text)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests;
