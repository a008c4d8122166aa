//! 平川县: its areas are an area file, its layouts read its files and no other county's do, and
//! every row comes out as its truth says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use crate::matching::{EXCHANGE, World, compare, drafts_by_number, known, matched, open};
use demo::{SecondCounty, second_county};
use facts::layout::{self, Layout, recognise};
use facts::matching::{Gazetteer, Index, Match, NamedArea};
use facts::sheet::{self, Limits};
use kernel::{AreaId, AreaKind, AreaLevel, Day, FactValue};

fn day(year: i16, month: i8, of: i8) -> Day {
    Day::new(year, month, of).expect("a day")
}

fn layouts(county: &SecondCounty) -> Vec<Layout> {
    let parse = |(id, text): &(&str, String)| {
        let layout = Layout::parse(text).expect("a good layout");
        assert_eq!(layout.id, *id);
        layout
    };
    county.layouts.iter().map(parse).collect()
}

/// The places as they are in June 2026.
fn world(county: &SecondCounty) -> World {
    let areas = access::parse_area_file(&county.areas_csv).expect("an area file");
    let id = |code: &str| {
        let at = areas.iter().position(|area| area.code == code).expect("in the file");
        AreaId::new(i64::try_from(at).expect("a few") + 1)
    };
    let today = areas.iter().filter(|area| area.valid_to.is_none());
    let named = today.map(|area| NamedArea {
        id: id(&area.code),
        name: area.name.clone(),
        level: area.level,
        parent: area.parent.as_deref().map(id),
    });
    World { gazetteer: Gazetteer::new(named) }
}

#[test]
fn the_areas_have_a_merged_town_and_a_development_zone() {
    let areas = access::parse_area_file(&second_county().areas_csv).expect("an area file");
    let zone = areas.iter().find(|area| area.kind == AreaKind::ManagingUnit).expect("a zone");
    assert_eq!((zone.level, zone.name.as_str()), (AreaLevel::Township, "平川经济开发区"));
    let merged = Some(day(2026, 1, 1));
    let old: Vec<_> = areas.iter().filter(|area| area.valid_to == merged).collect();
    assert_eq!(old.len(), 3, "a town and its two villages");
    let new = areas.iter().filter(|area| Some(area.valid_from) == merged);
    let names: HashSet<_> = new.map(|area| &area.name).collect();
    assert!(
        old.iter().filter(|it| it.level == AreaLevel::Village).all(|it| names.contains(&it.name))
    );
}

#[test]
fn no_layout_of_the_first_county_knows_a_file_of_the_second() {
    let county = second_county();
    let shipped = layout::load(Path::new(EXCHANGE)).expect("layouts");
    let folder = tempfile::tempdir().expect("a folder");
    for file in &county.files {
        let path = folder.path().join(&file.file_name);
        std::fs::write(&path, &file.bytes).expect("written");
        let peek = sheet::peek(&path, &Limits::default()).expect("legible");
        assert!(recognise(&peek, &shipped).is_err(), "{}", file.file_name);
    }
}

#[test]
fn every_file_comes_out_as_its_truth_says() {
    let county = second_county();
    let (world, layouts) = (world(&county), layouts(&county));
    let folder = tempfile::tempdir().expect("a folder");
    let mut people = BTreeMap::new();
    for (file, truth) in county.files.iter().zip(&county.truth.files) {
        let read = open(folder.path(), file, &layouts);
        let matched = matched(&world, file, &read, Index::new(people.values().cloned()));
        compare(&world, truth, &matched);
        let fresh = matched.iter().filter(|it| matches!(it.outcome, Match::New(..))).count();
        let came = if people.is_empty() { 0 } else { county.truth.moved_in.len() };
        assert!(people.is_empty() || fresh == came || file.supplier != "pc_residents");
        for (person, keys) in known(&world, &read, &matched) {
            people.insert(person.id, (person, keys));
        }
    }
    assert_eq!(county.truth.counts["rows_desk"], 2);
    assert_eq!(county.truth.counts["rows_unusable"], 1);
}

/// The facts of one kind in the file of a supplier, by person.
fn facts(county: &SecondCounty, file: usize, kind: &str) -> HashMap<String, FactValue> {
    let (world, layouts) = (world(county), layouts(county));
    let folder = tempfile::tempdir().expect("a folder");
    let file = &county.files[file];
    let read = open(folder.path(), file, &layouts);
    let drafts = drafts_by_number(&world, file, &read);
    drafts.into_iter().filter(|(_, it)| it.kind == kind).map(|(id, it)| (id, it.value)).collect()
}

#[test]
fn the_population_and_the_moves_are_those_of_the_truth() {
    let county = second_county();
    let truth = &county.truth;
    let bands = ["living_60", "living_70_79", "living_80_94", "living_95_99", "living_100"];
    assert_eq!(bands.map(|name| truth.counts[name]), [400, 140, 78, 9, 3]);
    let (may, june) = (facts(&county, 0, "hukou_area"), facts(&county, 1, "hukou_area"));
    let elsewhere = june.iter().filter(|(id, area)| may.get(*id).is_some_and(|it| it != *area));
    let moved: HashSet<&String> = elsewhere.map(|(id, _)| id).collect();
    assert_eq!(moved, truth.moved_within.iter().map(|it| &it.number).collect());
    assert_eq!(moved.len(), 5);
    let gone: HashSet<&String> = may.keys().filter(|id| !june.contains_key(*id)).collect();
    assert_eq!(gone, truth.moved_out.iter().collect());
    let came: HashSet<&String> = june.keys().filter(|id| !may.contains_key(*id)).collect();
    assert_eq!(came, truth.moved_in.iter().collect());
    assert!(truth.in_the_zone.len() > 20);
}

#[test]
fn the_roster_has_everybody_of_seventy_but_the_unpaid() {
    let county = second_county();
    let truth = &county.truth;
    let register = facts(&county, 1, "birth_date");
    let present = facts(&county, 1, "register_state");
    let dead = facts(&county, 2, "death_date");
    let paid = facts(&county, 3, "award.old_age_allowance");
    let end = day(2026, 5, 31);
    let mut unpaid = HashSet::new();
    for (id, born) in &register {
        let FactValue::Day(born) = born else { panic!("a day of birth") };
        let here = present[id] == FactValue::Text("present".to_owned()) && !dead.contains_key(id);
        if here && end.full_years_since(*born) >= 70 && !paid.contains_key(id) {
            unpaid.insert(id);
        }
    }
    assert_eq!(unpaid, truth.unpaid.iter().map(|it| &it.number).collect());
    assert_eq!(truth.unpaid.len(), 9);
    let ages: Vec<i32> = truth.class_changes.iter().map(|it| it.age).collect();
    assert_eq!(ages.len(), 4);
    assert!([80, 95, 100].iter().all(|age| ages.contains(age)));
    let on_roll: HashSet<&String> = dead.keys().filter(|id| paid.contains_key(*id)).collect();
    assert_eq!(on_roll, truth.deaths_on_roll.iter().map(|it| &it.number).collect());
    let months: i32 = truth.deaths_on_roll.iter().map(|it| it.overpaid_months).sum();
    assert_eq!((truth.deaths_on_roll.len(), months), (4, 2));
    assert_eq!(truth.not_yet_at_police.len(), 2);
}

#[test]
fn the_roster_of_hardship_says_yes_and_no() {
    let county = second_county();
    let (poor, grades) = (facts(&county, 4, "low_income"), facts(&county, 4, "disability_grade"));
    let grave = |grade: &FactValue| matches!(grade, FactValue::Int(1 | 2));
    let both: HashSet<&String> = poor
        .iter()
        .filter(|(id, poor)| **poor == FactValue::Bool(true) && grave(&grades[*id]))
        .map(|(id, _)| id)
        .collect();
    assert_eq!(both, county.truth.low_income_grave.iter().collect());
    assert!(!both.is_empty());
    let alone = facts(&county, 4, "living_arrangement");
    assert_eq!(alone.keys().collect::<HashSet<_>>(), county.truth.alone.iter().collect());
    assert!(alone.len() > 5);
}

#[test]
fn the_second_county_is_written_with_its_layouts() {
    let county = second_county();
    let dir = tempfile::tempdir().expect("a folder");
    county.write(dir.path()).expect("written");
    let layouts = layout::load(&dir.path().join("exchange")).expect("layouts");
    assert_eq!(layouts.len(), county.layouts.len());
    let list = std::fs::read_to_string(dir.path().join("files.csv")).expect("a list");
    assert_eq!(list.lines().count(), 1 + county.files.len());
    assert!(county.files.iter().all(|file| dir.path().join(&file.file_name).exists()));
}

#[test]
fn the_second_county_is_the_same_every_time() {
    let (one, other) = (second_county(), second_county());
    assert_eq!((one.files, one.truth), (other.files, other.truth));
}
