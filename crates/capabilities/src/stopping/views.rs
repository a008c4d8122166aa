//! 停发与恢复: the page of one case and the sheet of paper, as plain data.

use askama::Template;
use webkit::{
    Chip, Column, Crumbs, Field, FieldKind, Form, Href, Line, Link, Paper, PostButton, Shell, Table,
};

/// One stop, one restore, or how an item of one elder stands.
#[derive(Clone, Debug, Template)]
#[template(path = "stopping/one.html")]
pub(crate) struct OnePage {
    /// Around it.
    pub(crate) shell: Shell,
    /// The way here.
    pub(crate) crumbs: Crumbs,
    /// What and whose.
    pub(crate) title: String,
    /// How far it is.
    pub(crate) state: Chip,
    /// What it comes to.
    pub(crate) sentence: String,
    /// Papers and other pages.
    pub(crate) links: Vec<Link>,
    /// Acts without words.
    pub(crate) acts: Vec<PostButton>,
    /// Term and words.
    pub(crate) facts: Vec<(String, Line)>,
    /// Month, overpaid sum, who paid it.
    pub(crate) months: Vec<(String, String, String)>,
    /// When, and who did what.
    pub(crate) history: Vec<(String, String)>,
    /// What can be done, with a heading each.
    pub(crate) forms: Vec<(String, Form)>,
}

impl OnePage {
    fn months_table(&self) -> Table {
        let columns = vec![Column::short("月份"), Column::sum("多发（元）"), Column::new("谁发的")];
        let rows = self.months.iter().map(|(month, sum, by)| {
            vec![month.as_str().into(), sum.as_str().into(), by.as_str().into()]
        });
        Table::new("months", "已发而不该发的月份", columns).rows(rows)
    }
}

/// 停发告知书 or 最后发放月证明, on paper in large type.
#[derive(Clone, Debug, Template)]
#[template(path = "stopping/sheet.html")]
pub(crate) struct SheetPaper {
    /// Around it.
    pub(crate) paper: Paper,
    /// What it is.
    pub(crate) title: String,
    /// To whom; empty for a certificate.
    pub(crate) to: String,
    /// What is said.
    pub(crate) body: Vec<String>,
    /// Heading of the clauses; empty for none.
    pub(crate) heading: String,
    /// Clauses: where, and what they say.
    pub(crate) basis: Vec<(String, String)>,
    /// What can be done.
    pub(crate) after: Vec<String>,
    /// Who issues it.
    pub(crate) issuer: String,
    /// When.
    pub(crate) day: String,
}

/// A form with words: sends `note`.
pub(crate) fn note_form(action: Href, csrf: &str, label: &str) -> Form {
    Form::new(action, csrf, label).field(Field::new("note", "说明", FieldKind::Lines))
}
