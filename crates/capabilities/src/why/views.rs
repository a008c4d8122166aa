//! 依据: what the page says, as plain data.

use askama::Template;
use kernel::Fen;
use webkit::{Choice, Crumbs, Field, FieldKind, Form, Href, Line, Link, PostButton, Shell, Tone};

/// 依据 (S3): one duty or one verdict with every reason.
#[derive(Clone, Debug, Template)]
#[template(path = "why/why.html")]
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
    /// 若重新评估为……: every item by the level that an assessment may come to.
    pub effects: Option<EffectTable>,
    /// 同一件事里的其他人, within the reader's area.
    pub others: Vec<Link>,
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

/// 若重新评估为……: what each item of the list gives at each level.
#[derive(Clone, Debug)]
pub struct EffectTable {
    /// Such as 原来的评估：中度失能，2025-05-12 到期.
    pub before: String,
    /// The levels.
    pub levels: Vec<EffectLevel>,
    /// The items that differ between any two levels.
    pub items: Vec<EffectRow>,
    /// What stays the same whatever comes out.
    pub same: String,
}

/// A level of the hypothetical assessment.
#[derive(Clone, Debug)]
pub struct EffectLevel {
    /// Such as 中度失能.
    pub name: String,
    /// Whether it is the level of the last assessment.
    pub last: bool,
}

/// What an item gives at each level.
#[derive(Clone, Debug)]
pub struct EffectRow {
    /// The item.
    pub item: Link,
    /// What is given now.
    pub now: String,
    /// One cell for each level.
    pub then: Vec<String>,
}

/// Whether a condition holds, or that it is a fact and no condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// ·
    Fact,
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

impl EffectTable {
    fn cells<'a>(
        &'a self,
        row: &'a EffectRow,
    ) -> impl Iterator<Item = (&'a EffectLevel, &'a String)> {
        self.levels.iter().zip(&row.then)
    }
}

impl Mark {
    fn sign(self) -> &'static str {
        match self {
            Self::Yes => "✓",
            Self::No => "✗",
            Self::Unknown => "?",
            Self::Fact => "·",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Yes => "符合",
            Self::No => "不符合",
            Self::Unknown => "还不知道",
            Self::Fact => "登记情况",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::Fact => "fact",
        }
    }
}

impl Entry {
    /// An entry.
    pub fn new(term: impl Into<String>, text: impl Into<Line>) -> Self {
        Self { term: term.into(), text: text.into() }
    }
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
