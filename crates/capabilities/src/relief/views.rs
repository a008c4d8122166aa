//! 社会救助衔接: what the pages say, as plain data.

use askama::Template;
use webkit::{Choice, Crumbs, Field, FieldKind, Form, Href, Line, Link, Paper, Shell, Table};

/// 社会救助转办 or 低收入变化: a list under its sentence.
#[derive(Clone, Debug, Template)]
#[template(path = "relief/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// What is listed.
    pub title: &'static str,
    /// What waits, as one would say it aloud.
    pub sentence: String,
    /// The other list of the two.
    pub beside: Link,
    /// 登记转办: see [`find_form`].
    pub find: Option<Form>,
    /// The rows.
    pub table: Table,
}

/// The form that looks for whom to hand over: sends `q`.
pub fn find_form(action: Href, csrf: &str, typed: &str) -> Form {
    let name =
        Field::new("q", "登记转办：老人姓名、拼音首字母或完整身份证号", FieldKind::Text("off"));
    Form::new(action, csrf, "查找").field(name.value(typed))
}

/// 登记转办, or one hand-over: what is known, and a form.
#[derive(Clone, Debug, Template)]
#[template(path = "relief/one.html")]
pub struct OnePage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// What it is.
    pub title: String,
    /// How far it is.
    pub state: Line,
    /// 打印转办单
    pub slip: Option<Link>,
    /// Term and words.
    pub facts: Vec<(String, Line)>,
    /// What may be done next, under its heading.
    pub form: Option<(String, Form)>,
    /// When, and who did what.
    pub history: Vec<(String, String)>,
}

/// The form of a hand-over: sends `kind`, `reason`, `given` and `receiver`.
pub fn hand_form(action: Href, csrf: &str, kinds: Vec<Choice>) -> Form {
    Form::new(action, csrf, "登记转办")
        .main()
        .field(Field::new("kind", "转办哪一种救助", FieldKind::Radio(kinds)))
        .field(
            Field::new("reason", "为什么转办", FieldKind::Lines)
                .hint("写实际情况，如“上门时发现已断了收入，子女都在外地务工”。"),
        )
        .field(
            Field::new("given", "转交了哪些材料", FieldKind::Lines)
                .hint("如“申请书、户口簿复印件、能力评估结论”；没有的写“口头转办”。"),
        )
        .field(
            Field::new("receiver", "转给谁", FieldKind::Text("off"))
                .hint("单位和经办人，如“镇社会事务办 王某某”。"),
        )
}

/// The form of an answer: sends `action`, `on` and `note`.
pub fn step_form(action: Href, csrf: &str, moves: Vec<Choice>, today: &str) -> Form {
    Form::new(action, csrf, "记下")
        .main()
        .field(Field::new("action", "救助部门怎么答复", FieldKind::Radio(moves)))
        .field(Field::new("on", "答复日期", FieldKind::Day).value(today))
        .field(
            Field::new("note", "说明", FieldKind::Lines)
                .hint("不予救助和撤回的要写明理由。")
                .optional(),
        )
}

/// 社会救助转办单, on paper: the number is masked.
#[derive(Clone, Debug, Template)]
#[template(path = "relief/slip.html")]
pub struct SlipPaper {
    /// Around it.
    pub paper: Paper,
    /// What it is.
    pub title: String,
    /// To whom.
    pub to: String,
    /// What is asked, and until when.
    pub sentence: String,
    /// Term and words.
    pub facts: Vec<(String, String)>,
}
