//! 生存核验: what the page says, as plain data.

use askama::Template;
use webkit::{Chip, Column, FilterLink, Href, Line, Link, Pager, PostButton, Shell, Table};

/// One round, or that none has begun.
#[derive(Clone, Debug, Template)]
#[template(path = "survival_lists/round.html")]
pub struct RoundPage {
    /// Around it.
    pub shell: Shell,
    /// Which round.
    pub title: String,
    /// How far it is.
    pub sentence: String,
    /// 开始本轮核验
    pub begin: Option<PostButton>,
    /// Other rounds.
    pub rounds: Vec<Link>,
    /// Whether there is a round to show.
    pub show: bool,
    /// 怎么核到的: how, people, share.
    pub ways: Vec<(Link, String, String)>,
    /// Villages with a residue: village, open, all.
    pub villages: Vec<(String, String, String)>,
    /// By how people were verified.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// Who.
    pub rows: Vec<LineRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// Somebody of the round.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Name, leading to the file.
    pub elder: Link,
    /// Sex, age and village.
    pub about: String,
    /// How.
    pub how: Chip,
    /// When.
    pub on: String,
    /// 暂缓
    pub hold: Line,
}

impl RoundPage {
    fn ways_table(&self) -> Table {
        let columns = vec![Column::new("怎么核到的"), Column::sum("人数"), Column::sum("占比")];
        let rows = self.ways.iter().map(|(how, people, share)| {
            vec![how.clone().into(), people.as_str().into(), share.as_str().into()]
        });
        Table::new("ways", "核验方式", columns).rows(rows)
    }

    fn villages_table(&self) -> Table {
        let columns = vec![Column::new("村（社区）"), Column::sum("还要核"), Column::sum("在发")];
        let rows = self.villages.iter().map(|(village, open, all)| {
            vec![village.as_str().into(), open.as_str().into(), all.as_str().into()]
        });
        Table::new("villages", "各村还要核的", columns).rows(rows).empty("各村都核完了。", None)
    }

    fn table(&self) -> Table {
        let columns = vec![
            Column::short("老人"),
            Column::short("核验方式"),
            Column::short("日期"),
            Column::new("发放"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                Line::from(row.elder.clone()).small(row.about.as_str()),
                row.how.clone().into(),
                row.on.as_str().into(),
                row.hold.clone(),
            ]
        });
        let mut table =
            Table::new("people", "核验名单", columns).rows(rows).empty("这一类没有人。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}
