//! 办理结果: a person records what came of a duty.

use access::Actor;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use duties::Duty;
use kernel::{
    Assertion, AssertionState, DutyId, Effects, FactValue, Life, Role, SourceRow, Span, Trouble,
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

/// Whether the actor may record what came of it: its owner, or who looks over the owner.
pub(crate) fn may_decide(actor: &Actor, duty: &Duty) -> bool {
    match actor.role {
        role if role == duty.owner_role => true,
        Role::CountyApprover => true,
        Role::TownReviewer => duty.owner_role == Role::VillageWorker,
        _ => false,
    }
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
    if !may_decide(actor, &duty) {
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
    let life = match outcome.id {
        "alive" => Some(Life::Living),
        "dead" => Some(Life::Confirmed),
        _ => None,
    };
    let mut effects = Effects::default();
    if let Some(life) = life {
        effects.assertions.push(Assertion {
            person: duty.person,
            kind: "life",
            value: FactValue::Text(life.code().to_owned()),
            valid: Span::from(now.day()),
            source: SourceRow::Statement,
            state: AssertionState::Asserted,
        });
        facts::people::show_lives(tx.conn(), &[(duty.person, life)]).await?;
    }
    let note = format!("{}：{}", outcome.label, said.reason.trim());
    commit(tx, actor, now, &effects, "办理结果", format!("duty/{id}"), &note).await?;
    Ok(life.is_some())
}
