use crate::{AreaId, AssertionId, BatchId, Day, DutyId, FactValue, Fen, PersonId, Role, Span};

/// What a pure decision wants written. One `commit` writes all of it, with its audit entry, in
/// one transaction, or none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Facts to assert or to retract.
    pub assertions: Vec<Assertion>,
    /// Duties to open, close or set aside.
    pub duties: Vec<DutyChange>,
}

/// 断言: somebody asserted something about a person. Nothing is overwritten: a correction is
/// another assertion, and a retraction names the one that it takes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Whom it is about.
    pub person: PersonId,
    /// Id of the fact kind.
    pub kind: &'static str,
    /// What is said.
    pub value: FactValue,
    /// When it is true.
    pub valid: Span,
    /// Where it comes from.
    pub source: SourceRow,
    /// Asserted, or taken back.
    pub state: AssertionState,
}

/// Whether an assertion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssertionState {
    /// It says that something is so.
    Asserted,
    /// It takes an earlier assertion back.
    Retracts(AssertionId),
}

/// Where an assertion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceRow {
    /// A row of a department's file, counted from 1 as the spreadsheet counts.
    File(BatchId, u32),
    /// A person's statement, kept with the audit entry of the same transaction.
    Statement,
}

/// A change of one duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyChange {
    /// Opens a duty, or leaves an open one with the same id as it is.
    Open(DutyOpening),
    /// The cause is gone: closed by itself.
    CauseGone(DutyId),
    /// The cause still holds but its words or sums have changed; the deadline stays.
    Restate(DutyOpening),
}

/// A duty as it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyOpening {
    /// Follows from kind, person and cause, so that the same finding is the same duty.
    pub id: DutyId,
    /// Id of the duty kind.
    pub kind: &'static str,
    /// Whom it is about.
    pub person: PersonId,
    /// Item of the list, when it is about one.
    pub item: Option<String>,
    /// The cause as a stored word, for counting.
    pub cause_code: String,
    /// 缘由: why, in a sentence a clerk would say.
    pub cause: String,
    /// Role that owes the act.
    pub owner_role: Role,
    /// Area whose holder of that role owes it.
    pub owner_area: AreaId,
    /// When it was found.
    pub opened_on: Day,
    /// 期限: last day.
    pub due_on: Day,
    /// Money that has gone wrong so far, with its direction told by the kind: back pay, overpaid.
    pub amount_fen: Fen,
    /// Money that goes wrong each month from now on.
    pub monthly_fen: Fen,
    /// Digest of the facts that the finding rests on: a decision against it holds until they
    /// change.
    pub basis: [u8; 32],
}
