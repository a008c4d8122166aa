//! The city: many counties of one recipe, of which no two have a person or an area in common.

use std::collections::HashSet;

use demo::{Demo, Numbers, Preset};

fn numbers_of(demo: &Demo) -> HashSet<String> {
    let rows = demo.truth.files[0].rows.iter();
    rows.filter_map(|row| row.person.clone()).collect()
}

#[test]
fn the_city_is_one_tree_of_twenty_counties() {
    let areas = demo::city_areas();
    let count = |digits: usize| areas.iter().filter(|area| area.code.len() == digits).count();
    assert_eq!((count(9), count(12)), (20 * 22, 20 * 318));
    let codes: HashSet<_> = areas.iter().map(|area| &area.code).collect();
    assert_eq!(codes.len(), areas.len());
    assert!((1..).zip(&areas).all(|(id, area)| area.id == id), "an area file keeps the ids");
}

#[test]
fn two_counties_of_the_city_are_two_counties() {
    let areas = demo::city_areas();
    let mut counties = demo::city();
    let [first, second] = [counties.next(), counties.next()].map(|it| it.expect("twenty"));
    assert_eq!(counties.size_hint().0, 18);
    for demo in [&first, &second] {
        assert!(demo.areas.iter().all(|area| areas.contains(area)));
        let suppliers: Vec<_> = demo.files.iter().map(|file| file.supplier).collect();
        let four = ["police_register", "funeral_home", "legacy_roster", "low_income_roster"];
        assert_eq!(suppliers, four);
        let numbers = Numbers::of(Preset::County);
        assert_eq!(demo.truth.counts["living_60"], numbers.living);
        assert_eq!(demo.truth.counts["unpaid"], 239);
        assert!(demo.truth.sets.visits.is_empty(), "the files that would say so are missing");
    }
    assert!(numbers_of(&first).is_disjoint(&numbers_of(&second)));
    let shared: Vec<_> = first.areas.iter().filter(|it| second.areas.contains(it)).collect();
    assert_eq!(shared.len(), 2, "the province and the city");
}
