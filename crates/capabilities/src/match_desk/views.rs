//! S5 人工比对: what the page says, as plain data.

use askama::Template;
use webkit::{Bar, Choice, Column, Crumbs, Href, Line, Link, Shell, Table};

pub use crate::desk_lines::{RecentRow, Recents};

/// One row beside whom it may be about.
#[derive(Clone, Debug, Template)]
#[template(path = "match_desk/pair.html")]
pub struct PairPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Such as 高龄津贴发放名册 第 140 行.
    pub title: String,
    /// Why it is not certain.
    pub reason: String,
    /// 已比对 12 / 287.
    pub progress: String,
    /// The same as a bar.
    pub bar: Bar,
    /// What the village has answered, or that it was asked; what was decided.
    pub state: Option<Line>,
    /// Field by field.
    pub compared: Table,
    /// Whether the choices stand beside the table: they do while it is narrow enough.
    pub beside: bool,
    /// What can be decided; none when it is decided.
    pub choose: Option<Choose>,
    /// The next row, without deciding.
    pub skip: Option<Link>,
    /// See [`Recents`].
    pub recents: Recents,
}

/// 比对结论: the form.
#[derive(Clone, Debug)]
pub struct Choose {
    /// Where it is sent.
    pub action: Href,
    /// Proof that the form is ours.
    pub csrf: String,
    /// Values that go along unseen.
    pub hidden: Vec<(String, String)>,
    /// Whom it may be about; the value is the person's id.
    pub candidates: Vec<Choice>,
    /// Words of the tick that notes the row's number; none when it has none of its own.
    pub note_number: Option<String>,
    /// Words of the tick that makes a new person; none when the file makes nobody known.
    pub newcomer: Option<String>,
    /// What each choice does: 是同一人, 都不是, 请村里核实.
    pub effects: [String; 3],
}

/// The three choices, from the left: what is sent, what is read, its key and its class.
const CHOICES: [(&str, &str, &str, &str); 3] = [
    ("same", "是同一人", "1", "btn main"),
    ("none", "都不是", "2", "btn"),
    ("ask", "请村里核实", "3", "btn"),
];

impl Choose {
    /// What can be chosen: about nobody there is nothing to ask.
    fn buttons(&self) -> Vec<(&'static str, &'static str, &'static str, &'static str, &str)> {
        CHOICES
            .iter()
            .zip(&self.effects)
            .filter(|((sent, ..), _)| *sent == "none" || !self.candidates.is_empty())
            .map(|((sent, read, key, class), effect)| (*sent, *read, *key, *class, effect.as_str()))
            .collect()
    }
}

/// Field by field: the first column names the field, the second is the row.
pub fn compared(people: &[Line], rows: Vec<Vec<Line>>) -> Table {
    let mut columns = vec![Column::short("项目"), Column::new("文件里这一行")];
    columns.extend(people.iter().enumerate().map(|(at, _)| match people.len() {
        1 => Column::new("库里的人"),
        _ => Column::new(format!("候选 {}", at + 1)),
    }));
    Table::new("pair", "逐项对照", columns).rows(rows)
}
