//! 核销: proposed by one person, decided by another.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::{CaseId, Effects, Fen, Trouble};
use serde::Deserialize;
use webkit::{Answer, Posted};

use super::store;
use crate::App;
use crate::claiming::store::{lock, write_offs};
use crate::claiming::{Claim, TakeOff, back, finish, here, refuse_ended, take_off};
use crate::links::At;

/// 申请核销
#[derive(Deserialize)]
pub(super) struct WriteOff {
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn write_off(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<WriteOff>,
) -> Answer<Redirect> {
    propose_write_off(&app, &actor, id, &said).await.map_err(|trouble| {
        back(id)(trouble).typed("金额", &said.amount).typed("理由", &said.reason)
    })?;
    Ok(here(id))
}

async fn propose_write_off(
    app: &App,
    actor: &Actor,
    id: CaseId,
    said: &WriteOff,
) -> Result<(), Trouble> {
    let now = app.now();
    let amount = Fen::parse_yuan(said.amount.trim())
        .map_err(|error| Trouble::refused(format!("金额读不懂：{error}。"), "请写成 120.00。"))?;
    if said.reason.trim().is_empty() {
        return Err(Trouble::refused("还没有写核销理由。", "请写明为什么追不回来，附什么证明。"));
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    lock(tx.conn(), id).await?;
    let claim = Claim::of(&mut tx, id).await?;
    refuse_ended(&claim)?;
    claim.balance().take(amount)?;
    let small = access::setting(tx.conn(), "recovery_small_fen").await?;
    let small: i64 = small.map_or(Ok(0), |text| text.parse()).map_err(Trouble::fault)?;
    if claim.case.state == "opened" && claim.recovery.total > Fen::new(small) {
        return Err(Trouble::refused(
            "还没有通知退款人，不能申请核销。",
            "请先送达追缴通知；小额免通知的标准由县里设定。",
        ));
    }
    if write_offs(tx.conn(), id).await?.iter().any(|it| it.decided.is_none()) {
        return Err(Trouble::Conflict("已有一件核销申请在等审批。".to_owned()));
    }
    let reason = said.reason.trim();
    store::propose_write_off(tx.conn(), id, (amount, reason), (now, actor.account)).await?;
    finish(tx, actor, now, Effects::default(), "申请核销", id, reason).await
}

/// 核销审批
#[derive(Deserialize)]
pub(super) struct Decision {
    #[serde(default)]
    no: i32,
    #[serde(default)]
    granted: String,
    #[serde(default)]
    words: String,
}

pub(super) async fn decide(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(said): Posted<Decision>,
) -> Answer<Redirect> {
    decide_write_off(&app, &actor, id, &said)
        .await
        .map_err(|trouble| back(id)(trouble).typed("意见", &said.words))?;
    Ok(here(id))
}

async fn decide_write_off(
    app: &App,
    actor: &Actor,
    id: CaseId,
    said: &Decision,
) -> Result<(), Trouble> {
    let now = app.now();
    let granted = match said.granted.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Trouble::refused("还没有选同意不同意。", "请选一项再保存。")),
    };
    let words = said.words.trim();
    if words.is_empty() {
        return Err(Trouble::refused("还没有写审批意见。", "同意或不同意都要写一句理由。"));
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    lock(tx.conn(), id).await?;
    let claim = Claim::of(&mut tx, id).await?;
    refuse_ended(&claim)?;
    let all = write_offs(tx.conn(), id).await?;
    let asked = all.iter().find(|it| it.no == said.no).ok_or(Trouble::NotFound)?;
    if asked.proposed_by == actor.account {
        return Err(Trouble::refused(
            "核销须由另一人审批，不能自己批自己提的。",
            "请转给另一位审批人员。",
        ));
    }
    let signed = (now, actor.account);
    if !store::decide_write_off(tx.conn(), (id, asked.no), (granted, words), signed).await? {
        return Err(Trouble::Conflict("这件核销申请已有决定。".to_owned()));
    }
    let effects = if granted {
        let it = TakeOff {
            kind: "written_off",
            channel: "decision",
            amount: asked.amount,
            on: now.day(),
            note: words,
        };
        take_off(app, actor, &mut tx, &claim, &it).await?
    } else {
        Effects::default()
    };
    let act = if granted { "批准核销" } else { "不予核销" };
    finish(tx, actor, now, effects, act, id, words).await
}
