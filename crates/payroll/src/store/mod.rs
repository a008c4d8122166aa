//! 批次的存取: runs, lines, differences and what became of them.
//!
//! Reads for a proposal ([`history`], [`before`]) see everybody and go through the engine; all
//! others see the reader's area.

mod acts;
mod answers;
mod history;
mod lines;
mod put;
mod read;
mod rows;

pub use acts::{Frozen, Locked, drop_run, freeze, lock_first, lock_second, step};
pub use answers::{
    AnswerTally, Answered, LineAnswer, ReturnedFilter, ReturnedLine, answer, answer_tally,
    count_returned, returned_causes, returned_lines,
};
pub use history::{PaidLine, PastLine, before, history, line_history, note_recovered, paid_months};
pub use lines::{LineFilter, LineRow, Lines, all_lines, count_lines, lines, segments_of};
pub use put::{NewRun, put_proposal};
pub use read::{RunFilter, RunMove, count_runs, moves, run, runs};
pub use rows::{
    DifferenceFilter, HeldFilter, HeldRow, OverpaidRow, PlaceRow, by_place_and_band,
    count_differences, count_held, count_overpaid, difference_tally, differences, held, held_tally,
    overpaid,
};
