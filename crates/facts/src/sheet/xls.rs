//! Workbooks of Excel 97–2003. Their reader holds a whole sheet in memory, which the limits of
//! the child process bound.

use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{Data, Reader, SheetType, SheetVisible, Xls, XlsError};
use kernel::Refusal;

use super::detect::encrypted;
use super::limits::Meter;
use super::xlsx::{day, give, written};
use super::{Cell, Epoch, Format, HEAD_ROWS, Limits, Peek, SheetHead, Sink, damaged};

type Workbook = Xls<Cursor<Vec<u8>>>;

pub(super) fn peek(bytes: Vec<u8>, limits: &Limits) -> Result<Peek, Refusal> {
    let mut book = open(bytes)?;
    let epoch = if book.has_1904_epoch() { Epoch::From1904 } else { Epoch::From1900 };
    let mut sheets = Vec::new();
    for (name, hidden) in sheet_names(&book).into_iter().take(limits.sheets) {
        let mut head = Vec::new();
        let mut meter = Meter::new(limits);
        let rows_estimate = rows(&mut book, &name, &mut meter, &mut |row| {
            head.push(row);
            if head.len() < HEAD_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        sheets.push(SheetHead { name, hidden, rows_estimate, head });
    }
    Ok(Peek { format: Format::Xls, encoding: None, epoch, sheets })
}

pub(super) fn read(
    bytes: Vec<u8>,
    sheet: usize,
    meter: &mut Meter<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Refusal> {
    let mut book = open(bytes)?;
    let (name, _) = sheet_names(&book).into_iter().nth(sheet).ok_or_else(damaged)?;
    rows(&mut book, &name, meter, sink).map(|_| ())
}

fn open(bytes: Vec<u8>) -> Result<Workbook, Refusal> {
    Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => encrypted(),
        _ => damaged(),
    })
}

fn sheet_names(book: &Workbook) -> Vec<(String, bool)> {
    book.sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect()
}

/// Gives the rows of a sheet; returns the number of its last row.
fn rows(
    book: &mut Workbook,
    name: &str,
    meter: &mut Meter<'_>,
    sink: &mut Sink<'_>,
) -> Result<u32, Refusal> {
    let range = book.worksheet_range(name).map_err(|_| damaged())?;
    let Some((first_row, first_column)) = range.start() else { return Ok(0) };
    let last = range.end().map_or(0, |(row, _)| row + 1);
    for (offset, row) in (0_u32..).zip(range.rows()) {
        let mut cells = vec![Cell::Empty; first_column as usize];
        cells.extend(row.iter().map(value));
        if give(first_row + offset, &mut cells, meter, sink)?.is_break() {
            break;
        }
    }
    Ok(last)
}

#[expect(clippy::cast_precision_loss, reason = "a whole number of a workbook is within 2^31")]
fn value(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => Cell::Number(*number as f64),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => written(text),
        Data::Bool(yes) => Cell::Bool(*yes),
        Data::DateTime(moment) if moment.is_duration() => Cell::Number(moment.as_f64()),
        Data::DateTime(moment) => day(moment),
        Data::Error(error) => Cell::Error(error.to_string()),
    }
}
