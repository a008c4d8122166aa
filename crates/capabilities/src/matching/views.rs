//! 今日待办, 依据 and the sheet of today's duties: what the pages say, as plain data.

use askama::Template;
use kernel::Fen;
use webkit::{
    Bar, Chip, Choice, Column, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line, Link, Pager,
    Paper, PostButton, Shell, Table, Tone,
};

/// 今日待办 (S1): the home page of whoever owes acts.
#[derive(Clone, Debug, Template)]
#[template(path = "matching/today.html")]
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
    /// The duties of this page, most urgent first.
    pub duties: Vec<DutyRow>,
    /// The filter in words; empty when none is on.
    pub filter_words: String,
    /// 全部, 今天到期, 等村里 …
    pub filters: Vec<FilterLink>,
    /// 导出 Excel
    pub export: Href,
    /// Pages of duties.
    pub pager: Option<Pager>,
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
    /// Where it is registered.
    pub href: Href,
}

/// A line of the list of duties.
#[derive(Clone, Debug)]
pub struct DutyRow {
    /// Name, leading to 依据.
    pub elder: Link,
    /// Such as 女 80 岁 · 云溪镇溪尾村 · 独居.
    pub about: String,
    /// 事项
    pub kind: Chip,
    /// 缘由
    pub cause: String,
    /// 下一步
    pub next_step: String,
    /// 谁办
    pub owner: String,
    /// 涉及金额, such as 补发 280.00; — when there is none.
    pub amount: String,
    /// Such as 还有 3 天; today and overdue in red.
    pub due: Chip,
}

impl TodayPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("老人"),
            Column::new("事项与缘由"),
            Column::new("下一步"),
            Column::short("谁办"),
            Column::sum("涉及金额"),
            Column::short("期限"),
        ];
        let mut table = Table::new("duties", "待办", columns)
            .rows(self.duties.iter().map(DutyRow::cells))
            .empty(self.nothing_due.clone(), None);
        table.filter_words.clone_from(&self.filter_words);
        table.filters.clone_from(&self.filters);
        table.tools = vec![Link::new("导出 Excel", self.export.clone())];
        table.pager.clone_from(&self.pager);
        table
    }
}

impl DutyRow {
    fn cells(&self) -> Vec<Line> {
        let due = match self.due.tone {
            Tone::Plain => Line::from(self.due.text.as_str()),
            _ => Line::from(self.due.clone()),
        };
        vec![
            Line::from(self.elder.clone()).small(self.about.as_str()),
            Line::from(self.kind.clone()).text(self.cause.as_str()),
            self.next_step.as_str().into(),
            self.owner.as_str().into(),
            self.amount.as_str().into(),
            due,
        ]
    }
}

/// 依据 (S3): one duty or one verdict with every reason.
#[derive(Clone, Debug, Template)]
#[template(path = "matching/why.html")]
pub struct WhyPage {
    /// Around it.
    pub shell: Shell,
    /// 待办 › 周某某 › 高龄津贴
    pub crumbs: Crumbs,
    /// Red when somebody is harmed, amber when something is not known, green when right.
    pub tone: Tone,
    /// Such as 应该领，但还没有领.
    pub verdict: String,
    /// Why, in a sentence or two.
    pub because: String,
    /// The sum at stake.
    pub amount: Option<BigAmount>,
    /// 打印一页告知: the page's main act.
    pub print: Option<Link>,
    /// Other acts that lead to a page.
    pub acts: Vec<Link>,
    /// Other acts that happen at once.
    pub buttons: Vec<PostButton>,
    /// 谁办, 期限 and the like of the duty: term and words; empty without a duty.
    pub duty: Vec<Entry>,
    /// 逐条依据
    pub conditions: Vec<Condition>,
    /// 金额怎么来的: the last line is the sum.
    pub build_up: Vec<(String, String)>,
    /// 规定出处
    pub basis: Vec<Entry>,
    /// 什么会改变结论
    pub would_change: Vec<String>,
    /// 按什么理解: what the list does not say and we take for granted.
    pub assumptions: Vec<String>,
    /// 记录办理结果: see [`outcome_form`]; none when nothing is owed or the reader does not owe it.
    pub outcome: Option<Form>,
    /// 已记录的结果, newest first.
    pub recorded: Vec<Recorded>,
}

/// The sum of a verdict.
#[derive(Clone, Debug)]
pub struct BigAmount {
    /// Such as 到 6 月应补.
    pub label: String,
    /// The sum.
    pub sum: Fen,
    /// Such as 7 个月 × 40.00，6 月起另发.
    pub note: String,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// ✓
    Yes,
    /// ✗
    No,
    /// ?
    Unknown,
}

/// A condition with its value and source.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Whether it holds.
    pub mark: Mark,
    /// Such as 年满 80 周岁.
    pub label: String,
    /// Such as 满 80 岁 7 个月; 还不知道 when unknown.
    pub value: String,
    /// Value, file and row as a link; or how to learn it.
    pub evidence: Line,
}

/// A term and what is said of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The term.
    pub term: String,
    /// What is said.
    pub text: Line,
}

/// An outcome that somebody recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// When and who.
    pub by: String,
    /// What.
    pub text: String,
}

impl Mark {
    fn sign(self) -> &'static str {
        match self {
            Self::Yes => "✓",
            Self::No => "✗",
            Self::Unknown => "?",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Yes => "符合",
            Self::No => "不符合",
            Self::Unknown => "还不知道",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

impl Entry {
    /// An entry.
    pub fn new(term: impl Into<String>, text: impl Into<Line>) -> Self {
        Self { term: term.into(), text: text.into() }
    }
}

/// 打印今日清单: today's duties on paper, by who owes them.
#[derive(Clone, Debug, Template)]
#[template(path = "matching/today_sheet.html")]
pub struct TodaySheet {
    /// Around it.
    pub paper: Paper,
    /// Such as 松河县 今日待办清单.
    pub title: String,
    /// The day, the filter in words and how many.
    pub sentence: String,
    /// One part for each owner.
    pub parts: Vec<SheetPart>,
}

/// What one owner owes.
#[derive(Clone, Debug)]
pub struct SheetPart {
    /// 谁办
    pub owner: String,
    /// The duties.
    pub duties: Vec<DutyRow>,
}

/// 记录办理结果: the form of [`WhyPage::outcome`]. The outcomes are the caller's, as each kind of
/// duty has its own; `outcome` and `reason` are the names that are sent.
pub fn outcome_form(action: Href, csrf: &str, outcomes: Vec<Choice>) -> Form {
    Form::new(action, csrf, "记下结果")
        .field(Field::new("outcome", "办得怎么样", FieldKind::Radio(outcomes)))
        .field(
            Field::new("reason", "原因或说明", FieldKind::Lines)
                .hint("上面标着“要写明情况”的，必须在这里写。")
                .optional(),
        )
}
