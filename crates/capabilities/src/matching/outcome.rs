//! 办理结果: a person records what came of a duty.

use access::Actor;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use duties::Outcome;
use kernel::{
    Assertion, AssertionState, Day, DutyId, Effects, FactValue, Life, SourceRow, Span, Trouble,
};
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

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
    let learned = decide(&app, &actor, id, &said).await.map_err(|trouble| {
        Failure::from(trouble).typed("原因或说明", &said.reason).back("回到这件事", links::duty(id))
    })?;
    if learned {
        (app.parts().after_facts)(app.clone()).await?;
    }
    Ok(Redirect::to(links::duty(id).as_str()))
}

/// Decides it; says whether a fact was learned.
async fn decide(app: &App, actor: &Actor, id: DutyId, said: &Said) -> Result<bool, Trouble> {
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
    Ok(learned.is_some())
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
        "seen" => Some(("last_seen", FactValue::Day(today))),
        "visited" | "visited_need" => Some(("last_visit", FactValue::Day(today))),
        "elsewhere" => Some(("receives_elsewhere", FactValue::Bool(true))),
        _ => None,
    }
}
