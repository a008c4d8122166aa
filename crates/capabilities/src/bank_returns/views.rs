//! 退汇: what the page says, as plain data.

use askama::Template;
use webkit::{Shell, Table};

/// 退汇: money that came back, by cause, with its age.
#[derive(Clone, Debug, Template)]
#[template(path = "bank_returns/returns.html")]
pub struct ReturnsPage {
    /// Around it.
    pub shell: Shell,
    /// How much is at rest, in a sentence.
    pub sentence: String,
    /// The lines, the newest first.
    pub lines: Table,
}
