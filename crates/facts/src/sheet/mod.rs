//! 部门文件: reads spreadsheets that others send, and takes none of them on trust.
//!
//! What a file is follows from its content, never from its name. Sizes are checked before
//! anything is unpacked, rows are streamed, and every limit is stated in [`Limits`]. The parsers
//! run in a child process ([`SheetProcess`]) with limits on memory and time of its own, so that
//! the worst file ends the child and gives a sentence; [`peek`] and [`read`] are what runs inside.

mod cell;
mod detect;
mod limits;
mod process;
mod text;
mod wire;
mod xls;
mod xlsx;

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use kernel::Refusal;
use serde::{Deserialize, Serialize};

pub use cell::{Cell, Row};
pub use limits::Limits;
pub use process::{SheetProcess, Stop, child_main};

use limits::Meter;

/// How many rows of a sheet are looked at to find its header.
pub const HEAD_ROWS: usize = 30;

/// 文件格式: what a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Office Open XML workbook.
    Xlsx,
    /// Excel 97–2003 workbook.
    Xls,
    /// Text with delimiters.
    Csv,
}

/// 字符编码: how a text file writes its characters. Workbooks say it themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    #[serde(rename = "UTF-8")]
    Utf8,
    /// GB18030, the superset of GBK and GB2312.
    #[serde(rename = "GB18030")]
    Gb18030,
}

/// The day that a workbook counts its serial days from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Epoch {
    /// Day 1 is 1900-01-01, with a 29 February 1900 that never was.
    #[default]
    From1900,
    /// Day 0 is 1904-01-01.
    From1904,
}

/// What a file shows at first sight.
#[derive(Clone, Debug, PartialEq)]
pub struct Peek {
    /// What it is.
    pub format: Format,
    /// Its characters, when it is text.
    pub encoding: Option<Encoding>,
    /// What bare serial days count from.
    pub epoch: Epoch,
    /// Its sheets in their order; a text file has one.
    pub sheets: Vec<SheetHead>,
}

/// 工作表: one sheet at first sight.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetHead {
    /// Its name, empty for a text file.
    pub name: String,
    /// Whether the sender sees it.
    pub hidden: bool,
    /// How many rows it says to have; for progress only, never for allocation.
    pub rows_estimate: u32,
    /// Its first rows that are not empty, at most [`HEAD_ROWS`].
    pub head: Vec<Row>,
}

/// Takes the rows of a sheet one by one; may break off.
pub type Sink<'a> = dyn FnMut(Row) -> ControlFlow<()> + 'a;

/// 初看: what the file is and how each of its sheets begins.
///
/// To be called inside of the child process: a hostile workbook may end the process.
pub fn peek(path: &Path, limits: &Limits) -> Result<Peek, Refusal> {
    let bytes = load(path, limits)?;
    match detect::format_of(&bytes, limits)? {
        Format::Xlsx => xlsx::peek(&bytes, limits),
        Format::Xls => xls::peek(bytes, limits),
        Format::Csv => text::peek(&bytes, limits),
    }
}

/// 逐行读取: gives the non-empty rows of one sheet to `sink`, in order.
///
/// To be called inside of the child process: a hostile workbook may end the process.
pub fn read(
    path: &Path,
    sheet: usize,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> Result<(), Refusal> {
    let bytes = load(path, limits)?;
    let mut meter = Meter::new(limits);
    match detect::format_of(&bytes, limits)? {
        Format::Xlsx => xlsx::read(&bytes, sheet, &mut meter, sink),
        Format::Xls => xls::read(bytes, sheet, &mut meter, sink),
        Format::Csv => text::read(&bytes, &mut meter, sink),
    }
}

fn load(path: &Path, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let unreadable = |_| Refusal::new("文件读不出来。", "请重新上传；仍不行时请换一份文件。");
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limits.file_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.is_empty() {
        return Err(Refusal::new("文件是空的。", "请核对后重新导出报送。"));
    }
    if bytes.len() as u64 > limits.file_bytes {
        return Err(limits::too_big("文件", limits.file_bytes));
    }
    Ok(bytes)
}

/// The refusal of a file that begins well and cannot be read to its end.
fn damaged() -> Refusal {
    Refusal::new(
        "文件已损坏或不完整，不能读出全部内容。",
        "请用 WPS 或 Excel 打开原文件，另存为 .xlsx 后重新报送。",
    )
}

#[cfg(test)]
mod tests;
