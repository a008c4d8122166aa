//! 疑似重复人员: what the pages say, as plain data.

use askama::Template;
use webkit::{Chip, Column, Crumbs, Form, Line, Link, Pager, Shell, Table};

/// 疑似重复人员
#[derive(Clone, Debug, Template)]
#[template(path = "duplicates/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// Proposals that wait for a second person.
    pub waiting: Vec<MergeRow>,
    /// Pairs that look alike.
    pub suspects: Vec<PairRow>,
    /// What was merged, refused or taken apart.
    pub answered: Vec<MergeRow>,
    /// Pages of the pairs.
    pub pager: Option<Pager>,
}

/// Two files that look alike.
#[derive(Clone, Debug)]
pub struct PairRow {
    /// The name, leading to the two.
    pub name: Link,
    /// One of them: number, age, village.
    pub one: Line,
    /// The other.
    pub other: Line,
    /// What they have in common.
    pub why: Line,
}

/// A merge and how far it has come.
#[derive(Clone, Debug)]
pub struct MergeRow {
    /// The name, leading to the two.
    pub name: Link,
    /// Village.
    pub village: String,
    /// How far.
    pub state: Chip,
    /// What was said last, by whom and when.
    pub said: Line,
}

/// Two files side by side.
#[derive(Clone, Debug, Template)]
#[template(path = "duplicates/pair.html")]
pub struct PairPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Whose files.
    pub title: String,
    /// What is to be judged, or what holds.
    pub sentence: String,
    /// How far a merge has come.
    pub state: Option<Chip>,
    /// Field by field: what, the one, the other.
    pub rows: Vec<Vec<Line>>,
    /// The one file, when they are merged.
    pub kept: Option<Link>,
    /// 提出合并, 复核 or 拆开; none when another person has to act.
    pub main: Option<Form>,
    /// 不是同一人, 不同意 or the taking back of either.
    pub second: Option<Form>,
    /// What was said about the pair, from the beginning.
    pub said: Vec<SaidRow>,
}

/// What somebody said about the pair.
#[derive(Clone, Debug)]
pub struct SaidRow {
    /// Who and when.
    pub by: String,
    /// What.
    pub text: String,
}

impl ListPage {
    fn merges(id: &'static str, title: &str, rows: &[MergeRow]) -> Table {
        let columns = vec![
            Column::short("姓名"),
            Column::new("户籍"),
            Column::short("进度"),
            Column::new("理由"),
        ];
        let rows = rows.iter().map(|row| {
            vec![
                Line::from(row.name.clone()),
                Line::from(row.village.as_str()),
                Line::from(row.state.clone()),
                row.said.clone(),
            ]
        });
        Table::new(id, title, columns).rows(rows)
    }

    fn waiting_table(&self) -> Table {
        Self::merges("waiting", "等另一人复核", &self.waiting).empty("没有等复核的合并。", None)
    }

    fn answered_table(&self) -> Table {
        Self::merges("answered", "最近处理过的", &self.answered).empty("还没有合并过档案。", None)
    }

    fn suspects_table(&self) -> Table {
        let columns = vec![
            Column::short("姓名"),
            Column::new("一份档案"),
            Column::new("另一份档案"),
            Column::new("哪里相同"),
        ];
        let rows = self.suspects.iter().map(|row| {
            vec![Line::from(row.name.clone()), row.one.clone(), row.other.clone(), row.why.clone()]
        });
        let mut table = Table::new("suspects", "看起来是同一人的", columns)
            .rows(rows)
            .empty("没有看起来重复的档案。新的文件入库后有疑似的，会自动列出。", None);
        table.pager.clone_from(&self.pager);
        table
    }
}

impl PairPage {
    fn table(&self) -> Table {
        let columns =
            vec![Column::short("项目"), Column::new("左边的档案"), Column::new("右边的档案")];
        Table::new("pair", "逐项对照", columns).rows(self.rows.iter().cloned())
    }
}
