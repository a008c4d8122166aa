//! 恢复: a stop is taken back with its arrears in one act; who was known to be dead comes back by
//! two people only.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::{Opening, Said};
use db::Tx;
use facts::people::show_lives;
use findings::award_kind;
use kernel::{
    CaseChange, CaseId, Effects, FactValue, Hand, Life, PersonId, Refusal, Role, Trouble,
};
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

use super::store::{self, Restore};
use crate::links::At;
use crate::payees::{Payee, cash_item, payee};
use crate::stopping::flow::{DECISION_DAYS, RESTORE};
use crate::stopping::store::open_case;
use crate::stopping::{Note, Stop, county, standing_stop, states};
use crate::{App, claiming, commit, links};

/// What the form says.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    evidence: String,
}

/// What came of the form.
enum Done {
    Restored,
    Proposed(CaseId),
}

pub(super) async fn restore(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let here = links::stops::propose(person, &item);
    let done =
        act(&app, &actor, person, &item, typed.evidence.trim()).await.map_err(|trouble| {
            Failure::from(trouble)
                .typed("依据", &typed.evidence)
                .back("回到停发与恢复", here.clone())
        })?;
    (app.parts().after_facts)(app.clone()).await?;
    let to = match done {
        Done::Restored => here,
        Done::Proposed(case) => links::stops::restored(case),
    };
    Ok(Redirect::to(to.as_str()))
}

async fn act(
    app: &App,
    actor: &Actor,
    person: PersonId,
    item: &str,
    evidence: &str,
) -> Result<Done, Trouble> {
    if evidence.is_empty() {
        return Err(Trouble::refused(
            "还没有写依据。",
            "请写明谁核实的、怎么核实的，如“6 月 5 日上门见到本人，核对身份证”。",
        ));
    }
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let item = cash_item(app, &card, item)?;
    let payee = payee(app, &mut tx, item, card.id).await?;
    let stop = standing_stop(&mut tx, &payee, now.day()).await?;
    if payee.known_dead() {
        let case = propose(app, actor, &mut tx, &payee, stop.as_ref(), evidence).await?;
        let (case, effects) = case;
        let object = format!("case/{case}");
        commit(tx, actor, now, &effects, "提出恢复发放", object, evidence).await?;
        return Ok(Done::Proposed(case));
    }
    let Some(stop) = stop else {
        return Err(Trouble::Conflict(format!("{}的{}没有停发。", card.name, item.name)));
    };
    if !may(actor.role, Action::ApproveCases) {
        return Err(not_here(actor.role).into());
    }
    let mut effects = Effects::default();
    give_back(app, actor, &mut tx, &payee, &stop, &mut effects).await?;
    if payee.card.life != Life::Living {
        lives_again(app, &mut tx, card.id, &mut effects).await?;
    }
    let object = format!("person/{}", card.id);
    commit(tx, actor, now, &effects, "恢复发放", object, evidence).await?;
    Ok(Done::Restored)
}

fn not_here(role: Role) -> Refusal {
    Refusal::new(
        format!("恢复发放由县级审批办理，您是{}。", role.chinese()),
        "请把依据交给县级审批人员办理。",
    )
}

/// The first of two people: proposes that somebody who is known to be dead lives.
async fn propose(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    payee: &Payee<'_>,
    stop: Option<&Stop>,
    evidence: &str,
) -> Result<(CaseId, Effects), Trouble> {
    if !matches!(actor.role, Role::TownReviewer | Role::CountyApprover) {
        let why = format!("恢复发放由乡镇审核或县级审批提出，您是{}。", actor.role.chinese());
        return Err(Trouble::refused(why, "请把情况告诉乡镇民政办。"));
    }
    let (card, item) = (&payee.card, payee.item);
    if open_case(tx.conn(), RESTORE.id, card.id, &item.id).await?.is_some() {
        return Err(Trouble::Conflict("已经有人提出恢复，正在等另一人确认。".to_owned()));
    }
    let before = store::count_restores(tx.conn(), card.id, &item.id).await?;
    let case = cases::case_id(RESTORE.id, card.id, &format!("{}/{before}", item.id));
    let restore = Restore {
        case,
        person: card.id,
        item: item.id.clone(),
        stop: stop.map(|stop| stop.case),
        known_dead: true,
        evidence: evidence.to_owned(),
    };
    store::put_restore(tx.conn(), &restore, app.now()).await?;
    let opening = RESTORE.opening(Opening {
        id: case,
        person: card.id,
        item: Some(item.id.clone()),
        about: stop.map_or_else(String::new, |stop| format!("case/{}", stop.case)),
        owner_area: county(app, card.area),
        due_on: Some(app.calendar().due(app.now().day(), DECISION_DAYS)?),
        note: evidence.to_owned(),
        hand: Some(Hand::Reviews),
    });
    let effects = Effects { moves: vec![CaseChange::Open(opening)], ..Effects::default() };
    Ok((case, effects))
}

pub(super) async fn confirm(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(case): At<CaseId>,
    Posted(said): Posted<Note>,
) -> Answer<Redirect> {
    decide(&app, &actor, case, "confirm", said.note()).await.map_err(back(case))?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::stops::restored(case).as_str()))
}

macro_rules! decisions {
    ($($name:ident = $action:literal;)*) => {$(
        pub(super) async fn $name(
            State(app): State<App>,
            Extension(actor): Extension<Actor>,
            At(case): At<CaseId>,
            Posted(said): Posted<Note>,
        ) -> Answer<Redirect> {
            decide(&app, &actor, case, $action, said.note()).await.map_err(back(case))?;
            Ok(Redirect::to(links::stops::restored(case).as_str()))
        }
    )*};
}

decisions! {
    refuse = "refuse";
    take_back = "take_back";
}

fn back(case: CaseId) -> impl Fn(Trouble) -> Failure {
    move |trouble| Failure::from(trouble).back("回到这件恢复", links::stops::restored(case))
}

/// The second of two people.
async fn decide(
    app: &App,
    actor: &Actor,
    id: CaseId,
    action: &str,
    note: &str,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let case = cases::case(tx.conn(), id).await?;
    let restore = store::restore(tx.conn(), id).await?;
    if action != "take_back" {
        cases::may_decide(tx.conn(), actor, &case, Hand::Approves, app.now().day()).await?;
    }
    let said = Said { codes: Vec::new(), note: note.to_owned() };
    let card = facts::people::card(tx.conn(), restore.person).await?;
    let next = (county(app, card.area), None);
    let moved = RESTORE.take(&case, action, actor.role, said, next)?;
    let mut effects = Effects { moves: vec![CaseChange::Step(moved)], ..Effects::default() };
    if action == "confirm" {
        lives_again(app, &mut tx, card.id, &mut effects).await?;
        for item in app.paid_items(card.area, app.now().day().month()) {
            let payee = payee(app, &mut tx, item, card.id).await?;
            let Some(stop) = standing_stop(&mut tx, &payee, app.now().day()).await? else {
                continue;
            };
            if stop.reason == "death" || stop.item == restore.item {
                give_back(app, actor, &mut tx, &payee, &stop, &mut effects).await?;
            }
        }
    }
    let act = match action {
        "confirm" => "确认恢复发放",
        "refuse" => "不予恢复发放",
        _ => "撤回恢复发放",
    };
    commit(tx, actor, app.now(), &effects, act, format!("case/{id}"), note).await
}

/// The person lives: stated, and shown on the card.
async fn lives_again(
    app: &App,
    tx: &mut Tx,
    person: PersonId,
    effects: &mut Effects,
) -> Result<(), Trouble> {
    let living = FactValue::Text(Life::Living.code().to_owned());
    effects.assertions.push(states(person, "life", living, app.now().day()));
    show_lives(tx.conn(), &[(person, Life::Living)]).await
}

/// The award again from the month on from which it was stopped: the next run brings the arrears.
/// What was claimed back because of the stop is not owed any more.
async fn give_back(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    payee: &Payee<'_>,
    stop: &Stop,
    effects: &mut Effects,
) -> Result<(), Trouble> {
    let (card, item) = (&payee.card, payee.item);
    let kind = award_kind(item).ok_or(Trouble::NotFound)?;
    let from = stop.from_month.ok_or_else(|| Trouble::fault("a decided stop has a month"))?;
    let again = FactValue::Fen(stop.monthly);
    effects.assertions.push(states(card.id, kind, again, from.first()));
    claiming::withdraw(app, tx, actor, (card.id, &item.id), effects).await
}
