//! The lines of a file that was sent, read back from its own bytes: what the bank answers is held
//! against what left, not against what is known by now.

use facts::sheet::Row;
use kernel::{Fen, Trouble};

use super::BankLine;
use super::layout::{BankLayout, BankOrigin, Unit};

/// The lines in the rows of a file that was made in this layout.
///
/// # Errors
/// A fault: the file is ours, so that it reads.
pub(crate) fn lines_in(
    layout: &BankLayout,
    count: u32,
    rows: impl Iterator<Item = Row>,
) -> Result<Vec<BankLine>, Trouble> {
    let place = |origin| layout.columns.iter().position(|column| column.from == origin);
    let text = |row: &Row, origin| {
        place(origin).map_or_else(String::new, |at| row.cell(at).as_text().into_owned())
    };
    let amounts = layout.columns.iter().find(|column| column.from == BankOrigin::Amount);
    let unit = amounts.map(|column| column.write).unwrap_or_default();
    let broken = |no: u32| Trouble::fault(format!("line {no} of our own bank file"));
    let mut lines = Vec::new();
    for (row, no) in rows.skip(1).zip(1..=count) {
        let amount = text(&row, BankOrigin::Amount);
        let amount = match unit {
            Unit::Yuan => Fen::parse_yuan(&amount).map_err(|_| broken(no))?,
            Unit::Fen => Fen::new(amount.parse().map_err(|_| broken(no))?),
        };
        if text(&row, BankOrigin::LineNo) != no.to_string() {
            return Err(broken(no));
        }
        lines.push(BankLine {
            no,
            name: text(&row, BankOrigin::Name),
            number: text(&row, BankOrigin::Number),
            account: text(&row, BankOrigin::Account),
            amount,
        });
    }
    if lines.len() != usize::try_from(count).map_err(Trouble::fault)? {
        return Err(Trouble::fault("our own bank file is cut"));
    }
    Ok(lines)
}
