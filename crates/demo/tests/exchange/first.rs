//! Every file goes through the shipped layouts and the real matching, without a database, and
//! comes out as its truth says.

use std::collections::HashMap;
use std::path::Path;

use crate::matching::{EXCHANGE, World, compare, drafts, known, matched, open};
use demo::{Demo, Preset};
use facts::layout;
use facts::matching::{Gazetteer, Index, NamedArea};
use kernel::AreaId;

fn world(demo: &Demo) -> World {
    let named = |area: &demo::DemoArea| NamedArea {
        id: AreaId::new(area.id),
        name: area.name.clone(),
        level: area.level,
        parent: area.parent.map(AreaId::new),
    };
    World { gazetteer: Gazetteer::new(demo.areas.iter().map(named)) }
}

fn every_file_comes_out_as_its_truth_says(preset: Preset) -> HashMap<String, usize> {
    let demo = demo::generate(preset);
    let world = world(&demo);
    let folder = tempfile::tempdir().expect("a folder");
    let layouts = layout::load(Path::new(EXCHANGE)).expect("layouts");
    let mut people = Vec::new();
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for (file, truth) in demo.files.iter().zip(&demo.truth.files) {
        let read = open(folder.path(), file, &layouts);
        let matched = matched(&world, file, &read, Index::new(people.iter().cloned()));
        compare(&world, truth, &matched);
        if people.is_empty() {
            people = known(&world, &read, &matched);
        }
        for draft in drafts(&world, file, &read, &matched) {
            *kinds.entry(draft.kind).or_default() += 1;
        }
    }
    kinds
}

#[test]
fn every_file_of_the_town_comes_out_as_its_truth_says() {
    let kinds = every_file_comes_out_as_its_truth_says(Preset::Town);
    let more = demo::Numbers::of(Preset::Town).more;
    assert_eq!(kinds["disability_grade"], more.disabled_elders.iter().sum::<usize>() - 1);
    assert_eq!(kinds["low_income"], more.low_income_elders - 1);
    assert_eq!(kinds["spouse"], 2 * more.couples);
    assert_eq!(kinds["lead.elsewhere_fen"], more.paid_elsewhere);
    assert_eq!(kinds["lead.exclusive_benefit"], more.overlapping);
    for kind in ["household", "bank_account", "pension_fen", "assessment_level", "last_visit"] {
        assert!(kinds[kind] > 20, "{kind}");
    }
}

#[test]
#[ignore = "half a minute; the same is checked with the database in June's story"]
fn every_file_of_the_county_comes_out_as_its_truth_says() {
    let kinds = every_file_comes_out_as_its_truth_says(Preset::County);
    assert_eq!(kinds["lead.elsewhere_area"], 5);
    assert_eq!(kinds["lead.exclusive_fen"], 17);
}
