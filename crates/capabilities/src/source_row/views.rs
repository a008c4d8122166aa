//! 来源行: what the page says, as plain data.

use askama::Template;
use webkit::{Column, Crumbs, Line, Shell, Table};

/// 来源行: what was read from one row of one file.
#[derive(Clone, Debug, Template)]
#[template(path = "source_row/source_row.html")]
pub struct SourceRowPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Such as 公安人口库 2026-06-01 第 41207 行.
    pub title: String,
    /// Whom the row was matched to and how, such as 按身份证号一致.
    pub matched: Line,
    /// The row as it was read.
    pub cells: Vec<SourceCell>,
    /// 这一行说了什么: the facts that were taken from it.
    pub facts: Vec<(String, Line)>,
    /// File name, hash, rows, as-of day, received by, accepted by: term and words.
    pub file: Vec<(String, Line)>,
}

/// A cell of a file's row.
#[derive(Clone, Debug)]
pub struct SourceCell {
    /// The column as the sender calls it.
    pub heading: String,
    /// What stood there; masked where it is sensitive.
    pub raw: String,
    /// What it was read as; empty when it was not used.
    pub read: String,
}

impl SourceRowPage {
    fn table(&self) -> Table {
        let columns = vec![Column::new("文件里的列"), Column::new("原样内容"), Column::new("读作")];
        Table::new("row", "这一行原样", columns)
            .rows(self.cells.iter().map(|cell| {
                let read = if cell.read.is_empty() { "没有使用" } else { &cell.read };
                vec![cell.heading.as_str().into(), cell.raw.as_str().into(), read.into()]
            }))
            .empty("文件里没有找到这一行，右边是据它记下的事实。", None)
    }
}
