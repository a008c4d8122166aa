//! 待人工比对: what the page says, as plain data.

use askama::Template;
use webkit::{Bar, Column, FilterLink, Line, Link, Pager, Shell, Table};

pub use crate::desk_lines::{RecentRow, Recents};

/// 待人工比对: what waits, by file and reason.
#[derive(Clone, Debug, Template)]
#[template(path = "desk_queue/overview.html")]
pub struct OverviewPage {
    /// Around it.
    pub shell: Shell,
    /// How many wait, in a sentence.
    pub sentence: String,
    /// 已比对 n / 全部.
    pub bar: Bar,
    /// The first row that waits.
    pub begin: Option<Link>,
    /// 按文件和原因
    pub groups: Vec<GroupRow>,
    /// 待比对, 村里已答复 …
    pub filters: Vec<FilterLink>,
    /// The filter in words; may be empty.
    pub filter_words: String,
    /// The rows of the filter.
    pub rows: Vec<QueueRow>,
    /// Pages.
    pub pager: Option<Pager>,
    /// See [`Recents`].
    pub recents: Recents,
}

/// Rows of one file with one reason.
#[derive(Clone, Debug)]
pub struct GroupRow {
    /// The file, leading to its rows.
    pub file: Line,
    /// Why, leading to the rows.
    pub reason: Line,
    /// 待比对
    pub open: u64,
    /// 等村里答复
    pub asked: u64,
    /// 已比对
    pub decided: u64,
}

/// A row in the list.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Whom it names, leading to the pair.
    pub who: Link,
    /// File and row.
    pub source: String,
    /// Why it is not certain.
    pub reason: String,
    /// How it stands.
    pub state: String,
}

impl OverviewPage {
    fn by_group(&self) -> Table {
        let columns = vec![
            Column::new("文件"),
            Column::new("为什么要比对"),
            Column::sum("待比对"),
            Column::sum("等村里答复"),
            Column::sum("已比对"),
        ];
        let count = |n: u64| Line::from(webkit::grouped(n));
        let rows = self.groups.iter().map(|group| {
            vec![
                group.file.clone(),
                group.reason.clone(),
                count(group.open),
                count(group.asked),
                count(group.decided),
            ]
        });
        Table::new("groups", "按文件和原因", columns)
            .rows(rows)
            .empty("已入库的文件里没有要人工比对的行。", None)
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::short("表中姓名"),
            Column::new("来源"),
            Column::new("为什么要比对"),
            Column::short("状态"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                Line::from(row.who.clone()),
                Line::from(row.source.as_str()),
                Line::from(row.reason.as_str()),
                Line::from(row.state.as_str()),
            ]
        });
        let mut table = Table::new("rows", "逐行", columns)
            .rows(rows)
            .empty("这里没有行。换一个筛选看看，或等下一份文件入库。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.pager.clone_from(&self.pager);
        table
    }
}
