//! 送达与回执: what the paper says, as plain data.

use askama::Template;
use webkit::Paper;

/// 交接单: what goes along with a file that is handed over.
#[derive(Clone, Debug, Template)]
#[template(path = "receipts/slip.html")]
pub struct SlipPage {
    /// Around it.
    pub paper: Paper,
    /// What it is.
    pub title: String,
    /// What is handed over.
    pub facts: Vec<(String, String)>,
    /// What does not go out, and why.
    pub left_out: Vec<(String, String)>,
}
