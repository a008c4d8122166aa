//! 公示: what the pages and the sheet say, as plain data.

use askama::Template;
use webkit::{
    Chip, Column, Crumbs, FilterLink, Form, Href, Line, Link, Open, Pager, Paper, PostButton,
    Shell, Table,
};

use super::masked::MaskedLine;
use super::period::yuan;

/// 公示: what waits to be put up, and what hangs.
#[derive(Clone, Debug, Template)]
#[template(path = "publicity/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// What is to be done, as one would say it aloud.
    pub sentence: String,
    /// 张贴: everything that waits, in one act.
    pub post: Option<Form>,
    /// What waits, by village.
    pub waiting: Vec<WaitingRow>,
    /// 不能张贴: who waits and would get nothing by today's facts: leading to the application, what
    /// for, and why.
    pub left_out: Vec<(Link, String, String)>,
    /// By state.
    pub filters: Vec<FilterLink>,
    /// The filter in words.
    pub filter_words: String,
    /// 导出
    pub export: Href,
    /// 打印 of all that hangs.
    pub sheets: Option<Href>,
    /// The sheets.
    pub rows: Vec<PostingRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// A village whose applications wait for their sheet.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// The village.
    pub village: String,
    /// How many applications.
    pub people: String,
    /// What for.
    pub items: String,
    /// A month in all.
    pub monthly: String,
    /// Since when the oldest one waits.
    pub since: String,
}

/// A sheet in the list.
#[derive(Clone, Debug)]
pub struct PostingRow {
    /// The village, leading to the sheet.
    pub village: Link,
    /// From when to when.
    pub period: String,
    /// How many lines.
    pub lines: String,
    /// A month in all.
    pub monthly: String,
    /// Lines that somebody has objected to.
    pub objected: Chip,
    /// Whether it hangs.
    pub state: Chip,
}

impl ListPage {
    fn waiting(&self) -> Table {
        let columns = vec![
            Column::new("村（社区）"),
            Column::short("待张贴"),
            Column::new("项目"),
            Column::sum("每月合计（元）"),
            Column::short("最早送来"),
        ];
        let rows = self.waiting.iter().map(|row| {
            [&row.village, &row.people, &row.items, &row.monthly, &row.since]
                .map(|text| Line::from(text.as_str()))
                .into()
        });
        Table::new("waiting", "待张贴", columns)
            .rows(rows)
            .empty("没有待张贴的公示。审核通过、清单规定要公示的申领会自动列在这里。", None)
    }

    fn left_out(&self) -> Table {
        let columns =
            vec![Column::short("老人"), Column::short("项目"), Column::new("按现在的事实")];
        let rows = self.left_out.iter().map(|(elder, item, why)| {
            vec![elder.clone().into(), item.as_str().into(), why.as_str().into()]
        });
        let mut table = Table::new("left-out", "审核通过、现在不能张贴的", columns).rows(rows);
        "请打开核对；确实不符合的，撤回申请。".clone_into(&mut table.filter_words);
        table
    }

    fn postings(&self) -> Table {
        let columns = vec![
            Column::new("村（社区）"),
            Column::short("公示期"),
            Column::short("人数"),
            Column::sum("每月合计（元）"),
            Column::short("异议"),
            Column::short("状态"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.village.clone().into(),
                row.period.as_str().into(),
                row.lines.as_str().into(),
                row.monthly.as_str().into(),
                chip(&row.objected),
                row.state.clone().into(),
            ]
        });
        let mut table =
            Table::new("postings", "公示单", columns).rows(rows).empty("没有这样的公示单。", None);
        table.filters.clone_from(&self.filters);
        table.filter_words.clone_from(&self.filter_words);
        table.tools.push(Link::new("导出 Excel", self.export.clone()));
        if let Some(sheets) = &self.sheets {
            table.tools.push(Link::new("打印全部公示中的", sheets.clone()));
        }
        table.pager.clone_from(&self.pager);
        table
    }
}

fn chip(chip: &Chip) -> Line {
    if chip.text.is_empty() { Line::new() } else { chip.clone().into() }
}

/// One sheet, as those see it who work with it.
#[derive(Clone, Debug, Template)]
#[template(path = "publicity/one.html")]
pub struct PostingPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Whose sheet.
    pub title: String,
    /// Whether it hangs, and until when.
    pub state: Line,
    /// 打印, the sheet, and what everybody sees.
    pub acts: Vec<Link>,
    /// 打印: noted as another print.
    pub print: Option<PostButton>,
    /// Term and words: period, telephone, prints.
    pub facts: Vec<(String, Line)>,
    /// The lines.
    pub rows: Vec<NamedRow>,
    /// 撤下
    pub take_down: Option<Form>,
}

/// A line with the person behind it.
#[derive(Clone, Debug)]
pub struct NamedRow {
    /// Number on the sheet.
    pub no: String,
    /// The elder, if the reader may see them.
    pub elder: Line,
    /// As it stands on the sheet.
    pub shown: String,
    /// The item.
    pub item: String,
    /// A month.
    pub monthly: String,
    /// Months before, and their sum.
    pub arrears: String,
    /// How far the application is.
    pub state: Line,
    /// 登记异议
    pub object: Option<Link>,
}

impl PostingPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("序号"),
            Column::new("老人"),
            Column::short("公示姓名"),
            Column::new("项目"),
            Column::sum("每月（元）"),
            Column::sum("补发"),
            Column::short("申领状态"),
            Column::short("异议"),
        ];
        let rows = self.rows.iter().map(|row| {
            vec![
                row.no.as_str().into(),
                row.elder.clone(),
                row.shown.as_str().into(),
                row.item.as_str().into(),
                row.monthly.as_str().into(),
                row.arrears.as_str().into(),
                row.state.clone(),
                row.object.clone().map_or_else(Line::new, Line::from),
            ]
        });
        Table::new("lines", "公示名单", columns).rows(rows)
    }
}

/// 公示单, on paper: one or several, each on pages of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "publicity/sheet.html")]
pub struct SheetPaper {
    /// Around it.
    pub paper: Paper,
    /// The sheets.
    pub sheets: Vec<Sheet>,
}

/// One sheet of paper: everything on it may be read by everybody.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Such as 养老服务待遇拟发放对象公示.
    pub heading: String,
    /// Whom it is about, from when to when.
    pub sentence: String,
    /// How to object.
    pub objection: String,
    /// Where to call.
    pub phone: String,
    /// The lines.
    pub(crate) lines: Vec<MaskedLine>,
    /// 共 n 人，每月合计 …
    pub total: String,
    /// Who posts it.
    pub issuer: String,
    /// The day on it.
    pub day: String,
    /// 第 n 次打印; empty while it was not printed.
    pub printed: String,
}

impl Sheet {
    /// The lines as they are written: number, name, village, item, a month, months before.
    fn rows(&self) -> impl Iterator<Item = (usize, [String; 5])> {
        (1..).zip(self.lines.iter().map(|line| {
            [
                line.name.to_string(),
                line.village.to_string(),
                line.item.to_string(),
                crate::list_words::yuan(line.monthly_fen),
                arrears(line),
            ]
        }))
    }
}

/// `补 7 个月 280 元`; empty where nothing is owed.
pub(super) fn arrears(line: &MaskedLine) -> String {
    line.arrears.map_or_else(String::new, |(months, fen)| format!("补 {months} 个月 {}", yuan(fen)))
}

/// 公示栏: what hangs in a county, for everybody.
#[derive(Clone, Debug, Template)]
#[template(path = "publicity/notices.html")]
pub struct NoticesPage {
    /// Around it.
    pub open: Open,
    /// Such as 松河县正在公示的名单.
    pub heading: String,
    /// The sheets: where, and until when.
    pub notices: Vec<(Link, String)>,
}

/// One sheet, for everybody, while its period runs.
#[derive(Clone, Debug, Template)]
#[template(path = "publicity/notice.html")]
pub struct NoticePage {
    /// Around it.
    pub open: Open,
    /// The same as on paper.
    pub sheet: Sheet,
    /// All that hangs.
    pub all: Href,
}
