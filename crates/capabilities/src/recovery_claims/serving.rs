//! 送达追缴通知 and 移送, each in one transaction with its audit entry.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::Said;
use kernel::{CaseId, Day, Trouble};
use serde::Deserialize;
use webkit::{Answer, Posted};

use super::store;
use crate::App;
use crate::claiming::{CONTACT, Claim, back, finish, here, moved};
use crate::links::At;

/// 送达追缴通知: to whom, and when.
#[derive(Deserialize)]
pub(super) struct Served {
    #[serde(default)]
    name: String,
    #[serde(default)]
    relation: String,
    #[serde(default)]
    telephone: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn notice(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Served>,
) -> Answer<Redirect> {
    serve(&app, &actor, id, &said)
        .await
        .map_err(|trouble| back(id)(trouble).typed("姓名", &said.name).typed("说明", &said.note))?;
    Ok(here(id))
}

async fn serve(app: &App, actor: &Actor, id: CaseId, said: &Served) -> Result<(), Trouble> {
    let (name, relation) = (said.name.trim(), said.relation.trim());
    if name.is_empty() || relation.is_empty() {
        return Err(Trouble::refused(
            "还没有写通知送给了谁。",
            "请写退款人姓名和与老人的关系，如“长子”。",
        ));
    }
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let claim = Claim::of(&mut tx, id).await?;
    let days = access::setting(tx.conn(), "recovery_notice_working_days").await?;
    let due_on = due(app, now.day(), days)?;
    let clear = format!("{name}\n{}", said.telephone.trim());
    let sealed = app.vault().seal_text(CONTACT, &clear)?;
    store::put_contact(tx.conn(), id, (relation, &sealed), (now, actor.account)).await?;
    let words =
        Said { codes: Vec::new(), note: format!("送达{relation}。{}", said.note.trim()) };
    let step = claim.step(actor, "notice", words, Some(due_on))?;
    finish(tx, actor, now, moved(step), "送达追缴通知", id, "").await
}

fn due(app: &App, from: Day, text: Option<String>) -> Result<Day, Trouble> {
    let days = text.map_or(Ok(10), |text| text.parse()).map_err(Trouble::fault)?;
    Ok(app.calendar().due(from, days)?)
}

/// 移送
#[derive(Deserialize)]
pub(super) struct Referred {
    #[serde(default)]
    code: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn refer(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Referred>,
) -> Answer<Redirect> {
    let act = async {
        let now = app.now();
        let mut tx = app.db().begin(&actor.scope).await?;
        let claim = Claim::of(&mut tx, id).await?;
        let codes = if said.code.is_empty() { Vec::new() } else { vec![said.code.clone()] };
        let words = Said { codes, note: said.note.clone() };
        let step = claim.step(&actor, "refer", words, None)?;
        finish(tx, &actor, now, moved(step), "移送追缴", id, said.note.trim()).await
    };
    act.await.map_err(|trouble: Trouble| back(id)(trouble).typed("说明", &said.note))?;
    Ok(here(id))
}
