use access::AreaNode;
use kernel::{AreaLevel, BatchId};
use policy::register::KindIx;

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn tree() -> AreaTree {
    let node = |id, code: &str, level, parent, lo, hi| AreaNode {
        id: AreaId::new(id),
        code: code.to_owned(),
        name: code.to_owned(),
        level,
        parent: Some(parent).filter(|it| *it != 0).map(AreaId::new),
        lo,
        hi,
    };
    AreaTree::new(vec![
        node(1, "990121", AreaLevel::County, 0, 0, 3),
        node(2, "990121001001", AreaLevel::Village, 1, 1, 2),
        node(3, "990122", AreaLevel::County, 0, 3, 4),
    ])
}

fn said(kind: &'static str, value: FactValue, to: Option<&str>, gone: bool) -> Said {
    let (supplier, from) = ("roster".to_owned(), day("2026-03-01"));
    Said { kind, supplier, value, from, to: to.map(day), as_of: Some(day("2026-05-31")), gone }
}

fn subject(area: i64, said: Vec<Said>) -> Subject {
    let id = PersonId::new(uuid::Uuid::from_u128(1));
    Subject { id, area: AreaId::new(area), life: Life::Living, said }
}

/// The county's roster of low incomes is in; the neighbour county has sent none.
fn closed() -> ClosedWorld {
    let tree = tree();
    let county = tree.node(AreaId::new(1)).expect("a county");
    ClosedWorld::of(vec![Absence {
        kind: "low_income",
        value: FactValue::Bool(false),
        supplier: "roster".to_owned(),
        batch: BatchId::new(1),
        as_of: day("2026-05-31"),
        place: (county.lo, county.hi),
    }])
}

fn low_income(subject: &Subject, on: &str) -> Option<bool> {
    let facts = engine_facts(subject, &tree(), &closed()).expect("facts");
    match facts.on(KindIx::of("low_income").expect("registered"), day(on))? {
        Value::Bool(yes) => Some(*yes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_is_not_in_a_roster_of_everybody_has_what_the_roster_says_of_the_others() {
    let nobody = subject(2, Vec::new());
    assert_eq!(low_income(&nobody, "2026-06-02"), Some(false));
    let world = closed();
    let absence = world.absence(&nobody, "low_income", &tree()).expect("it says so");
    assert_eq!(absence.sentence("低收入人口名册"), "低收入人口名册（截至 2026-05-31）里没有");
    assert_eq!(low_income(&subject(3, Vec::new()), "2026-06-02"), None, "another county");
    assert_eq!(world.absence(&nobody, "disability_grade", &tree()), None, "another kind");
}

#[test]
fn who_is_named_has_what_is_said_and_it_is_unknown_after_its_own_last_day() {
    let named = subject(2, vec![said("low_income", FactValue::Bool(true), None, false)]);
    assert_eq!(low_income(&named, "2026-06-02"), Some(true));
    assert_eq!(closed().absence(&named, "low_income", &tree()), None);
    assert_eq!(low_income(&named, "2026-02-28"), Some(false), "not yet named");
    let until = Some("2026-05-01");
    let lapsed = subject(2, vec![said("low_income", FactValue::Bool(true), until, false)]);
    assert_eq!(low_income(&lapsed, "2026-04-30"), Some(true));
    assert_eq!(low_income(&lapsed, "2026-05-01"), None);
}

#[test]
fn who_is_gone_from_the_roster_is_otherwise_from_that_day() {
    let until = Some("2026-05-31");
    let gone = subject(2, vec![said("low_income", FactValue::Bool(true), until, true)]);
    assert_eq!(low_income(&gone, "2026-05-30"), Some(true));
    assert_eq!(low_income(&gone, "2026-06-02"), Some(false));
    let mut other = said("low_income", FactValue::Bool(true), None, false);
    "town".clone_into(&mut other.supplier);
    let both = subject(2, vec![gone.said[0].clone(), other]);
    assert_eq!(low_income(&both, "2026-06-02"), Some(true), "another source still says so");
}

#[test]
fn of_whom_a_row_of_the_roster_may_be_about_nothing_is_said() {
    let nobody = subject(2, Vec::new());
    let mut world = closed();
    world.wait("roster", nobody.id);
    assert_eq!(world.absence(&nobody, "low_income", &tree()), None);
}

#[test]
fn a_fact_holds_since_the_day_that_its_source_names_and_else_always() {
    let level = |as_of: &str, on: &str| {
        let mut said = said("assessment_level", FactValue::Text("mild".to_owned()), None, false);
        said.as_of = Some(day(as_of));
        let facts = engine_facts(&subject(2, vec![said]), &tree(), &closed()).expect("facts");
        facts.on(KindIx::of("assessment_level").expect("registered"), day(on)).is_some()
    };
    assert!(level("2026-05-31", "2026-03-01"));
    assert!(!level("2026-05-31", "2026-02-28"), "assessed on 1 March");
    assert!(level("2026-03-01", "2026-02-28"), "the file of 1 March does not say since when");
}
