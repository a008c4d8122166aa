//! 确认 and 退回 of what was entered.

use access::Actor;
use axum::Extension;
use axum::extract::State as AppState;
use axum::response::Redirect;
use kernel::{Effects, Fen, LedgerAccountId, Transfer, TransferAct, Trouble};
use ledger::{AccountKey, AccountKind};
use serde::Deserialize;
use sqlx::PgConnection;
use webkit::{Answer, Posted};

use super::domain::EntryState;
use super::entries::{confirms, find, size};
use super::store::{self, Stored};
use crate::App;
use crate::links::{self, At};

/// What the forms of an entry send.
#[derive(Deserialize)]
pub(super) struct Decision {
    outcome: String,
    #[serde(default)]
    reason: String,
}

/// 确认 or 退回.
pub(super) async fn decide(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(said): Posted<Decision>,
) -> Answer<Redirect> {
    let at = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = find(tx.conn(), id).await?;
    let own = it.entered.0 == actor.account;
    let reason = said.reason.trim();
    let (state, action) = match said.outcome.as_str() {
        "confirm" => (EntryState::Confirmed, "确认指标"),
        "return" if own => (EntryState::Returned, "撤回指标"),
        _ => (EntryState::Returned, "退回指标"),
    };
    refuse_who_may_not(&actor, own, state, reason)?;
    let signed = (at, actor.account);
    let kept = if state == EntryState::Returned { reason } else { "" };
    if !store::decide(tx.conn(), id, state, kept, signed).await? {
        return Err(Trouble::Conflict(format!(
            "这项指标{}，本次没有改动。请刷新页面后查看。",
            it.state.chinese()
        ))
        .into());
    }
    let mut effects = Effects::default();
    if state == EntryState::Confirmed {
        effects.transfers.push(transfer(tx.conn(), &it).await?);
    }
    let note = format!("{}，{} 元。{kept}", it.document, it.amount);
    crate::commit(tx, &actor, at, &effects, action, format!("budget/{id}"), &note).await?;
    Ok(Redirect::to(links::funds::entry(id).as_str()))
}

fn refuse_who_may_not(
    actor: &Actor,
    own: bool,
    state: EntryState,
    reason: &str,
) -> Result<(), Trouble> {
    if state == EntryState::Confirmed && own {
        return Err(Trouble::refused(
            "不能确认自己登记的指标。",
            "请由财政审核或县级审批的另一人确认。",
        ));
    }
    if !own && !confirms(actor) {
        return Err(Trouble::refused("您的岗位不确认指标。", "请由财政审核或县级审批的人员办理。"));
    }
    if state == EntryState::Returned && reason.is_empty() {
        return Err(Trouble::refused("没有写原因，没有退回。", "请写明为什么退回或撤回。"));
    }
    Ok(())
}

/// From the source to the budget; back again for 调减.
async fn transfer(conn: &mut PgConnection, it: &Stored) -> Result<Transfer, Trouble> {
    let key = |kind, fund: &str| AccountKey::of_fund(kind, it.area, fund, &it.item, it.year);
    let source = key(AccountKind::Source, it.origin.chinese());
    let source = ledger::account(&mut *conn, &source).await?;
    let budget = ledger::account(conn, &key(AccountKind::Budget, &it.fund)).await?;
    let (debit, credit): (LedgerAccountId, _) =
        if it.amount < Fen::ZERO { (budget, source) } else { (source, budget) };
    Ok(Transfer {
        id: ledger::made_id(&["budget", &it.id.to_string()]),
        act: TransferAct::Single { debit, credit, amount_fen: size(it) },
        person: None,
        about: format!("budget/{}", it.id),
    })
}
