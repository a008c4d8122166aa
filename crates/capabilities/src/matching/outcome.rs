//! 办理结果: a person records what came of a duty.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use duties::Outcome;
use kernel::{
    Assertion, AssertionState, Day, DutyId, Effects, FactValue, Life, PersonId, SourceRow, Span,
    Trouble,
};
use serde::Deserialize;
use webkit::{Answer, Failure, Href, Posted};

use crate::{App, commit, duty_kind, links};

/// What the form says.
#[derive(Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reason: String,
}

/// Records it, with what it means for the facts.
pub(crate) async fn record(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(said): Posted<Said>,
) -> Answer<Redirect> {
    let id: DutyId = id.parse().map_err(|_| Trouble::NotFound)?;
    let done = decide(&app, &actor, id, &said).await.map_err(|trouble| {
        Failure::from(trouble).typed("原因或说明", &said.reason).back("回到这件事", links::duty(id))
    })?;
    if done.learned {
        (app.parts().after_facts)(app.clone()).await?;
    }
    Ok(Redirect::to(done.next.unwrap_or_else(|| links::duty(id)).as_str()))
}

/// What came of a decision.
struct Done {
    /// Whether a fact was learned.
    learned: bool,
    /// Where the matter goes on, when it does.
    next: Option<Href>,
}

async fn decide(app: &App, actor: &Actor, id: DutyId, said: &Said) -> Result<Done, Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let duty = duties::duty(tx.conn(), id).await?;
    if !duty.is_decided_by(actor.role) {
        return Err(Trouble::refused(
            format!("这件事由{}办理。", duty.owner_role.chinese()),
            "您可以查看，不能代为记录结果。",
        ));
    }
    let kind = duty_kind(&duty.kind)
        .ok_or_else(|| Trouble::fault(format!("duty kind {} is not declared", duty.kind)))?;
    let outcome = kind
        .outcomes
        .iter()
        .find(|o| o.id == said.outcome)
        .ok_or_else(|| Trouble::refused("还没有选办得怎么样。", "请选一项结果再保存。"))?;
    if life_of(outcome) == Some(Life::Living) {
        refuse_known_dead(&mut tx, duty.person).await?;
    }
    duties::decide(tx.conn(), id, outcome, &said.reason, actor.account, now).await?;
    let learned = learned(outcome, now.day());
    let mut effects = Effects::default();
    if let Some((kind, value)) = &learned {
        effects.assertions.push(Assertion {
            person: duty.person,
            kind,
            value: value.clone(),
            valid: Span::from(now.day()),
            source: SourceRow::Statement,
            state: AssertionState::Asserted,
        });
    }
    if let Some(life) = life_of(outcome) {
        facts::people::show_lives(tx.conn(), &[(duty.person, life)]).await?;
    }
    let note = format!("{}：{}", outcome.label, said.reason.trim());
    commit(tx, actor, now, &effects, "办理结果", format!("duty/{id}"), &note).await?;
    // 属实，转停发: the town goes on with the stop.
    let stops = outcome.id == "to_stop" && may(actor.role, Action::ReviewCases);
    let next = duty.item.filter(|_| stops);
    let next = next.map(|item| links::stops::propose(duty.person, &item));
    Ok(Done { learned: learned.is_some(), next })
}

/// Whom somebody on duty has established to be dead comes back by two people only.
async fn refuse_known_dead(tx: &mut db::Tx, person: PersonId) -> Result<(), Trouble> {
    let facts = facts::facts_of(tx.conn(), person).await?;
    let confirmed = FactValue::Text(Life::Confirmed.code().to_owned());
    let known =
        |it: &facts::Fact| it.kind == "life" && it.supplier.is_empty() && it.value == confirmed;
    if facts.iter().any(known) {
        return Err(Trouble::refused(
            "这位老人已登记为确认去世，不能由一个人改回在世。",
            "请在“停发与恢复”里提出恢复，由另一人核对依据后确认。",
        ));
    }
    Ok(())
}

/// What an outcome establishes about the person's life.
fn life_of(outcome: &Outcome) -> Option<Life> {
    match outcome.id {
        "alive" => Some(Life::Living),
        "dead" => Some(Life::Confirmed),
        _ => None,
    }
}

/// 人工核实: what somebody states by recording an outcome.
fn learned(outcome: &Outcome, today: Day) -> Option<(&'static str, FactValue)> {
    if let Some(life) = life_of(outcome) {
        return Some(("life", FactValue::Text(life.code().to_owned())));
    }
    match outcome.id {
        "seen" | "spoken" => Some(("last_seen", FactValue::Day(today))),
        "visited" | "visited_need" => Some(("last_visit", FactValue::Day(today))),
        "elsewhere" => Some(("receives_elsewhere", FactValue::Bool(true))),
        _ => None,
    }
}
