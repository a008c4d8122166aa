//! 银行文件: the handlers.

use access::{Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use kernel::{RunId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Failure, Page, Posted};

use super::views::{FilePage, FilesPage, ManifestPage};
use super::{jobs, show};
use crate::links::At;
use crate::{App, bank, download, links, outgoing_log, pay};

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
) -> Answer<Page<FilesPage>> {
    Ok(Page::new(show::files_page(&app, &actor, page).await?))
}

pub(super) async fn file(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
) -> Answer<Page<FilePage>> {
    let run = pay::find(&app, &actor, id).await?;
    Ok(Page::new(show::file_page(&app, &actor, &run).await?))
}

/// In which layout.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    layout: String,
}

pub(super) async fn make(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Posted(Wanted { layout }): Posted<Wanted>,
) -> Answer<Redirect> {
    let layout = app.parts().banks.iter().find(|it| it.id == layout);
    let layout = layout
        .ok_or_else(|| Trouble::refused("没有选交给哪家银行。", "请选一种代发版式。"))
        .map_err(back(id))?;
    jobs::make(&app, &actor, id, layout).await.map_err(back(id))?;
    Ok(Redirect::to(links::bank_files::file(id).as_str()))
}

/// A form with nothing to say.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// 下载文件: whole numbers and accounts leave in it, so it is an act with an entry.
pub(super) async fn download(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Response> {
    let file = found(&app, &actor, id).await?;
    let bytes = jobs::hand_out(&app, &actor, &file).await.map_err(back(id))?;
    let layout = app.parts().banks.iter().find(|it| it.id == file.layout);
    let kind = layout.map_or("application/octet-stream", |layout| layout.file_kind().1);
    Ok(download::file(&file.file_name, kind, bytes))
}

pub(super) async fn manifest(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
) -> Answer<Page<ManifestPage>> {
    let run = pay::find(&app, &actor, id).await?;
    let file = found(&app, &actor, id).await?;
    Ok(Page::new(show::manifest(&app, &actor, &run, &file)))
}

async fn found(app: &App, actor: &Actor, id: RunId) -> Result<bank::store::BankFile, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    bank::store::file(tx.conn(), id).await?.ok_or(Trouble::NotFound)
}

/// What was looked at.
#[derive(Deserialize)]
pub(super) struct Looked {
    #[serde(default)]
    note: String,
}

pub(super) async fn propose_release(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Looked { note }): Posted<Looked>,
) -> Answer<Redirect> {
    let note = note.trim();
    if note.is_empty() {
        let missing = Trouble::refused("没有写核对情况。", "请写明与银行核对的结果。");
        return Err(back_to_files(missing));
    }
    outgoing_log::propose(&app, &actor, note).await.map_err(back_to_files)?;
    Ok(Redirect::to(links::bank_files::files().as_str()))
}

pub(super) async fn confirm_release(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    outgoing_log::confirm(&app, &actor).await.map_err(back_to_files)?;
    Ok(Redirect::to(links::bank_files::files().as_str()))
}

fn back(id: RunId) -> impl Fn(Trouble) -> Failure {
    move |trouble| Failure::from(trouble).back("回到银行文件", links::bank_files::file(id))
}

fn back_to_files(trouble: Trouble) -> Failure {
    Failure::from(trouble).back("回到银行文件", links::bank_files::files())
}

/// Whether the role prepares payments.
pub(super) fn prepares(actor: &Actor) -> bool {
    may(actor.role, access::Action::PreparePay)
}
