//! What the child writes and the parent reads: frames of a length, a tag and a body. Numbers
//! travel as their eight bytes, because text would round them.

use std::io::{self, Read, Write};

use kernel::{Day, Refusal};
use serde::{Deserialize, Serialize};

use super::{Cell, Encoding, Epoch, Format, Row};

/// One message of the child.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Frame {
    /// What the file is.
    Book(Book),
    /// A sheet begins; the rows of its head follow.
    Sheet(Sheet),
    /// A row.
    Row(Row),
    /// The file is not taken.
    Refused(Refusal),
    /// All is said. A stream without it broke off.
    End,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Book {
    pub(super) format: Format,
    pub(super) encoding: Option<Encoding>,
    pub(super) epoch: Epoch,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) hidden: bool,
    pub(super) rows_estimate: u32,
}

/// No frame of an honest child is longer than its longest row.
const LONGEST: usize = 64 << 20;

pub(super) fn write(out: &mut dyn Write, frame: &Frame) -> io::Result<()> {
    let mut body = Vec::with_capacity(256);
    match frame {
        Frame::Book(book) => json(b'B', book, &mut body)?,
        Frame::Sheet(sheet) => json(b'S', sheet, &mut body)?,
        Frame::Refused(refusal) => {
            json(b'X', &(&refusal.sentence, &refusal.remedy), &mut body)?;
        }
        Frame::End => body.push(b'E'),
        Frame::Row(row) => {
            body.push(b'R');
            body.extend(row.number.to_le_bytes());
            for cell in &row.cells {
                put(cell, &mut body);
            }
        }
    }
    let length = u32::try_from(body.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&body)
}

fn json<T: Serialize>(tag: u8, value: &T, body: &mut Vec<u8>) -> io::Result<()> {
    body.push(tag);
    Ok(serde_json::to_writer(body, value)?)
}

fn put(cell: &Cell, body: &mut Vec<u8>) {
    let mut text = |tag: u8, text: &str| {
        body.push(tag);
        // A cell's text is limited far below 4 GiB before it gets here.
        body.extend(u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
        body.extend(text.as_bytes());
    };
    match cell {
        Cell::Text(it) => text(b't', it),
        Cell::Error(it) => text(b'!', it),
        Cell::Date(day) => text(b'd', &day.to_string()),
        Cell::Number(number) => {
            body.push(b'n');
            body.extend(number.to_le_bytes());
        }
        Cell::Empty => body.push(b'-'),
        Cell::Bool(yes) => body.push(if *yes { b'1' } else { b'0' }),
    }
}

pub(super) fn read(input: &mut dyn Read) -> io::Result<Frame> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length == 0 || length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body)?;
    let (tag, rest) = (body[0], &body[1..]);
    Ok(match tag {
        b'B' => Frame::Book(serde_json::from_slice(rest)?),
        b'S' => Frame::Sheet(serde_json::from_slice(rest)?),
        b'X' => {
            let (sentence, remedy): (String, String) = serde_json::from_slice(rest)?;
            Frame::Refused(Refusal { sentence, remedy })
        }
        b'E' => Frame::End,
        b'R' => Frame::Row(row(rest)?),
        _ => return Err(io::ErrorKind::InvalidData.into()),
    })
}

fn row(mut rest: &[u8]) -> io::Result<Row> {
    let number = u32::from_le_bytes(take(&mut rest)?);
    let mut cells = Vec::with_capacity(16);
    while !rest.is_empty() {
        let [tag] = take(&mut rest)?;
        cells.push(match tag {
            b'-' => Cell::Empty,
            b'0' | b'1' => Cell::Bool(tag == b'1'),
            b'n' => Cell::Number(f64::from_le_bytes(take(&mut rest)?)),
            b't' => Cell::Text(text(&mut rest)?),
            b'!' => Cell::Error(text(&mut rest)?),
            b'd' => Cell::Date(text(&mut rest)?.parse::<Day>().map_err(io::Error::other)?),
            _ => return Err(io::ErrorKind::InvalidData.into()),
        });
    }
    Ok(Row { number, cells })
}

fn take<const N: usize>(rest: &mut &[u8]) -> io::Result<[u8; N]> {
    let (first, after) = rest.split_first_chunk::<N>().ok_or(io::ErrorKind::UnexpectedEof)?;
    *rest = after;
    Ok(*first)
}

fn text(rest: &mut &[u8]) -> io::Result<String> {
    let length = u32::from_le_bytes(take(rest)?) as usize;
    let (first, after) = rest.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
    *rest = after;
    String::from_utf8(first.to_vec()).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    fn cell() -> impl Strategy<Value = Cell> {
        prop_oneof![
            Just(Cell::Empty),
            any::<String>().prop_map(Cell::Text),
            any::<f64>().prop_filter("equal to itself", |n| !n.is_nan()).prop_map(Cell::Number),
            any::<bool>().prop_map(Cell::Bool),
            (0_i64..80_000).prop_map(|days| {
                Cell::Date(Day::new(1900, 1, 1).expect("a day").plus_days(days))
            }),
        ]
    }

    proptest! {
        #[test]
        fn what_the_child_writes_the_parent_reads(
            rows in vec((any::<u32>(), vec(cell(), 0..6)), 0..6),
        ) {
            let frames: Vec<Frame> = rows
                .into_iter()
                .map(|(number, cells)| Frame::Row(Row { number, cells }))
                .chain([Frame::Refused(Refusal::new("不行。", "请重来。")), Frame::End])
                .collect();
            let mut bytes = Vec::new();
            for frame in &frames {
                write(&mut bytes, frame).expect("a vector takes everything");
            }
            let mut input = bytes.as_slice();
            for frame in frames {
                prop_assert_eq!(read(&mut input).expect("a frame"), frame);
            }
        }

        #[test]
        fn noise_is_an_error_and_no_panic(bytes in vec(any::<u8>(), 0..200)) {
            let mut input = bytes.as_slice();
            while read(&mut input).is_ok() {}
        }
    }
}
