//! 来源行: a row of a department's file as it was sent, and what was learned from it.
//!
//! For whoever may see the person of the row; a row about nobody certain is for whoever may see
//! the file. Law: 个人信息保护法 art. 6, see also `basis`.
//!
//! 1. Every fact, condition and duty leads here by file and row.
//! 2. The cells stand as they came, beside what each was read as; sensitive ones stay closed.
//! 3. The facts that were taken from the row stand below, then who sent and who accepted the file.

mod pages;
#[cfg(test)]
mod tests;
pub mod views;

use access::Action;
use webkit::{Gate, Routes};

use crate::{App, Capability};

/// 来源行
pub const CAPABILITY: Capability = Capability {
    id: "source_row",
    name: "来源行",
    basis: &["anhui-plan 二(二)4"],
    reads: &["name"],
    duties: &[],
    menu: &[],
    routes,
};

fn routes() -> Routes<App> {
    Routes::new().get(Gate::May(Action::SeePeople), "/files/{batch}/rows/{row}", pages::source_row)
}
