//! 资金账: what the pages say, as plain data.

use askama::Template;
use kernel::Fen;
use webkit::{
    Chip, Choice, Column, Crumbs, Field, FieldKind, FilterLink, Form, Href, Line, Link, Pager,
    Shell, Table,
};

/// 资金账: the budgets of a year.
#[derive(Clone, Debug, Template)]
#[template(path = "funds/list.html")]
pub struct FundsPage {
    /// Around it.
    pub shell: Shell,
    /// 预算年度
    pub year: String,
    /// What is left, as one would say it aloud.
    pub sentence: String,
    /// 登记指标, 指标登记.
    pub acts: Vec<Link>,
    /// The years beside it.
    pub others: Vec<Link>,
    /// 导出
    pub export: Href,
    /// The budgets, by fund and item.
    pub rows: Vec<FundRow>,
    /// All of them together; none when there are none.
    pub total: Option<Sums>,
}

/// 预算指标 of an item.
#[derive(Clone, Debug)]
pub struct FundRow {
    /// The item, leading to its account or to the form that gives it money.
    pub item: Link,
    /// Fund in the bureau's words.
    pub fund: String,
    /// Its sums; none when nothing was allotted.
    pub sums: Option<Sums>,
    /// 使用率
    pub used: String,
    /// Whether it lasts.
    pub lasts: Chip,
}

/// What was given and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sums {
    /// 已下达
    pub allotted: Fen,
    /// 已发放
    pub paid: Fen,
    /// 预留
    pub reserved: Fen,
    /// 可用
    pub left: Fen,
}

fn money(fen: Fen) -> Line {
    fen.to_string().as_str().into()
}

impl FundsPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::new("项目"),
            Column::new("资金"),
            Column::sum("已下达（元）"),
            Column::sum("已发放（元）"),
            Column::sum("预留（元）"),
            Column::sum("可用（元）"),
            Column::sum("使用率"),
            Column::short("够不够"),
        ];
        let rows = self.rows.iter().map(|row| {
            let sum = |part: fn(&Sums) -> Fen| {
                row.sums.as_ref().map_or_else(Line::new, |it| money(part(it)))
            };
            vec![
                row.item.clone().into(),
                row.fund.as_str().into(),
                sum(|it| it.allotted),
                sum(|it| it.paid),
                sum(|it| it.reserved),
                sum(|it| it.left),
                row.used.as_str().into(),
                row.lasts.clone().into(),
            ]
        });
        let mut table = Table::new("funds", format!("{} 年预算指标", self.year), columns)
            .rows(rows)
            .empty("这一年还没有预算指标。预算由县级登记，先登记指标文件，再由另一人确认。", None);
        table.tools.extend_from_slice(&self.others);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        if let Some(total) = &self.total {
            table.totals = vec![
                "合计".into(),
                Line::new(),
                money(total.allotted),
                money(total.paid),
                money(total.reserved),
                money(total.left),
                Line::new(),
                Line::new(),
            ];
        }
        table
    }
}

/// 分户账 of a budget.
#[derive(Clone, Debug, Template)]
#[template(path = "funds/account.html")]
pub struct FundPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Item, year and fund.
    pub title: String,
    /// How far it reaches, as one would say it aloud.
    pub sentence: String,
    /// 不够: what is missing and what to do; none when it suffices.
    pub warning: Option<(String, String)>,
    /// Its sums.
    pub sums: Sums,
    /// 使用率
    pub used: String,
    /// 登记指标 and the like.
    pub acts: Vec<Link>,
    /// What each month cost, and what the months to come cost at this pace.
    pub months: Vec<MonthRow>,
    /// What moved, newest first.
    pub journal: Vec<JournalRow>,
    /// 导出
    pub export: Href,
    /// Pages of it.
    pub pager: Option<Pager>,
}

/// A month of a budget.
#[derive(Clone, Debug)]
pub struct MonthRow {
    /// Which.
    pub month: String,
    /// 实际 or 预计.
    pub kind: Chip,
    /// What it cost.
    pub spent: Fen,
    /// What is left after it, from the first month of the forecast on; below zero is missing.
    pub left: Option<Fen>,
}

/// A line of the journal.
#[derive(Clone, Debug)]
pub struct JournalRow {
    /// When.
    pub at: String,
    /// What it did.
    pub act: String,
    /// What for, leading there.
    pub about: Line,
    /// The account on the other side.
    pub other: String,
    /// How many.
    pub lines: String,
    /// What came in.
    pub into: Option<Fen>,
    /// What left, or was set aside.
    pub out: Option<Fen>,
}

impl FundPage {
    fn months_table(&self) -> Table {
        let columns = vec![
            Column::new("月份"),
            Column::short(""),
            Column::sum("支出（元）"),
            Column::sum("余额（元）"),
        ];
        let rows = self.months.iter().map(|row| {
            vec![
                row.month.as_str().into(),
                row.kind.clone().into(),
                money(row.spent),
                row.left.map_or_else(Line::new, money),
            ]
        });
        Table::new("months", "逐月支出", columns).rows(rows).empty("还没有发放过。", None)
    }

    fn journal_table(&self) -> Table {
        let columns = vec![
            Column::short("时间"),
            Column::short("记账"),
            Column::new("事由"),
            Column::new("对方账户"),
            Column::sum("笔数"),
            Column::sum("增加（元）"),
            Column::sum("减少（元）"),
        ];
        let rows = self.journal.iter().map(|row| {
            vec![
                row.at.as_str().into(),
                row.act.as_str().into(),
                row.about.clone(),
                row.other.as_str().into(),
                row.lines.as_str().into(),
                row.into.map_or_else(Line::new, money),
                row.out.map_or_else(Line::new, money),
            ]
        });
        let mut table =
            Table::new("journal", "资金往来", columns).rows(rows).empty("还没有资金往来。", None);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}

/// 指标登记: the list.
#[derive(Clone, Debug, Template)]
#[template(path = "funds/entries.html")]
pub struct EntriesPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// What waits, as one would say it aloud.
    pub sentence: String,
    /// 登记指标
    pub new: Option<Link>,
    /// By state.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// The entries, newest first.
    pub rows: Vec<EntryRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// An entry.
#[derive(Clone, Debug)]
pub struct EntryRow {
    /// 文号, leading to it.
    pub document: Link,
    /// Item and year.
    pub item: String,
    /// Where the money comes from.
    pub origin: String,
    /// How much; below zero for less.
    pub amount: Fen,
    /// Who entered it, when.
    pub entered: String,
    /// How far it is.
    pub state: Chip,
}

impl EntriesPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::new("文号"),
            Column::new("项目"),
            Column::new("资金来源"),
            Column::sum("金额（元）"),
            Column::new("登记"),
            Column::short("状态"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.document.clone().into(),
                row.item.as_str().into(),
                row.origin.as_str().into(),
                money(row.amount),
                row.entered.as_str().into(),
                row.state.clone().into(),
            ]
        });
        let mut table =
            Table::new("entries", "指标登记", columns).rows(rows).empty("没有这样的登记。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        table.pager.clone_from(&self.pager);
        table
    }
}

/// One entry.
#[derive(Clone, Debug, Template)]
#[template(path = "funds/entry.html")]
pub struct EntryPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// What it is.
    pub title: String,
    /// How far it is.
    pub state: Chip,
    /// What happens next.
    pub sentence: String,
    /// Term and words.
    pub facts: Vec<(String, Line)>,
    /// See [`confirm_form`].
    pub confirm: Option<Form>,
    /// See [`return_form`].
    pub back: Option<Form>,
}

/// Confirms: sends `outcome`.
pub fn confirm_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "确认，记入资金账").main().hidden("outcome", "confirm")
}

/// Sends back, or takes back: sends `outcome` and `reason`.
pub fn return_form(action: Href, csrf: &str, own: bool) -> Form {
    let label = if own { "撤回" } else { "退回" };
    Form::new(action, csrf, label).hidden("outcome", "return").field(Field::new(
        "reason",
        "原因",
        FieldKind::Text("off"),
    ))
}

/// 登记指标: the form.
#[derive(Clone, Debug, Template)]
#[template(path = "funds/new.html")]
pub struct NewEntryPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// See [`entry_form`].
    pub form: Form,
}

/// The form of an entry: sends `item`, `year`, `way`, `origin`, `amount`, `document`, `note`.
pub fn entry_form(
    action: Href,
    csrf: &str,
    items: Vec<Choice>,
    origins: Vec<Choice>,
    back: Link,
) -> Form {
    let ways = vec![
        Choice::new("raise", "下达或调增"),
        Choice::new("lower", "调减").hint("不能减到已发放和预留的数额以下"),
    ];
    let mut form = Form::new(action, csrf, "登记")
        .main()
        .field(Field::new("item", "项目", FieldKind::Select(items)))
        .field(Field::new("year", "预算年度", FieldKind::Text("off")))
        .field(Field::new("way", "怎么变", FieldKind::Radio(ways)).value("raise"))
        .field(Field::new("origin", "资金来源", FieldKind::Select(origins)))
        .field(Field::new("amount", "金额（元）", FieldKind::Text("off")).hint("如 1,200,000.00。"))
        .field(
            Field::new("document", "文号", FieldKind::Text("off"))
                .hint("指标文件的文号，如“松财社〔2026〕12 号”。"),
        )
        .field(Field::new("note", "说明", FieldKind::Text("off")).optional());
    form.cancel = Some(back);
    form
}
