//! The handlers of what people decide about a file.

use access::Actor;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Redirect;
use facts::batches::{Batch, BatchState};
use kernel::Refusal;
use serde::Deserialize;
use webkit::{Answer, Failure, Href, Posted};

use super::decide::{self, Hands};
use super::pages::{as_end, find, object};
use crate::{App, links};

/// A form with a reason.
#[derive(Deserialize)]
pub(crate) struct Reason {
    #[serde(default)]
    reason: String,
}

/// 接收, for another person to confirm.
pub(crate) async fn accept(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(Reason { reason }): Posted<Reason>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    let here = links::file(batch.id);
    decide::accept(&app, &actor, batch.id, &reason)
        .await
        .map_err(|trouble| back(trouble.into(), &reason, &here))?;
    Ok(Redirect::to(here.as_str()))
}

/// 确认入库, by the second person.
pub(crate) async fn confirm(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(Reason { reason }): Posted<Reason>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    let here = links::file(batch.id);
    let own = batch.accepted.as_ref().is_some_and(|accepted| accepted.by == actor.account);
    if own {
        let refusal = Refusal::new(
            "须由另一人确认，不能自己确认自己接收的文件。",
            "请另一位数据专管员或县级审批人确认。",
        );
        return Err(back(refusal.into(), &reason, &here));
    }
    start(&app, &actor, &batch, reason, Hands::Second);
    Ok(Redirect::to(here.as_str()))
}

/// 入库
pub(crate) async fn apply(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(Reason { reason }): Posted<Reason>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    let here = links::file(batch.id);
    if batch.state == BatchState::Held && reason.trim().is_empty() {
        let refusal =
            Refusal::new("这份文件暂缓中，入库要写明原因。", "请在下面写一两句为什么可以入库。");
        return Err(Failure::from(refusal).back("回到这份文件", here));
    }
    start(&app, &actor, &batch, reason, Hands::One);
    Ok(Redirect::to(here.as_str()))
}

fn start(app: &App, actor: &Actor, batch: &Batch, reason: String, hands: Hands) {
    let Some(work) = app.parts().works.start(&object(batch.id), app.wall()) else { return };
    let (app, actor, id) = (app.clone(), actor.clone(), batch.id);
    tokio::spawn(async move {
        let result = decide::take_in(&app, &actor, id, &reason, hands, &work).await;
        let result = match result {
            Ok(()) => (app.parts().after_facts)(app.clone()).await,
            other => other,
        };
        work.end(as_end(result));
    });
}

/// 撤销
pub(crate) async fn undo(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(Reason { reason }): Posted<Reason>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    let here = links::file(batch.id);
    decide::undo(&app, &actor, batch.id, &reason)
        .await
        .map_err(|trouble| back(trouble.into(), &reason, &here))?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(here.as_str()))
}

/// 退回, or 不同意入库 by the second person.
pub(crate) async fn give_back(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(Reason { reason }): Posted<Reason>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    let here = links::file(batch.id);
    decide::give_back(&app, &actor, batch.id, &reason)
        .await
        .map_err(|trouble| back(trouble.into(), &reason, &here))?;
    Ok(Redirect::to(here.as_str()))
}

fn back(failure: Failure, reason: &str, here: &Href) -> Failure {
    failure.typed("原因", reason).back("回到这份文件", here.clone())
}
