//! S4 部门数据: the handlers.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Multipart, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use facts::batches::{self, Batch};
use facts::population::{self, SourceFile};
use kernel::{AreaId, AreaLevel, BatchId, Day, Refusal, Trouble};
use serde::Deserialize;
use webkit::{
    Answer, Chip, Choice, Failure, Line, Link, Page, Pager, PostButton, Posted, Progress, Tone,
    check_csrf, grouped,
};

use super::jobs::{self, Incoming, Received};
use super::report::Report;
use super::sealed::load_report;
use super::views::{
    BatchRow, IntakePage, Matrix, ProgressPage, SupplierRow, WaitingRow, upload_form,
};
use super::{show, workbook};
use crate::freshness::{Freshness, freshness_in};
use crate::shell::shell;
use crate::work::WorkState;
use crate::{App, download, links};

const PAGE_ROWS: i64 = 20;

/// Which page of a list.
#[derive(Deserialize)]
pub(crate) struct PageNo {
    #[serde(default)]
    page: u32,
}

/// Suppliers, drop zone, history.
pub(crate) async fn intake(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(PageNo { page }): Query<PageNo>,
) -> Answer<Page<IntakePage>> {
    Ok(Page::new(intake_page(&app, &actor, page).await?))
}

async fn intake_page(app: &App, actor: &Actor, page: u32) -> Result<IntakePage, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(page) * PAGE_ROWS;
    let mut history = batches::history(tx.conn(), PAGE_ROWS + 1, offset).await?;
    let more = history.len() > 20;
    history.truncate(20);
    let files = population::source_files(tx.conn()).await?;
    let waiting = batches::accepted(tx.conn()).await?;
    let sources = freshness_in(app, &files, actor.area);
    let late = sources.iter().filter(|source| source.is_late()).count();
    let receives = may(actor.role, Action::ReceiveFiles);
    let layouts = app.parts().layouts.iter();
    let suppliers = layouts.zip(&sources).map(|(layout, source)| SupplierRow {
        name: match own_file(app, actor, &files, &layout.id) {
            Some(file) => Link::new(layout.name.clone(), links::file(file)),
            None => Link::new(layout.name.clone(), links::files()),
        },
        what: layout.department.clone(),
        as_of: source.as_of.map_or_else(|| "还没有".to_owned(), |day| day.to_string()),
        age: age(source),
        expected: format!("每 {} 天", layout.fresh_days),
        template: receives.then(|| links::template(&layout.id)),
    });
    let shown = u64::try_from(history.len()).unwrap_or(0);
    let from = u64::from(page) * 20;
    let href = |page: u32| links::files().query("page", page);
    Ok(IntakePage {
        shell: shell(app, actor, &links::files()).await?,
        sentence: sentence(late, waiting.len()),
        suppliers: suppliers.collect(),
        matrix: matrix(app, actor, &files),
        waiting: waiting.iter().map(|batch| waiting_row(app, batch)).collect(),
        upload: (receives && jobs::county(app, actor).is_ok()).then(|| upload(app, actor)),
        batches: history.iter().map(|batch| history_row(app, batch)).collect::<Result<_, _>>()?,
        pager: (more || page > 0).then(|| Pager {
            from: from + 1,
            to: from + shown,
            of: from + shown + u64::from(more),
            previous: (page > 0).then(|| href(page - 1)),
            next: more.then(|| href(page + 1)),
        }),
    })
}

fn upload(app: &App, actor: &Actor) -> webkit::Form {
    let suppliers = app
        .parts()
        .layouts
        .iter()
        .map(|l| Choice::new(l.id.clone(), format!("{}（{}）", l.name, l.department)))
        .collect();
    upload_form(links::files(), &actor.csrf, suppliers)
}

fn sentence(late: usize, waiting: usize) -> Line {
    let late = match late {
        0 => "各部门数据都在约定期限内。".to_owned(),
        late => format!("有 {late} 项数据没有收到或已超过约定期限，相关认定可能不准，请催要。"),
    };
    match waiting {
        0 => Line::from(late),
        waiting => Line::from(format!("有 {waiting} 份文件等另一人确认。{late}")),
    }
}

/// How old a source is, in the colour of its age.
fn age(source: &Freshness) -> Chip {
    let tone = match (source.as_of, source.is_stale()) {
        (None, _) => Tone::Wait,
        (Some(_), true) => Tone::Bad,
        (Some(_), false) => Tone::Ok,
    };
    let late = if source.is_stale() { "，已超期" } else { "" };
    Chip::new(tone, format!("{}{late}", source.age()))
}

/// The newest file of a source for the reader's own area, when it may be opened.
fn own_file(app: &App, actor: &Actor, files: &[SourceFile], supplier: &str) -> Option<BatchId> {
    let areas = app.areas();
    let mine = |file: &&SourceFile| areas.within(file.area, actor.area) == Some(true);
    let its = files.iter().filter(|file| file.supplier == supplier).filter(mine);
    its.max_by_key(|file| file.as_of).map(|file| file.batch)
}

/// 各地各来源: for who has areas with files of their own below.
fn matrix(app: &App, actor: &Actor, files: &[SourceFile]) -> Option<Matrix> {
    let areas = app.areas();
    let below = |area: AreaId| area != actor.area && areas.within(area, actor.area) == Some(true);
    let sends = |area: AreaId| files.iter().any(|file| file.area == area);
    let shown: Vec<_> = areas
        .iter()
        .filter(|node| below(node.id) && (node.level == AreaLevel::County || sends(node.id)))
        .collect();
    if shown.is_empty() {
        return None;
    }
    let columns: Vec<Vec<Freshness>> =
        shown.iter().map(|node| freshness_in(app, files, node.id)).collect();
    let rows = app.parts().layouts.iter().enumerate().map(|(at, layout)| {
        (layout.name.clone(), columns.iter().map(|sources| age(&sources[at])).collect())
    });
    Some(Matrix {
        areas: shown.iter().map(|node| node.name.clone()).collect(),
        rows: rows.collect(),
    })
}

fn waiting_row(app: &App, batch: &Batch) -> WaitingRow {
    let by = batch.accepted.as_ref();
    WaitingRow {
        file: Link::new(batch.file_name.clone(), links::file(batch.id)),
        supplier: app.source_name(&batch.supplier),
        as_of: batch.as_of.to_string(),
        by: by.map_or_else(String::new, |by| format!("{} {}", by.name, by.at)),
    }
}

fn history_row(app: &App, batch: &Batch) -> Result<BatchRow, Trouble> {
    let report = load_report(app, batch)?;
    Ok(BatchRow {
        file: Link::new(batch.file_name.clone(), links::file(batch.id)),
        supplier: app.source_name(&batch.supplier),
        as_of: batch.as_of.to_string(),
        rows: report.map_or_else(String::new, |report| grouped(u64::from(report.counts.rows))),
        state: Chip::new(show::tone(batch.state), batch.state.chinese()),
        by: format!("{} {}", batch.received_by.as_deref().unwrap_or("系统"), batch.received_at),
    })
}

/// What was sent with a file.
#[derive(Default)]
struct Sent {
    csrf: String,
    supplier: String,
    as_of: String,
    file_name: String,
    bytes: Vec<u8>,
}

/// Receives a file and begins to read it.
pub(crate) async fn upload_file(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    mut form: Multipart,
) -> Answer<Redirect> {
    let mut sent = Sent::default();
    let cut = || {
        Trouble::refused(
            "文件没有传完，或者超过了 64 MB。",
            "请检查网络后重新上传；过大的文件请分县导出。",
        )
    };
    while let Some(field) = form.next_field().await.map_err(|_| cut())? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            sent.file_name = field.file_name().unwrap_or("未命名").to_owned();
            sent.bytes = field.bytes().await.map_err(|_| cut())?.to_vec();
            continue;
        }
        let text = field.text().await.map_err(|_| cut())?;
        match name.as_str() {
            "csrf" => sent.csrf = text,
            "supplier" => sent.supplier = text,
            "as_of" => sent.as_of = text,
            _ => {}
        }
    }
    check_csrf(&actor.csrf, Some(&sent.csrf))?;
    let typed = |failure: Failure| {
        failure
            .typed("文件", &sent.file_name)
            .typed("供数单位", &sent.supplier)
            .typed("数据截至", &sent.as_of)
            .back("回到部门数据", links::files())
    };
    let as_of: Day = sent.as_of.parse().map_err(|_| {
        typed(Refusal::new("没有写数据截至哪一天。", "交接单上有，写成 2026-06-01 这样。").into())
    })?;
    let incoming = Incoming {
        supplier: sent.supplier.clone(),
        as_of,
        file_name: sent.file_name.clone(),
        bytes: std::mem::take(&mut sent.bytes),
    };
    let batch = match jobs::receive(&app, &actor, &incoming).await.map_err(|t| typed(t.into()))? {
        Received::New(batch) => batch,
        Received::Before(batch) => {
            return Err(
                typed(jobs::same_file(&batch).into()).back("打开那一批", links::file(batch.id))
            );
        }
    };
    start_staging(&app, &actor, batch, None);
    Ok(Redirect::to(links::file(batch).as_str()))
}

pub(super) fn object(batch: BatchId) -> String {
    format!("batch/{batch}")
}

fn start_staging(
    app: &App,
    actor: &Actor,
    batch: BatchId,
    mapping: Option<facts::layout::Mapping>,
) {
    let Some(work) = app.parts().works.start(&object(batch), app.wall()) else { return };
    let (app, actor) = (app.clone(), actor.clone());
    tokio::spawn(async move {
        let result = jobs::stage(&app, &actor, batch, mapping, &work).await;
        work.end(as_end(result.map(drop)));
    });
}

/// A fault ends a work with a sentence, and is logged here, once.
pub(super) fn as_end(result: Result<(), Trouble>) -> Result<(), Refusal> {
    result.map_err(|trouble| match trouble {
        Trouble::Refused(refusal) => refusal,
        Trouble::Conflict(sentence) => Refusal::new(sentence, "请刷新页面查看最新情况。"),
        Trouble::NotFound => Refusal::new("没有找到这份文件。", "请回到部门数据。"),
        Trouble::Fault(cause) => {
            tracing::error!(cause = %cause, "a work failed");
            Refusal::new(
                "处理时系统出了故障，没有写入任何数据。",
                "请稍后重试；仍不行请联系系统管理员。",
            )
        }
    })
}

/// One file: its progress while it is worked on, else what came of it.
pub(crate) async fn batch(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Answer<Response> {
    // First how far the work is, then the file: a work that ends in between has written its file.
    let work = id.parse().ok().and_then(|id| app.parts().works.on(&object(id)));
    let state = work.map(|work| work.state());
    let batch = find(&app, &actor, &id).await?;
    let ended = match state {
        Some(WorkState::Running { step, done, of, started_at }) => {
            let progress = progress(&app, &actor, &batch, step, (done, of), started_at);
            let page = ProgressPage {
                shell: shell(&app, &actor, &links::files()).await?,
                crumbs: show::crumbs(&app, &batch),
                file: batch.file_name.clone(),
                progress,
            };
            return Ok(Page::new(page).into_response());
        }
        Some(WorkState::Ended(Err(refusal))) => Some(refusal),
        _ => None,
    };
    let report = load_report(&app, &batch)?;
    Ok(Page::new(show::batch_page(&app, &actor, &batch, report, ended).await?).into_response())
}

fn progress(
    app: &App,
    actor: &Actor,
    batch: &Batch,
    step: &str,
    (done, of): (u64, u64),
    started_at: kernel::Now,
) -> Progress {
    let seconds = app.wall().seconds_since(started_at);
    let left = match u64::try_from(seconds) {
        Ok(seconds) if done > 0 && of > done => {
            format!("约还要 {} 秒", seconds * (of - done) / done + 1)
        }
        _ => String::new(),
    };
    Progress {
        doing: format!("正在{step}"),
        done,
        total: of,
        unit: "行".to_owned(),
        left,
        here: links::file(batch.id),
        cancel: may(actor.role, Action::ReceiveFiles).then(|| {
            PostButton::new(links::file_part(batch.id, "stop"), &actor.csrf, "停止，不写入任何数据")
        }),
    }
}

pub(super) async fn find(app: &App, actor: &Actor, id: &str) -> Result<Batch, Trouble> {
    let id: BatchId = id.parse().map_err(|_| Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    batches::batch(tx.conn(), id).await
}

/// A form with nothing to say.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// 停止
pub(crate) async fn stop(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    if let Some(work) = app.parts().works.on(&object(batch.id)) {
        work.stop();
    }
    Ok(Redirect::to(links::file(batch.id).as_str()))
}

/// Remembers how the columns are read, and reads the file again so.
pub(crate) async fn map_columns(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Posted(columns): Posted<HashMap<String, String>>,
) -> Answer<Redirect> {
    let batch = find(&app, &actor, &id).await?;
    let here = links::file(batch.id);
    let Some(report) = load_report(&app, &batch)? else {
        // Its reading was stopped or cut off: nobody has chosen columns yet.
        start_staging(&app, &actor, batch.id, None);
        return Ok(Redirect::to(here.as_str()));
    };
    let mapping = jobs::remap(&app, &actor, &batch, report.mapping, &columns)
        .await
        .map_err(|trouble| Failure::from(trouble).back("回到这份文件", here.clone()))?;
    start_staging(&app, &actor, batch.id, Some(mapping));
    Ok(Redirect::to(here.as_str()))
}

/// 退回件
pub(crate) async fn errors(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Answer<Response> {
    let batch = find(&app, &actor, &id).await?;
    let report: Report = load_report(&app, &batch)?.ok_or(Trouble::NotFound)?;
    let bytes = workbook::errors(&app, &batch, report).await?;
    Ok(download::xlsx(&format!("退回-{}", batch.file_name), bytes))
}

/// An empty workbook in a supplier's layout.
pub(crate) async fn template(
    State(app): State<App>,
    Path(supplier): Path<String>,
) -> Answer<Response> {
    let layout = app.layout(&supplier).ok_or(Trouble::NotFound)?;
    Ok(download::xlsx(
        &format!("{}模板", layout.name),
        workbook::template(layout, app.now().day())?,
    ))
}
