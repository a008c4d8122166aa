//! 追缴: what the list says, as plain data.

use askama::Template;
use webkit::{Chip, Column, FilterLink, Href, Line, Link, Pager, PostButton, Shell, Table};

/// 追缴: the list.
#[derive(Clone, Debug, Template)]
#[template(path = "recoveries/list.html")]
pub struct RecoveriesPage {
    /// Around it.
    pub shell: Shell,
    /// What is owed back, as one would say it aloud.
    pub sentence: String,
    /// 登记多发
    pub open: Option<PostButton>,
    /// 账龄: band, claims, months, claimed, left.
    pub ages: Vec<AgeRow>,
    /// By state.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// The claims, the oldest first.
    pub rows: Vec<ClaimRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// A band of ages.
#[derive(Clone, Debug)]
pub struct AgeRow {
    /// 账龄, leading to its claims.
    pub age: Link,
    /// 件数
    pub claims: String,
    /// 月数
    pub months: String,
    /// 应追
    pub total: String,
    /// 尚未追回
    pub left: String,
}

/// A claim.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// Name, leading to it.
    pub elder: Link,
    /// Sex, age and village.
    pub about: String,
    /// Item.
    pub item: String,
    /// How many months.
    pub months: String,
    /// 应追
    pub total: String,
    /// 尚未追回
    pub left: String,
    /// How far it is.
    pub state: Chip,
    /// Since when, and when the next instalment is due.
    pub since: Line,
}

impl RecoveriesPage {
    fn ages_table(&self) -> Table {
        let columns = vec![
            Column::new("账龄"),
            Column::sum("件"),
            Column::sum("月"),
            Column::sum("应追（元）"),
            Column::sum("尚未追回（元）"),
        ];
        let rows = self.ages.iter().map(|row| {
            vec![
                row.age.clone().into(),
                row.claims.as_str().into(),
                row.months.as_str().into(),
                row.total.as_str().into(),
                row.left.as_str().into(),
            ]
        });
        Table::new("ages", "账龄", columns).rows(rows)
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::short("老人"),
            Column::new("项目"),
            Column::sum("月数"),
            Column::sum("应追（元）"),
            Column::sum("尚未追回（元）"),
            Column::short("状态"),
            Column::new("登记"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                Line::from(row.elder.clone()).small(row.about.as_str()),
                row.item.as_str().into(),
                row.months.as_str().into(),
                row.total.as_str().into(),
                row.left.as_str().into(),
                row.state.clone().into(),
                row.since.clone(),
            ]
        });
        let empty = "没有这样的追缴。有多发的，停发审批时自动登记，也可以点“登记多发”。";
        let mut table = Table::new("claims", "追缴", columns).rows(rows).empty(empty, None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}
