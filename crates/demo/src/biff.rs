use std::io::{self, Cursor, Write};
use std::time::SystemTime;

use crate::dirt::{Cell, serial};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CODE_PAGE: u16 = 0x0042;
const WINDOW1: u16 = 0x003D;
const FONT: u16 = 0x0031;
const XF: u16 = 0x00E0;
const STYLE: u16 = 0x0293;
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const MERGED: u16 = 0x00E5;
const WINDOW2: u16 = 0x023E;

/// Format of a plain cell and of a day (built-in number format 14): positions among the XFs.
const PLAIN: u16 = 15;
const DATE: u16 = 16;

/// An old `.xls` workbook (BIFF8 in an OLE2 container) of one sheet. The first row is a title
/// over all columns.
pub(crate) fn workbook(sheet_name: &str, rows: &[Vec<Cell>]) -> io::Result<Vec<u8>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut stream = Vec::new();
    globals(&mut stream, sheet_name);
    sheet(&mut stream, rows, width);
    container(&[("/Workbook", &stream)])
}

/// An OLE2 container with these streams, whose bytes do not depend on the moment of writing.
pub(crate) fn container(streams: &[(&str, &[u8])]) -> io::Result<Vec<u8>> {
    // Version 3, as the old programs wrote it: sectors of 512 bytes.
    let inner = Cursor::new(Vec::new());
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, inner)?;
    for (path, content) in streams {
        file.create_stream(path)?.write_all(content)?;
    }
    file.set_created_time("/", SystemTime::UNIX_EPOCH)?;
    file.set_modified_time("/", SystemTime::UNIX_EPOCH)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

fn globals(stream: &mut Vec<u8>, sheet_name: &str) {
    record(stream, BOF, &bof(0x0005));
    record(stream, CODE_PAGE, &words(&[1200]));
    record(stream, WINDOW1, &words(&[0, 0, 0x4000, 0x2000, 0x38, 0, 0, 1, 600]));
    for _ in 0..4 {
        let mut font = words(&[220, 0, 0x7FFF, 400, 0, 0, 0]);
        short_text(&mut font, "宋体");
        record(stream, FONT, &font);
    }
    // Fifteen style formats and the plain cell, as every writer of the format begins.
    for n in 0..=DATE {
        let (number_format, parent) = match n {
            DATE => (14, 0x0001),
            PLAIN => (0, 0x0001),
            _ => (0, 0xFFF5),
        };
        let body = words(&[0, number_format, parent, 0x0020, 0, 0, 0, 0, 0, 0x20C0]);
        record(stream, XF, &body);
    }
    record(stream, STYLE, &words(&[0x8000, 0xFF00]));
    // The sheet begins after this record, whose length does not depend on the offset, and EOF.
    let mut bound = vec![0; 6];
    short_text(&mut bound, sheet_name);
    let start = stream.len() + 4 + bound.len() + 4;
    bound[..4].copy_from_slice(&u32::try_from(start).expect("a small file").to_le_bytes());
    record(stream, BOUND_SHEET, &bound);
    record(stream, EOF, &[]);
}

fn sheet(stream: &mut Vec<u8>, rows: &[Vec<Cell>], width: usize) {
    let width = u16::try_from(width).expect("at most 256 columns");
    let height = u16::try_from(rows.len()).expect("at most 65,536 rows");
    record(stream, BOF, &bof(0x0010));
    let mut dimensions = Vec::new();
    dimensions.extend(0_u32.to_le_bytes());
    dimensions.extend(u32::from(height).to_le_bytes());
    dimensions.extend(words(&[0, width, 0]));
    record(stream, DIMENSIONS, &dimensions);
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            let number = |stream: &mut Vec<u8>, format, value: f64| {
                let mut body = words(&[row, column, format]);
                body.extend(value.to_le_bytes());
                record(stream, NUMBER, &body);
            };
            match cell {
                Cell::Empty => {}
                Cell::Number(value) => number(stream, PLAIN, *value),
                Cell::Serial(day) => number(stream, DATE, serial(*day)),
                Cell::Text(text) => {
                    let mut body = words(&[row, column, PLAIN]);
                    let units: Vec<u16> = text.encode_utf16().collect();
                    let length = u16::try_from(units.len()).expect("a short text");
                    body.extend(length.to_le_bytes());
                    body.push(1);
                    body.extend(words(&units));
                    record(stream, LABEL, &body);
                }
            }
        }
    }
    record(stream, WINDOW2, &words(&[0x06B6, 0, 0, 64, 0, 0, 0, 0, 0]));
    record(stream, MERGED, &words(&[1, 0, 0, 0, width - 1]));
    record(stream, EOF, &[]);
}

fn bof(kind: u16) -> Vec<u8> {
    words(&[0x0600, kind, 0x0DBB, 0x07CC, 0x00C1, 0x0000, 0x0006, 0x0000])
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A text with a length of one byte, in UTF-16.
fn short_text(body: &mut Vec<u8>, text: &str) {
    let units: Vec<u16> = text.encode_utf16().collect();
    body.push(u8::try_from(units.len()).expect("a short name"));
    body.push(1);
    body.extend(words(&units));
}

fn record(stream: &mut Vec<u8>, kind: u16, body: &[u8]) {
    stream.extend(kind.to_le_bytes());
    stream.extend(u16::try_from(body.len()).expect("a short record").to_le_bytes());
    stream.extend(body);
}
