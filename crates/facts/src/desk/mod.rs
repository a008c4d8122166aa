//! 人工比对: rows that a person decides, what was decided, and what follows from it.
//!
//! A row's outcome in its file is what the machine said and stays so. What people decide lies
//! beside it, append-only: the last decision of a row holds. A decision that a row is about
//! somebody asserts what the row says, with the row as its source, so that undoing the decision
//! and undoing the file both take it back. The same question in the next file is not asked again.

mod content;
mod queue;
mod remember;
mod store;

use access::Vault;
use db::Tx;
use kernel::{
    AccountId, Assertion, AssertionState, BatchId, DutyId, Now, PersonId, SourceRow, Span, Trouble,
};
use policy::register;
use uuid::Uuid;

pub use content::{Cell, Content, Newcomer, StoredFact, question};
pub use queue::{Count, Head, Recent, Show, Which, count_open, counts, live, next, queue, recent};
pub use remember::{Follows, Remembered, follow, remembered};

use crate::merge::Ranks;
use crate::{Voice, assert_all, merge, people};

/// A row that goes to the desk, as its file is applied.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Counted as the spreadsheet counts.
    pub row_no: u32,
    /// Stored word of the reason.
    pub reason: &'static str,
    /// What it asks; see [`question`].
    pub question: [u8; 16],
    /// What it says.
    pub content: Content,
}

/// 比对状态: how a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// 待比对
    Waiting,
    /// 请村里核实: the village is asked about this person.
    Asked(PersonId, DutyId),
    /// 是同一人
    Same(PersonId),
    /// 都不是
    None,
    /// 新建
    Created(PersonId),
}

impl RowState {
    /// Whether it is decided, so that nobody has to look.
    pub fn is_decided(self) -> bool {
        !matches!(self, Self::Waiting | Self::Asked(..))
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Waiting => "待比对",
            Self::Asked(..) => "已请村里核实",
            Self::Same(_) => "是同一人",
            Self::None => "都不是",
            Self::Created(_) => "新建档案",
        }
    }
}

/// A row of the desk with all that a decision needs.
#[derive(Clone, Debug)]
pub struct DeskRow {
    /// Its file.
    pub batch: BatchId,
    /// Counted as the spreadsheet counts.
    pub row_no: u32,
    /// Position of the file's area.
    pub area_pos: i32,
    /// How it stands.
    pub state: RowState,
    /// How many decisions there were, undone ones too.
    pub seq: i32,
    /// What it says.
    pub content: Content,
    /// Whom it may be about, those of the scope, without whom its question was cleared of.
    pub candidates: Vec<PersonId>,
}

impl DeskRow {
    /// What the row asserts, of this person.
    pub fn assertions(&self, person: PersonId) -> Result<Vec<Assertion>, Trouble> {
        self.content.facts.iter().map(|fact| self.assertion(fact, person)).collect()
    }

    fn assertion(&self, fact: &StoredFact, person: PersonId) -> Result<Assertion, Trouble> {
        let kind = register::kind_of(&fact.kind)
            .ok_or_else(|| Trouble::fault(format!("desk_row says {}: no such kind", fact.kind)))?;
        Ok(Assertion {
            person,
            kind: kind.id,
            value: fact.value.clone().into(),
            valid: Span { from: fact.from, to: fact.to },
            source: SourceRow::File(self.batch, self.row_no),
            state: AssertionState::Asserted,
        })
    }
}

/// Notes the rows of a file that go to the desk, in the transaction that applies the file.
pub async fn put(
    tx: &mut Tx,
    vault: &Vault,
    (batch, area_pos): (BatchId, i32),
    rows: &[NewRow],
) -> Result<(), Trouble> {
    let mut new = store::NewRows::default();
    for row in rows {
        let (sealed, key_version) = content::seal(vault, batch, row.row_no, &row.content)?;
        new.row_nos.push(i32::try_from(row.row_no).map_err(Trouble::fault)?);
        new.reasons.push(row.reason.to_owned());
        new.questions.push(row.question.to_vec());
        new.contents.push(sealed);
        new.key_version = key_version;
    }
    store::insert_rows(tx.conn(), batch, area_pos, &new).await
}

/// One row, if it lies in the scope.
pub async fn row(
    tx: &mut Tx,
    vault: &Vault,
    batch: BatchId,
    row_no: u32,
) -> Result<DeskRow, Trouble> {
    let number = i32::try_from(row_no).map_err(|_| Trouble::NotFound)?;
    let stored = store::row(tx.conn(), batch, number).await?.ok_or(Trouble::NotFound)?;
    let cleared = store::cleared_of(tx.conn(), batch, number).await?;
    let content = content::open(vault, batch, row_no, stored.content, stored.key_version)?;
    let now = people::kept(tx.conn(), &content.candidates).await?;
    let mut candidates: Vec<PersonId> = Vec::new();
    for person in &content.candidates {
        let kept = now.get(person).filter(|kept| !cleared.contains(kept));
        candidates.extend(kept.filter(|kept| !candidates.contains(kept)).copied());
    }
    let (area_pos, state, seq) = (stored.area_pos, stored.state, stored.seq);
    Ok(DeskRow { batch, row_no, area_pos, state, seq, content, candidates })
}

/// 比对结论: what a person decides about a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// 是同一人. With the tick, the row's number is noted as a further one of the person.
    Same {
        /// Whom.
        person: PersonId,
        /// Whether the number is noted.
        note_number: bool,
    },
    /// 都不是
    None,
    /// 新建: nobody known; the row makes the person known.
    Created {
        /// See [`people::person_id`].
        person: PersonId,
    },
    /// 请村里核实: by this duty.
    Ask {
        /// About whom.
        person: PersonId,
        /// The duty that the caller opens.
        duty: DutyId,
    },
}

impl Decision {
    const fn code(&self) -> &'static str {
        match self {
            Self::Same { .. } => "same",
            Self::None => "none",
            Self::Created { .. } => "created",
            Self::Ask { .. } => "ask_village",
        }
    }

    const fn state(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "asked",
            _ => self.code(),
        }
    }

    const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Same { person, .. } | Self::Created { person } | Self::Ask { person, .. } => {
                Some(*person)
            }
            Self::None => None,
        }
    }

    const fn duty(&self) -> Option<DutyId> {
        match self {
            Self::Ask { duty, .. } => Some(*duty),
            _ => None,
        }
    }

    const fn notes_number(&self) -> bool {
        matches!(self, Self::Same { note_number: true, .. })
    }
}

/// Who decides, when and why.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// None for the system, which repeats a person's decision.
    pub account: Option<AccountId>,
    /// When.
    pub at: Now,
    /// May be empty.
    pub reason: &'a str,
    /// The earlier row whose decision is repeated.
    pub follows: Option<(BatchId, u32)>,
}

/// Decides a row. Of a person who was named, everything that the row says is asserted in the
/// `voice` of its file; the caller shows what claims of death amount to, and writes the entry.
///
/// # Errors
/// A conflict when somebody else decided the row since it was read.
pub async fn decide(
    tx: &mut Tx,
    vault: &Vault,
    voice: Voice<'_>,
    row: &DeskRow,
    decision: &Decision,
    by: By<'_>,
) -> Result<(), Trouble> {
    record(tx, row, decision, by).await?;
    let (Decision::Same { person, .. } | Decision::Created { person }) = decision else {
        return Ok(());
    };
    if decision.notes_number()
        && let Some(number) = row.content.number()
    {
        people::note_number(tx.conn(), vault, *person, &number).await?;
    }
    let assertions = row.assertions(*person)?;
    assert_all(tx, voice, by.at, &assertions).await?;
    people::settle(tx, &[*person]).await
}

async fn record(
    tx: &mut Tx,
    row: &DeskRow,
    decision: &Decision,
    by: By<'_>,
) -> Result<(), Trouble> {
    if !store::move_row(tx.conn(), row, decision).await? {
        return Err(taken(tx, row).await?);
    }
    store::insert_decision(tx.conn(), row, decision, by).await
}

/// The sentence for the second of two clerks at one row.
async fn taken(tx: &mut Tx, row: &DeskRow) -> Result<Trouble, Trouble> {
    let number = i32::try_from(row.row_no).map_err(Trouble::fault)?;
    let last = store::last_decision(tx.conn(), row.batch, number).await?;
    Ok(Trouble::Conflict(match last {
        Some((who, at, word)) => {
            format!("这一行刚由 {who} 在 {at} 处理为“{word}”，您的选择没有写入。")
        }
        None => "这一行刚被他人处理，您的选择没有写入。".to_owned(),
    }))
}

/// Takes a decision back: what it asserted is retracted, and the row waits again. Gives how the
/// row stood.
///
/// # Errors
/// A conflict when the row was decided anew since.
pub async fn undo(
    tx: &mut Tx,
    vault: &Vault,
    row: &DeskRow,
    by: By<'_>,
    statement: Uuid,
    ranks: &Ranks,
) -> Result<RowState, Trouble> {
    let number = i32::try_from(row.row_no).map_err(Trouble::fault)?;
    let noted = store::notes_number(tx.conn(), row.batch, number, row.seq).await?;
    if !store::reopen_row(tx.conn(), row).await? {
        return Err(taken(tx, row).await?);
    }
    store::insert_undo(tx.conn(), row, by).await?;
    if let RowState::Same(person) | RowState::Created(person) = row.state {
        if noted && let Some(number) = row.content.number() {
            people::withdraw_number(tx.conn(), vault, person, &number).await?;
        }
        store::retract_row(tx.conn(), row.batch, number, person, statement, by.at).await?;
        merge::project(tx, &[person], ranks).await?;
    }
    Ok(row.state)
}

/// The resident numbers of these people as they stand, to be compared with a row's and never
/// shown whole.
pub async fn numbers(
    tx: &mut Tx,
    vault: &Vault,
    people: &[PersonId],
) -> Result<Vec<Option<kernel::ResidentNumber>>, Trouble> {
    let mut numbers = Vec::with_capacity(people.len());
    for person in people {
        numbers.push(match people::reveal_number(tx.conn(), vault, *person).await {
            Ok(number) => Some(number),
            Err(Trouble::NotFound) => None,
            Err(trouble) => return Err(trouble),
        });
    }
    Ok(numbers)
}
