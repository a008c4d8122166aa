//! What applying a file writes, within the caller's transaction.

use std::collections::HashMap;

use access::AreaTree;
use db::Tx;
use facts::batches::{self, Batch, RowOutcome};
use facts::layout::{Coverage, Layout};
use facts::matching::{Match, RowHash, RowKey};
use facts::people::{KnownPerson, NewPerson};
use facts::row::FactDraft;
use facts::{Voice, assert_all};
use kernel::{
    Assertion, AssertionState, FactKind, FactType, FactValue, Life, PersonId, Sensitivity,
    SourceRow, Span, Trouble,
};
use policy::register;
use sm3::{Digest, Sm3};

use super::desk;
use super::domain::{Before, life_of};
use super::gone;
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
    let reading_sm3 = reading_sm3(app, batch, layout, read)?;
    let news = news(tx, before, (layout, read), &people, &reading_sm3).await?;
    let mut wrote = 0;
    for (at, rows) in read.rows.chunks(CHUNK_ROWS).enumerate() {
        let place = at * CHUNK_ROWS..at * CHUNK_ROWS + rows.len();
        let cards = new_cards(rows, &people[place.clone()], &known, &areas);
        facts::people::put_people(tx, app.vault(), &cards).await?;
        let assertions = assertions_of(app, batch, rows, &news[place])?;
        wrote += assert_all(tx, voice, app.now(), &assertions).await?;
    }
    let places = places_of(batch, read, &people, &known, &areas);
    let outcomes = outcomes_of(app, batch, read, &people, &places)?;
    for chunk in outcomes.chunks(CHUNK_ROWS) {
        batches::put_rows(tx, batch.id, chunk).await?;
    }
    batches::put_reading(tx.conn(), batch.id, &reading_sm3).await?;
    desk::put(app, tx, batch, layout, read).await?;
    if let Some((last, _)) = before
        && layout.coverage == Coverage::Full
    {
        wrote += gone::end(app, tx, (batch, last), layout, (read, &people)).await?;
    }
    show_lives(app, tx).await?;
    Ok(wrote)
}

/// Digest of all that a row's facts follow from besides the row and its person.
fn reading_sm3(
    app: &App,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
) -> Result<[u8; 32], Trouble> {
    let areas = app.areas();
    let below = areas.iter().filter(|node| areas.within(node.id, batch.area) == Some(true));
    let names: Vec<_> = below.map(|node| (node.id, &node.name, node.level, node.parent)).collect();
    let text = serde_json::to_vec(&(layout, &read.mapping.columns, names));
    Ok(Sm3::digest(text.map_err(Trouble::fault)?).into())
}

/// What a file says of each person: its rows about them, in a stated order.
type Rows = HashMap<PersonId, Vec<(RowKey, RowHash)>>;

fn rows_by_person(rows: impl Iterator<Item = (PersonId, (RowKey, RowHash))>) -> Rows {
    let mut all = Rows::new();
    for (person, row) in rows {
        all.entry(person).or_default().push(row);
    }
    for rows in all.values_mut() {
        rows.sort_unstable();
    }
    all
}

/// 有变化的人: whom each row is about, without those of whom the source's last file said the same,
/// when it was read as this one is.
async fn news(
    tx: &mut Tx,
    before: Option<&(Batch, Before)>,
    (layout, read): (&Layout, &Reading),
    people: &[Option<PersonId>],
    reading_sm3: &[u8; 32],
) -> Result<Vec<Option<PersonId>>, Trouble> {
    // Who a relative is may be known only since then.
    let names_people = layout.facts.iter().any(|rule| {
        register::kind_of(&rule.kind).is_some_and(|kind| kind.value_type == FactType::Person)
    });
    let Some((last, _)) = before.filter(|_| !names_people) else { return Ok(people.to_vec()) };
    let Some(rows) = batches::rows_read_alike(tx.conn(), last.id, reading_sm3).await? else {
        return Ok(people.to_vec());
    };
    let old = rows.into_iter().filter_map(|(key, hash, person)| Some((person?, (key, hash))));
    let old = rows_by_person(old);
    let now = read.rows.iter().zip(people);
    let now = rows_by_person(now.filter_map(|(row, it)| Some(((*it)?, (row.key, row.hash)))));
    Ok(people.iter().map(|it| it.filter(|it| old.get(it) != now.get(it))).collect())
}

/// Whom each row is about, where that is certain.
pub(super) fn people_of(read: &Reading) -> Vec<Option<PersonId>> {
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

pub(super) fn assertions_of(
    app: &App,
    batch: &Batch,
    rows: &[Kept],
    people: &[Option<PersonId>],
) -> Result<Vec<Assertion>, Trouble> {
    let mut assertions = Vec::new();
    for (row, person) in rows.iter().zip(people) {
        let Some(person) = *person else { continue };
        for FactDraft { kind, value, valid_from, valid_to } in &row.drafts {
            let kind = register::kind_of(kind).ok_or_else(|| {
                Trouble::fault(format!("layout asserts {kind}, which is not registered"))
            })?;
            assertions.push(Assertion {
                person,
                kind: kind.id,
                value: stored_value(app, kind, value)?,
                valid: Span { from: *valid_from, to: *valid_to },
                source: SourceRow::File(batch.id, row.row_no),
                state: AssertionState::Asserted,
            });
        }
    }
    Ok(assertions)
}

/// The value as it is stored: what is kept sealed is sealed here.
fn stored_value(app: &App, kind: &FactKind, value: &FactValue) -> Result<FactValue, Trouble> {
    match (kind.sensitivity, value) {
        (Sensitivity::Sealed, FactValue::Text(clear)) => {
            app.vault().seal_text(kind.id, clear).map(FactValue::Text)
        }
        _ => Ok(value.clone()),
    }
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
                let why = format!("{}{}", fault.reason, fault.remedy);
                ("unusable", Some(why), row.names.into_iter().collect())
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

/// Shows on every card of the scope what the claims of death amount to now.
pub(crate) async fn show_lives(app: &App, tx: &mut Tx) -> Result<(), Trouble> {
    let changed: Vec<(PersonId, Life)> = facts::death_claims(tx.conn())
        .await?
        .into_iter()
        .filter_map(|claims| {
            let life = life_of(&claims, &|supplier| app.department(supplier));
            (life != claims.shown).then_some((claims.person, life))
        })
        .collect();
    facts::people::show_lives(tx.conn(), &changed).await
}
