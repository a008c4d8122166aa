//! 银行文件: what the pages say, as plain data.

use askama::Template;
use webkit::{
    Chip, Choice, Crumbs, Field, FieldKind, Form, Href, Line, Link, Paper, PostButton, Shell, Table,
};

/// 银行文件: what left, what waits, and why nothing leaves, when nothing does.
#[derive(Clone, Debug, Template)]
#[template(path = "bank_files/files.html")]
pub struct FilesPage {
    /// Around it.
    pub shell: Shell,
    /// How things stand, in a sentence.
    pub sentence: String,
    /// 冻结
    pub frozen: Option<FrozenView>,
    /// Runs that wait for their file.
    pub waiting: Option<Table>,
    /// The newest first.
    pub files: Table,
}

/// 冻结: the log beside the database knows more than the database.
#[derive(Clone, Debug)]
pub struct FrozenView {
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// The files that the database does not know.
    pub unknown: Table,
    /// 提出解除; see [`release_form`].
    pub propose: Option<Form>,
    /// What somebody has proposed.
    pub proposed: String,
    /// 确认解除
    pub confirm: Option<PostButton>,
}

/// 提出解除: sends `note`.
pub fn release_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "提出解除").field(
        Field::new("note", "核对情况", FieldKind::Lines)
            .hint("与银行核对过哪几批、银行怎么说，如“990121-…-202606-1 银行 6 月 26 日已入账”。"),
    )
}

/// The file of one run.
#[derive(Clone, Debug, Template)]
#[template(path = "bank_files/file.html")]
pub struct FilePage {
    /// Around it.
    pub shell: Shell,
    /// The way back.
    pub crumbs: Crumbs,
    /// Which run.
    pub headline: String,
    /// How far the run has come.
    pub state: Chip,
    /// What to do next.
    pub advice: String,
    /// 生成文件, 登记回盘 and their like, with titles.
    pub forms: Vec<(String, Form)>,
    /// 下载文件
    pub acts: Vec<PostButton>,
    /// 交接清单 on paper.
    pub links: Vec<Link>,
    /// 成功, 退汇, 未明, 未回: label, count, sum and class.
    pub figures: Vec<Figure>,
    /// 清单 of the file: number, count, total, hash …
    pub facts: Vec<(String, Line)>,
    /// 退汇: the first lines that came back.
    pub returned: Option<Table>,
    /// 回盘文件 that were taken in.
    pub returns: Option<Table>,
}

/// A count with its sum.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The count.
    pub count: String,
    /// What it counts, with the sum.
    pub label: String,
    /// `bad`, `wait`, `ok` or nothing.
    pub class: &'static str,
}

/// 生成文件: sends `layout`.
pub fn make_form(action: Href, csrf: &str, layouts: Vec<Choice>) -> Form {
    let first = layouts.first().map(|choice| choice.value.clone()).unwrap_or_default();
    Form::new(action, csrf, "生成文件并登记交银行")
        .main()
        .field(Field::new("layout", "交给谁", FieldKind::Radio(layouts)).value(first))
}

/// 登记回盘: sends `file`.
pub fn return_form(action: Href, csrf: &str) -> Form {
    Form::new(action, csrf, "登记回盘").field(
        Field::new("file", "回盘文件", FieldKind::File(".xlsx,.xls,.csv,.txt".to_owned()))
            .hint("银行给的原样文件。可以分几次登记，没有列出的以后再登记。"),
    )
}

/// 交接清单: the paper that goes with a file.
#[derive(Clone, Debug, Template)]
#[template(path = "bank_files/manifest.html")]
pub struct ManifestPage {
    /// Around it.
    pub paper: Paper,
    /// What it is.
    pub title: String,
    /// Count, total, hash …
    pub facts: Vec<(String, String)>,
    /// The hash in groups of eight, to be read aloud.
    pub sm3: Vec<String>,
}
