use askama::Template;
use askama::filters::HtmlSafe;

use crate::{Href, Line, Link, Tone};

/// 表格: rows with a title, what they were filtered by in words, totals and pages.
///
/// On a narrow screen each row becomes a card whose lines carry the columns' headings.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "kit/table.html")]
pub struct Table {
    /// Id within the page.
    pub id: &'static str,
    /// What the rows are.
    pub title: String,
    /// 筛选条件: the filter in words, such as 云溪镇，今天到期; may be empty.
    pub filter_words: String,
    /// Ready-made filters.
    pub filters: Vec<FilterLink>,
    /// Print, export and their like.
    pub tools: Vec<Link>,
    /// The columns, from the left.
    pub columns: Vec<Column>,
    /// The rows; a row has one cell for each column.
    pub rows: Vec<Row>,
    /// 合计: one cell for each column, or none.
    pub totals: Vec<Line>,
    /// Said when there is no row.
    pub empty: Empty,
    /// Pages, when there is more than one.
    pub pager: Option<Pager>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Which edge the cells keep to.
    pub align: Align,
    /// Dates and sums are never wrapped.
    pub nowrap: bool,
    /// How it is sorted, when it can be.
    pub sort: Option<Sort>,
}

/// Which edge cells keep to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Words.
    #[default]
    Start,
    /// Sums, with figures of one width.
    End,
}

/// How a column is sorted, and the link that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Not by this one.
    By(Href),
    /// From small to large.
    Ascending(Href),
    /// From large to small.
    Descending(Href),
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// One for each column. The first names the row.
    pub cells: Vec<Line>,
}

/// A filter as a mark with its count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterLink {
    /// The words.
    pub text: String,
    /// How many rows it leaves.
    pub count: u64,
    /// The page that is so filtered.
    pub href: Href,
    /// The colour.
    pub tone: Tone,
    /// Whether it is on.
    pub current: bool,
}

/// What is said when there is no row: never only that there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Empty {
    /// What that means, and what to do next.
    pub sentence: String,
    /// Where to do it.
    pub next: Option<Link>,
}

/// 分页
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pager {
    /// First row shown, from 1.
    pub from: u64,
    /// Last row shown.
    pub to: u64,
    /// All rows.
    pub of: u64,
    /// The page before.
    pub previous: Option<Href>,
    /// The page after.
    pub next: Option<Href>,
}

impl HtmlSafe for Table {}

impl Table {
    /// A table without rows.
    pub fn new(id: &'static str, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            id,
            title: title.into(),
            filter_words: String::new(),
            filters: Vec::new(),
            tools: Vec::new(),
            columns,
            rows: Vec::new(),
            totals: Vec::new(),
            empty: Empty::default(),
            pager: None,
        }
    }

    /// With these rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Line>>) -> Self {
        self.rows = rows.into_iter().map(|cells| Row { cells }).collect();
        self
    }

    /// With what is said when there is none.
    #[must_use]
    pub fn empty(mut self, sentence: impl Into<String>, next: Option<Link>) -> Self {
        self.empty = Empty { sentence: sentence.into(), next };
        self
    }

    fn pairs<'a>(&'a self, cells: &'a [Line]) -> impl Iterator<Item = (&'a Column, &'a Line)> {
        self.columns.iter().zip(cells)
    }
}

impl Column {
    /// A column of words.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), align: Align::Start, nowrap: false, sort: None }
    }

    /// A column of dates or other short words.
    pub fn short(heading: impl Into<String>) -> Self {
        Self { nowrap: true, ..Self::new(heading) }
    }

    /// A column of sums or counts.
    pub fn sum(heading: impl Into<String>) -> Self {
        Self { align: Align::End, nowrap: true, ..Self::new(heading) }
    }

    /// That can be sorted.
    #[must_use]
    pub fn sort(mut self, sort: Sort) -> Self {
        self.sort = Some(sort);
        self
    }

    fn class(&self) -> &'static str {
        match (self.align, self.nowrap) {
            (Align::Start, false) => "",
            (Align::Start, true) => "nw",
            (Align::End, _) => "r num nw",
        }
    }
}

impl Sort {
    fn href(&self) -> &Href {
        match self {
            Self::By(href) | Self::Ascending(href) | Self::Descending(href) => href,
        }
    }

    fn mark(&self) -> &'static str {
        match self {
            Self::By(_) => "",
            Self::Ascending(_) => " ↑",
            Self::Descending(_) => " ↓",
        }
    }

    fn aria(&self) -> &'static str {
        match self {
            Self::By(_) => "none",
            Self::Ascending(_) => "ascending",
            Self::Descending(_) => "descending",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_says_what_to_do_next() {
        let next = Link::new("登记一份文件", Href::to("/files"));
        let table = Table::new("t", "批次", vec![Column::new("文件")])
            .empty("还没有收到文件。", Some(next));
        let html = table.to_string();
        assert!(html.contains("还没有收到文件。"), "{html}");
        assert!(html.contains("href=\"/files\""), "{html}");
        assert!(!html.contains("<table"), "{html}");
    }

    #[test]
    fn each_cell_carries_its_heading_for_narrow_screens_and_the_first_names_the_row() {
        let columns = vec![Column::new("老人"), Column::sum("金额")];
        let table = Table::new("t", "名单", columns).rows([vec!["周某某".into(), "40.00".into()]]);
        let html = table.to_string();
        assert!(html.contains("<th scope=\"row\""), "{html}");
        assert!(html.contains("data-label=\"金额\""), "{html}");
        assert!(html.contains("class=\"r num nw\""), "{html}");
    }
}
