//! 还款协议, 退款 and 抵扣, each in one transaction with its audit entry.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::Said;
use kernel::{CaseId, Day, Fen, Trouble};
use serde::Deserialize;
use webkit::{Answer, Posted};

use super::store;
use crate::App;
use crate::claiming::store::lock;
use crate::claiming::{
    Channel, Claim, TakeOff, back, finish, here, moved, plan, refuse_ended, take_off,
};
use crate::links::At;

/// 还款协议: one instalment a line.
#[derive(Deserialize)]
pub(super) struct Agreed {
    #[serde(default)]
    plan: String,
    #[serde(default)]
    note: String,
}

pub(super) async fn agree(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Agreed>,
) -> Answer<Redirect> {
    put_plan(&app, &actor, id, &said)
        .await
        .map_err(|trouble| back(id)(trouble).typed("各期", &said.plan))?;
    Ok(here(id))
}

async fn put_plan(app: &App, actor: &Actor, id: CaseId, said: &Agreed) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    lock(tx.conn(), id).await?;
    let claim = Claim::of(&mut tx, id).await?;
    let plan = plan(&said.plan, claim.balance().left(), now.day())?;
    store::put_plan(tx.conn(), id, &plan).await?;
    let note = format!("分 {} 期。{}", plan.len(), said.note.trim());
    let words = Said { codes: Vec::new(), note };
    let first = plan.first().map(|it| it.due_on);
    let step = claim.step(actor, "agree", words, first)?;
    finish(tx, actor, now, moved(step), "签还款协议", id, "").await
}

/// What came back, or is set off.
#[derive(Deserialize)]
pub(super) struct Money {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    note: String,
    /// 已取得书面同意, for a set-off.
    #[serde(default)]
    consent: String,
}

pub(super) async fn repaid(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Money>,
) -> Answer<Redirect> {
    let unread = || Trouble::refused("还没有选钱是怎么退的。", "请选一种退还方式。");
    let channel = Channel::from_code(&said.channel).ok_or_else(unread).map_err(back(id))?;
    enter(&app, &actor, id, ("repaid", channel.code()), &said).await.map_err(|trouble| {
        back(id)(trouble).typed("金额", &said.amount).typed("说明", &said.note)
    })?;
    Ok(here(id))
}

/// 抵扣: against other money that is owed to the person or their heirs, with their consent.
pub(super) async fn set_off(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Money>,
) -> Answer<Redirect> {
    let refuse = |why: &str, how: &str| back(id)(Trouble::refused(why, how));
    if said.consent != "1" {
        let how = "请先取得本人或继承人的书面同意，再勾选“已取得书面同意”。";
        return Err(refuse("没有书面同意，不能从其他款项里抵扣。", how));
    }
    if said.note.trim().is_empty() {
        return Err(refuse(
            "还没有写抵扣的是哪笔款。",
            "请写明款项和单据，如“丧葬补助，2026-031 号”。",
        ));
    }
    enter(&app, &actor, id, ("set_off", "consent"), &said)
        .await
        .map_err(|trouble| back(id)(trouble).typed("金额", &said.amount))?;
    Ok(here(id))
}

async fn enter(
    app: &App,
    actor: &Actor,
    id: CaseId,
    (kind, channel): (&'static str, &'static str),
    said: &Money,
) -> Result<(), Trouble> {
    let now = app.now();
    let on: Day = said.on.trim().parse().map_err(|_| {
        Trouble::refused("没有写收到的日期。", "请按 2026-06-10 的样子写收到的日期。")
    })?;
    if on > now.day() {
        return Err(Trouble::refused("收到的日期在今天之后。", "请核对日期。"));
    }
    let amount = Fen::parse_yuan(said.amount.trim())
        .map_err(|error| Trouble::refused(format!("金额读不懂：{error}。"), "请写成 120.00。"))?;
    let mut tx = app.db().begin(&actor.scope).await?;
    lock(tx.conn(), id).await?;
    let claim = Claim::of(&mut tx, id).await?;
    refuse_ended(&claim)?;
    let effects = take_off(
        app,
        actor,
        &mut tx,
        &claim,
        &TakeOff { kind, channel, amount, on, note: said.note.trim() },
    )
    .await?;
    let act = if kind == "repaid" { "登记退款" } else { "登记抵扣" };
    finish(tx, actor, now, effects, act, id, &format!("{amount} 元")).await
}
