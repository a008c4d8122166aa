//! 停发与恢复: what the list says, as plain data.

use askama::Template;
use webkit::{Chip, Column, FilterLink, Href, Line, Link, Pager, PostButton, Shell, Table};

/// 停发与恢复: the list.
#[derive(Clone, Debug, Template)]
#[template(path = "stops/list.html")]
pub struct StopsPage {
    /// Around it.
    pub shell: Shell,
    /// What waits, as one would say it aloud.
    pub sentence: String,
    /// What can be done with all of one kind at once.
    pub acts: Vec<PostButton>,
    /// The parts of the list.
    pub filters: Vec<FilterLink>,
    /// The part in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// Who.
    pub rows: Vec<StopRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// Somebody whose payment should end, ends or ended.
#[derive(Clone, Debug)]
pub struct StopRow {
    /// Name, leading to what is to be done.
    pub elder: Link,
    /// Sex, age and village.
    pub about: String,
    /// Item and sum a month.
    pub item: Line,
    /// Why.
    pub cause: String,
    /// How sure it is.
    pub proof: Chip,
    /// Until when, or since when.
    pub due: Line,
}

impl StopsPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("老人"),
            Column::new("项目"),
            Column::new("原因"),
            Column::short("证据"),
            Column::short("期限或日期"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                Line::from(row.elder.clone()).small(row.about.as_str()),
                row.item.clone(),
                row.cause.as_str().into(),
                if row.proof.text.is_empty() { Line::new() } else { row.proof.clone().into() },
                row.due.clone(),
            ]
        });
        let mut table = Table::new("stops", "停发", columns)
            .rows(rows)
            .empty("这一类没有人。部门数据更新后，该停发的会自动列在“待提出”里。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}
