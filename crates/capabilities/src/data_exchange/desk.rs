//! 人工比对: the rows of a file that go to the match desk, and those about which a person has
//! decided before.

use db::Tx;
use facts::Voice;
use facts::batches::Batch;
use facts::desk::{self, Cell, Content, NewRow, Newcomer, StoredFact};
use facts::layout::Layout;
use facts::matching::Match;
use kernel::{PersonId, Trouble};
use uuid::Uuid;

use super::apply::assertions_of;
use super::read::{Kept, Reading};
use crate::App;
use crate::originals::all_but_two;

/// Puts the rows on the desk and decides those that were decided before; gives how many.
pub(super) async fn put(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
) -> Result<u32, Trouble> {
    let rows = rows_of(app, batch, layout, read)?;
    let voice = Voice {
        supplier: &layout.id,
        rank: layout.rank,
        as_of: Some(batch.as_of),
        statement: None,
    };
    let place = (batch.id, app.areas().node(batch.area).map_or(0, |node| node.lo));
    desk::put(tx, app.vault(), place, &rows).await?;
    desk::follow(tx, place, voice, app.now(), &rows).await
}

/// How many rows were decided before, for the report of a file that is tried.
pub(super) async fn decided_before(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
) -> Result<u32, Trouble> {
    let rows = rows_of(app, batch, layout, read)?;
    let asked: Vec<_> =
        rows.into_iter().map(|row| (row.question, row.content.candidates)).collect();
    let known = desk::remembered(tx, &asked).await?.into_iter().flatten().count();
    u32::try_from(known).map_err(Trouble::fault)
}

fn rows_of(
    app: &App,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
) -> Result<Vec<NewRow>, Trouble> {
    let mut rows = Vec::new();
    for (row, matched) in read.rows.iter().zip(&read.matched) {
        let Match::Desk { reason, candidates } = &matched.outcome else { continue };
        let cells = cells_of(layout, row);
        rows.push(NewRow {
            row_no: row.row_no,
            reason: reason.code(),
            question: desk::question(app.vault(), &layout.id, reason.code(), &cells),
            content: Content {
                words: reason.chinese(),
                cells,
                facts: facts_of(app, batch, row)?,
                newcomer: row.person.as_ref().map(|seed| Newcomer {
                    name: seed.name.clone(),
                    number: seed.number.reveal().to_owned(),
                    area: seed.area,
                }),
                candidates: candidates.iter().map(|it| it.person).collect(),
            },
        });
    }
    Ok(rows)
}

/// The cells under their fields; of an account only the last signs.
fn cells_of(layout: &Layout, row: &Kept) -> Vec<Cell> {
    let raws = row.cells.split('\u{1f}');
    let fields = layout.columns.iter().map(|column| column.field.as_str());
    let cells = fields.zip(raws).filter(|(_, raw)| !raw.is_empty());
    cells
        .map(|(field, raw)| Cell {
            field: field.to_owned(),
            raw: if field == "account" { all_but_two(raw) } else { raw.to_owned() },
        })
        .collect()
}

/// What the row asserts, of nobody yet.
fn facts_of(app: &App, batch: &Batch, row: &Kept) -> Result<Vec<StoredFact>, Trouble> {
    let nobody = [Some(PersonId::new(Uuid::nil()))];
    let facts = assertions_of(app, batch, std::slice::from_ref(row), &nobody)?;
    Ok(facts.iter().map(StoredFact::of).collect())
}
