//! 登记多发: opens a claim for everybody who was paid after death.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use findings::award_kind;
use kernel::{Effects, Trouble};
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

use super::store;
use crate::claiming::{DEATH, Opened, Overpaid, open_claims};
use crate::payees::payees;
use crate::{App, commit, links};

/// A form with nothing to say.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// 登记多发
pub(super) async fn open(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    open_all(&app, &actor)
        .await
        .map_err(|trouble| Failure::from(trouble).back("回到追缴", links::recoveries::list()))?;
    Ok(Redirect::to(links::recoveries::list().as_str()))
}

/// 登记多发: opens a claim for everybody of the actor's area who was paid after death.
async fn open_all(app: &App, actor: &Actor) -> Result<Opened, Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut effects = Effects::default();
    let mut opened = Opened::default();
    for item in app.paid_items(actor.area, now.day().month()) {
        let Some(kind) = award_kind(item) else { continue };
        let people = store::dead(tx.conn(), kind).await?;
        let payees = payees(app, &mut tx, item, &people).await?;
        let all: Vec<Overpaid<'_>> = payees
            .iter()
            .map(|payee| Overpaid { payee, cause: DEATH, months: payee.after_death(app) })
            .collect();
        let some = open_claims(app, &mut tx, item, &all, &mut effects).await?;
        opened.claims += some.claims;
        opened.months += some.months;
        opened.total = [opened.total, some.total].into_iter().sum();
    }
    if opened.claims == 0 {
        return Ok(opened);
    }
    let object = format!("area/{}", actor.area);
    commit(tx, actor, now, &effects, "登记多发", object, &opened.words()).await?;
    Ok(opened)
}
