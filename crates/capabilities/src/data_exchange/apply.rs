//! What applying a file writes, within the caller's transaction.

use std::collections::HashMap;

use access::AreaTree;
use db::Tx;
use facts::batches::{self, Batch, RowOutcome};
use facts::layout::{Coverage, Layout};
use facts::matching::Match;
use facts::people::{KnownPerson, NewPerson};
use facts::row::FactDraft;
use facts::{GONE_ROW, Voice, assert_all};
use kernel::{Assertion, AssertionState, FactValue, Life, PersonId, SourceRow, Span, Trouble};
use policy::register;

use super::domain::{Before, life_of};
use super::read::{Kept, Reading, changed_seed, initials};
use crate::App;

/// Rows that are written at a time: bounds the memory, not the transaction.
const CHUNK_ROWS: usize = 20_000;

/// Writes people, facts and rows; gives the number of facts that are new or changed.
pub(super) async fn write(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
    before: Option<&(Batch, Before)>,
) -> Result<u64, Trouble> {
    let areas = app.areas();
    let known = facts::people::known_people(tx.conn()).await?;
    let known: HashMap<PersonId, &KnownPerson> = known.iter().map(|p| (p.id, p)).collect();
    let people = people_of(read);
    let voice = Voice {
        supplier: &layout.id,
        rank: layout.rank,
        as_of: Some(batch.as_of),
        statement: None,
    };
    let mut wrote = 0;
    for (rows, chunk) in read.rows.chunks(CHUNK_ROWS).zip(people.chunks(CHUNK_ROWS)) {
        let cards = new_cards(rows, chunk, &known, &areas);
        facts::people::put_people(tx, app.vault(), &cards).await?;
        let assertions = assertions_of(batch, rows, chunk)?;
        wrote += assert_all(tx, voice, app.now(), &assertions).await?;
    }
    let places = places_of(batch, read, &people, &known, &areas);
    let outcomes = outcomes_of(app, batch, read, &people, &places)?;
    for chunk in outcomes.chunks(CHUNK_ROWS) {
        batches::put_rows(tx, batch.id, chunk).await?;
    }
    if let Some((last, _)) = before
        && layout.coverage == Coverage::Full
    {
        wrote += end_missing(app, tx, batch, last, layout).await?;
    }
    show_lives(tx).await?;
    Ok(wrote)
}

/// Whom each row is about, where that is certain.
fn people_of(read: &Reading) -> Vec<Option<PersonId>> {
    let mut people: Vec<Option<PersonId>> = Vec::with_capacity(read.matched.len());
    let place: HashMap<u32, usize> =
        read.matched.iter().enumerate().map(|(place, row)| (row.row_no, place)).collect();
    for row in &read.matched {
        people.push(match &row.outcome {
            Match::Exact(person) | Match::Normalised(person, _) | Match::New(person, _) => {
                Some(*person)
            }
            Match::Repeat(first) => {
                place.get(first).and_then(|place| people.get(*place)).copied().flatten()
            }
            Match::Desk { .. } | Match::None | Match::Unusable(_) => None,
        });
    }
    people
}

fn new_cards(
    rows: &[Kept],
    people: &[Option<PersonId>],
    known: &HashMap<PersonId, &KnownPerson>,
    areas: &AreaTree,
) -> Vec<NewPerson> {
    rows.iter()
        .zip(people)
        .filter_map(|(row, person)| {
            let id = (*person)?;
            let seed = changed_seed(row.person.as_ref()?, id, known)?;
            Some(NewPerson {
                id,
                name: seed.name.clone(),
                name_key: seed.name_key.clone(),
                initials: initials(&seed.name),
                birth: seed.birth,
                sex: seed.sex,
                number: seed.number,
                area: seed.area,
                area_pos: areas.node(seed.area)?.lo,
            })
        })
        .collect()
}

fn assertions_of(
    batch: &Batch,
    rows: &[Kept],
    people: &[Option<PersonId>],
) -> Result<Vec<Assertion>, Trouble> {
    let mut assertions = Vec::new();
    for (row, person) in rows.iter().zip(people) {
        let Some(person) = *person else { continue };
        for FactDraft { kind, value, valid_from } in &row.drafts {
            let kind = register::kind_of(kind).ok_or_else(|| {
                Trouble::fault(format!("layout asserts {kind}, which is not registered"))
            })?;
            assertions.push(Assertion {
                person,
                kind: kind.id,
                value: value.clone(),
                valid: Span::from(*valid_from),
                source: SourceRow::File(batch.id, row.row_no),
                state: AssertionState::Asserted,
            });
        }
    }
    Ok(assertions)
}

/// Where each row lies: with the person it is about, so that whoever may see the person may see
/// where a fact comes from; else with the area of the file.
fn places_of(
    batch: &Batch,
    read: &Reading,
    people: &[Option<PersonId>],
    known: &HashMap<PersonId, &KnownPerson>,
    areas: &AreaTree,
) -> Vec<i32> {
    read.rows
        .iter()
        .zip(people)
        .map(|(row, person)| {
            let seed = row.person.as_ref().map(|seed| seed.area);
            let lives = || known.get(&(*person)?).map(|known| known.area);
            let area = person.and_then(|_| seed.or_else(lives)).unwrap_or(batch.area);
            areas.node(area).map_or(0, |node| node.lo)
        })
        .collect()
}

fn outcomes_of(
    app: &App,
    batch: &Batch,
    read: &Reading,
    people: &[Option<PersonId>],
    places: &[i32],
) -> Result<Vec<RowOutcome>, Trouble> {
    let mut outcomes = Vec::with_capacity(read.rows.len());
    let rows = read.rows.iter().zip(&read.matched).zip(people.iter().zip(places));
    for ((row, matched), (person, area_pos)) in rows {
        let (outcome, note, candidates) = match &matched.outcome {
            Match::Exact(_) => ("exact", None, Vec::new()),
            Match::Normalised(..) => ("normalised", None, Vec::new()),
            Match::New(..) => ("created", None, Vec::new()),
            Match::Repeat(_) if person.is_some() => ("repeated", None, Vec::new()),
            Match::Desk { reason, candidates } => {
                ("desk", Some(reason.chinese()), candidates.iter().map(|c| c.person).collect())
            }
            Match::None | Match::Repeat(_) => ("none", None, Vec::new()),
            Match::Unusable(fault) => {
                ("unusable", Some(format!("{}{}", fault.reason, fault.remedy)), Vec::new())
            }
        };
        let place = format!("batch_row.note/{}/{}", batch.id, row.row_no);
        outcomes.push(RowOutcome {
            row_no: row.row_no,
            outcome,
            person: *person,
            area_pos: *area_pos,
            row_key: row.key,
            row_hash: row.hash,
            note: note
                .map(|n| app.vault().seal(&place, n.as_bytes()).map(|s| s.bytes))
                .transpose()?,
            candidates,
        });
    }
    Ok(outcomes)
}

/// Who was in the last full file and is not in this one: what the source said about being paid
/// ends with the month of this file, and its register shows them no more.
async fn end_missing(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    last: &Batch,
    layout: &Layout,
) -> Result<u64, Trouble> {
    let missing = batches::people_not_in(tx.conn(), batch.id, last.id).await?;
    let mut assertions = Vec::new();
    for person in missing {
        for fact in facts::facts_of(tx.conn(), person).await? {
            let Some(kind) = register::kind_of(&fact.kind) else { continue };
            let end = batch.as_of.month().first();
            let (value, valid) = match kind.id {
                _ if fact.supplier != layout.id || fact.valid_to.is_some() => continue,
                id if id.starts_with("award.") && fact.valid_from < end => {
                    (fact.value, Span { from: fact.valid_from, to: Some(end) })
                }
                "register_state" => (FactValue::Text("absent".to_owned()), Span::from(batch.as_of)),
                _ => continue,
            };
            assertions.push(Assertion {
                person,
                kind: kind.id,
                value,
                valid,
                source: SourceRow::File(batch.id, GONE_ROW),
                state: AssertionState::Asserted,
            });
        }
    }
    let voice = Voice {
        supplier: &layout.id,
        rank: layout.rank,
        as_of: Some(batch.as_of),
        statement: None,
    };
    assert_all(tx, voice, app.now(), &assertions).await
}

/// Shows on every card of the scope what the claims of death amount to now.
pub(super) async fn show_lives(tx: &mut Tx) -> Result<(), Trouble> {
    let changed: Vec<(PersonId, Life)> = facts::death_claims(tx.conn())
        .await?
        .into_iter()
        .filter_map(|claims| {
            let life = life_of(&claims);
            (life != claims.shown).then_some((claims.person, life))
        })
        .collect();
    facts::people::show_lives(tx.conn(), &changed).await
}
