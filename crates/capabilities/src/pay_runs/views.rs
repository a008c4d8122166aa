//! 月度发放: what the pages say, as plain data.

use askama::Template;
use kernel::Refusal;
use webkit::{Choice, Field, FieldKind, Form, Href, Progress, Shell, Table};

/// 月度发放: the runs.
#[derive(Clone, Debug, Template)]
#[template(path = "pay_runs/runs.html")]
pub struct RunsPage {
    /// Around it.
    pub shell: Shell,
    /// How things stand, in a sentence.
    pub sentence: String,
    /// A run that is being worked out.
    pub progress: Option<Progress>,
    /// Why the last run was not made.
    pub refusal: Option<Refusal>,
    /// 拟制一批; see [`propose_form`].
    pub propose: Option<Form>,
    /// The newest first.
    pub runs: Table,
}

/// The form that proposes a run: sends `item` and `month`.
pub fn propose_form(
    action: Href,
    csrf: &str,
    items: Vec<Choice>,
    months: Vec<Choice>,
    month: &str,
) -> Form {
    Form::new(action, csrf, "拟制")
        .main()
        .field(Field::new("item", "发什么", FieldKind::Select(items)))
        .field(Field::new("month", "哪个月", FieldKind::Select(months)).value(month))
}
