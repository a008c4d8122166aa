//! The words every other crate speaks: money, days, areas, people, refusals.
//!
//! Nothing here reads a file, a clock, a database or a random source. Whoever needs the
//! day is told it; see [`Now`].

mod area;
mod citation;
mod day;
mod effects;
mod fact;
mod fen;
mod id;
mod person;
mod refusal;
mod resident_number;
mod role;
#[cfg(feature = "sql")]
mod sql;
mod two_people;

pub use area::{AreaKind, AreaLevel};
pub use citation::{Citation, Confidence};
pub use day::{Day, DayError, Month, Now, Span};
pub use effects::{
    Assertion, AssertionState, CaseChange, CaseOpening, CaseStep, DutyChange, DutyOpening, Effects,
    Hand, SourceRow, Transfer, TransferAct,
};
pub use fact::{FactKind, FactType, FactValue, Sensitivity};
pub use fen::{Fen, FenError};
pub use id::{
    AccountId, AreaId, AssertionId, BatchId, CaseId, DutyId, LedgerAccountId, PersonId, RunId,
    SessionId, TransferId,
};
pub use person::{Life, Sex};
pub use refusal::{Refusal, Trouble};
pub use resident_number::{MaskedNumber, NumberError, ResidentNumber};
pub use role::{Purpose, Role};
pub use two_people::{SamePerson, TwoPeople};
