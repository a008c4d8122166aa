//! 待办事项: somebody owes an act about a person within a window.
//!
//! A duty opens because of a cause, is owned by a role in an area, and closes with a person's
//! decision or by itself when the cause is gone. It is never opened again against a person's
//! decision unless the facts under it have changed: see [`reconcile`].

mod calendar;
mod reconcile;
mod store;

use std::collections::HashMap;

use kernel::{AccountId, AreaId, Day, DutyChange, DutyId, Fen, Now, PersonId, Role, Trouble};
use sqlx::PgConnection;

pub use calendar::{Calendar, CalendarDay, CalendarYear, OldYear, load_calendar, put_calendar};
pub use reconcile::{Standing, StandingState, duty_id, reconcile};

/// 待办种类: what is owed, by whom, within how many days. Capabilities declare theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DutyKind {
    /// Stored word, for ever.
    pub id: &'static str,
    /// The bureau's word.
    pub label: &'static str,
    /// What to do, in one line.
    pub next_step: &'static str,
    /// Who owes it.
    pub owner: Role,
    /// How long there is, in working days; none when the capability gives a date of its own.
    pub window_working_days: Option<u32>,
    /// What somebody may record as having come of it.
    pub outcomes: &'static [Outcome],
}

/// 办理结果: one way a person can close a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Stored word, for ever.
    pub id: &'static str,
    /// The bureau's word.
    pub label: &'static str,
    /// Whether a reason must be given.
    pub needs_reason: bool,
    /// Done, or set aside without the act.
    pub closes_as: Close,
}

/// How a person's decision closes a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// 已办: the act was done.
    Done,
    /// 不办: it is not to be done, for a reason.
    Waived,
}

impl Close {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Waived => "waived",
        }
    }
}

/// A duty as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// Id of its kind.
    pub kind: String,
    /// Whom it is about.
    pub person: PersonId,
    /// Item of the list, when it is about one.
    pub item: Option<String>,
    /// The cause as a stored word, for counting.
    pub cause_code: String,
    /// 缘由, as a sentence.
    pub cause: String,
    /// Who owes it.
    pub owner_role: Role,
    /// Where.
    pub owner_area: AreaId,
    /// Since when.
    pub opened_on: Day,
    /// Until when.
    pub due_on: Day,
    /// Money that has gone wrong so far.
    pub amount_fen: Fen,
    /// Money that goes wrong each month from now on.
    pub monthly_fen: Fen,
    /// Open or how it closed.
    pub state: DutyState,
}

impl Duty {
    /// 谁能办结: its owner, or who looks over the owner.
    pub fn is_decided_by(&self, role: Role) -> bool {
        match role {
            role if role == self.owner_role => true,
            Role::CountyApprover => true,
            Role::TownReviewer => self.owner_role == Role::VillageWorker,
            _ => false,
        }
    }
}

/// 待办状态
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DutyState {
    /// 未办
    Open,
    /// The cause went away.
    CauseGone(Now),
    /// A person decided.
    Decided {
        /// The stored word of the outcome.
        outcome: String,
        /// The person's reason, if one was given.
        reason: String,
        /// When.
        at: Now,
        /// Who.
        by: String,
    },
}

/// Which duties a list shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this kind only.
    pub kind: Option<String>,
    /// With this cause only.
    pub cause_code: Option<String>,
    /// About this item only.
    pub item: Option<String>,
    /// Due on or before this day.
    pub due_by: Option<Day>,
    /// Owned by this role only.
    pub owner_role: Option<Role>,
    /// About people whose household register lies from the first position to before the second.
    pub area: Option<(i32, i32)>,
    /// About these people only.
    pub who: Option<Who>,
    /// What comes first.
    pub order: Order,
}

/// About whom a list is searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Names that begin so, as they are compared.
    Name(String),
    /// Names whose pinyin initials begin so.
    Initials(String),
    /// These.
    People(Vec<PersonId>),
}

/// 排列: what comes first. Every order is total: what is equal goes by money, then age, then
/// deadline, then id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 按期限: the nearest deadline.
    #[default]
    Due,
    /// 先急后重: due on or before the first day, then on or before the second, then the rest;
    /// within each the most money, then the oldest person.
    Urgent(Day, Day),
    /// 按金额: the most money, what has gone wrong so far with one month more.
    Money,
    /// 按年龄: the oldest person.
    Age,
    /// 按等待: what has been open for longest.
    Waiting,
}

impl Order {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Urgent(..) => "urgent",
            Self::Money => "money",
            Self::Age => "age",
            Self::Waiting => "waiting",
        }
    }

    pub(crate) const fn days(self) -> Option<(Day, Day)> {
        match self {
            Self::Urgent(first, second) => Some((first, second)),
            _ => None,
        }
    }
}

/// How many open duties there are of one kind, item and cause, and the money at stake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Kind.
    pub kind: String,
    /// Item, when they are about one.
    pub item: Option<String>,
    /// Cause.
    pub cause_code: String,
    /// Owner.
    pub owner_role: Role,
    /// Duties.
    pub count: i64,
    /// Of them due on or before the day that was asked about.
    pub due: i64,
    /// Money that has gone wrong so far.
    pub amount_fen: Fen,
    /// Money that goes wrong each month from now on.
    pub monthly_fen: Fen,
}

/// Writes changes of duties. `at` is when they are found or fall away.
pub async fn write(
    conn: &mut PgConnection,
    changes: &[DutyChange],
    at: Now,
) -> Result<(), Trouble> {
    let (mut opened, mut gone) = (Vec::new(), Vec::new());
    for change in changes {
        match change {
            DutyChange::Open(opening) => opened.push(opening),
            DutyChange::Restate(opening) => store::restate(conn, opening).await?,
            DutyChange::CauseGone(duty) => gone.push(*duty),
        }
    }
    for some in opened.chunks(WRITTEN_AT_ONCE) {
        store::open(conn, some).await?;
    }
    store::cause_gone(conn, &gone, at).await
}

/// As many duties as one statement opens.
const WRITTEN_AT_ONCE: usize = 5_000;

/// Open duties of the scope in the order of the filter, at most `limit`, from `offset` on.
pub async fn open_duties(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Duty>, Trouble> {
    store::open_duties(conn, filter, limit, offset).await
}

/// Counts of the open duties of the scope.
pub async fn tally(conn: &mut PgConnection, due_by: Day) -> Result<Vec<Tally>, Trouble> {
    store::tally(conn, due_by).await
}

/// How many duties of the scope are open.
pub async fn count_open(conn: &mut PgConnection) -> Result<i64, Trouble> {
    store::count_open(conn).await
}

/// How many duties about each of these people are open; who has none is not there.
pub async fn count_open_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, i64>, Trouble> {
    store::count_open_of(conn, people).await
}

/// How many open duties of the scope a list has in all.
pub async fn count(conn: &mut PgConnection, filter: &Filter) -> Result<i64, Trouble> {
    store::count(conn, filter).await
}

/// The next day after this one on which an open duty of the scope is due.
pub async fn next_deadline(conn: &mut PgConnection, after: Day) -> Result<Option<Day>, Trouble> {
    store::next_deadline(conn, after).await
}

/// One duty, if it lies in the scope.
pub async fn duty(conn: &mut PgConnection, id: DutyId) -> Result<Duty, Trouble> {
    store::duty(conn, id).await?.ok_or(Trouble::NotFound)
}

/// Open duties of this kind in the scope that rest on the same facts: those about the other
/// people of one finding that joins several.
pub async fn beside(conn: &mut PgConnection, duty: DutyId) -> Result<Vec<Duty>, Trouble> {
    store::beside(conn, duty).await
}

/// All duties about one person and about whoever was merged into them, open ones first.
pub async fn duties_of(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Duty>, Trouble> {
    store::duties_of(conn, person).await
}

/// Duties of these kinds as the reconciler needs them: open ones, and closed ones with what they
/// rested on.
pub async fn standing(conn: &mut PgConnection, kinds: &[&str]) -> Result<Vec<Standing>, Trouble> {
    store::standing(conn, kinds).await
}

/// Waits for whoever reconciles the duties of the area. Held until the transaction ends.
pub async fn lock(conn: &mut PgConnection, area: AreaId) -> Result<(), Trouble> {
    store::lock(conn, area).await
}

/// Records what came of a duty.
///
/// # Errors
/// A refusal when a reason is missing, a conflict when somebody else has closed it meanwhile.
pub async fn decide(
    conn: &mut PgConnection,
    id: DutyId,
    outcome: &Outcome,
    reason: &str,
    by: AccountId,
    at: Now,
) -> Result<(), Trouble> {
    if outcome.needs_reason && reason.trim().is_empty() {
        return Err(Trouble::refused(
            format!("选了“{}”，还没有写原因。", outcome.label),
            "请在“原因或说明”里写一两句实际情况。",
        ));
    }
    if store::decide(conn, id, outcome, reason.trim(), by, at).await? {
        return Ok(());
    }
    let now = duty(conn, id).await?;
    Err(Trouble::Conflict(match now.state {
        DutyState::Decided { by, at, .. } => format!("这件事 {by} 已在 {at} 办结，未再改动。"),
        _ => "这件事的缘由已经消失，系统已自动关闭，不用再办。".to_owned(),
    }))
}
