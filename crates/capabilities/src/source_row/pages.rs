//! 来源行: a row of a department's file as it was, and what was learned from it.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use facts::{Fact, batches, people};
use kernel::{BatchId, Trouble};
use webkit::{Answer, Crumbs, Line, Link, Page};

use super::views::{SourceCell, SourceRowPage};
use crate::links::At;
use crate::originals::{self, OriginalCell};
use crate::{App, links, shell, words};

/// A row as it was, and what was learned from it. A row about nobody certain is shown to whoever
/// may see the file.
pub(super) async fn source_row(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((batch, row)): At<(BatchId, u32)>,
) -> Answer<Page<SourceRowPage>> {
    let sees_file = may(actor.role, Action::SeeFiles);
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = match batches::person_of_row(tx.conn(), batch, row).await? {
        Some(person) => Some(people::card(tx.conn(), person).await?),
        None if sees_file => batches::batch(tx.conn(), batch).await.map(|_| None)?,
        None => return Err(Trouble::NotFound.into()),
    };
    let said = match &card {
        Some(card) => facts::timeline_of(tx.conn(), card.id).await?,
        None => Vec::new(),
    };
    let original = batches::original(tx.conn(), batch).await?.ok_or(Trouble::NotFound)?;
    drop(tx);
    let cells = match originals::row_as_it_was(&app, &original, row).await {
        // The original may be gone; what was read from it stays.
        Err(Trouble::Refused(_)) => Vec::new(),
        cells => cells?,
    };
    let areas = app.areas();
    let here =
        |fact: &&Fact| fact.source.as_ref().is_some_and(|it| it.batch == batch && it.row_no == row);
    let name = app.source_name(&original.supplier);
    let mut above = vec![Link::new("找老人", links::search())];
    above.extend(card.iter().map(|card| Link::new(&card.name, links::elder(card.id))));
    let file = if sees_file {
        Line::new().link(original.file_name, links::file(batch))
    } else {
        Line::new().text(original.file_name)
    };
    Ok(Page::new(SourceRowPage {
        shell: shell::shell(&app, &actor, &links::search()).await?,
        crumbs: Crumbs { above, here: format!("第 {row} 行") },
        title: format!("{name} {} 第 {row} 行", original.as_of),
        matched: match card {
            Some(card) => Line::new().text("这一行对到 ").link(card.name, links::elder(card.id)),
            None => Line::new().text("这一行还没有对到人，没有据此记下事实。"),
        },
        cells: cells.into_iter().map(|cell| source_cell(&app, &original.supplier, cell)).collect(),
        facts: said
            .iter()
            .filter(here)
            .map(|fact| {
                let words = words::value_words(fact, &areas);
                let taken_back = if fact.retracted { "（已撤销）" } else { "" };
                let said = Line::from(format!("{words}{taken_back}"));
                (words::label(&fact.kind).to_owned(), words::or_wrong(said, &actor, fact))
            })
            .collect(),
        file: vec![
            ("文件".to_owned(), file),
            ("来源".to_owned(), name.as_str().into()),
            ("截至".to_owned(), original.as_of.to_string().as_str().into()),
        ],
    }))
}

/// A file that says something sensitive shows who it is about, and its other cells closed.
fn source_cell(app: &App, supplier: &str, cell: OriginalCell) -> SourceCell {
    let layout = app.layout(supplier);
    let sensitive =
        layout.is_some_and(|it| it.facts.iter().any(|rule| words::is_sensitive(&rule.kind)));
    let open = !sensitive || matches!(cell.field.as_str(), "name" | "resident_number");
    let column = layout.and_then(|layout| layout.column(&cell.field));
    SourceCell {
        heading: cell.heading,
        raw: if open { cell.text } else { words::CLOSED.to_owned() },
        read: column.and_then(|column| column.headers.last()).cloned().unwrap_or_default(),
    }
}
