//! 办件: a request moves along a published graph; each move names who, when and why.
//!
//! A capability owns its [`Flow`], a constant table. Deciding is pure ([`Flow::take`]) and gives a
//! kernel `CaseStep`; `capabilities::commit` writes it here, with everything else that the decision
//! changes, in one transaction. Three things hold for every flow, whoever calls: moves are only
//! added; nobody has two parts in one case ([`kernel::Hand`]); nobody decides about a declared
//! relative ([`kin`]).

mod flow;
pub mod kin;
mod store;
#[cfg(test)]
mod tests;

use access::Actor;
use kernel::{
    AccountId, AreaId, CaseChange, CaseId, CaseOpening, CaseStep, Day, Hand, Now, PersonId, Role,
    Trouble,
};
use sqlx::PgConnection;

pub use flow::{Flow, MoveDef, Opening, ReasonCode, Said, StateDef, Window, case_id};

/// 办件: a case as it stands.
#[doc(alias = "办件")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// 受理编号: as it is spoken and printed.
    pub number: i64,
    /// Id of its flow.
    pub flow: String,
    /// Whom it is about.
    pub person: PersonId,
    /// Item of the list, when it is about one.
    pub item: Option<String>,
    /// What else it is linked to; empty for nothing.
    pub about: String,
    /// Id of its state.
    pub state: String,
    /// When it was opened.
    pub opened_at: Now,
    /// By whom; 系统 when nobody did.
    pub opened_by: String,
    /// Who owes the next act; none when it has ended.
    pub owner: Option<Owner>,
    /// How many moves it has made.
    pub moves: i32,
    /// When it last moved.
    pub changed_at: Now,
    /// Who accepted it last.
    pub accepted_by: Option<AccountId>,
    /// Who reviewed it last.
    pub reviewed_by: Option<AccountId>,
    /// Who approved it.
    pub approved_by: Option<AccountId>,
}

/// Who owes the next act of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// As what.
    pub role: Role,
    /// Where.
    pub area: AreaId,
    /// 期限: last day; none when it has no limit.
    pub due_on: Option<Day>,
}

/// 办理经过: one move that a case has made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Which case.
    pub case: CaseId,
    /// Counted from 1; opening is 0.
    pub no: i32,
    /// Id of the move in the flow's table; `open` for opening.
    pub action: String,
    /// State before it; empty for opening.
    pub from: String,
    /// State after it.
    pub to: String,
    /// Whose part it was.
    pub hand: Option<Hand>,
    /// Stored words of the reasons.
    pub codes: Vec<String>,
    /// What was said.
    pub note: String,
    /// Who; 系统 when nobody did.
    pub by: String,
    /// The same as an account.
    pub account: Option<AccountId>,
    /// As what.
    pub role: Role,
    /// When.
    pub at: Now,
}

/// Which cases a list shows, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this flow only.
    pub flow: Option<String>,
    /// In one of these states only; empty for all.
    pub states: Vec<String>,
    /// Owed by this role only.
    pub owner_role: Option<Role>,
    /// About people whose household register lies from the first position to before the second.
    pub area: Option<(i32, i32)>,
    /// Due on or before this day.
    pub due_by: Option<Day>,
    /// About this item only.
    pub item: Option<String>,
    /// About these people only.
    pub people: Option<Vec<PersonId>>,
    /// Linked to this only.
    pub about: Option<String>,
    /// What comes first.
    pub order: Order,
}

/// 排列: what comes first; what is equal goes by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// 按期限: the nearest deadline; what has none comes last.
    #[default]
    Due,
    /// 按时间: what moved last.
    Newest,
}

/// How many cases of the scope stand in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Flow.
    pub flow: String,
    /// State.
    pub state: String,
    /// Who owes the next act; none when they have ended.
    pub owner_role: Option<Role>,
    /// Cases.
    pub count: i64,
    /// Of them due on or before the day that was asked about.
    pub due: i64,
}

/// Writes changes of cases, each with its move.
///
/// # Errors
/// A conflict that names the other when somebody was faster; a refusal when the actor has another
/// part in the case, or has declared the person a relative and the move decides about them.
pub async fn write(
    conn: &mut PgConnection,
    changes: &[CaseChange],
    actor: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    for change in changes {
        match change {
            CaseChange::Open(opening) => open(conn, opening, actor, at).await?,
            CaseChange::Step(step) => take(conn, step, actor, at).await?,
        }
    }
    Ok(())
}

async fn open(
    conn: &mut PgConnection,
    it: &CaseOpening,
    actor: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    store::insert(conn, it, who(actor), at).await?;
    let first = store::Made {
        case: it.id,
        no: 0,
        action: "open",
        from: "",
        to: it.state,
        hand: it.hand,
        codes: &[],
        note: &it.note,
    };
    store::insert_move(conn, &first, actor, at).await
}

async fn take(
    conn: &mut PgConnection,
    it: &CaseStep,
    actor: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    let stands = store::locked(conn, it.case).await?.ok_or(Trouble::NotFound)?;
    if stands.moves != it.seen {
        let (by, when) = store::last_move(conn, it.case).await?;
        return Err(Trouble::Conflict(format!(
            "这件事 {by} 已在 {when} 先办了一步，您这次没有写入。请看最新情况后再办。"
        )));
    }
    if let Some(hand) = it.hand {
        check_hand(conn, actor, (it.case, stands.person), hand, at.day()).await?;
    }
    store::update(conn, it, who(actor), at).await?;
    let made = store::Made {
        case: it.case,
        no: it.seen + 1,
        action: it.action,
        from: &stands.state,
        to: it.to,
        hand: it.hand,
        codes: &it.reason_codes,
        note: &it.note,
    };
    store::insert_move(conn, &made, actor, at).await
}

/// The account behind an actor; none for the system's own jobs.
fn who(actor: &Actor) -> Option<AccountId> {
    (actor.account.get() != 0).then_some(actor.account)
}

/// 能否经手: refuses whoever has had another part in the case, or is a declared relative, and says
/// who else may. [`write`] asks the same; a page asks before it shows the buttons.
pub async fn may_decide(
    conn: &mut PgConnection,
    actor: &Actor,
    case: &Case,
    hand: Hand,
    today: Day,
) -> Result<(), Trouble> {
    check_hand(conn, actor, (case.id, case.person), hand, today).await
}

async fn check_hand(
    conn: &mut PgConnection,
    actor: &Actor,
    (case, person): (CaseId, PersonId),
    hand: Hand,
    today: Day,
) -> Result<(), Trouble> {
    let Some(account) = who(actor) else { return Ok(()) };
    let earlier = store::hand_of(conn, case, account).await?;
    let why = if let Some(earlier) = earlier.filter(|it| *it != hand) {
        format!("这件事是您{}的，不能再由您{}。", earlier.chinese(), hand.chinese())
    } else if hand == Hand::Accepts {
        return Ok(());
    } else if let Some(relation) = kin::relation(conn, account, person).await? {
        let relation = relation.chinese();
        format!(
            "您已备案与这位老人有亲属关系（{relation}），应当回避，不能由您{}。",
            hand.chinese()
        )
    } else {
        return Ok(());
    };
    let others = store::others(conn, actor, case, person, today).await?;
    let remedy = if others.is_empty() {
        format!("本区域没有别的{}账号，请系统管理员开设，或报上级办理。", actor.role.chinese())
    } else {
        format!("请由{}办理。", others.join("、"))
    };
    Err(Trouble::refused(why, remedy))
}

/// One case, if it lies in the scope.
pub async fn case(conn: &mut PgConnection, id: CaseId) -> Result<Case, Trouble> {
    store::case(conn, id).await?.ok_or(Trouble::NotFound)
}

/// One case, held until the transaction ends: what is decided on it is decided on what stands, and
/// nobody moves it meanwhile.
pub async fn hold(conn: &mut PgConnection, id: CaseId) -> Result<Case, Trouble> {
    store::locked(conn, id).await?.ok_or(Trouble::NotFound)?;
    case(conn, id).await
}

/// Cases of the scope in the order of the filter, at most `limit`, from `offset` on.
pub async fn cases(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Case>, Trouble> {
    store::cases(conn, filter, limit, offset).await
}

/// How many cases of the scope a list has in all.
pub async fn count(conn: &mut PgConnection, filter: &Filter) -> Result<i64, Trouble> {
    store::count(conn, filter).await
}

/// Cases about one person and about whoever was merged into them, newest first.
pub async fn cases_of(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Case>, Trouble> {
    store::cases_of(conn, person).await
}

/// What was done with these cases, in their order and then as it happened.
pub async fn moves(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<Move>, Trouble> {
    store::moves(conn, cases).await
}

/// Counts of the cases of the scope.
pub async fn tally(conn: &mut PgConnection, due_by: Day) -> Result<Vec<Tally>, Trouble> {
    store::tally(conn, due_by).await
}
