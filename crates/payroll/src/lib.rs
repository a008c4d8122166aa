//! 发放: what is paid to whom in a month, and why it differs from the last.
//!
//! A *pay run* pays one item to everybody of an area for one month. It is proposed from facts,
//! rules and what was paid before ([`Payroll`]), compared with the month before person by person
//! ([`difference()`]), frozen under a hash of its content ([`content_digest`]), locked by two
//! people, and then goes through the treasury to the bank. The pure part knows no database; the
//! runs as stored, and their moves, are in [`store`].
//!
//! What keeps one month from being paid twice: every month of a line counts how often it was in a
//! locked run before, and the second lock writes it under that number. Two runs that saw the same
//! collide on the primary key of `pay_segment`, whoever proposed them.

mod award;
mod difference;
mod line;
mod proof;
mod propose;
mod run;
pub mod store;
#[cfg(test)]
mod tests;
mod words;

pub use difference::{
    Before, BeforeLine, CauseTally, Difference, DifferenceRow, Tally, difference,
};
pub use line::{Grant, History, Line, PaidMonth, PaidState, Segment, account_digest, net_paid};
pub use proof::{Head, content_digest, hex, public_digest};
pub use propose::{Held, Outcome, Overpaid, Payroll, Proposed};
pub use run::{Hand, MOVES, Run};
pub use words::{Answer, Cause, HoldCause, Out, Release, RunState, SegmentKind};
