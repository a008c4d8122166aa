//! 暂缓发放: what the page says, as plain data.

use askama::Template;
use webkit::{Column, Href, Line, Link, Pager, PostButton, Shell, Table};

/// 暂缓发放
#[derive(Clone, Debug, Template)]
#[template(path = "holds/holds.html")]
pub struct HoldsPage {
    /// Around it.
    pub shell: Shell,
    /// What that means.
    pub sentence: String,
    /// Who is held.
    pub rows: Vec<HoldRow>,
    /// 导出
    pub export: Href,
    /// Pages.
    pub pager: Option<Pager>,
}

/// Somebody who is held.
#[derive(Clone, Debug)]
pub struct HoldRow {
    /// Name, leading to the file.
    pub elder: Link,
    /// Sex, age and village.
    pub about: String,
    /// Why.
    pub why: Line,
    /// Since when, where it was decided.
    pub since: String,
    /// Sum a month that rests.
    pub monthly: String,
    /// 解除暂缓
    pub act: Option<PostButton>,
}

impl HoldsPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("老人"),
            Column::new("原因"),
            Column::short("起始"),
            Column::sum("每月（元）"),
            Column::short("办理"),
        ];
        let rows = self.rows.iter().map(|row| {
            let act = row.act.clone().map(|act| Line::new().button(act));
            vec![
                Line::from(row.elder.clone()).small(row.about.as_str()),
                row.why.clone(),
                row.since.as_str().into(),
                row.monthly.as_str().into(),
                act.unwrap_or_default(),
            ]
        });
        let mut table = Table::new("holds", "暂缓", columns).rows(rows).empty(
            "没有人被暂缓。有死亡信息待核、生存核验没有完成或者有异议的，会自动列在这里。",
            None,
        );
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}
