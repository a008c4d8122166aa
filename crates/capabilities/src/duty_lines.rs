//! 待办 as several pages show them: a duty as a line, counts of duties, and what an address asks of
//! a list of them. Shared by capabilities, which do not import each other.

mod ask;
mod rows;
mod tallies;

pub(crate) use ask::{Ask, urgent};
pub use rows::{DutyOrders, DutyRow};
pub(crate) use rows::{amount, chip, columns, owner, rows, tone};
pub(crate) use tallies::{Tallies, by_kind};
