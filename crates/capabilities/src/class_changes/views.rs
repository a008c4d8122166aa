//! 调整备案: what the page says, as plain data.

use askama::Template;
use webkit::{Chip, Column, Href, Line, Link, Pager, Shell, Table};

/// 调整备案
#[derive(Clone, Debug, Template)]
#[template(path = "class_changes/changes.html")]
pub struct ChangesPage {
    /// Around it.
    pub shell: Shell,
    /// Which month.
    pub title: String,
    /// The months beside it.
    pub months: Vec<Link>,
    /// 导出
    pub export: Href,
    /// Who changes class.
    pub rows: Vec<ChangeRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// Somebody who changes class.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// Name, leading to the duty.
    pub elder: Link,
    /// Sex, age and village.
    pub about: String,
    /// Item.
    pub item: String,
    /// 原标准
    pub from: String,
    /// 现标准
    pub to: String,
    /// 起始月
    pub since: String,
    /// Why.
    pub cause: String,
    /// How it stands.
    pub state: Chip,
}

impl ChangesPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("老人"),
            Column::new("项目"),
            Column::sum("原标准（元）"),
            Column::sum("现标准（元）"),
            Column::short("起始月"),
            Column::new("原因"),
            Column::short("情况"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                Line::from(row.elder.clone()).small(row.about.as_str()),
                row.item.as_str().into(),
                row.from.as_str().into(),
                row.to.as_str().into(),
                row.since.as_str().into(),
                row.cause.as_str().into(),
                row.state.clone().into(),
            ]
        });
        let mut table =
            Table::new("changes", "调整", columns).rows(rows).empty("这个月没有人变档。", None);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}
