//! A file through a layout and the real matching, without a database.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

use demo::{DemoFile, FileTruth, Outcome};
use facts::layout::{Layout, Mapping, Profiler, recognise};
use facts::matching::{
    Gazetteer, Hashes, Index, Match, Matched, Matcher, NumberKey, Person, Surroundings,
};
use facts::row::{FactDraft, Resolve, TypedRow, Typist, facts_of};
use facts::sheet::{self, Limits};
use kernel::{PersonId, ResidentNumber};
use uuid::Uuid;

pub(crate) const EXCHANGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../exchange");

pub(crate) struct World {
    pub(crate) gazetteer: Gazetteer,
}

impl Surroundings for World {
    fn number_key(&self, number: &ResidentNumber) -> NumberKey {
        // All numbers begin with 99; the other sixteen signs fit.
        number.reveal().as_bytes()[2..].try_into().expect("eighteen signs")
    }

    fn new_person(&self, key: &NumberKey) -> PersonId {
        PersonId::new(Uuid::from_bytes(*key))
    }

    fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }
}

impl World {
    pub(crate) fn person(&self, number: &str) -> PersonId {
        self.new_person(&self.number_key(&number.parse().expect("a number of the truth")))
    }
}

pub(crate) struct Read {
    pub(crate) layout: Layout,
    pub(crate) rows: Vec<TypedRow>,
}

pub(crate) fn open(folder: &Path, file: &DemoFile, layouts: &[Layout]) -> Read {
    let path = folder.join(&file.file_name);
    std::fs::write(&path, &file.bytes).expect("written");
    let limits = Limits::default();
    let peek = sheet::peek(&path, &limits).expect("legible");
    let guess = recognise(&peek, layouts).expect("recognised");
    assert_eq!(guess.mapping.supplier, file.supplier, "{}", file.file_name);
    let layout = layouts.iter().find(|it| it.id == file.supplier).expect("shipped").clone();
    assert_eq!(guess.mapping.columns.len(), layout.columns.len(), "{}", file.file_name);
    let rows = typed(&path, &layout, &guess.mapping, &limits);
    Read { layout, rows }
}

fn typed(path: &Path, layout: &Layout, mapping: &Mapping, limits: &Limits) -> Vec<TypedRow> {
    let typist = Typist::new(layout, mapping);
    let mut profiler = Profiler::new(layout, mapping);
    let mut rows = Vec::new();
    sheet::read(path, mapping.sheet, limits, &mut |row| {
        profiler.see(&row);
        rows.extend(typist.read(&row));
        ControlFlow::Continue(())
    })
    .expect("legible");
    assert_eq!(profiler.finish().verdict(layout), Ok(()), "{}", layout.id);
    rows
}

pub(crate) fn matched(world: &World, file: &DemoFile, read: &Read, index: Index) -> Vec<Matched> {
    let hashes = Hashes::new([7; 32]);
    let mut matcher = Matcher::new(&read.layout, world, file.as_of, &hashes, index);
    for row in &read.rows {
        matcher.push(row);
    }
    matcher.finish()
}

/// Everybody whom the register makes known, as often as an index is wanted.
pub(crate) fn known(
    world: &World,
    read: &Read,
    matched: &[Matched],
) -> Vec<(Person, Vec<NumberKey>)> {
    let outcomes: HashMap<u32, &Match> =
        matched.iter().map(|it| (it.row_no, &it.outcome)).collect();
    let made = read.rows.iter().filter_map(|row| match outcomes[&row.row_no] {
        Match::New(id, _) => Some((row, *id)),
        _ => None,
    });
    made.map(|(row, id)| {
        let (number, _) = row.number().expect("a register's row has one");
        let person = Person {
            id,
            name: row.name().expect("a name").given.clone(),
            birth: Some(number.birth()),
            sex: Some(number.sex()),
            area: world.gazetteer.area(&row.place()),
        };
        (person, vec![world.number_key(&number)])
    })
    .collect()
}

pub(crate) fn compare(world: &World, truth: &FileTruth, matched: &[Matched]) {
    let outcomes: HashMap<u32, &Match> =
        matched.iter().map(|it| (it.row_no, &it.outcome)).collect();
    for row in &truth.rows {
        let place = format!("{} row {}: {row:?}", truth.file_name, row.row);
        let found = outcomes.get(&row.row).unwrap_or_else(|| panic!("{place} is not read"));
        let right = match (&row.outcome, found) {
            (
                Outcome::Exact | Outcome::Normalised { .. },
                Match::Exact(person) | Match::Normalised(person, _) | Match::New(person, _),
            ) => *person == world.person(row.person.as_ref().expect("somebody")),
            (Outcome::Exact | Outcome::Normalised { .. }, Match::Repeat(_))
            | (Outcome::Desk { .. }, Match::Desk { .. })
            | (Outcome::Outside, Match::None)
            | (Outcome::Unusable { .. }, Match::Unusable(_)) => true,
            _ => false,
        };
        assert!(right, "{place}: {found:?}");
    }
    assert_eq!(matched.len(), truth.rows.len(), "{}", truth.file_name);
}

/// Facts of the rows that mean somebody for certain.
pub(crate) fn drafts(
    world: &World,
    file: &DemoFile,
    read: &Read,
    matched: &[Matched],
) -> Vec<FactDraft> {
    let certain = |it: &Matched| {
        matches!(it.outcome, Match::Exact(_) | Match::Normalised(..) | Match::New(..))
    };
    let rows = read.rows.iter().zip(matched).filter(|(_, it)| certain(it));
    rows.flat_map(|(row, _)| drafts_of(world, file, read, row)).collect()
}

/// Facts of the rows with a number, by it.
pub(crate) fn drafts_by_number(
    world: &World,
    file: &DemoFile,
    read: &Read,
) -> Vec<(String, FactDraft)> {
    let mut all = Vec::new();
    for row in &read.rows {
        if let Ok((number, _)) = row.number() {
            let drafts = drafts_of(world, file, read, row).into_iter();
            all.extend(drafts.map(|draft| (number.reveal().to_owned(), draft)));
        }
    }
    all
}

fn drafts_of(world: &World, file: &DemoFile, read: &Read, row: &TypedRow) -> Vec<FactDraft> {
    let person = |number: &ResidentNumber| Some(world.new_person(&world.number_key(number)));
    let area = |place: &facts::row::Place| world.gazetteer.area(place);
    facts_of(&read.layout, row, file.as_of, Resolve { area: &area, person: &person })
}
