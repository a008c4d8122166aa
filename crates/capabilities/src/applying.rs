//! 申领 as several capabilities need it: where an application stands, what it would pay, how it
//! moves on and what its approval writes.
//!
//! The pages are those of `applications`; publicity, stops and others meet applications here.

mod form;
mod kept;
mod proof;
mod store;

use std::collections::HashMap;

use cases::{Case, Filter, Said};
use facts::people::PersonCard;
use findings::{ACCOUNT, award_kind};
use kernel::{
    AreaId, AreaLevel, Assertion, AssertionState, CaseId, CaseStep, Day, Effects, FactValue,
    PersonId, Role, SourceRow, Span, Trouble,
};
use policy::{Item, Step};
use sqlx::PgConnection;

use crate::{App, whom};

pub(crate) use crate::applications::flow::{
    APPROVED, FLOW, IN_APPROVAL, IN_FINAL_PUBLICITY, IN_PUBLICITY, IN_REVIEW, OBJECTED, PREFILLED,
    REFUSED, RETURNED, WAITING_ACCOUNT, WITHDRAWN,
};
pub(crate) use form::{
    Channel, Consent, Filled, Helper, Holder, NewAccount, Written, last, last_of, write,
};
pub(crate) use kept::{Kept, keep, kept};
pub(crate) use proof::{Judged, Prover, Terms};

/// Applications of the scope in one state, the longest waiting first.
pub(crate) async fn waiting(
    conn: &mut PgConnection,
    state: &str,
    limit: i64,
) -> Result<Vec<Case>, Trouble> {
    let filter = Filter {
        flow: Some(FLOW.id.to_owned()),
        states: vec![state.to_owned()],
        ..Filter::default()
    };
    cases::cases(conn, &filter, limit, 0).await
}

/// Applications of the scope that somebody decides on, for whoever looks for people who have not
/// applied. One that waits for an account is not among them: the village still owes the call.
pub(crate) async fn under_way(conn: &mut PgConnection) -> Result<findings::Applied, Trouble> {
    let states = FLOW.states.iter().filter(|state| state.owner.is_some()).map(|state| state.id);
    let states = states.filter(|id| ![PREFILLED, WAITING_ACCOUNT].contains(id));
    let filter = Filter {
        flow: Some(FLOW.id.to_owned()),
        states: states.map(ToOwned::to_owned).collect(),
        ..Filter::default()
    };
    let all = cases::cases(conn, &filter, i64::MAX, 0).await?;
    let people: Vec<PersonId> = all.iter().map(|case| case.person).collect();
    let kept = facts::people::kept(conn, &people).await?;
    let mut applied = findings::Applied::default();
    for case in all {
        if let (Some(person), Some(item)) = (kept.get(&case.person), case.item) {
            applied.add(*person, item);
        }
    }
    Ok(applied)
}

/// How many applications of the scope wait for somebody of this role.
pub(crate) async fn waiting_for(conn: &mut PgConnection, role: Role) -> Result<i64, Trouble> {
    if !FLOW.states.iter().any(|state| state.owner == Some(role)) {
        return Ok(0);
    }
    let filter =
        Filter { flow: Some(FLOW.id.to_owned()), owner_role: Some(role), ..Filter::default() };
    cases::count(conn, &filter).await
}

/// An application as it is before its first move, for deciding that move with its opening.
pub(crate) fn unopened(card: &PersonCard, item: &Item, former: usize, now: kernel::Now) -> Case {
    Case {
        id: cases::case_id(FLOW.id, card.id, &format!("{} {former}", item.id)),
        number: 0,
        flow: FLOW.id.to_owned(),
        person: card.id,
        item: Some(item.id.clone()),
        about: String::new(),
        state: PREFILLED.to_owned(),
        opened_at: now,
        opened_by: String::new(),
        owner: None,
        moves: 0,
        changed_at: now,
        accepted_by: None,
        reviewed_by: None,
        approved_by: None,
    }
}

/// The item that an application is about, as the list in force has it.
pub(crate) fn item_of<'a>(app: &'a App, case: &Case, area: AreaId) -> Result<&'a Item, Trouble> {
    let list = app.list_for(area, app.now().day().month()).ok_or_else(no_list)?;
    case.item.as_deref().and_then(|id| list.item(id)).ok_or_else(no_list)
}

fn no_list() -> Trouble {
    Trouble::refused(
        "这个地区在用的清单里没有这一项了，不能继续办理。",
        "请核对清单，或撤回这件申请。",
    )
}

/// Each of these applications as the rules see it now. One whose item the list in force does not
/// have is not there.
pub(crate) async fn judged(
    app: &App,
    tx: &mut db::Tx,
    applications: &[Case],
) -> Result<HashMap<CaseId, Judged>, Trouble> {
    let people: Vec<PersonId> = applications.iter().map(|case| case.person).collect();
    let cards = whom::whom(tx.conn(), &people).await?;
    let prover = Prover::load(app, tx.conn(), cards.values().map(|card| card.id)).await?;
    let mut all = HashMap::new();
    for case in applications {
        let Some(card) = cards.get(&case.person) else { continue };
        let Ok(item) = item_of(app, case, card.area) else { continue };
        if let Some(judged) = prover.judge(app, card, item)? {
            all.insert(case.id, judged);
        }
    }
    Ok(all)
}

/// 期限 of an application that comes to a state on a day; none where the list says nothing or
/// nobody owes an act. A publicity ends by calendar days, everything else by working days.
pub(crate) fn due(app: &App, item: &Item, state: &str, from: Day) -> Result<Option<Day>, Trouble> {
    let review = &item.review;
    let working_days = match state {
        PREFILLED | WAITING_ACCOUNT | RETURNED => review.contact_working_days,
        IN_REVIEW => review.review_working_days,
        IN_APPROVAL => review.approval_working_days,
        IN_PUBLICITY | IN_FINAL_PUBLICITY => {
            return Ok(review.publicity_days.map(|days| from.plus_days(i64::from(days))));
        }
        _ => None,
    };
    let Some(days) = working_days else { return Ok(None) };
    Ok(Some(app.calendar().due(from, u32::from(days))?))
}

/// Where somebody of this role owes an act about an elder of this village.
pub(crate) fn owner_area(app: &App, village: AreaId, role: Role) -> AreaId {
    let level = match role {
        Role::TownReviewer => AreaLevel::Township,
        Role::CountyApprover => AreaLevel::County,
        _ => AreaLevel::Village,
    };
    app.areas().at_level(village, level).map_or(village, |node| node.id)
}

/// A move of an application, with who owes the next act, where and until when. Who moves it is
/// asked by `cases::write`.
pub(crate) async fn step(
    app: &App,
    conn: &mut PgConnection,
    case: &Case,
    (action, role): (&str, Role),
    said: Said,
) -> Result<CaseStep, Trouble> {
    let card = facts::people::card(conn, case.person).await?;
    step_of(app, case, &card, (action, role), said)
}

/// [`step`], when the card is at hand.
pub(crate) fn step_of(
    app: &App,
    case: &Case,
    card: &PersonCard,
    (action, role): (&str, Role),
    said: Said,
) -> Result<CaseStep, Trouble> {
    let it = FLOW.step(&case.state, action, role)?;
    let next = match FLOW.state(it.to).and_then(|state| state.owner) {
        None => (card.area, None),
        Some(owner) => {
            let item = item_of(app, case, card.area)?;
            (owner_area(app, card.area, owner), due(app, item, it.to, app.now().day())?)
        }
    };
    Ok(FLOW.take(case, action, role, said, next)?)
}

/// 审核通过以后: the state to which a review leads on the item's route.
pub(crate) fn after_review(item: &Item) -> &'static str {
    if publicity_comes_first(item) { "pass_to_publicity" } else { "pass_to_approval" }
}

/// 批准以后: the move by which the county approves on the item's route.
pub(crate) fn approval(item: &Item) -> &'static str {
    let posted = item.review.route.contains(&Step::Publicity);
    if posted && !publicity_comes_first(item) { "approve_to_publicity" } else { "approve" }
}

fn publicity_comes_first(item: &Item) -> bool {
    let at = |step| item.review.route.iter().position(|it| *it == step);
    at(Step::Publicity).is_some_and(|posted| at(Step::County).is_none_or(|county| posted < county))
}

/// 公示期满无异议: the application goes on; where publicity comes last it is done, and the award is
/// written.
pub(crate) async fn publicity_over(
    app: &App,
    tx: &mut db::Tx,
    case: &Case,
    role: Role,
) -> Result<Effects, Trouble> {
    let card = facts::people::card(tx.conn(), case.person).await?;
    let last = case.state == IN_FINAL_PUBLICITY;
    let action = if last { "final_publicity_over" } else { "publicity_over" };
    let mut effects = Effects {
        moves: vec![kernel::CaseChange::Step(step_of(
            app,
            case,
            &card,
            (action, role),
            Said::default(),
        )?)],
        ..Effects::default()
    };
    if last {
        effects.assertions = award(app, tx, case, &card).await?;
    }
    Ok(effects)
}

/// 认定: what an approval asserts, by what holds now: the award from the first month owed, and the
/// account when it is another one than the departments know.
pub(crate) async fn award(
    app: &App,
    tx: &mut db::Tx,
    case: &Case,
    card: &PersonCard,
) -> Result<Vec<Assertion>, Trouble> {
    let item = item_of(app, case, card.area)?;
    let prover = Prover::load(app, tx.conn(), [card.id]).await?;
    let judged = prover.judge(app, card, item)?;
    award_of(app, tx, (case, card), judged.as_ref()).await
}

/// [`award`], when the judgement is at hand.
pub(crate) async fn award_of(
    app: &App,
    tx: &mut db::Tx,
    (case, card): (&Case, &PersonCard),
    judged: Option<&Judged>,
) -> Result<Vec<Assertion>, Trouble> {
    let item = item_of(app, case, card.area)?;
    let terms = judged.and_then(|it| it.terms.as_ref());
    let Some((terms, kind)) = terms.zip(award_kind(item)) else {
        return Err(Trouble::refused(
            format!("按现在的事实，{}不符合{}的条件，不能批准。", card.name, item.name),
            "请看逐条依据，不予批准或退回乡镇重审。",
        ));
    };
    let statement = |kind, value, from| Assertion {
        person: card.id,
        kind,
        value,
        valid: Span::from(from),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    };
    let award = FactValue::Fen(terms.monthly_fen);
    let mut all = vec![statement(kind, award, terms.first_month.first())];
    let filled = last(app, tx.conn(), case.id).await?;
    if let Some(Written { filled: Filled { account: Some(new), .. }, .. }) = filled {
        let token = app.vault().seal_text(ACCOUNT, &new.number)?;
        all.push(statement(ACCOUNT, FactValue::Text(token), app.now().day()));
    }
    Ok(all)
}
