//! 提出停发: by a town, for one person or for everybody whose death is proved.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::Opening;
use db::Tx;
use duties::Outcome;
use kernel::{CaseChange, CaseId, Day, DutyId, Effects, Fen, Hand, Life, Month, PersonId, Trouble};
use policy::{Item, Verdict};
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

use super::domain::{Ground, Proof, check};
use super::store;
use crate::links::At;
use crate::payees::{Payee, cash_item, payee};
use crate::stopping::flow::{DECISION_DAYS, STOP};
use crate::stopping::store::{due, open_case};
use crate::stopping::{Nothing, Reason, Stop, county};
use crate::{App, commit, duty_kind, links};

/// What the form of one stop says.
#[derive(Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    died_on: String,
    #[serde(default)]
    unknown: String,
    #[serde(default)]
    not_due_from: String,
    #[serde(default)]
    evidence: String,
}

/// What is proposed about one person.
struct Draft<'a> {
    reason: Reason,
    died_on: Option<Day>,
    not_due_from: Option<Month>,
    evidence: &'a str,
}

pub(super) async fn propose(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let here = links::stops::propose(person, &item);
    let case = one(&app, &actor, person, &item, &typed).await.map_err(|trouble| {
        Failure::from(trouble)
            .typed("依据", &typed.evidence)
            .typed("去世日期", &typed.died_on)
            .back("回到停发", here.clone())
    })?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::stops::stop(case).as_str()))
}

async fn one(
    app: &App,
    actor: &Actor,
    person: PersonId,
    item: &str,
    typed: &Typed,
) -> Result<CaseId, Trouble> {
    let now = app.now();
    let reason = Reason::from_code(&typed.reason)
        .ok_or_else(|| Trouble::refused("还没有选停发原因。", "请选一个原因再提出。"))?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let item = cash_item(app, &card, item)?;
    let payee = payee(app, &mut tx, item, card.id).await?;
    let draft = Draft {
        reason,
        died_on: died_on(&payee, reason, typed)?,
        not_due_from: not_due_from(reason, typed)?,
        evidence: typed.evidence.trim(),
    };
    let mut effects = Effects::default();
    let case = open(app, actor, &mut tx, &payee, &draft, &mut effects).await?;
    let note = format!("{}：{}", reason.chinese(), draft.evidence);
    commit(tx, actor, now, &effects, "提出停发", format!("case/{case}"), &note).await?;
    Ok(case)
}

/// The day of death: a source's, or what was typed where no source has one.
fn died_on(payee: &Payee<'_>, reason: Reason, typed: &Typed) -> Result<Option<Day>, Trouble> {
    if reason != Reason::Death {
        return Ok(None);
    }
    let text = typed.died_on.trim();
    if text.is_empty() {
        return match (payee.died_on(), typed.unknown.as_str()) {
            (Some(day), _) => Ok(Some(day)),
            (None, "1") => Ok(None),
            (None, _) => Err(Trouble::refused(
                "还没有去世日期。",
                "请写去世日期；确实查不到的，勾选“日期不详”，从首个未发月停发，查明后再登记多发。",
            )),
        };
    }
    let day: Day = text
        .parse()
        .map_err(|_| Trouble::refused("去世日期读不懂。", "请按 2026-05-09 的样子写。"))?;
    Ok(Some(day))
}

fn not_due_from(reason: Reason, typed: &Typed) -> Result<Option<Month>, Trouble> {
    let text = typed.not_due_from.trim();
    if reason == Reason::Death || text.is_empty() {
        return Ok(None);
    }
    let month = text
        .parse()
        .map_err(|_| Trouble::refused("月份读不懂。", "请按 2026-06 的样子写从哪个月起不该发。"))?;
    Ok(Some(month))
}

/// Opens the case, and answers the duties that asked for it. The caller commits the effects.
async fn open(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    payee: &Payee<'_>,
    draft: &Draft<'_>,
    effects: &mut Effects,
) -> Result<CaseId, Trouble> {
    let now = app.now();
    let (card, item, today) = (&payee.card, payee.item, now.day());
    let Some(monthly) = payee.monthly(today) else {
        return Err(Trouble::Conflict(format!("{}没有在发{}，不用停发。", card.name, item.name)));
    };
    refuse_twice(tx, card.id, item).await?;
    let another = matches!(
        payee.verdict(app, today.month()),
        Verdict::Entitled { amount, .. } if amount != monthly
    );
    let ground = Ground {
        reason: draft.reason,
        proof: proof(payee),
        died_on: draft.died_on,
        evidence: draft.evidence,
        not_due_from: draft.not_due_from,
        another_class: another,
    };
    check(&ground, today)?;
    let before = store::count(tx.conn(), card.id, &item.id).await?;
    let case = cases::case_id(STOP.id, card.id, &format!("{}/{before}", item.id));
    let stop = Stop {
        case,
        person: card.id,
        item: item.id.clone(),
        reason: draft.reason.code().to_owned(),
        monthly,
        died_on: draft.died_on,
        not_due_from: draft.not_due_from,
        evidence: draft.evidence.to_owned(),
        from_month: None,
        decided_at: None,
    };
    let duty = answer(app, actor, tx, card.id, &item.id).await?;
    store::insert(tx.conn(), &stop, duty, now).await?;
    effects.moves.push(CaseChange::Open(STOP.opening(Opening {
        id: case,
        person: card.id,
        item: Some(item.id.clone()),
        about: duty.map_or_else(String::new, |duty| format!("duty/{duty}")),
        owner_area: county(app, card.area),
        due_on: Some(app.calendar().due(today, DECISION_DAYS)?),
        note: note(draft, monthly),
        hand: Some(Hand::Reviews),
    })));
    Ok(case)
}

fn note(draft: &Draft<'_>, monthly: Fen) -> String {
    let evidence = draft.evidence;
    let why = if evidence.is_empty() { String::new() } else { format!("，{evidence}") };
    format!("{}，每月 {monthly} 元{why}", draft.reason.chinese())
}

fn proof(payee: &Payee<'_>) -> Proof {
    if payee.known_dead() { Proof::Proved } else { Proof::of(payee.card.life) }
}

async fn refuse_twice(tx: &mut Tx, person: PersonId, item: &Item) -> Result<(), Trouble> {
    match open_case(tx.conn(), STOP.id, person, &item.id).await? {
        Some(_) => Err(Trouble::Conflict(format!("这位老人的{}已经提出停发，正在办。", item.name))),
        None => Ok(()),
    }
}

/// Records that the duties about it were answered; gives the first.
async fn answer(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    person: PersonId,
    item: &str,
) -> Result<Option<DutyId>, Trouble> {
    let duties = store::answered(tx.conn(), person, item).await?;
    for (duty, kind) in &duties {
        let outcomes: &[Outcome] = duty_kind(kind).map_or(&[], |kind| kind.outcomes);
        let Some(outcome) = outcomes.iter().find(|it| it.id == "to_stop") else { continue };
        duties::decide(tx.conn(), *duty, outcome, "", actor.account, app.now()).await?;
    }
    Ok(duties.first().map(|(duty, _)| *duty))
}

/// As many stops as one act proposes.
const AT_ONCE: i64 = 2_000;

/// 全部提出: everybody of the area whose death is proved.
pub(super) async fn propose_all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    all(&app, &actor)
        .await
        .map_err(|trouble| Failure::from(trouble).back("回到停发", links::stops::list()))?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::stops::part("proposed").as_str()))
}

async fn all(app: &App, actor: &Actor) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let due = due(tx.conn(), true, AT_ONCE, 0).await?;
    let mut effects = Effects::default();
    let mut items: Vec<&str> = due.iter().map(|it| it.item.as_str()).collect();
    items.sort_unstable();
    items.dedup();
    for id in items {
        let people: Vec<PersonId> =
            due.iter().filter(|it| it.item == id).map(|it| it.person).collect();
        let cards = facts::people::cards(tx.conn(), &people).await?;
        let Some(card) = cards.first() else { continue };
        let item = cash_item(app, card, id)?;
        for payee in crate::payees::payees(app, &mut tx, item, &people).await? {
            let draft = Draft {
                reason: Reason::Death,
                died_on: payee.died_on(),
                not_due_from: None,
                evidence: "",
            };
            let stands = payee.monthly(now.day()).is_some();
            let open = open_case(tx.conn(), STOP.id, payee.card.id, &item.id).await?;
            if stands && open.is_none() && payee.card.life != Life::Contradicted {
                self::open(app, actor, &mut tx, &payee, &draft, &mut effects).await?;
            }
        }
    }
    if effects.moves.is_empty() {
        return Err(Trouble::refused(
            "没有可以一次提出的停发。",
            "两个部门都报去世、或者已经确认去世的，才能一次提出；其余请逐人核实。",
        ));
    }
    let note = format!("去世停发 {} 件", effects.moves.len());
    commit(tx, actor, now, &effects, "提出停发", format!("area/{}", actor.area), &note).await
}
