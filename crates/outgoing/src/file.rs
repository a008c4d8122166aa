//! The bytes of an outgoing file. The same rows give the same bytes.

use encoding_rs::GB18030;
use kernel::{Day, Trouble};
use rust_xlsxwriter::Format;
use serde_json::{Map, Value};

use crate::layout::{OutEncoding, OutFormat, OutLayout};
use crate::rows::{Out, OutRow, text_of};
use crate::workbook::{Cell, Formats, book, write_cell};

/// The file of these rows.
pub fn bytes(layout: &OutLayout, rows: &[OutRow], today: Day) -> Result<Vec<u8>, Trouble> {
    match layout.format {
        OutFormat::Csv => csv(layout, rows),
        OutFormat::Xlsx => xlsx(layout, rows, today),
        OutFormat::JsonLines => json_lines(layout, rows),
    }
}

fn csv(layout: &OutLayout, rows: &[OutRow]) -> Result<Vec<u8>, Trouble> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(layout.columns.iter().map(|it| &it.header)).map_err(Trouble::fault)?;
    for row in rows {
        writer.write_record(row.cells.iter().map(text_of)).map_err(Trouble::fault)?;
    }
    let bytes = writer.into_inner().map_err(|error| Trouble::fault(error.to_string()))?;
    match layout.encoding {
        OutEncoding::Utf8 => Ok(bytes),
        OutEncoding::Gb18030 => {
            let text = String::from_utf8(bytes).map_err(Trouble::fault)?;
            // GB 18030 has a code for every sign.
            Ok(GB18030.encode(&text).0.into_owned())
        }
    }
}

fn xlsx(layout: &OutLayout, rows: &[OutRow], today: Day) -> Result<Vec<u8>, Trouble> {
    let mut workbook = book(today);
    let bold = Format::new().set_bold();
    let formats = Formats::new();
    let sheet = workbook.add_worksheet();
    for (place, column) in (0_u16..).zip(&layout.columns) {
        sheet
            .write_string_with_format(0, place, &column.header, &bold)
            .and_then(|sheet| sheet.set_column_width(place, 16))
            .map_err(Trouble::fault)?;
    }
    for (line, row) in (1_u32..).zip(rows) {
        for (place, cell) in (0_u16..).zip(&row.cells) {
            let cell = match cell {
                Out::Empty => Cell::Empty,
                Out::Money(sum) => Cell::Money(*sum),
                Out::Day(day) => Cell::Day(*day),
                Out::Whole(number) => match u64::try_from(*number) {
                    Ok(count) => Cell::Count(count),
                    Err(_) => Cell::Text(number.to_string()),
                },
                Out::Text(text) => Cell::Text(text.clone()),
            };
            write_cell(sheet, (line, place), &cell, &formats).map_err(Trouble::fault)?;
        }
    }
    workbook.save_to_buffer().map_err(Trouble::fault)
}

fn json_lines(layout: &OutLayout, rows: &[OutRow]) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    for row in rows {
        let object: Map<String, Value> = layout
            .columns
            .iter()
            .zip(&row.cells)
            .map(|(column, cell)| {
                let value = match cell {
                    Out::Empty => Value::Null,
                    Out::Whole(number) => Value::from(*number),
                    other => Value::String(text_of(other)),
                };
                (column.header.clone(), value)
            })
            .collect();
        serde_json::to_writer(&mut bytes, &object).map_err(Trouble::fault)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}
