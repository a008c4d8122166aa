//! 一人一档 and 一页告知: what the pages say, as plain data.

use askama::Template;
use webkit::{Chip, Crumbs, Field, FieldKind, Form, Href, Line, Link, Paper, Shell, Tone};

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
    /// What else the reader may do about the elder: 申领待遇, 发放记录, 登记投诉 …
    pub acts: Vec<Link>,
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
    /// 可享受的服务
    pub served: Vec<Benefit>,
    /// 身份与情况
    pub situation: Vec<ProfileLine>,
    /// 户号 and 配偶
    pub family: Vec<ProfileLine>,
    /// Spouse and household within the reader's area.
    pub relatives: Vec<Relative>,
    /// 生存痕迹
    pub traces: Vec<ProfileLine>,
    /// 待核线索
    pub leads: Vec<ProfileLine>,
}

/// A fact as it stands.
#[derive(Clone, Debug)]
pub struct ProfileLine {
    /// Such as 残疾等级.
    pub label: String,
    /// Such as 2 级.
    pub value: String,
    /// File and row, or which file does not name the elder.
    pub source: Line,
}

/// Somebody of the family.
#[derive(Clone, Debug)]
pub struct Relative {
    /// The name, leading to the file.
    pub elder: Link,
    /// Such as 男 82 岁，云溪镇溪尾村.
    pub about: String,
    /// 配偶 or 同户.
    pub relation: String,
    /// 在世 and its like.
    pub life: Chip,
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
