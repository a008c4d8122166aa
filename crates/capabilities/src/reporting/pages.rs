//! 上报: the handlers.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use kernel::{Month, Refusal, Trouble};
use outgoing::flow::{RunKind, RunState};
use outgoing::layout::OutLayout;
use outgoing::run::{Order, Step};
use outgoing::store::{self, Run};
use serde::Deserialize;
use webkit::{Answer, Choice, Form, Line, Link, Page, Pager, Posted, Progress, grouped};

use super::views::{LayoutRow, ReportsPage, RunPage, RunRow, order_form};
use super::{jobs, show};
use crate::download;
use crate::links::At;
use crate::runs::{self, BookRow, back, find, here};
use crate::shell::shell;
use crate::work::WorkState;
use crate::{App, links};

const PAGE_ROWS: i64 = 20;

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
) -> Answer<Page<ReportsPage>> {
    let offset = i64::from(page) * PAGE_ROWS;
    let mut tx = app.db().begin(&actor.scope).await?;
    let runs = store::runs(tx.conn(), PAGE_ROWS, offset).await?;
    let all = store::count_runs(tx.conn()).await?.unsigned_abs();
    let newest = store::runs(tx.conn(), 200, 0).await?;
    drop(tx);
    let (progress, refusal) = under_way(&app, &actor);
    let from = offset.unsigned_abs();
    let to = from + u64::try_from(runs.len()).unwrap_or(0);
    let href = |page: u32| links::reports().query("page", page);
    let layouts = app.outgoing().iter().map(|it| layout_row(it, &newest)).collect();
    Ok(Page::new(ReportsPage {
        shell: shell(&app, &actor, &links::reports()).await?,
        sentence: sentence(&newest),
        progress,
        refusal,
        order: may(actor.role, Action::ReportUp).then(|| order(&app, &actor)),
        layouts,
        runs: runs.iter().map(|run| run_row(&app, run)).collect(),
        pager: (all > to || page > 0).then(|| Pager {
            from: (from + 1).min(to),
            to,
            of: all,
            previous: (page > 0).then(|| href(page - 1)),
            next: (to < all).then(|| href(page + 1)),
        }),
    }))
}

fn sentence(runs: &[Run]) -> String {
    let count =
        |wanted: &dyn Fn(RunState) -> bool| runs.iter().filter(|run| wanted(run.state)).count();
    let open = count(&|it| it == RunState::Draft || it.holds_up());
    let waiting = count(&|it| it == RunState::Sent);
    let refused = count(&|it| it == RunState::PartlyRefused);
    let parts: Vec<String> = [(open, "批待送出"), (waiting, "批等回执"), (refused, "批有退回")]
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if parts.is_empty() {
        "把本县的对象、补贴和服务按上级系统的版式报上去。".to_owned()
    } else {
        format!("{}。", parts.join("，"))
    }
}

fn order(app: &App, actor: &Actor) -> Form {
    let layouts = app.outgoing().iter().map(|it| Choice::new(it.id.clone(), it.name.clone()));
    let now = app.now().day().month();
    let months: Vec<Month> = (0..6).map(|back| now.plus(-back)).collect();
    let choices = months.iter().map(|it| Choice::new(it.to_string(), it.chinese())).collect();
    order_form(links::reports(), &actor.csrf, layouts.collect(), choices, &now.to_string())
}

fn layout_row(layout: &OutLayout, runs: &[Run]) -> LayoutRow {
    let last = runs.iter().find(|run| run.layout == layout.id && run.state.has_left());
    let left_out: Vec<&str> = layout.left_out.iter().map(|it| it.what.as_str()).collect();
    let sure = layout.confidence.chinese();
    let about = format!("{} · 每 {} 天 · 版式{sure}", layout.receiver, layout.every_days);
    LayoutRow {
        name: Line::from(layout.name.as_str()).small(about),
        subjects: layout.subjects.chinese().to_owned(),
        format: layout.format_chinese().to_owned(),
        last: match last {
            Some(run) => Line::new()
                .link(format!("第 {} 批", run.id), links::report(run.id))
                .small(run.made_at.to_string()),
            None => Line::from("还没有送出过"),
        },
        left_out: left_out.join("、"),
    }
}

fn run_row(app: &App, run: &Run) -> RunRow {
    let layout = runs::layout(app, &run.layout).ok();
    let name = layout.map_or_else(|| run.layout.clone(), |layout| layout.name.clone());
    let by = run.made_by.as_deref().unwrap_or("系统");
    RunRow {
        run: Link::new(format!("第 {} 批", run.id), links::report(run.id)),
        what: Line::from(name).small(format!(
            "{}，{}",
            run.month.month().chinese(),
            run.kind.chinese()
        )),
        rows: grouped(u64::from(run.row_count)),
        held: grouped(u64::from(run.held_count)),
        state: show::chip(run.state),
        by: format!("{by} {}", run.made_at),
    }
}

fn object(actor: &Actor) -> String {
    format!("reports/{}", actor.area)
}

fn under_way(app: &App, actor: &Actor) -> (Option<Progress>, Option<Refusal>) {
    match app.parts().works.on(&object(actor)).map(|work| work.state()) {
        Some(WorkState::Running { step, done, of, .. }) => {
            let progress = Progress {
                doing: format!("正在{step}"),
                done,
                total: of,
                unit: "人".to_owned(),
                left: String::new(),
                here: links::reports(),
                cancel: None,
            };
            (Some(progress), None)
        }
        Some(WorkState::Ended(Err(refusal))) => (None, Some(refusal)),
        _ => (None, None),
    }
}

/// What is to be reported.
#[derive(Deserialize)]
pub(super) struct Asked {
    layout: String,
    month: String,
    kind: String,
}

pub(super) async fn make(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(asked): Posted<Asked>,
) -> Answer<Redirect> {
    let unread = || Trouble::refused("没有选好报什么、哪个月、怎么报。", "请回到上报页重新选择。");
    runs::layout(&app, &asked.layout).map_err(|_| unread())?;
    let month: Month = asked.month.parse().map_err(|_| unread())?;
    let kind = RunKind::from_code(&asked.kind).filter(|it| *it != RunKind::Retry);
    let order = Order { kind: kind.ok_or_else(unread)?, month, retries: None };
    start(&app, &actor, asked.layout, order).await
}

/// Makes a run beside the request, and waits a moment: a small one is shown at once.
async fn start(app: &App, actor: &Actor, layout: String, order: Order) -> Answer<Redirect> {
    let Some(work) = app.parts().works.start(&object(actor), app.wall()) else {
        return Ok(Redirect::to(links::reports().as_str()));
    };
    let (app, actor) = (app.clone(), actor.clone());
    let making = tokio::spawn(async move {
        let made = match runs::layout(&app, &layout) {
            Ok(layout) => jobs::make(&app, &actor, layout, &order, &work).await,
            Err(trouble) => Err(trouble),
        };
        work.end(made.as_ref().map(|_| ()).map_err(told));
        made.ok()
    });
    let soon = tokio::time::timeout(std::time::Duration::from_millis(1500), making).await;
    Ok(Redirect::to(
        match soon {
            Ok(Ok(Some(run))) => links::report(run),
            _ => links::reports(),
        }
        .as_str(),
    ))
}

/// A fault ends a work with a sentence, and is logged here, once.
fn told(trouble: &Trouble) -> Refusal {
    match trouble {
        Trouble::Refused(refusal) => refusal.clone(),
        Trouble::Conflict(sentence) => Refusal::new(sentence.clone(), "请刷新页面查看最新情况。"),
        Trouble::NotFound => Refusal::new("没有找到这个版式。", "请回到上报页重新选择。"),
        Trouble::Fault(cause) => {
            tracing::error!(cause = %cause, "a report was not made");
            Refusal::new(
                "核对时系统出了故障，没有写入任何数据。",
                "请稍后重试；仍不行请联系系统管理员。",
            )
        }
    }
}

pub(super) async fn run(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Page<RunPage>> {
    let run = find(&app, &actor, id).await?;
    Ok(Page::new(show::run_page(&app, &actor, &run).await?))
}

/// A form with nothing to say.
#[derive(Deserialize)]
pub(super) struct Nothing {}

pub(super) async fn freeze(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let run = find(&app, &actor, id).await?;
    jobs::freeze(&app, &actor, &run).await.map_err(back(id))?;
    Ok(here(id))
}

pub(super) async fn drop_run(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let it = Step { to: RunState::Dropped, act: "作废上报", note: "" };
    runs::step(&app, &actor, id, &it).await.map_err(back(id))?;
    Ok(here(id))
}

pub(super) async fn retry(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let run = find(&app, &actor, id).await?;
    if run.state != RunState::PartlyRefused {
        let trouble = Trouble::Conflict(format!("这一批{}，没有可重报的。", run.state.chinese()));
        return Err(back(id)(trouble));
    }
    let order = Order { kind: RunKind::Retry, month: run.month.month(), retries: Some(id) };
    start(&app, &actor, run.layout, order).await
}

pub(super) async fn held_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Response> {
    let run = find(&app, &actor, id).await?;
    let rows: Vec<BookRow> = jobs::notes(&app, &run)?
        .held
        .into_iter()
        .map(|it| BookRow { person: it.person, item: it.item, why: it.reasons.join("；") })
        .collect();
    let title = "不能送出的";
    let bytes = runs::book(&app, &actor, &run, title, &rows, u64::from(run.held_count)).await?;
    Ok(download::xlsx(&format!("{title}-第{id}批"), bytes))
}
