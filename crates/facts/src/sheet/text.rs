//! Text with delimiters. The encoding is never guessed: strictly UTF-8, else strictly GB18030,
//! else refused, because a wrong guess turns 张三 into 寮犱笁 without an error.

use std::borrow::Cow;
use std::ops::ControlFlow;

use encoding_rs::{DecoderResult, GB18030};
use kernel::Refusal;

use super::limits::Meter;
use super::xlsx::{give, written};
use super::{
    Cell, Encoding, Epoch, Format, HEAD_ROWS, Limits, Peek, Row, SheetHead, Sink, damaged,
};

const BOM: &[u8] = b"\xEF\xBB\xBF";
/// So many Chinese characters that read well say that a text means to be UTF-8.
const SURE_CHARACTERS: usize = 4;

pub(super) fn peek(bytes: &[u8], limits: &Limits) -> Result<Peek, Refusal> {
    let (text, encoding) = decode(bytes)?;
    let mut head = Vec::new();
    rows(&text, &mut Meter::new(limits), &mut |row| {
        head.push(row);
        if head.len() < HEAD_ROWS { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let rows_estimate = u32::try_from(text.lines().count()).unwrap_or(u32::MAX);
    let sheets = vec![SheetHead { name: String::new(), hidden: false, rows_estimate, head }];
    Ok(Peek { format: Format::Csv, encoding: Some(encoding), epoch: Epoch::From1900, sheets })
}

pub(super) fn read(
    bytes: &[u8],
    meter: &mut Meter<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Refusal> {
    let (text, _) = decode(bytes)?;
    rows(&text, meter, sink)
}

/// The text and its encoding, or the line of the first byte that fits neither.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), Refusal> {
    let (plain, marked) = bytes.strip_prefix(BOM).map_or((bytes, false), |plain| (plain, true));
    let wrong = match std::str::from_utf8(plain) {
        Ok(text) => return Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Err(error) => error.valid_up_to(),
    };
    let valid = std::str::from_utf8(&plain[..wrong]).unwrap_or_default();
    if marked || valid.chars().filter(|c| c.len_utf8() > 2).count() >= SURE_CHARACTERS {
        return Err(unreadable(plain, wrong, "UTF-8"));
    }
    let mut text = String::new();
    text.reserve(plain.len() + plain.len() / 2 + 16);
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    match decoder.decode_to_string_without_replacement(plain, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok((Cow::Owned(text), Encoding::Gb18030)),
        (DecoderResult::OutputFull, _) => Err(damaged()),
        (DecoderResult::Malformed(..), at) => {
            Err(unreadable(plain, at.saturating_sub(1).max(wrong), "UTF-8，也不是 GB18030"))
        }
    }
}

fn unreadable(bytes: &[u8], at: usize, encoding: &str) -> Refusal {
    let line = bytes[..at.min(bytes.len())].split(|byte| *byte == b'\n').count();
    Refusal::new(
        format!("第 {line} 行有读不出的字符，文件不是完整的 {encoding} 编码。"),
        "请用 WPS 或 Excel 打开原文件，另存为 .xlsx 或“CSV UTF-8”后重新报送。",
    )
}

fn rows(text: &str, meter: &mut Meter<'_>, sink: &mut Sink<'_>) -> Result<(), Refusal> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    // A spreadsheet counts a quoted cell of three lines as one row.
    let mut lines_within = 0;
    // Rows of nothing but delimiters: the sender's when more follows, padding at the end.
    let mut blank: Vec<u32> = Vec::new();
    loop {
        if !reader.read_record(&mut record).map_err(|_| damaged())? {
            return Ok(());
        }
        let start = record.position().map_or((0, 1), |at| (at.byte(), at.line()));
        let line = start.1 + blank_lines(text, start.0);
        let number = u32::try_from(line.saturating_sub(1 + lines_within)).unwrap_or(u32::MAX - 1);
        let mut cells: Vec<Cell> = record.iter().map(written).collect();
        lines_within += record.iter().map(newlines).sum::<u64>();
        if cells.iter().all(Cell::is_blank) {
            blank.extend((cells.len() > 1).then_some(number + 1));
            continue;
        }
        for number in blank.drain(..) {
            let row = Row { number, cells: Vec::new() };
            meter.count(&row)?;
            if sink(row).is_break() {
                return Ok(());
            }
        }
        if give(number, &mut cells, meter, sink)?.is_break() {
            return Ok(());
        }
    }
}

/// Empty lines before a record: the reader skips them, a spreadsheet counts them.
fn blank_lines(text: &str, byte: u64) -> u64 {
    let rest = usize::try_from(byte).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    rest.bytes().take_while(|b| matches!(b, b'\r' | b'\n')).filter(|b| *b == b'\n').count() as u64
}

fn newlines(text: &str) -> u64 {
    text.matches('\n').count() as u64
}

/// The sign that cuts most of the first lines into the same number of cells, and more of them.
fn delimiter(text: &str) -> u8 {
    let sample: String = text.lines().take(HEAD_ROWS).flat_map(|line| [line, "\n"]).collect();
    let score = |sign: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(sign)
            .from_reader(sample.as_bytes());
        let widths: Vec<usize> =
            reader.records().filter_map(Result::ok).map(|record| record.len()).collect();
        let same = |width: usize| widths.iter().filter(|it| **it == width).count();
        widths.iter().filter(|width| **width > 1).map(|w| (same(*w), *w)).max()
    };
    let mut best = (None, b',');
    for sign in [b',', b'\t', b';'] {
        let found = score(sign);
        if found > best.0 {
            best = (found, sign);
        }
    }
    best.1
}
