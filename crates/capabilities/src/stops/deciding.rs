//! 停发审批: by the county; and what the town does about a stop that came back.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::Said;
use db::Tx;
use facts::people::show_lives;
use findings::{award_kind, stop_basis};
use kernel::{
    AreaId, CaseChange, CaseId, Day, Effects, FactValue, Fen, Life, Month, Role, Trouble,
};
use policy::{Item, Verdict};
use webkit::{Answer, Failure, Posted};

use super::domain::first_stopped;
use super::store;
use crate::claiming::{DEATH, Overpaid, open_claims};
use crate::links::At;
use crate::payees::{Payee, cash_item, payee};
use crate::stopping::flow::{DECISION_DAYS, REVIEW_DAYS, STOP};
use crate::stopping::{Note, Nothing, Reason, Stop, county, states, store as stopping};
use crate::{App, commit, links};

/// What a stop comes to, if it were approved now.
pub(super) struct Outcome {
    /// 停发月份
    pub(super) from: Month,
    /// Months that were paid and were not owed.
    pub(super) over: Vec<findings::Paid>,
}

/// From which month a stop holds, and what was overpaid before it.
pub(super) fn outcome(app: &App, payee: &Payee<'_>, stop: &Stop) -> Outcome {
    let today = app.now().day();
    let is_owed = |month| matches!(payee.verdict(app, month), Verdict::Entitled { .. });
    let unpaid = payee.first_unpaid(today);
    if Reason::from_code(&stop.reason) == Some(Reason::Death) {
        let from = first_stopped(unpaid, stop.died_on, None, &is_owed);
        return Outcome { from, over: payee.after_death(app) };
    }
    let from = first_stopped(unpaid, None, stop.not_due_from, &is_owed);
    let over = stop.not_due_from.map(|month| payee.since(month)).unwrap_or_default();
    Outcome { from, over }
}

pub(super) async fn approve(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(case): At<CaseId>,
    Posted(said): Posted<Note>,
) -> Answer<Redirect> {
    let act = async {
        let mut tx = app.db().begin(&actor.scope).await?;
        let mut effects = Effects::default();
        let note = said.note.trim();
        let words = approved(&app, &actor, &mut tx, case, note, &mut effects).await?;
        let object = format!("case/{case}");
        commit(tx, &actor, app.now(), &effects, "批准停发", object, &words).await
    };
    act.await.map_err(back(case))?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::stops::stop(case).as_str()))
}

fn back(case: CaseId) -> impl Fn(Trouble) -> Failure {
    move |trouble| Failure::from(trouble).back("回到这件停发", links::stops::stop(case))
}

/// Approves one stop: nothing is paid from its first month on, what was overpaid is claimed back,
/// and of a death the county has established it. The caller commits the effects.
async fn approved(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    id: CaseId,
    note: &str,
    effects: &mut Effects,
) -> Result<String, Trouble> {
    let now = app.now();
    let case = cases::case(tx.conn(), id).await?;
    let stop = stopping::stop(tx.conn(), id).await?;
    let card = facts::people::card(tx.conn(), stop.person).await?;
    let item = cash_item(app, &card, &stop.item)?;
    let mut payee = payee(app, tx, item, card.id).await?;
    if payee.monthly(now.day()).is_none() {
        let why = format!("{}的{}已经没有在发，不用再停。", card.name, item.name);
        return Err(Trouble::Conflict(why));
    }
    let reason = Reason::from_code(&stop.reason);
    let reason = reason.ok_or_else(|| Trouble::fault("a stop without a known reason"))?;
    if reason == Reason::Death {
        establish_death(app, tx, &mut payee, &stop, effects).await?;
    }
    let outcome = outcome(app, &payee, &stop);
    let kind = award_kind(item).ok_or(Trouble::NotFound)?;
    let nothing = FactValue::Fen(Fen::ZERO);
    effects.assertions.push(states(card.id, kind, nothing, outcome.from.first()));
    let rested_on = stop_basis(&payee.subject, item);
    store::decide(tx.conn(), &stop, outcome.from, &rested_on, now).await?;
    let said = Said { codes: Vec::new(), note: note.to_owned() };
    let next = (county(app, card.area), None);
    effects.moves.push(CaseChange::Step(STOP.take(&case, "approve", actor.role, said, next)?));
    let over = [Overpaid {
        payee: &payee,
        cause: if reason == Reason::Death { DEATH } else { reason.chinese() },
        months: outcome.over,
    }];
    let opened = open_claims(app, tx, item, &over, effects).await?;
    let from = outcome.from.chinese();
    Ok(match opened.claims {
        0 => format!("{}，{from}起停发", reason.chinese()),
        _ => format!("{}，{from}起停发，{}", reason.chinese(), opened.words()),
    })
}

/// Two people have looked: the death is established, on the day that was said.
async fn establish_death(
    app: &App,
    tx: &mut Tx,
    payee: &mut Payee<'_>,
    stop: &Stop,
    effects: &mut Effects,
) -> Result<(), Trouble> {
    let (today, person) = (app.now().day(), payee.card.id);
    if payee.card.life == Life::Contradicted && !payee.known_dead() {
        return Err(Trouble::refused(
            "死亡信息有矛盾，不能停发，已经暂缓。",
            "请退回乡镇，先确认是否在世。",
        ));
    }
    let confirmed = FactValue::Text(Life::Confirmed.code().to_owned());
    effects.assertions.push(states(person, "life", confirmed, today));
    show_lives(tx.conn(), &[(person, Life::Confirmed)]).await?;
    payee.subject.life = Life::Confirmed;
    if let Some(died) = stop.died_on
        && payee.died_on() != Some(died)
    {
        effects.assertions.push(states(person, "death_date", FactValue::Day(died), died));
        payee.say_died(died);
    }
    payee.judge_anew(app)
}

/// Stops in one transaction, so that a fault leaves nothing half done.
pub(super) async fn approve_all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let act = async {
        let mut tx = app.db().begin(&actor.scope).await?;
        let proved = stopping::provable(tx.conn()).await?;
        if proved.is_empty() {
            return Err(Trouble::refused(
                "没有可以一次批准的停发。",
                "去世有两个部门印证的才能一次批准，其余请逐件看。",
            ));
        }
        let mut effects = Effects::default();
        for case in &proved {
            approved(&app, &actor, &mut tx, *case, "", &mut effects).await?;
        }
        let object = format!("area/{}", actor.area);
        let note = format!("去世停发 {} 件", proved.len());
        commit(tx, &actor, app.now(), &effects, "批准停发", object, &note).await
    };
    act.await.map_err(|trouble| Failure::from(trouble).back("回到停发", links::stops::list()))?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::stops::part("approved").as_str()))
}

macro_rules! moves {
    ($($name:ident = $action:literal, $act:literal;)*) => {$(
        pub(super) async fn $name(
            State(app): State<App>,
            Extension(actor): Extension<Actor>,
            At(case): At<CaseId>,
            Posted(said): Posted<Note>,
        ) -> Answer<Redirect> {
            step(&app, &actor, case, ($action, $act), &said.note)
                .await
                .map_err(|trouble| back(case)(trouble).typed("说明", &said.note))?;
            Ok(Redirect::to(links::stops::stop(case).as_str()))
        }
    )*};
}

moves! {
    reject = "reject", "不予停发";
    send_back = "return", "退回核实停发";
    resubmit = "resubmit", "再报停发";
    withdraw = "withdraw", "撤回停发";
}

async fn step(
    app: &App,
    actor: &Actor,
    id: CaseId,
    (action, act): (&str, &'static str),
    note: &str,
) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let case = cases::case(tx.conn(), id).await?;
    let card = facts::people::card(tx.conn(), case.person).await?;
    let next = next(app, action, card.area, now.day())?;
    let said = Said { codes: Vec::new(), note: note.to_owned() };
    let step = STOP.take(&case, action, actor.role, said, next)?;
    let effects = Effects { moves: vec![CaseChange::Step(step)], ..Effects::default() };
    commit(tx, actor, now, &effects, act, format!("case/{id}"), note.trim()).await
}

/// Where and until when the next act is owed.
fn next(
    app: &App,
    action: &str,
    area: AreaId,
    today: Day,
) -> Result<(AreaId, Option<Day>), Trouble> {
    let areas = app.areas();
    let town = areas.at_level(area, kernel::AreaLevel::Township).map_or(area, |node| node.id);
    let calendar = app.calendar();
    Ok(match STOP.move_by_id(action).and_then(|it| STOP.state(it.to)?.owner) {
        Some(Role::TownReviewer) => (town, Some(calendar.due(today, REVIEW_DAYS)?)),
        Some(_) => (county(app, area), Some(calendar.due(today, DECISION_DAYS)?)),
        None => (county(app, area), None),
    })
}

/// The item of a stop, with its person.
pub(super) async fn stopped<'a>(
    app: &'a App,
    tx: &mut Tx,
    stop: &Stop,
) -> Result<(&'a Item, Payee<'a>), Trouble> {
    let card = facts::people::card(tx.conn(), stop.person).await?;
    let item = cash_item(app, &card, &stop.item)?;
    Ok((item, payee(app, tx, item, card.id).await?))
}
