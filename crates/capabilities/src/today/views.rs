//! 今日待办: what the page says, as plain data.

use askama::Template;
use kernel::Refusal;
use webkit::{Bar, Chip, Href, Line, Link, Progress, Shell, Table};

pub use crate::duty_lines::DutyRow;
use crate::duty_lines::columns;

/// 今日待办 (S1): the home page of whoever owes acts.
#[derive(Clone, Debug, Template)]
#[template(path = "today/today.html")]
pub struct TodayPage {
    /// Around it.
    pub shell: Shell,
    /// What a clerk would say aloud: what came in, what was found, what is due today.
    pub sentence: Line,
    /// 按到期逐件办理: the first open duty; none when nothing is open.
    pub first: Option<Href>,
    /// 打印今日清单
    pub print: Href,
    /// How far this month's closing is.
    pub month: Option<MonthStrip>,
    /// 应享未享, 不应享而享, 今天到期.
    pub cards: Vec<Card>,
    /// 数据陈旧: sources that have not come for long.
    pub stale: Vec<StaleSource>,
    /// The duties to begin with, most urgent first.
    pub duties: Vec<DutyRow>,
    /// 全部待办
    pub all: Href,
    /// How many there are in all.
    pub open: u64,
    /// 导出 Excel
    pub export: Href,
    /// 距结算日还有 6 天: said when nothing is due.
    pub nothing_due: String,
}

/// 月结算: the strip with the month's deadline.
#[derive(Clone, Debug)]
pub struct MonthStrip {
    /// Such as 6 月结算.
    pub label: String,
    /// Settled, nearly settled, open.
    pub bar: Bar,
    /// Such as 25 日截止，还有 17 个工作日.
    pub deadline: Line,
}

/// A card: a difference with its people, or what is due.
#[derive(Clone, Debug)]
pub struct Card {
    /// Such as 应享未享.
    pub heading: String,
    /// The money in it, as a mark.
    pub chip: Option<Chip>,
    /// How many people, and the list of them.
    pub people: Option<(u64, Href)>,
    /// By cause.
    pub lines: Vec<CountLine>,
    /// Said when no line is left.
    pub empty: String,
}

/// A cause with its people.
#[derive(Clone, Debug)]
pub struct CountLine {
    /// The cause.
    pub text: String,
    /// How many.
    pub count: u64,
    /// The list of them.
    pub href: Href,
}

/// A source that has not come for long.
#[derive(Clone, Debug)]
pub struct StaleSource {
    /// Such as 县公安局 人口信息.
    pub name: String,
    /// Such as 截至 2026-04-30，已 33 天没有更新.
    pub age: String,
    /// Where it is registered, for whoever may see files.
    pub href: Option<Href>,
}

impl TodayPage {
    fn table(&self) -> Table {
        let more = self.open > u64::try_from(self.duties.len()).unwrap_or(0);
        let title =
            if more { format!("最急的 {} 件", self.duties.len()) } else { "待办".to_owned() };
        let mut table = Table::new("duties", title, columns(None))
            .rows(self.duties.iter().map(DutyRow::cells))
            .empty(self.nothing_due.clone(), None);
        if !self.duties.is_empty() {
            "先到期的、再金额多的、再年龄大的在前".clone_into(&mut table.filter_words);
            let all = format!("全部 {} 件", webkit::grouped(self.open));
            table.tools = vec![
                Link::new(all, self.all.clone()),
                Link::new("导出 Excel", self.export.clone()),
            ];
        }
        table
    }
}

/// 正在办完本月: how far the demo's play is, or why it ended.
#[derive(Clone, Debug, Template)]
#[template(path = "today/playing.html")]
pub struct PlayingPage {
    /// Around it.
    pub shell: Shell,
    /// Such as 正在把 2026 年 6 月办完.
    pub title: String,
    /// How far it is; none when it has ended.
    pub progress: Option<Progress>,
    /// Why it ended before its end.
    pub refusal: Option<Refusal>,
    /// The way on.
    pub back: Link,
}
