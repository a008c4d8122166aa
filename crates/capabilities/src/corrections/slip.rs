//! 交接单: the paper that goes with a hand-over, and its workbook in the sender's own layout.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use facts::batches;
use facts::return_file::{Reject, return_file};
use facts::row::RowFault;
use facts::sheet::{Limits, SheetProcess};
use kernel::{Day, Trouble};
use webkit::{Answer, Link, Page};

use super::pages::content;
use super::store::{self, Stored};
use super::views::{SlipPaper, SlipRow};
use crate::links::{self, At};
use crate::originals::{ClearCopy, hex, kept};
use crate::{App, download, shell, words};

async fn rows(app: &App, actor: &Actor, slip: i64) -> Result<Vec<Stored>, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = store::of(tx.conn(), None, Some(slip)).await?;
    if rows.is_empty() { Err(Trouble::NotFound) } else { Ok(rows) }
}

/// The paper.
pub(crate) async fn paper(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(slip): At<i64>,
) -> Answer<Page<SlipPaper>> {
    let rows = rows(&app, &actor, slip).await?;
    let first = rows.first().ok_or(Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let original = batches::original(tx.conn(), first.batch).await?.ok_or(Trouble::NotFound)?;
    drop(tx);
    let due = first.due_on.map_or_else(String::new, Day::chinese);
    let sent = first.sent_at.map_or_else(String::new, |at| at.day().chinese());
    let lines = rows
        .iter()
        .map(|it| {
            let content = content(&app, it)?;
            Ok(SlipRow {
                number: it.id.to_string(),
                row: it.row_no.to_string(),
                who: content.who,
                what: if it.kind.is_empty() {
                    "整行".to_owned()
                } else {
                    words::label(&it.kind).to_owned()
                },
                said: content.said,
                right: content.right,
                evidence: content.evidence,
            })
        })
        .collect::<Result<Vec<_>, Trouble>>()?;
    Ok(Page::new(SlipPaper {
        paper: shell::paper(&app, &actor, Link::new("回到校核纠错", links::corrections())),
        title: "数据校核纠错交接单".to_owned(),
        to: app.department(&first.supplier).to_owned(),
        sentence: format!(
            "贵单位提供的《{}》（数据截至 {}）经核对，有 {} 处请予复核。请在{due}前答复：采纳的，在下一份数据中更正；不采纳的，写明理由。",
            app.source_name(&first.supplier),
            original.as_of,
            lines.len()
        ),
        facts: vec![
            ("交接单号".to_owned(), format!("第 {slip} 号")),
            ("送出".to_owned(), sent),
            ("原文件".to_owned(), original.file_name.clone()),
            ("原文件 SM3".to_owned(), hex(&original.file_sm3)),
        ],
        workbook: Link::new("下载随附的工作簿", links::correction_slip_rows(slip)),
        rows: lines,
    }))
}

/// The rows as they came, in the sender's layout, with what is right beside them.
pub(crate) async fn workbook(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(slip): At<i64>,
) -> Answer<Response> {
    let rows = rows(&app, &actor, slip).await?;
    let batch = rows.first().ok_or(Trouble::NotFound)?.batch;
    let mut tx = app.db().begin(&actor.scope).await?;
    let file = batches::batch(tx.conn(), batch).await?;
    drop(tx);
    let mapping = crate::batch_report::mapping_of(&app, &file)?.ok_or(Trouble::NotFound)?;
    let layout = app.layout(&file.supplier).ok_or(Trouble::NotFound)?.clone();
    let mut notes: HashMap<u32, RowFault> = HashMap::new();
    for it in &rows {
        let said = content(&app, it)?;
        let field =
            |kind: &str| layout.facts.iter().find(|rule| rule.kind == kind)?.from.as_deref();
        let place = field(&it.kind).and_then(|field| mapping.place(field));
        let reason = format!("第 {} 号：{}", it.id, said.said);
        let remedy = format!("应为：{}（{}）", said.right, said.evidence);
        let row = u32::try_from(it.row_no).unwrap_or(0);
        notes
            .entry(row)
            .and_modify(|fault| {
                fault.reason = format!("{}；{reason}", fault.reason);
                fault.remedy = format!("{}；{remedy}", fault.remedy);
            })
            .or_insert(RowFault { place, reason, remedy });
    }
    let (name, today) = (file.file_name.clone(), app.now().day());
    let work = move || {
        let parts = app.parts();
        let bytes = kept(&parts.files_dir, app.vault(), &file.file_sm3)?;
        let copy = ClearCopy::of(&parts.files_dir, &bytes)?;
        let limits = Limits::default();
        let peek = SheetProcess::peek(&parts.exe, copy.path(), &limits)?;
        let last = mapping.last_header_row();
        let head: Vec<_> = peek.sheets.get(mapping.sheet).map_or_else(Vec::new, |sheet| {
            sheet.head.iter().filter(|row| row.number <= last).cloned().collect()
        });
        let mut rejects = Vec::with_capacity(notes.len());
        for row in SheetProcess::rows(&parts.exe, copy.path(), mapping.sheet, &limits)? {
            let row = row?;
            if let Some(fault) = notes.remove(&row.number) {
                rejects.push(Reject { row, fault });
            }
        }
        return_file(&head, &rejects, today).map_err(Trouble::fault)
    };
    let bytes = tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)??;
    Ok(download::xlsx(&format!("纠错-{name}"), bytes))
}
