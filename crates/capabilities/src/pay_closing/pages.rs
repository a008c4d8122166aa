//! 月结: the handlers.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::RunId;
use serde::Deserialize;
use webkit::{Answer, Page, Posted};

use super::views::RunPage;
use super::{acts, show};
use crate::App;
use crate::links::At;
use crate::pay::{Seen, back, find, here};

pub(super) async fn run(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
) -> Answer<Page<RunPage>> {
    let run = find(&app, &actor, id).await?;
    Ok(Page::new(show::page(&app, &actor, &run).await?))
}

macro_rules! act {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub(super) async fn $name(
            State(app): State<App>,
            Extension(actor): Extension<Actor>,
            At(id): At<RunId>,
            Posted(seen): Posted<Seen>,
        ) -> Answer<Redirect> {
            acts::$name(&app, &actor, id, &seen).await.map_err(back(id))?;
            Ok(here(id))
        }
    };
}

act! {
    /// 冻结
    freeze
}
act! {
    /// 财政退回以后改为新版本
    reopen
}
act! {
    /// 作废
    drop_run
}
act! {
    /// 资金申请
    request
}
act! {
    /// 支付凭证
    voucher
}

/// What is locked: the hash that was shown.
#[derive(Deserialize)]
pub(super) struct Signed {
    moves: i32,
    #[serde(default)]
    digest: String,
}

/// 锁定: each of two people locks the hash that they saw.
pub(super) async fn lock(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Posted(signed): Posted<Signed>,
) -> Answer<Redirect> {
    acts::lock_first(&app, &actor, id, (signed.moves, &signed.digest)).await.map_err(back(id))?;
    Ok(here(id))
}

/// 复核锁定: the second person.
pub(super) async fn lock_again(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Posted(signed): Posted<Signed>,
) -> Answer<Redirect> {
    acts::lock_second(&app, &actor, id, (signed.moves, &signed.digest)).await.map_err(back(id))?;
    Ok(here(id))
}

/// 审核意见
#[derive(Deserialize)]
pub(super) struct Reviewed {
    moves: i32,
    #[serde(default)]
    decision: String,
    #[serde(default)]
    note: String,
}

/// 财政审核
pub(super) async fn review(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Posted(Reviewed { moves, decision, note }): Posted<Reviewed>,
) -> Answer<Redirect> {
    let seen = Seen { moves, note };
    acts::review(&app, &actor, id, &seen, &decision).await.map_err(back(id))?;
    Ok(here(id))
}
