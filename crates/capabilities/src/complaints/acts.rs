//! What is done with a complaint: answered, reviewed by another, settled, withdrawn; and the
//! payment held meanwhile, when somebody decides so.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::{Move, Said};
use kernel::{
    AreaLevel, Assertion, AssertionState, CaseChange, CaseId, Effects, FactValue, Role, SourceRow,
    Span, Trouble,
};
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

use super::domain::{Finding, Kind, Reply};
use super::flow::{FLOW, REVIEW_DAYS};
use super::one::{self, Found, HOLD};
use super::pages::place;
use super::store;
use super::told::sentences;
use crate::applying::{self, IN_APPROVAL, IN_FINAL_PUBLICITY};
use crate::links::{self, At};
use crate::{App, commit};

/// What the form of an answer says.
#[derive(Deserialize)]
pub(crate) struct Answered {
    #[serde(default)]
    finding: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    application: String,
}

/// 答复
pub(crate) async fn answer(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Answered>,
) -> Answer<Redirect> {
    conclude(&app, &actor, id, &said, ("answer", 1)).await
}

/// 复查答复
pub(crate) async fn review(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Answered>,
) -> Answer<Redirect> {
    conclude(&app, &actor, id, &said, ("review", 2)).await
}

async fn conclude(
    app: &App,
    actor: &Actor,
    id: CaseId,
    said: &Answered,
    which: (&'static str, i16),
) -> Answer<Redirect> {
    let here = links::complaints::complaint(id);
    let back = |trouble: Trouble| {
        Failure::from(trouble).typed("答复内容", &said.words).back("回到这一件", here.clone())
    };
    conclude_one(app, actor, id, said, which).await.map_err(back)?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(here.as_str()))
}

async fn conclude_one(
    app: &App,
    actor: &Actor,
    id: CaseId,
    said: &Answered,
    (action, no): (&'static str, i16),
) -> Result<(), Trouble> {
    let finding = Finding::from_code(&said.finding)
        .ok_or_else(|| Trouble::refused("还没有选核实结果。", "请选属实、不属实或者已说明。"))?;
    if said.words.trim().is_empty() {
        return Err(Trouble::refused(
            "还没有写答复内容。",
            "请写查了什么，结果怎样，接下来怎么办。",
        ));
    }
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = one::find(app, &mut tx, id).await?;
    let step = FLOW.take(&it.case, action, actor.role, Said::default(), next(app, &it))?;
    if let Some(hand) = step.hand {
        cases::may_decide(tx.conn(), actor, &it.case, hand, now.day()).await?;
    }
    let mut effects = outcome(app, &mut tx, actor.role, &it, (finding, &said.application)).await?;
    effects.moves.push(CaseChange::Step(step));
    let facts = facts::facts_of(tx.conn(), it.card.id).await?;
    let trace = sentences(app, &mut tx, &it.card, &facts).await?;
    let trace = trace.into_iter().map(|(_, name, sentence)| format!("{name}：{sentence}"));
    let reply = Reply { words: said.words.trim().to_owned(), trace: trace.collect() };
    let clear = serde_json::to_vec(&reply).map_err(Trouble::fault)?;
    let sealed = app.vault().seal(&place(id, &format!("answer/{no}")), &clear)?;
    let (words, signed) = ((sealed.bytes.as_slice(), sealed.key_version), (actor.account, now));
    if !store::insert_answer(tx.conn(), (id, no), finding, words, signed).await? {
        return Err(Trouble::Conflict(
            "这一件已有答复，或者您已经答复过：复查要由另一人办。".to_owned(),
        ));
    }
    let label = if no == 1 { "答复投诉" } else { "复查投诉" };
    commit(tx, actor, now, &effects, label, format!("case/{id}"), finding.chinese()).await
}

/// Where and until when the next act is owed: asking back is the town's, whenever it can.
fn next(app: &App, it: &Found) -> (kernel::AreaId, Option<kernel::Day>) {
    let areas = app.areas();
    let town = areas.at_level(it.card.area, AreaLevel::Township);
    (town.map_or(it.card.area, |node| node.id), None)
}

/// What follows from the finding for what was stopped meanwhile.
async fn outcome(
    app: &App,
    tx: &mut db::Tx,
    role: Role,
    it: &Found,
    (finding, application): (Finding, &str),
) -> Result<Effects, Trouble> {
    let mut effects = Effects::default();
    let holding: Vec<String> =
        Kind::ALL.iter().filter(|kind| kind.may_hold()).map(|it| it.code().to_owned()).collect();
    let alone = store::others_open(tx.conn(), &it.stored, &holding).await? == 0;
    if finding != Finding::Founded && alone && one::held(tx, it).await? {
        effects.assertions.push(hold_fact(app, it, false));
    }
    let Some(frozen) = it.frozen() else { return Ok(effects) };
    let action = match (finding, application) {
        (Finding::Founded, "returned") => "object_returned",
        (Finding::Founded, "upheld") => "object_upheld",
        (Finding::Founded, _) => {
            return Err(Trouble::refused(
                "反映属实的，还要选这件申领怎么办。",
                "请选退回补正或者不予批准。",
            ));
        }
        // Another objection to the same application is not answered yet.
        _ if !alone => return Ok(effects),
        _ => {
            let moves = cases::moves(tx.conn(), &[frozen.id]).await?;
            resumed(&moves)
        }
    };
    let note = format!("第 {} 号异议：{}", it.stored.number, finding.chinese());
    let said = Said { note, ..Said::default() };
    let step = applying::step(app, tx.conn(), frozen, (action, role), said).await?;
    effects.moves.push(CaseChange::Step(step));
    Ok(effects)
}

/// The move by which an application goes on from where it was stopped.
fn resumed(moves: &[Move]) -> &'static str {
    match moves.iter().rev().find(|it| it.action == "object").map(|it| it.from.as_str()) {
        Some(IN_APPROVAL) => "object_dismissed_on",
        Some(IN_FINAL_PUBLICITY) => "object_dismissed_final",
        _ => "object_dismissed",
    }
}

fn hold_fact(app: &App, it: &Found, held: bool) -> Assertion {
    Assertion {
        person: it.card.id,
        kind: HOLD,
        value: FactValue::Bool(held),
        valid: Span::from(app.now().day()),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    }
}

/// What the form of a hold says.
#[derive(Deserialize)]
pub(crate) struct Held {
    #[serde(default)]
    held: String,
    #[serde(default)]
    reason: String,
}

/// 暂缓发放, or its end: a person's decision, never a consequence.
pub(crate) async fn hold(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Held>,
) -> Answer<Redirect> {
    let here = links::complaints::complaint(id);
    let back = |trouble: Trouble| {
        Failure::from(trouble).typed("理由", &said.reason).back("回到这一件", here.clone())
    };
    hold_one(&app, &actor, id, &said).await.map_err(back)?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(here.as_str()))
}

async fn hold_one(app: &App, actor: &Actor, id: CaseId, said: &Held) -> Result<(), Trouble> {
    let (hold, reason) = (said.held == "1", said.reason.trim());
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = one::find(app, &mut tx, id).await?;
    if hold && !it.kind.may_hold() {
        return Err(Trouble::refused(
            format!("反映“{}”的，不能因此暂缓发放。", it.kind.chinese()),
            "请先核实，按核实结果答复。",
        ));
    }
    if hold && it.case.owner.is_none() {
        return Err(Trouble::refused(
            "这一件已经办结，不能再暂缓发放。",
            "有新情况的，请另登记一件。",
        ));
    }
    if reason.is_empty() {
        return Err(Trouble::refused("还没有写理由。", "请写一两句凭什么这样决定。"));
    }
    if let Some(relation) = cases::kin::relation(tx.conn(), actor.account, it.card.id).await? {
        return Err(Trouble::refused(
            format!("您已备案与这位老人有亲属关系（{}），应当回避。", relation.chinese()),
            "请由本岗位的另一人决定。",
        ));
    }
    if one::held(&mut tx, &it).await? == hold {
        return Err(Trouble::Conflict("另一人已经先办了，没有再改动。".to_owned()));
    }
    let assertions = vec![hold_fact(app, &it, hold)];
    let effects = Effects { assertions, ..Effects::default() };
    let action = if hold { "异议暂缓发放" } else { "解除异议暂缓" };
    commit(tx, actor, app.now(), &effects, action, format!("case/{id}"), reason).await
}

/// What the form of a call back says.
#[derive(Deserialize)]
pub(crate) struct Settled {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    note: String,
}

/// 回访: satisfied, or to be reviewed by another.
pub(crate) async fn settle(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Settled>,
) -> Answer<Redirect> {
    let action = match said.outcome.as_str() {
        "satisfied" => "satisfied",
        "dissatisfied" => "dissatisfied",
        _ => "",
    };
    step(&app, &actor, id, (action, &said.note)).await
}

/// What the form of a withdrawal says.
#[derive(Deserialize)]
pub(crate) struct Withdrawn {
    #[serde(default)]
    note: String,
}

/// 本人撤回: what was stopped goes on.
pub(crate) async fn withdraw(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Withdrawn>,
) -> Answer<Redirect> {
    step(&app, &actor, id, ("withdraw", &said.note)).await
}

async fn step(
    app: &App,
    actor: &Actor,
    id: CaseId,
    (action, note): (&'static str, &str),
) -> Answer<Redirect> {
    let here = links::complaints::complaint(id);
    let back = |trouble: Trouble| {
        Failure::from(trouble).typed("说明", note).back("回到这一件", here.clone())
    };
    if action.is_empty() {
        let why = Trouble::refused("还没有选认不认可。", "请选一项再保存。");
        return Err(back(why));
    }
    step_one(app, actor, id, (action, note)).await.map_err(back)?;
    Ok(Redirect::to(here.as_str()))
}

async fn step_one(
    app: &App,
    actor: &Actor,
    id: CaseId,
    (action, note): (&'static str, &str),
) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = one::find(app, &mut tx, id).await?;
    let county = app.areas().at_level(it.card.area, AreaLevel::County).map(|node| node.id);
    let due = now.day().plus_days(i64::from(REVIEW_DAYS));
    let next = (county.unwrap_or(it.card.area), Some(due));
    let said = Said { note: note.to_owned(), ..Said::default() };
    let mut effects = Effects::default();
    if action == "withdraw" && it.stored.state == super::flow::RECEIVED {
        // Whoever takes the withdrawal down does not decide: what was stopped goes on by itself.
        let as_unfounded = (Finding::Unfounded, "");
        effects = outcome(app, &mut tx, Role::TownReviewer, &it, as_unfounded).await?;
    }
    let step = FLOW.take(&it.case, action, actor.role, said, next)?;
    effects.moves.push(CaseChange::Step(step));
    commit(tx, actor, now, &effects, "办理投诉", format!("case/{id}"), note.trim()).await
}
