//! Workbooks of today, cell by cell. The declared size of a sheet is never believed: the reader
//! of whole ranges would ask for 512 GiB for two cells.

use std::io::Cursor;
use std::ops::ControlFlow;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use kernel::{Day, Refusal};

use super::detect::encrypted;
use super::limits::{Meter, too_wide};
use super::{Cell, Epoch, Format, HEAD_ROWS, Limits, Peek, Row, SheetHead, Sink, damaged};

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(super) fn peek(bytes: &[u8], limits: &Limits) -> Result<Peek, Refusal> {
    let mut book = open(bytes)?;
    let epoch = if book.has_1904_epoch() { Epoch::From1904 } else { Epoch::From1900 };
    let mut sheets = Vec::new();
    for (name, hidden) in sheet_names(&book).into_iter().take(limits.sheets) {
        let mut head = Vec::new();
        let mut meter = Meter::new(limits);
        let said = rows(&mut book, &name, &mut meter, &mut |row| {
            head.push(row);
            if head.len() < HEAD_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let rows_estimate = said.max(head.last().map_or(0, |row| row.number));
        sheets.push(SheetHead { name, hidden, rows_estimate, head });
    }
    Ok(Peek { format: Format::Xlsx, encoding: None, epoch, sheets })
}

pub(super) fn read(
    bytes: &[u8],
    sheet: usize,
    meter: &mut Meter<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Refusal> {
    let mut book = open(bytes)?;
    let (name, _) = sheet_names(&book).into_iter().nth(sheet).ok_or_else(damaged)?;
    rows(&mut book, &name, meter, sink).map(|_| ())
}

fn open(bytes: &[u8]) -> Result<Workbook<'_>, Refusal> {
    Xlsx::new(Cursor::new(bytes)).map_err(|error| refusal(&error))
}

fn refusal(error: &XlsxError) -> Refusal {
    if matches!(error, XlsxError::Password) { encrypted() } else { damaged() }
}

fn sheet_names(book: &Workbook<'_>) -> Vec<(String, bool)> {
    book.sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect()
}

/// Streams the rows of a sheet; gives the number of rows that the sheet says to have.
fn rows(
    book: &mut Workbook<'_>,
    name: &str,
    meter: &mut Meter<'_>,
    sink: &mut Sink<'_>,
) -> Result<u32, Refusal> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|error| refusal(&error))?;
    let said = reader.dimensions().end.0.saturating_add(1);
    let (mut number, mut cells) = (0_u32, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|error| refusal(&error))? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        if matches!(value, Cell::Empty) {
            continue;
        }
        if row < number {
            // Rows out of order would give some of them twice.
            return Err(damaged());
        }
        if row > number {
            if give(number, &mut cells, meter, sink)?.is_break() {
                return Ok(said);
            }
            number = row;
        }
        let column = column as usize;
        if column >= meter.limits.columns {
            return Err(too_wide(row + 1, column + 1, meter.limits.columns));
        }
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = value;
    }
    give(number, &mut cells, meter, sink).map(|_| said)
}

pub(super) fn give(
    number: u32,
    cells: &mut Vec<Cell>,
    meter: &mut Meter<'_>,
    sink: &mut Sink<'_>,
) -> Result<ControlFlow<()>, Refusal> {
    let Some(row) = Row::trimmed(number + 1, std::mem::take(cells)) else {
        return Ok(ControlFlow::Continue(()));
    };
    meter.count(&row)?;
    Ok(sink(row))
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::SharedString(text) => written(text),
        DataRef::Bool(yes) => Cell::Bool(*yes),
        DataRef::DateTime(moment) if moment.is_duration() => Cell::Number(moment.as_f64()),
        DataRef::DateTime(moment) => day(moment),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            written(text)
        }
        DataRef::Error(error) => Cell::Error(error.to_string()),
    }
}

pub(super) fn written(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

/// The day of a cell that is formatted as one. Day 60 of the epoch 1900 is a 29 February that
/// never was: it stays text and is refused where a day is wanted.
pub(super) fn day(moment: &calamine::ExcelDateTime) -> Cell {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let real = || {
        let (year, month) = (i16::try_from(year).ok()?, i8::try_from(month).ok()?);
        Day::new(year, month, i8::try_from(day).ok()?)
    };
    // Below 1 there is a time of day and no day.
    if moment.as_f64() < 1.0 {
        return Cell::Number(moment.as_f64());
    }
    real().map_or_else(|| Cell::Text(format!("{year:04}-{month:02}-{day:02}")), Cell::Date)
}
