//! 服务额度和择高: what the pages say, as plain data.

use askama::Template;
use webkit::{Link, Shell, Table};

/// 服务额度 or 择高发放: a list under its sentence.
#[derive(Clone, Debug, Template)]
#[template(path = "care_subsidies/list.html")]
pub struct ListPage {
    /// Around it.
    pub shell: Shell,
    /// What is listed.
    pub title: &'static str,
    /// What it comes to, as one would say it aloud.
    pub sentence: String,
    /// What the rules say about it.
    pub rules: Vec<String>,
    /// The other list of the two.
    pub beside: Link,
    /// The rows.
    pub table: Table,
}
