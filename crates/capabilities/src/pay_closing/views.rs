//! 月结: what the page says, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Crumbs, Field, FieldKind, Form, Href, Line, Link, PostButton, Shell, Table,
};

/// 月结: one run, what it pays, why it differs from last month and what is to be done next.
#[derive(Clone, Debug, Template)]
#[template(path = "pay_closing/run.html")]
pub struct RunPage {
    /// Around it.
    pub shell: Shell,
    /// The way back.
    pub crumbs: Crumbs,
    /// Item and month.
    pub headline: String,
    /// How far it has come.
    pub state: Chip,
    /// How far it has come among all steps.
    pub steps: Vec<StepMark>,
    /// What to do next.
    pub advice: String,
    /// 未解释, in words; the colour says whether it is nought.
    pub unexplained: Chip,
    /// 上月 + 新增 − 停发 … = 本月
    pub equation: Table,
    /// 还不能冻结
    pub blockers: Vec<Blocker>,
    /// What is signed, for whoever may sign now.
    pub signing: Option<Signing>,
    /// What can be done now with one click.
    pub acts: Vec<PostButton>,
    /// What needs words, with its title.
    pub forms: Vec<(String, Form)>,
    /// 花名册 and its like.
    pub links: Vec<Link>,
    /// 需要看的, by cause.
    pub exceptions: Option<Table>,
    /// 按档次
    pub bands: Table,
    /// 按乡镇
    pub towns: Table,
    /// 批次单: hash, version, who …
    pub facts: Vec<(String, Line)>,
    /// 经过
    pub moves: Table,
    /// 作废, at the end of the page.
    pub drop: Option<Form>,
}

/// A step on the way from proposal to settlement.
#[derive(Clone, Debug)]
pub struct StepMark {
    /// What it is called.
    pub label: String,
    /// `done`, `now` or nothing.
    pub class: &'static str,
}

/// 还不能冻结: what stands in the way, what to do and who does it.
#[derive(Clone, Debug)]
pub struct Blocker {
    /// What.
    pub what: String,
    /// What to do.
    pub remedy: String,
    /// Who, or where to do it.
    pub who: Line,
}

/// 签字: what somebody locks.
#[derive(Clone, Debug)]
pub struct Signing {
    /// First or second, and as whom.
    pub title: String,
    /// 签了这一笔，谁领多少，与上月比变了什么
    pub sentence: String,
    /// The hash in groups of eight.
    pub digest: Vec<String>,
    /// Locks it.
    pub form: Form,
}

/// The form of somebody who gives a reason: sends `note`.
pub fn note_form(action: Href, csrf: &str, label: &str, what: &str, hint: &str) -> Form {
    Form::new(action, csrf, label)
        .field(Field::new("note", what, FieldKind::Text("off")).hint(hint))
}

/// 作废: sends `reason`, as it may stand beside a form with a `note`.
pub fn drop_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "作废这一批").field(
        Field::new("reason", "作废原因", FieldKind::Text("off"))
            .hint("作废的不会发放，预留的资金退回指标；需要发的重新拟制。"),
    )
}

/// 财政审核: sends `decision` (`pass` or `refuse`) and `note`.
pub fn review_form(action: Href, csrf: &str) -> Form {
    let choices = vec![
        Choice::new("pass", "通过"),
        Choice::new("refuse", "退回").hint("退回的回到“已冻结”，两人的锁定作废，改正后重新锁定"),
    ];
    Form::new(action, csrf, "记下审核意见")
        .main()
        .field(Field::new("decision", "审核意见", FieldKind::Radio(choices)))
        .field(
            Field::new("note", "说明", FieldKind::Lines)
                .hint("退回的要写明原因，如“城关镇资金文号未下达”。")
                .optional(),
        )
}
