use crate::{
    AreaId, AssertionId, BatchId, CaseId, Day, DutyId, FactValue, Fen, LedgerAccountId, PersonId,
    Role, Span, TransferId,
};

/// What a pure decision wants written. One `commit` writes all of it, with its audit entry, in
/// one transaction, or none of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// Facts to assert or to retract.
    pub assertions: Vec<Assertion>,
    /// 办件 to open or to move.
    pub moves: Vec<CaseChange>,
    /// Duties to open, close or set aside.
    pub duties: Vec<DutyChange>,
    /// 资金往来: money to move between accounts of the ledger.
    pub transfers: Vec<Transfer>,
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

/// A change of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseChange {
    /// Opens a case in the first state of its flow.
    Open(CaseOpening),
    /// Moves a case along its flow.
    Step(CaseStep),
}

/// A case as it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseOpening {
    /// Its id, made by the caller.
    pub id: CaseId,
    /// 流程: id of the flow.
    pub flow: &'static str,
    /// Whom it is about.
    pub person: PersonId,
    /// Item of the list, when it is about one.
    pub item: Option<String>,
    /// What else it is linked to, as the audit trail names it (`case/…`, `run/…`, `duty/…`);
    /// empty for nothing.
    pub about: String,
    /// First state.
    pub state: &'static str,
    /// Role that owes the next act.
    pub owner_role: Role,
    /// Area whose holder of that role owes it.
    pub owner_area: AreaId,
    /// 期限 of the next act; none when nobody owes one.
    pub due_on: Option<Day>,
    /// What was said when it was opened.
    pub note: String,
    /// Whose part in it opening is; none when it is nobody's.
    pub hand: Option<Hand>,
}

/// A move of a case along its flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStep {
    /// Which.
    pub case: CaseId,
    /// How many moves the case had when the decision was taken: who is late is told so.
    pub seen: i32,
    /// 办理动作: id of the move in the flow's table.
    pub action: &'static str,
    /// State after it.
    pub to: &'static str,
    /// 原因代码: stored words, none where the move needs none.
    pub reason_codes: Vec<String>,
    /// 说明, as the person wrote it.
    pub note: String,
    /// Who owes the next act, where and until when; none when the case has ended.
    pub next: Option<(Role, AreaId, Option<Day>)>,
    /// Whose part in the case the move is; none when anybody may make it beside their own part.
    pub hand: Option<Hand>,
}

/// 经手: a person's part in a case. Nobody has two parts in one.
#[doc(alias = "回避")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hand {
    /// 受理: brought it in, or proposed it.
    Accepts,
    /// 审核: checked it.
    Reviews,
    /// 审批: decided it.
    Approves,
}

impl Hand {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Accepts, Self::Reviews, Self::Approves];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepts => "accepts",
            Self::Reviews => "reviews",
            Self::Approves => "approves",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Accepts => "受理",
            Self::Reviews => "审核",
            Self::Approves => "审批",
        }
    }

    /// The one with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hand| hand.code() == code)
    }
}

/// 资金往来: value moves from one account of the ledger to another. Never changed: a correction is
/// another transfer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Made by the caller, so that writing it twice changes nothing.
    pub id: TransferId,
    /// What it does.
    pub act: TransferAct,
    /// Whom it is about, when it is about one person.
    pub person: Option<PersonId>,
    /// What it is for, as the audit trail names it (`run/12`, `case/…`).
    pub about: String,
}

/// What a transfer does. Sums are positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferAct {
    /// 记账: moves at once.
    Single {
        /// 借方: the account that is debited.
        debit: LedgerAccountId,
        /// 贷方: the account that is credited.
        credit: LedgerAccountId,
        /// How much.
        amount_fen: Fen,
    },
    /// 预留: sets aside until it is posted or voided.
    Pending {
        /// 借方: the account that is debited.
        debit: LedgerAccountId,
        /// 贷方: the account that is credited.
        credit: LedgerAccountId,
        /// How much.
        amount_fen: Fen,
    },
    /// 入账: a pending transfer becomes real, whole.
    Post(TransferId),
    /// 撤销: a pending transfer falls away, whole.
    Void(TransferId),
}
