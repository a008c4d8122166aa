use std::collections::HashSet;

use kernel::Day;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::dirt::{Cell, Entry, Hopeless, Index, Soiler};
use crate::numbers::FileDirt;
use crate::people::{Person, Roll};
use crate::police;
use crate::truth::{FileTruth, RowTruth};
use crate::{DemoFile, biff};

/// How a department saves its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Book {
    /// `.xlsx`; a sheet of notes with these lines stands before the data when there are any.
    Xlsx(&'static [&'static str]),
    /// `.xls`, with a title and a header of one line.
    Xls,
    /// csv in GB18030.
    Gb18030,
    /// csv in UTF-8 with a mark in front.
    Utf8,
    /// csv in GB18030 with semicolons.
    Semicolons,
}

/// A department's file but for its rows.
pub(crate) struct Table {
    pub(crate) supplier: &'static str,
    pub(crate) file_name: String,
    pub(crate) as_of: Day,
    pub(crate) book: Book,
    pub(crate) sheet: &'static str,
    /// Lines above the header, the title first; csv files have none.
    pub(crate) above: Vec<String>,
    /// Groups of columns; when one has a name, the header has two lines.
    pub(crate) header: &'static [(&'static str, &'static [&'static str])],
    /// Lines below the data: totals and notes.
    pub(crate) below: Vec<Vec<Cell>>,
}

/// One row: whom it means, and all its cells.
pub(crate) type Line = (Entry, Vec<Cell>);

impl Table {
    /// The file with these rows, and what is true of each.
    pub(crate) fn write(self, index: &Index<'_>, rows: &[Line]) -> (DemoFile, FileTruth) {
        let first = self.above.len() + self.header_lines() + 1;
        let first = u32::try_from(first).expect("a few lines");
        let truth = (first..).zip(rows).map(|(row, (entry, _))| RowTruth {
            row,
            outcome: entry.outcome.clone(),
            person: entry.person.map(|at| index.people[at].number.reveal().to_owned()),
        });
        let truth = truth.collect();
        let bytes = match self.book {
            Book::Xlsx(notes) => self.xlsx(notes, rows).expect("memory is writable"),
            Book::Xls => self.xls(rows),
            Book::Gb18030 | Book::Semicolons => {
                encoding_rs::GB18030.encode(&self.csv(rows)).0.into_owned()
            }
            Book::Utf8 => format!("\u{FEFF}{}", self.csv(rows)).into_bytes(),
        };
        let Self { supplier, file_name, as_of, .. } = self;
        let file = DemoFile { supplier, as_of, file_name: file_name.clone(), bytes };
        (file, FileTruth { supplier, file_name, rows: truth })
    }

    fn header_lines(&self) -> usize {
        if self.header.iter().any(|(group, _)| !group.is_empty()) { 2 } else { 1 }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.header.iter().flat_map(|(_, names)| names.iter().copied())
    }

    fn xlsx(&self, notes: &[&str], rows: &[Line]) -> Result<Vec<u8>, XlsxError> {
        let mut book = police::workbook();
        if !notes.is_empty() {
            let sheet = book.add_worksheet();
            sheet.set_name("填报说明")?;
            for (line, note) in (0..).zip(notes) {
                sheet.write_string(line, 0, *note)?;
            }
        }
        let sheet = book.add_worksheet();
        sheet.set_name(self.sheet)?;
        let first = self.xlsx_head(sheet)?;
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let body = rows.iter().map(|(_, cells)| cells).chain(&self.below);
        for (line, cells) in (first..).zip(body) {
            police::write_cells(sheet, line, cells, &date)?;
        }
        book.save_to_buffer()
    }

    fn xlsx_head(&self, sheet: &mut Worksheet) -> Result<u32, XlsxError> {
        let bold = Format::new().set_bold().set_align(FormatAlign::Center);
        let last = u16::try_from(self.names().count()).expect("some columns") - 1;
        let mut line = 0;
        for (n, text) in self.above.iter().enumerate() {
            if n == 0 {
                sheet.merge_range(line, 0, line, last, text, &bold)?;
            } else {
                sheet.write_string(line, 0, text)?;
            }
            line += 1;
        }
        let two = self.header_lines() == 2;
        let mut column = 0;
        for (group, names) in self.header {
            let width = u16::try_from(names.len()).expect("a few columns");
            match (group.is_empty(), width) {
                (true, _) => {}
                (false, 1) => {
                    sheet.write_string_with_format(line, column, *group, &bold)?;
                }
                (false, _) => {
                    sheet.merge_range(line, column, line, column + width - 1, group, &bold)?;
                }
            }
            for (at, name) in (column..).zip(names.iter()) {
                if two && group.is_empty() {
                    sheet.merge_range(line, at, line + 1, at, name, &bold)?;
                } else {
                    let below = line + u32::from(two);
                    sheet.write_string_with_format(below, at, *name, &bold)?;
                }
            }
            column += width;
        }
        Ok(line + if two { 2 } else { 1 })
    }

    fn xls(&self, rows: &[Line]) -> Vec<u8> {
        let above = self.above.iter().map(|text| vec![Cell::text(text)]);
        let header = self.names().map(Cell::text).collect();
        let data = rows.iter().map(|(_, cells)| cells.clone());
        let all: Vec<Vec<Cell>> =
            above.chain([header]).chain(data).chain(self.below.iter().cloned()).collect();
        biff::workbook(self.sheet, &all).expect("memory is writable")
    }

    fn csv(&self, rows: &[Line]) -> String {
        let header: Vec<Cell> = self.names().map(Cell::text).collect();
        let sign = if self.book == Book::Semicolons { ';' } else { ',' };
        let mut text = String::new();
        for cells in [&header].into_iter().chain(rows.iter().map(|(_, cells)| cells)) {
            for (at, cell) in cells.iter().enumerate() {
                if at > 0 {
                    text.push(sign);
                }
                text.push_str(&plain(cell));
            }
            text.push_str("\r\n");
        }
        text
    }
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Serial(day) => day.to_string(),
    }
}

/// Who stands in a file.
pub(crate) struct Crowd<'a> {
    pub(crate) dirt: FileDirt,
    /// People of the register.
    pub(crate) members: &'a [usize],
    /// Rows about people who are not in the register, born in these years.
    pub(crate) strangers: usize,
    pub(crate) born: (i16, i16),
}

impl Crowd<'_> {
    /// The rows by village, the strangers in between. No dirty row is about somebody who is paid
    /// or belongs to a set of the truth.
    pub(crate) fn entries(&self, soiler: &mut Soiler<'_>) -> Vec<Entry> {
        let people = soiler.index.people;
        let pool: Vec<usize> = self
            .members
            .iter()
            .copied()
            .filter(|at| people[*at].ordinary() && !people[*at].kept())
            .filter(|at| people[*at].roll == Roll::Never)
            .collect();
        let plan = soiler.plan(self.dirt, &pool);
        let mut rows: Vec<Entry> =
            self.members.iter().map(|at| soiler.row(*at, plan.get(at).copied())).collect();
        let mut taken = HashSet::new();
        for _ in 0..self.strangers {
            rows.push(soiler.stranger(self.born, &mut taken));
        }
        let kinds = std::iter::repeat_n(Hopeless::Scientific, self.dirt.unusable_scientific)
            .chain(Hopeless::OTHER.into_iter().cycle().take(self.dirt.unusable_other));
        for kind in kinds {
            rows.push(soiler.nobody(kind));
        }
        rows.sort_by_key(|entry| entry.village);
        rows
    }
}

/// People with a trait, by their places.
pub(crate) fn having(index: &Index<'_>, has: impl Fn(&Person) -> bool) -> Vec<usize> {
    (0..index.people.len()).filter(|at| has(&index.people[*at])).collect()
}

/// The name's cell, empty in a row that says nothing.
pub(crate) fn name(entry: &Entry) -> Cell {
    if entry.name.is_empty() { Cell::Empty } else { Cell::text(&entry.name) }
}

/// 男 or 女 as far as the row is about somebody.
pub(crate) fn sex(entry: &Entry, index: &Index<'_>) -> Cell {
    match (entry.person, entry.id_digits()) {
        (Some(at), _) => Cell::text(index.people[at].sex.chinese()),
        (None, Some(digits)) => {
            Cell::text(if (digits[16] - b'0') % 2 == 1 { "男" } else { "女" })
        }
        (None, None) => Cell::Empty,
    }
}

/// A sum in yuan as a spreadsheet has it.
pub(crate) fn yuan(of: Option<u32>) -> Cell {
    of.map_or(Cell::Empty, |yuan| Cell::Number(f64::from(yuan)))
}

/// 合计 with a count in the second column.
pub(crate) fn total(rows: usize) -> Vec<Cell> {
    vec![Cell::text("合计"), Cell::Number(count(rows))]
}

pub(crate) fn count(rows: usize) -> f64 {
    f64::from(u32::try_from(rows).expect("fewer rows than a sheet has"))
}
