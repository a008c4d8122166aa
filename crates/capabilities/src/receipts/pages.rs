//! 送达与回执: the handlers.

use access::{Actor, AuditEntry, record};
use axum::Extension;
use axum::extract::{Multipart, State};
use axum::response::{Redirect, Response};
use kernel::{Refusal, Trouble};
use outgoing::flow::RunState;
use outgoing::run::Step;
use outgoing::store;
use serde::Deserialize;
use webkit::{Answer, Posted, check_csrf};

use super::jobs;
use crate::links::At;
use crate::originals::kept;
use crate::runs::{self, BookRow, back, cause, find, here};
use crate::{App, download, outgoing_log};

/// As many refused rows as a workbook holds.
const BOOK_ROWS: i64 = 5_000;

/// A form with nothing to say.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// A form with a word of how.
#[derive(Deserialize)]
pub(super) struct Note {
    #[serde(default)]
    note: String,
}

pub(super) async fn handed_over(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Note { note }): Posted<Note>,
) -> Answer<Redirect> {
    let note = note.trim();
    if note.is_empty() {
        let refusal = Refusal::new("没有写怎么送的、谁收的。", "请补上，以后查得到。");
        return Err(back(id)(refusal.into()));
    }
    let it = Step { to: RunState::Sent, act: "人工送出上报", note };
    runs::step(&app, &actor, id, &it).await.map_err(back(id))?;
    Ok(here(id))
}

pub(super) async fn send(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let run = find(&app, &actor, id).await?;
    jobs::send(&app, &actor, &run).await.map_err(back(id))?;
    Ok(here(id))
}

pub(super) async fn ask(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let run = find(&app, &actor, id).await?;
    jobs::ask(&app, &actor, &run).await.map_err(back(id))?;
    Ok(here(id))
}

pub(super) async fn take_receipt(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    mut form: Multipart,
) -> Answer<Redirect> {
    let cut = || Trouble::refused("文件没有传完。", "请检查网络后重新上传。");
    let (mut csrf, mut bytes) = (String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| back(id)(cut()))? {
        match field.name() {
            Some("csrf") => csrf = field.text().await.map_err(|_| back(id)(cut()))?,
            Some("file") => bytes = field.bytes().await.map_err(|_| back(id)(cut()))?.to_vec(),
            _ => {}
        }
    }
    check_csrf(&actor.csrf, Some(&csrf))?;
    let run = find(&app, &actor, id).await?;
    jobs::take_file(&app, &actor, &run, bytes).await.map_err(back(id))?;
    Ok(here(id))
}

/// 下载文件: whole resident numbers leave in it, so it is an act with an entry.
pub(super) async fn download_file(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Response> {
    let run = find(&app, &actor, id).await?;
    if !(run.state == RunState::Frozen || run.state.has_left()) {
        let refusal = Refusal::new("这一批还没有封存，不能下载。", "请先看过并封存。");
        return Err(back(id)(refusal.into()));
    }
    outgoing_log::unless_frozen(&app).await.map_err(back(id))?;
    let bytes = kept(&app.parts().files_dir, app.vault(), &run.file_sm3)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let entry = AuditEntry::new(&actor, app.now(), "下载上报文件", format!("report/{id}"))
        .after(&run.file_sm3)
        .note(format!("{}，{} 行", runs::number_of(&app, &run), run.row_count));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    let kind = runs::layout(&app, &run.layout)?.file_kind().1;
    Ok(download::file(&run.file_name, kind, bytes))
}

pub(super) async fn refused_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Response> {
    let run = find(&app, &actor, id).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let (_, all) = store::answered(tx.conn(), id).await?;
    let rows: Vec<BookRow> = store::refused(tx.conn(), id, BOOK_ROWS, 0)
        .await?
        .into_iter()
        .map(|it| BookRow { person: it.person, why: cause(&it), item: it.item })
        .collect();
    drop(tx);
    let title = "接收单位退回的";
    let bytes = runs::book(&app, &actor, &run, title, &rows, all).await?;
    Ok(download::xlsx(&format!("{title}-第{id}批"), bytes))
}
