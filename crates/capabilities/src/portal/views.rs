//! 公开页: what the open pages say, as plain data.

use askama::Template;
use webkit::{Choice, Href, Line, Link, Open, Paper};

/// 清单: everything that is promised, by who the reader is.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/list.html")]
pub struct ListPage {
    /// Around it.
    pub open: Open,
    /// Such as 松河县的老人能享受什么.
    pub heading: String,
    /// Who published it and since when.
    pub sentence: String,
    /// 看看能不能享受
    pub check: Href,
    /// On paper, for the wall.
    pub poster: Href,
    /// 老人联系卡
    pub card: Href,
    /// Other counties and towns.
    pub areas: Href,
    /// By who the reader is.
    pub groups: Vec<Group>,
}

/// Terms with their words.
pub type Entries = Vec<(&'static str, Vec<String>)>;

/// The items for people of one kind.
#[derive(Clone, Debug)]
pub struct Group {
    /// Id within the page.
    pub id: String,
    /// Such as 80 周岁以上的老人.
    pub heading: String,
    /// Whether other departments decide: told in short.
    pub others: bool,
    /// In the list's order.
    pub items: Vec<Card>,
}

/// An item as a family reads it.
#[derive(Clone, Debug)]
pub struct Card {
    /// Such as 高龄津贴.
    pub name: String,
    /// What it gives, such as 每月 40 元; may be empty when the bands say it.
    pub what: String,
    /// Who gets how much, when it differs.
    pub bands: Vec<(String, String)>,
    /// For whom, in a sentence.
    pub who: String,
    /// 怎么办 and 规定, folded.
    pub how: Entries,
}

/// 选地方: whose list is read.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/areas.html")]
pub struct AreasPage {
    /// Around it.
    pub open: Open,
    /// Counties with their towns.
    pub counties: Vec<(Link, Vec<Link>)>,
}

/// One question of the check.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/ask.html")]
pub struct AskPage {
    /// Around it.
    pub open: Open,
    /// Where it is sent.
    pub action: Href,
    /// What goes along unseen: the area and the answers so far.
    pub hidden: Vec<(String, String)>,
    /// Such as 第 2 问，后面最多还有 3 问.
    pub at: String,
    /// The question before, to be asked again.
    pub back: Option<&'static str>,
    /// The question's name.
    pub kind: &'static str,
    /// The question.
    pub ask: String,
    /// Help; may be empty.
    pub hint: String,
    /// What is wrong with what was typed, and what to do.
    pub error: Option<String>,
    /// How it is answered.
    pub field: AskField,
}

/// How a question is answered.
#[derive(Clone, Debug)]
pub enum AskField {
    /// Year, month and day as typed.
    Day([String; 3]),
    /// One of a few, and which one is ticked.
    Pick(Vec<Choice>, String),
}

/// 结果: what can be had, what not and why.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/result.html")]
pub struct ResultPage {
    /// Around it.
    pub open: Open,
    /// The answer in one line.
    pub heading: String,
    /// What it rests on: list and day.
    pub sentence: String,
    /// Something to look at again; may be empty.
    pub doubt: String,
    /// The items by what the rules say to them.
    pub parts: Vec<Part>,
    /// What was answered: question, answer, and the question's name to ask it again.
    pub answers: Vec<(String, String, &'static str)>,
    /// Where a changed answer is sent.
    pub action: Href,
    /// What goes along unseen.
    pub hidden: Vec<(String, String)>,
    /// From the beginning.
    pub again: Href,
    /// The whole list.
    pub list: Href,
}

/// Items to which the rules say the same.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its class: `ok`, `soon`, `unsure` or `no`.
    pub class: &'static str,
    /// Such as 能享受.
    pub heading: String,
    /// What to do now; may be empty.
    pub advice: String,
    /// The items.
    pub items: Vec<Told>,
}

/// An item and what the rules say about it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Such as 高龄津贴.
    pub name: String,
    /// Such as 每月 40 元; may be empty.
    pub what: String,
    /// Since when, why, or why not.
    pub lines: Vec<String>,
    /// 怎么办
    pub how: Entries,
    /// 规定, folded.
    pub terms: Entries,
}

/// 帮助: how to ask and object, and what these pages do and do not do.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/help.html")]
pub struct HelpPage {
    /// Around it.
    pub open: Open,
    /// Who answers for the list.
    pub issuer: String,
    /// Where one objects first, such as 乡镇（街道）.
    pub first: String,
    /// The deadlines that the list itself names: item and words.
    pub clocks: Vec<(String, String)>,
    /// 看看能不能享受
    pub check: Href,
}

/// 看不懂: a form that no page of ours sends.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/bad.html")]
pub struct BadPage {
    /// Around it.
    pub open: Open,
    /// From the beginning.
    pub again: Link,
}

/// 海报: the list on paper, for a wall or a hand.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/poster.html")]
pub struct Poster {
    /// Around it.
    pub paper: Paper,
    /// Such as 松河县的老人能享受什么.
    pub heading: String,
    /// By who the reader is.
    pub groups: Vec<Group>,
    /// Whom to call.
    pub call: Line,
    /// Which list, of which day.
    pub source: String,
}

/// 老人联系卡: eight to a sheet, to be filled in by hand and carried in the purse.
#[derive(Clone, Debug, Template)]
#[template(path = "portal/card.html")]
pub struct ContactCards {
    /// Around it.
    pub paper: Paper,
    /// Whose cards these are, such as 松河县.
    pub place: String,
    /// Whom to call about the list.
    pub call: Line,
}

impl AskPage {
    fn is_day(&self) -> bool {
        matches!(self.field, AskField::Day(_))
    }

    /// The ids of help and error, as `aria-describedby` wants them.
    fn described(&self) -> String {
        let hint = if self.hint.is_empty() { "" } else { "hint" };
        let error = if self.error.is_some() { "error" } else { "" };
        format!("{hint} {error}").trim().to_owned()
    }
}
