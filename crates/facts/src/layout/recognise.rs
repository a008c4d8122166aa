//! Which supplier's file this is, and which column is which.

use kernel::Refusal;
use serde::{Deserialize, Serialize};

use super::Layout;
use crate::normalise::plain;
use crate::sheet::{Epoch, Peek, Row, SheetHead};

/// 栏目对应: which column of which sheet holds which field. Remembered per supplier, and offered
/// again when the header is the same.
#[doc(alias = "栏目对应")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// Id of the layout.
    pub supplier: String,
    /// Which sheet, counted from 0.
    pub sheet: usize,
    /// Its name.
    pub sheet_name: String,
    /// Numbers of the header's rows, one or two.
    pub header_rows: Vec<u32>,
    /// The header of each column, both lines joined by `/`.
    pub headers: Vec<String>,
    /// For each column of the layout that was found: its field and its place, counted from 0.
    pub columns: Vec<(String, usize)>,
    /// What bare serial days count from.
    pub epoch: Epoch,
}

/// A recognised file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Which column is which.
    pub mapping: Mapping,
    /// How many columns of the layout were found, of a hundred.
    pub score: u32,
    /// What the person should know: that the sheet is hidden, that others were left out.
    pub notes: Vec<String>,
}

/// 识别来文: the layout, sheet and header rows that fit best, or what is missing.
///
/// With one layout it answers whether the file is this supplier's.
pub fn recognise(peek: &Peek, layouts: &[Layout]) -> Result<Guess, Refusal> {
    let mut best: Option<(Rank, Mapping, u32)> = None;
    let mut nearest: Option<(usize, Vec<String>, &Layout)> = None;
    for layout in layouts {
        for (index, sheet) in peek.sheets.iter().enumerate() {
            for (rows, headers) in header_candidates(sheet) {
                let columns = assign(layout, &headers);
                let missing = missing(layout, &columns);
                if !missing.is_empty() {
                    if nearest.as_ref().is_none_or(|(found, ..)| columns.len() > *found) {
                        nearest = Some((columns.len(), missing, layout));
                    }
                    continue;
                }
                let score = percent(columns.len(), layout.columns.len());
                // Two lines beat one only when the upper one says something; else it is data.
                let grouped = grouped(layout, &headers, &columns);
                let rank = (columns.len(), score, !sheet.hidden, grouped, usize::MAX - rows.len());
                if best.as_ref().is_none_or(|(other, ..)| rank > *other) {
                    let mapping = Mapping {
                        supplier: layout.id.clone(),
                        sheet: index,
                        sheet_name: sheet.name.clone(),
                        header_rows: rows,
                        headers,
                        columns,
                        epoch: peek.epoch,
                    };
                    best = Some((rank, mapping, score));
                }
            }
        }
    }
    match best {
        Some((_, mapping, score)) => {
            Ok(Guess { notes: notes(peek, mapping.sheet), mapping, score })
        }
        None => Err(not_recognised(nearest)),
    }
}

type Rank = (usize, u32, bool, usize, usize);

/// Every row of the head as a header of one line, and every two neighbours as one of two.
fn header_candidates(sheet: &SheetHead) -> Vec<(Vec<u32>, Vec<String>)> {
    let mut all = Vec::new();
    for (at, row) in sheet.head.iter().enumerate() {
        all.push((vec![row.number], texts(row)));
        if let Some(below) = sheet.head.get(at + 1).filter(|b| b.number == row.number + 1) {
            all.push((vec![row.number, below.number], joined(row, below)));
        }
    }
    all
}

fn texts(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| spelled(&cell.as_text())).collect()
}

/// Two lines as one: a group's name stands over its first column only, so it is carried on to the
/// right; a column without a second line keeps its own name.
fn joined(above: &Row, below: &Row) -> Vec<String> {
    let (above, below) = (texts(above), texts(below));
    let mut group = String::new();
    let cell = |texts: &[String], at: usize| texts.get(at).cloned().unwrap_or_default();
    (0..above.len().max(below.len()))
        .map(|at| {
            let (top, bottom) = (cell(&above, at), cell(&below, at));
            if !top.is_empty() {
                group.clone_from(&top);
            }
            match (group.is_empty(), bottom.is_empty()) {
                (_, true) => top,
                (true, false) => bottom,
                (false, false) => format!("{group}/{bottom}"),
            }
        })
        .collect()
}

/// A header without spaces, notes in brackets and stars for “required”.
fn spelled(text: &str) -> String {
    let bare = plain(text).value.replace(['*', '：', ':'], "");
    match bare.split_once('(') {
        Some((before, _)) if !before.is_empty() => before.to_owned(),
        _ => bare,
    }
}

/// The columns of a layout within these headers: first by the whole header, then by the part
/// under the group. No column serves twice.
fn assign(layout: &Layout, headers: &[String]) -> Vec<(String, usize)> {
    let mut taken = vec![false; headers.len()];
    let mut places: Vec<Option<usize>> = vec![None; layout.columns.len()];
    for whole in [true, false] {
        for (column, place) in layout.columns.iter().zip(&mut places) {
            if place.is_some() {
                continue;
            }
            let fits = |header: &str| {
                let own = if whole { header } else { header.rsplit('/').next().unwrap_or(header) };
                column.headers.iter().any(|alias| spelled(alias) == own)
            };
            *place = (0..headers.len()).find(|at| !taken[*at] && fits(&headers[*at]));
            if let Some(at) = *place {
                taken[at] = true;
            }
        }
    }
    let found = layout.columns.iter().zip(places);
    found.filter_map(|(column, place)| Some((column.field.clone(), place?))).collect()
}

/// How many columns were found by a header together with its group.
fn grouped(layout: &Layout, headers: &[String], columns: &[(String, usize)]) -> usize {
    let whole = |(field, at): &&(String, usize)| {
        let header = &headers[*at];
        let aliases = layout.column(field).map_or(&[][..], |column| &column.headers);
        header.contains('/') && aliases.iter().any(|alias| spelled(alias) == *header)
    };
    columns.iter().filter(whole).count()
}

fn missing(layout: &Layout, columns: &[(String, usize)]) -> Vec<String> {
    layout
        .columns
        .iter()
        .filter(|column| column.required && !columns.iter().any(|(f, _)| *f == column.field))
        .map(|column| column.headers[0].clone())
        .collect()
}

fn percent(part: usize, whole: usize) -> u32 {
    u32::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}

fn notes(peek: &Peek, chosen: usize) -> Vec<String> {
    let sheet = &peek.sheets[chosen];
    let mut notes = Vec::new();
    let others: Vec<&str> = peek
        .sheets
        .iter()
        .enumerate()
        .filter(|(at, other)| *at != chosen && !other.head.is_empty())
        .map(|(_, other)| other.name.as_str())
        .collect();
    if sheet.hidden {
        notes.push(format!("读取的是隐藏的工作表“{}”，请核对。", sheet.name));
    }
    if !others.is_empty() {
        notes.push(format!("只读取工作表“{}”，没有读取“{}”。", sheet.name, others.join("”“")));
    }
    notes
}

fn not_recognised(nearest: Option<(usize, Vec<String>, &Layout)>) -> Refusal {
    match nearest {
        Some((found, missing, layout)) if found > 1 => Refusal::new(
            format!("看着像“{}”，但没有找到这些列：{}。", layout.name, missing.join("、")),
            "请核对表头，或手工指定每一列。",
        ),
        _ => Refusal::new(
            "前 30 行里没有认得出的表头。",
            "请核对是不是选错了文件或来源单位，或手工指定每一列。",
        ),
    }
}

impl Mapping {
    /// The place of a field, counted from 0.
    pub fn place(&self, field: &str) -> Option<usize> {
        self.columns.iter().find(|(name, _)| name == field).map(|(_, at)| *at)
    }

    /// Number of the last row of the header; data begins below it.
    pub fn last_header_row(&self) -> u32 {
        self.header_rows.last().copied().unwrap_or(0)
    }

    /// 手工指定: puts a field on a column, or nowhere; a column holds one field.
    pub fn set(&mut self, field: &str, place: Option<usize>) {
        self.columns.retain(|(name, at)| name != field && Some(*at) != place);
        if let Some(at) = place {
            self.columns.push((field.to_owned(), at));
        }
    }

    /// Whether this file has the header that the mapping was made for.
    pub fn fits(&self, peek: &Peek) -> bool {
        peek.sheets.get(self.sheet).is_some_and(|sheet| {
            header_candidates(sheet)
                .iter()
                .any(|(rows, headers)| *rows == self.header_rows && *headers == self.headers)
        })
    }
}
