use std::time::Duration;

use kernel::Refusal;
use serde::{Deserialize, Serialize};

use super::{Cell, Row};

/// 读取上限: what a file may ask of this machine.
///
/// The default holds a county's files several times over; [`Limits::city`] holds a full sheet of
/// a million rows. Nothing is unlimited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of the file as it arrives.
    pub file_bytes: u64,
    /// Entries of a workbook's archive.
    pub zip_entries: usize,
    /// Bytes of the archive when unpacked.
    pub unpacked_bytes: u64,
    /// Unpacked bytes for one packed byte.
    pub unpacked_ratio: u64,
    /// Rows that are not empty, in one sheet.
    pub rows: u32,
    /// Columns in use.
    pub columns: usize,
    /// Cells that are not empty, in one sheet.
    pub cells: u64,
    /// Bytes of text in one cell.
    pub cell_bytes: usize,
    /// Bytes of text in all cells of one sheet.
    pub text_bytes: u64,
    /// Sheets of a workbook.
    pub sheets: usize,
    /// Seconds of processor time; by the clock it is [`Limits::patience`].
    pub seconds: u64,
    /// Bytes of memory that the child may take beyond its own program.
    pub memory_bytes: u64,
}

const MIB: u64 = 1 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 * MIB,
            zip_entries: 1_000,
            unpacked_bytes: 512 * MIB,
            unpacked_ratio: 200,
            rows: 300_000,
            columns: 256,
            cells: 6_000_000,
            cell_bytes: 128 << 10,
            text_bytes: 256 * MIB,
            sheets: 64,
            seconds: 60,
            memory_bytes: 768 * MIB,
        }
    }
}

impl Limits {
    /// How long the child may take by the clock: four times its processor time, for a machine that
    /// is busy with something else, and for whoever reads the rows more slowly than they come.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.seconds.saturating_mul(4))
    }

    /// Limits for a file of a city: a sheet filled to its last row.
    pub fn city() -> Self {
        Self {
            file_bytes: 512 * MIB,
            unpacked_bytes: 4096 * MIB,
            rows: 1_048_576,
            cells: 40_000_000,
            text_bytes: 2048 * MIB,
            seconds: 600,
            memory_bytes: 4096 * MIB,
            ..Self::default()
        }
    }
}

/// Counts what one sheet has used.
pub(crate) struct Meter<'a> {
    pub(crate) limits: &'a Limits,
    rows: u32,
    cells: u64,
    text_bytes: u64,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self { limits, rows: 0, cells: 0, text_bytes: 0 }
    }

    /// Counts a row, or refuses it.
    pub(crate) fn count(&mut self, row: &Row) -> Result<(), Refusal> {
        self.rows += 1;
        if self.rows > self.limits.rows {
            return Err(too_many("行数", u64::from(self.limits.rows)));
        }
        if row.cells.len() > self.limits.columns {
            return Err(too_wide(row.number, row.cells.len(), self.limits.columns));
        }
        for cell in &row.cells {
            self.cells += u64::from(!matches!(cell, Cell::Empty));
            if let Cell::Text(text) = cell {
                self.text_bytes += text.len() as u64;
                if text.len() > self.limits.cell_bytes {
                    return Err(Refusal::new(
                        format!("第 {} 行有一个单元格过长，可能是引号没有成对。", row.number),
                        "请检查这一行的引号和内容后重新报送。",
                    ));
                }
            }
        }
        if self.cells > self.limits.cells {
            return Err(too_many("单元格数", self.limits.cells));
        }
        if self.text_bytes > self.limits.text_bytes {
            return Err(too_big("表内文字", self.limits.text_bytes));
        }
        Ok(())
    }
}

pub(crate) fn too_big(what: &str, bytes: u64) -> Refusal {
    Refusal::new(format!("{what}超过上限 {} MB。", bytes / MIB), "请按乡镇拆成几份后分别报送。")
}

fn too_many(what: &str, limit: u64) -> Refusal {
    Refusal::new(format!("表内{what}超过上限 {limit}。"), "请按乡镇拆成几份后分别报送。")
}

pub(crate) fn too_wide(row: u32, columns: usize, limit: usize) -> Refusal {
    Refusal::new(
        format!("第 {row} 行用到了第 {columns} 列，超过上限 {limit} 列。"),
        "请删除表格右侧多余的内容后重新报送。",
    )
}
