//! 花名册: what the pages say, as plain data.

use askama::Template;
use webkit::{Choice, Crumbs, Field, FieldKind, Form, Href, Shell, Table};

/// People of a run: its lines, who differs, or who is held.
#[derive(Clone, Debug, Template)]
#[template(path = "pay_lines/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// The way back.
    pub crumbs: Crumbs,
    /// What they are.
    pub title: String,
    /// How many and how much, in a sentence.
    pub sentence: String,
    /// See [`find_form`].
    pub find: Option<Form>,
    /// The people.
    pub table: Table,
}

/// 在名册里找: sends `q`, `area`, `band` and `only`.
pub fn find_form(
    action: Href,
    csrf: &str,
    (areas, area): (Vec<Choice>, &str),
    (bands, band): (Vec<Choice>, &str),
    only: &str,
) -> Form {
    let kinds = vec![
        Choice::new("", "全部"),
        Choice::new("arrears", "有补发的"),
        Choice::new("reissued", "退汇重发的"),
        Choice::new("look", "需人工看的"),
    ];
    Form::new(action, csrf, "找")
        .field(Field::new("q", "姓名或拼音首字母", FieldKind::Text("off")).optional())
        .field(Field::new("area", "乡镇", FieldKind::Select(areas)).value(area).optional())
        .field(Field::new("band", "档次", FieldKind::Select(bands)).value(band).optional())
        .field(Field::new("only", "只看", FieldKind::Select(kinds)).value(only).optional())
}

/// 发放记录: what one person was paid in 24 months.
#[derive(Clone, Debug, Template)]
#[template(path = "pay_lines/payments.html")]
pub struct PaymentsPage {
    /// Around it.
    pub shell: Shell,
    /// The way back.
    pub crumbs: Crumbs,
    /// Whose.
    pub title: String,
    /// How much, in a sentence.
    pub sentence: String,
    /// The months, the newest first.
    pub table: Table,
}
