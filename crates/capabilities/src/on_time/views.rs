//! 按时足额发放: what the pages say, as plain data.

use askama::Template;
use webkit::{Bar, Crumbs, Line, Link, PostButton, Shell, Table};

/// 按时足额发放: one month of one item.
#[derive(Clone, Debug, Template)]
#[template(path = "on_time/page.html")]
pub struct OnTimePage {
    /// Around it.
    pub shell: Shell,
    /// `2026 年 6 月高龄津贴按时足额发放`
    pub title: String,
    /// How many were entitled, how many were paid, and the rate.
    pub sentence: Line,
    /// When it was counted, and by what rule.
    pub counted: String,
    /// 重新核算
    pub count: Option<PostButton>,
    /// The other items.
    pub items: Vec<Link>,
    /// Everybody who was entitled, by result.
    pub bar: Option<Bar>,
    /// By result and cause.
    pub causes: Table,
    /// By town, or by village within one.
    pub places: Table,
    /// By month.
    pub months: Table,
}

/// The people behind a number.
#[derive(Clone, Debug, Template)]
#[template(path = "on_time/people.html")]
pub struct PeoplePage {
    /// Around it.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Crumbs,
    /// What they are.
    pub title: String,
    /// The people.
    pub table: Table,
}
