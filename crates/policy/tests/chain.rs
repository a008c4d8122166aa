//! The demo's province, city and county, and the real lists: what they hold, that the lower
//! lists cover the upper ones but in one place, and what the county gives to anybody.

use std::path::PathBuf;
use std::sync::LazyLock;

use kernel::{Day, Fen, Month};
use policy::{CodePrefix, Facts, Form, Item, List, Verdict, evaluate};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

fn load(dir: &str) -> List {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    List::load(&root.join(dir)).expect("a good list")
}

/// From the nation down to the county.
static CHAIN: LazyLock<[List; 4]> =
    LazyLock::new(|| ["national/2023", "anlan/v3", "qingping/v5", "songhe/v4"].map(load));

fn county(id: &str) -> &'static Item {
    CHAIN[3].item(id).expect("an item of the county")
}

fn june() -> Month {
    "2026-06".parse().expect("a month")
}

fn judged(item: &Item, given: &Json) -> Verdict {
    let facts = Facts::from_json(given).expect("facts");
    evaluate(item, &facts, june(), &CodePrefix)
}

#[test]
fn the_nation_names_sixteen_items_and_every_lower_list_of_the_demo_has_them() {
    let national = &CHAIN[0];
    assert_eq!(national.items.len(), 16);
    for list in &CHAIN[1..] {
        for item in &national.items {
            let own = list.item(&item.id).expect("the same id");
            assert_eq!(own.implements.as_deref(), Some(item.id.as_str()));
            assert_eq!(own.no, item.no, "{}", item.id);
        }
    }
    assert_eq!(CHAIN[3].items.len(), 17, "and one of the county's own");
    let elsewhere = |item: &&Item| item.form == Form::Elsewhere;
    assert_eq!(CHAIN[3].items.iter().filter(elsewhere).count(), 9);
    let anhui = load("anhui/2022");
    assert_eq!(anhui.items.len(), 20);
    let own = anhui.items.iter().filter(|item| item.implements.is_none());
    assert_eq!(own.count(), 4);
}

#[test]
fn each_regime_of_shenyang_ends_where_the_next_begins() {
    let all = ["shenyang/2020", "shenyang/2021", "shenyang/2025"].map(load);
    for pair in all.windows(2) {
        assert_eq!(pair[0].head.effective_to, Some(pair[1].head.effective_from));
    }
    let person = Facts::from_json(&json!({"birth_date": "1938-01-01", "hukou_area": "210102",
        "relief_category": "none"}))
    .expect("facts");
    let months = ["2021-03", "2023-03", "2026-03"];
    let fen: Vec<i64> = all
        .iter()
        .zip(months)
        .map(|(list, month)| {
            let item = list.item("old_age_allowance").expect("the allowance");
            let month = month.parse().expect("a month");
            evaluate(item, &person, month, &CodePrefix).amount().get()
        })
        .collect();
    assert_eq!(fen, [0, 0, 3000], "only since 2025 everybody of 80–89");
}

#[test]
fn the_county_falls_short_of_the_city_for_the_severely_impaired_without_a_card() {
    let person = json!({"birth_date": "1950-01-01", "hukou_area": "990121003012",
        "low_income": true, "disability_grade": 0, "assessment_level": "severe"});
    let city = CHAIN[2].item("nursing_subsidy").expect("an item of the city");
    assert_eq!(judged(city, &person).amount(), Fen::from_yuan(120));
    let own = county("nursing_subsidy");
    assert!(matches!(judged(own, &person), Verdict::NotEntitled(_)));
    let mut card = person;
    card["disability_grade"] = json!(1);
    assert_eq!(judged(own, &card).amount(), Fen::from_yuan(200), "more than the city asks for");
}

const RELIEF: [&str; 4] = ["none", "minimum_living", "low_income_edge", "destitute"];
const LEVELS: [&str; 5] = ["able", "mild", "moderate", "severe", "complete"];
const LIVING: [&str; 5] = ["alone", "empty_nest", "left_behind", "with_family", "in_institution"];
const FAMILY: [&str; 3] = ["none", "only_child_dead", "only_child_disabled"];

/// Somebody of the county with any facts, some of them unknown.
fn anybody() -> impl Strategy<Value = Json> {
    let known = |words: &'static [&'static str]| prop::option::of(select(words));
    let flag = || prop::option::of(any::<bool>());
    let work = (flag(), flag(), flag(), prop::option::of(0_i64..=4));
    let words = (known(&RELIEF), known(&LEVELS), known(&LIVING), known(&FAMILY));
    let days = (0_i64..20_000, prop::option::of(0_i64..400));
    (days, work, words).prop_map(|((born, died), work, words)| {
        let (low_income, requested, elsewhere, grade) = work;
        let (relief, level, living, family) = words;
        let day = |from: &str, days| from.parse::<Day>().expect("a day").plus_days(days);
        json!({
            "birth_date": day("1920-01-01", born), "hukou_area": "990121003012",
            "death_date": died.map(|days| day("2025-12-01", days)),
            "low_income": low_income, "assessment_requested": requested,
            "receives_elsewhere": elsewhere, "disability_grade": grade,
            "relief_category": relief, "assessment_level": level,
            "living_arrangement": living, "family_planning_special": family,
        })
    })
}

fn is_right(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Entitled { .. })
}

/// The one place where the county's list asks for more than the city's.
fn is_the_gap(item: &Item, person: &Json) -> bool {
    item.list.issuer == "990121"
        && item.id == "nursing_subsidy"
        && !matches!(person["disability_grade"].as_i64(), Some(1 | 2))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whoever_has_a_right_above_has_it_below_but_in_one_place(person in anybody()) {
        for lists in CHAIN.windows(2) {
            for item in lists[1].items.iter().filter(|item| item.is_judged()) {
                let upper = item.implements.as_deref().and_then(|id| lists[0].item(id));
                let Some(upper) = upper.map(|upper| judged(upper, &person)) else { continue };
                let own = judged(item, &person);
                if is_right(&upper) && !is_the_gap(item, &person) {
                    prop_assert!(is_right(&own), "{} {}: {own:?}", item.list.issuer, item.id);
                    prop_assert!(own.amount() >= upper.amount(), "{}", item.id);
                }
            }
        }
    }

    #[test]
    fn the_county_gives_what_its_rules_say_in_other_words(person in anybody()) {
        let word = |id: &str| person[id].as_str().unwrap_or_default().to_owned();
        let birth: Day = word("birth_date").parse().expect("a day");
        let last = june().first().plus_days(-1);
        let age = last.full_years_since(birth);
        let alive = word("death_date").parse::<Day>().map_or(true, |day| day >= june().first());
        let old = age >= 60 && alive;
        let severe = matches!(person["disability_grade"].as_i64(), Some(1 | 2));
        let family = word("family_planning_special").starts_with("only_child");
        let alone =
            matches!(word("living_arrangement").as_str(), "alone" | "empty_nest" | "left_behind");
        let worst = matches!(word("assessment_level").as_str(), "severe" | "complete");

        let visits = judged(county("visits"), &person);
        prop_assert_eq!(is_right(&visits), old && (alone || worst || severe || family));
        prop_assert!(visits.needs().is_empty(), "a missing record is not a need");

        let nursing = match word("assessment_level").as_str() {
            "moderate" => 100,
            "severe" => 200,
            "complete" => 300,
            _ => 0,
        };
        let low = person["low_income"].as_bool() == Some(true);
        let expected = if old && low && severe { nursing } else { 0 };
        let nursing = judged(county("nursing_subsidy"), &person);
        prop_assert_eq!(nursing.amount(), Fen::from_yuan(expected));
        let unassessed = old && low && severe && person["assessment_level"].is_null();
        let needs_only_level = nursing.needs() == ["assessment_level"];
        prop_assert_eq!(unassessed, needs_only_level);

        let care = match word("relief_category").as_str() {
            "minimum_living" => 60,
            "destitute" => 100,
            _ => 0,
        };
        let expected = if age >= 80 && alive { care } else { 0 };
        let care = judged(county("care_service_subsidy"), &person);
        prop_assert_eq!(care.amount(), Fen::from_yuan(expected));
    }
}
