//! 月度发放: the handlers.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use kernel::{Month, Refusal, Trouble};
use serde::Deserialize;
use webkit::{Answer, Page, Posted};

use super::views::RunsPage;
use super::{jobs, list};
use crate::{App, links};

/// Which page of the list.
#[derive(Deserialize)]
pub(super) struct PageNo {
    #[serde(default)]
    page: u32,
}

pub(super) async fn overview(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(PageNo { page }): Query<PageNo>,
) -> Answer<Page<RunsPage>> {
    Ok(Page::new(list::page(&app, &actor, page).await?))
}

pub(super) async fn export(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    Ok(list::export(&app, &actor).await?)
}

/// What is to be paid.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    item: String,
    #[serde(default)]
    month: String,
}

/// 拟制: beside the request; a small one is shown at once.
pub(super) async fn propose(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(asked): Posted<Asked>,
) -> Answer<Redirect> {
    let unread = || Trouble::refused("没有选好发什么、哪个月。", "请回到月度发放页重新选择。");
    let month: Month = asked.month.parse().map_err(|_| unread())?;
    let Some(work) = app.parts().works.start(&list::object(&actor), app.wall()) else {
        return Ok(Redirect::to(links::pay_runs::runs().as_str()));
    };
    let making = tokio::spawn(async move {
        let made = jobs::propose(&app, &actor, &asked.item, month, &work).await;
        work.end(made.as_ref().map(|_| ()).map_err(told));
        made.ok()
    });
    let soon = tokio::time::timeout(std::time::Duration::from_millis(2500), making).await;
    Ok(Redirect::to(
        match soon {
            Ok(Ok(Some(run))) => links::pay_runs::run(run),
            _ => links::pay_runs::runs(),
        }
        .as_str(),
    ))
}

/// A fault ends a work with a sentence, and is logged here, once.
fn told(trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Refused(refusal) => refusal.clone(),
        Trouble::Conflict(sentence) => Refusal::new(sentence.clone(), "请刷新页面查看最新情况。"),
        Trouble::NotFound => Refusal::new("没有找到这个项目。", "请回到月度发放页重新选择。"),
        Trouble::Fault(cause) => {
            tracing::error!(cause = %cause, "a run was not proposed");
            Refusal::new(
                "拟制时系统出了故障，没有写入任何数据。",
                "请稍后重试；仍不行请联系系统管理员。",
            )
        }
    }
}
