//! What the page of forms carries.

use askama::Template;
use webkit::{Crumbs, Link, Shell, Table};

/// 表单打印: the forms of a run.
#[derive(Clone, Debug, Template)]
#[template(path = "paper/forms.html")]
pub struct FormsPage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// Such as 2026 年 6 月高龄津贴的表单.
    pub title: String,
    /// What can be printed.
    pub sentence: String,
    /// Other runs.
    pub runs: Vec<(Link, bool)>,
    /// A line for each form of each place.
    pub table: Table,
    /// Forms that lie elsewhere.
    pub elsewhere: Vec<Link>,
}
