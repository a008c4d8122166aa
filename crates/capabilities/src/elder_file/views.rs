//! 一人一档, 找老人, 来源行 and 一页告知: what the pages say, as plain data.

use askama::Template;
use webkit::{
    Chip, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Pager, Paper, Shell, Table,
    Tone,
};

/// 一人一档 (S2)
#[derive(Clone, Debug, Template)]
#[template(path = "elder_file/elder.html")]
pub struct ElderPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// The name as the police register writes it.
    pub name: String,
    /// Such as 女，80 岁，1945-10-17 出生.
    pub about: String,
    /// Such as 云溪镇溪尾村.
    pub village: String,
    /// The number, masked; or whole after [`ElderPage::reveal`].
    pub number: String,
    /// 查看完整号码: see [`reveal_form`]; none when the role may not, or when it stands there.
    pub reveal: Option<Form>,
    /// 在世 and its like, in its colour.
    pub life: Chip,
    /// What that rests on, with file and row.
    pub life_source: Line,
    /// 打印一页告知
    pub notice: Option<Link>,
    /// 正在享受
    pub gets: Vec<Benefit>,
    /// 还可能享受
    pub could_get: Vec<Benefit>,
    /// 已停发
    pub stopped: Vec<Benefit>,
    /// 待办
    pub duties: Vec<OpenDuty>,
    /// 事实与决定, newest first.
    pub history: Vec<Event>,
    /// 还不知道
    pub unknown: Vec<UnknownFact>,
}

/// A benefit that is had, could be had, or was stopped.
#[derive(Clone, Debug)]
pub struct Benefit {
    /// Its name, leading to 依据.
    pub item: Link,
    /// Such as 40.00 元/月; may be empty.
    pub amount: String,
    /// Since when, or because of what.
    pub because: String,
}

/// An open duty about the person.
#[derive(Clone, Debug)]
pub struct OpenDuty {
    /// What, leading to the duty.
    pub duty: Link,
    /// What kind, in its colour.
    pub kind: Chip,
    /// Who owes it.
    pub owner: String,
    /// Such as 还有 3 天.
    pub due: Chip,
}

/// Something that was said or decided.
#[derive(Clone, Debug)]
pub struct Event {
    /// When it is true, such as 2026-05-20.
    pub day: String,
    /// Green, amber, red, blue or none.
    pub tone: Tone,
    /// What.
    pub text: String,
    /// Who said so and when we learned it, with file and row as a link.
    pub source: Line,
}

/// A fact that nobody has told yet.
#[derive(Clone, Debug)]
pub struct UnknownFact {
    /// Such as 收款账户.
    pub label: String,
    /// How it can be learned, and by whom.
    pub how: String,
}

/// 查看完整号码: the form of [`ElderPage::reveal`]; sends `reason`.
pub fn reveal_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "查看并留下记录").field(
        Field::new("reason", "为什么要看完整号码", FieldKind::Text("off"))
            .hint("看了什么、为什么看，都会记入审计，老人可以查询。"),
    )
}

/// 找老人
#[derive(Clone, Debug, Template)]
#[template(path = "elder_file/search.html")]
pub struct SearchPage {
    /// Around it; its search box holds what was looked for.
    pub shell: Shell,
    /// See [`search_form`].
    pub form: Form,
    /// What was looked for, in words; empty before the first search.
    pub asked: String,
    /// Who was found within the reader's area.
    pub found: Vec<FoundRow>,
    /// Pages.
    pub pager: Option<Pager>,
}

/// An elder who was found.
#[derive(Clone, Debug)]
pub struct FoundRow {
    /// Name, leading to the file.
    pub elder: Link,
    /// Such as 女 80 岁.
    pub about: String,
    /// The number, masked.
    pub number: String,
    /// Such as 云溪镇溪尾村.
    pub village: String,
    /// 在世 and its like.
    pub life: Chip,
    /// What is open, such as 1 件待办; may be empty.
    pub open: String,
}

/// 找老人: the form of [`SearchPage`]; sends `q`.
pub fn search_form(action: Href, csrf: &str, text: &str) -> Form {
    Form::new(action, csrf, "查找").main().field(
        Field::new("q", "姓名、拼音首字母、村名或完整身份证号", FieldKind::Text("off"))
            .value(text)
            .hint("例如：周某某、zmm、溪尾村。身份证号要写全 18 位。只查您辖区内的老人。"),
    )
}

impl SearchPage {
    fn table(&self) -> Table {
        let columns = vec![
            Column::short("姓名"),
            Column::short("身份证号"),
            Column::new("户籍"),
            Column::short("状态"),
            Column::short("待办"),
        ];
        let mut table = Table::new("found", self.asked.clone(), columns)
            .rows(self.found.iter().map(FoundRow::cells))
            .empty(
                "辖区内没有找到。请核对写法：姓名要从姓开始写，拼音只写首字母，\
                 身份证号要写全 18 位。户籍在外地的老人，由户籍地登记。",
                None,
            );
        table.pager.clone_from(&self.pager);
        table
    }
}

impl FoundRow {
    fn cells(&self) -> Vec<Line> {
        vec![
            Line::from(self.elder.clone()).small(self.about.as_str()),
            self.number.as_str().into(),
            self.village.as_str().into(),
            self.life.clone().into(),
            self.open.as_str().into(),
        ]
    }
}

/// 来源行: what was read from one row of one file.
#[derive(Clone, Debug, Template)]
#[template(path = "elder_file/source_row.html")]
pub struct SourceRowPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Such as 公安人口库 2026-06-01 第 41207 行.
    pub title: String,
    /// Whom the row was matched to and how, such as 按身份证号一致.
    pub matched: Line,
    /// The row as it was read.
    pub cells: Vec<SourceCell>,
    /// 这一行说了什么: the facts that were taken from it.
    pub facts: Vec<(String, String)>,
    /// File name, hash, rows, as-of day, received by, accepted by: term and words.
    pub file: Vec<(String, Line)>,
}

/// A cell of a file's row.
#[derive(Clone, Debug)]
pub struct SourceCell {
    /// The column as the sender calls it.
    pub heading: String,
    /// What stood there; masked where it is sensitive.
    pub raw: String,
    /// What it was read as; empty when it was not used.
    pub read: String,
}

impl SourceRowPage {
    fn table(&self) -> Table {
        let columns = vec![Column::new("文件里的列"), Column::new("原样内容"), Column::new("读作")];
        Table::new("row", "这一行原样", columns)
            .rows(self.cells.iter().map(|cell| {
                let read = if cell.read.is_empty() { "没有使用" } else { &cell.read };
                vec![cell.heading.as_str().into(), cell.raw.as_str().into(), read.into()]
            }))
            .empty("文件里没有找到这一行，右边是据它记下的事实。", None)
    }
}

/// 一页告知: what an elder gets, may get and can do, on one page of at least 18 pt.
#[derive(Clone, Debug, Template)]
#[template(path = "elder_file/notice.html")]
pub struct NoticePaper {
    /// Around it.
    pub paper: Paper,
    /// Such as 周某某 老人家.
    pub to: String,
    /// The heading, such as 您可以领取高龄津贴.
    pub heading: String,
    /// 您现在享受
    pub gets: Vec<NoticeBenefit>,
    /// 您还可以享受
    pub could_get: Vec<NoticeBenefit>,
    /// 已停发
    pub stopped: Vec<NoticeBenefit>,
    /// 下一步怎么办, one act a line.
    pub next_steps: Vec<String>,
    /// Whom to call, such as 溪尾村 养老专干 陈专干.
    pub contact: String,
    /// The telephone number.
    pub telephone: String,
    /// How to object, with the office and its number.
    pub objection: String,
    /// The office that says so.
    pub issuer: String,
    /// The day in words.
    pub day: String,
}

/// A benefit in an elder's words.
#[derive(Clone, Debug)]
pub struct NoticeBenefit {
    /// Its name.
    pub item: String,
    /// Such as 每月 40 元; may be empty.
    pub amount: String,
    /// Since when, or why, in a sentence.
    pub sentence: String,
}
