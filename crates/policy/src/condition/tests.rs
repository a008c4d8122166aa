use std::sync::Arc;

use cel::{Context, Program};
use kernel::{Day, Month};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{At, Cond, Truth, compile};
use crate::area::{AreaTree, CodePrefix};
use crate::facts::Facts;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn month() -> Month {
    "2026-06".parse().expect("a month")
}

fn with<T>(given: &Json, ask: impl FnOnce(&At<'_>) -> T) -> T {
    let facts = Facts::from_json(given).expect("facts");
    ask(&At {
        facts: &facts,
        month: month(),
        reference: day("2026-05-31"),
        age_day: day("2026-05-31"),
        dead_before: month().first(),
        issuer: "990121",
        areas: &CodePrefix,
    })
}

fn truth(text: &str, given: &Json) -> Truth {
    let cond = compile(text).expect("a condition");
    with(given, |at| cond.truth(at))
}

fn needs(text: &str, given: &Json) -> Vec<&'static str> {
    let cond = compile(text).expect("a condition");
    let mut needs = Vec::new();
    with(given, |at| cond.needs(at, &mut needs));
    needs
}

#[test]
fn an_unknown_part_matters_only_when_the_others_do_not_decide() {
    let poor = json!({"low_income": true});
    assert_eq!(truth("low_income || age >= 90", &poor), Truth::True);
    assert_eq!(truth("low_income && age >= 90", &poor), Truth::Unknown);
    assert_eq!(truth("!low_income && age >= 90", &poor), Truth::False);
    assert_eq!(truth("!(low_income && age >= 90)", &poor), Truth::Unknown);
}

#[test]
fn needs_are_what_is_left_after_simplification_in_the_order_of_the_text() {
    let text = "(low_income || within(hukou_area, issuer)) && age >= 80 && sex == 'female'";
    assert_eq!(needs(text, &json!({})), ["low_income", "hukou_area", "birth_date", "sex"]);
    assert_eq!(needs(text, &json!({"low_income": true, "sex": "female"})), ["birth_date"]);
    assert_eq!(needs(text, &json!({"sex": "male"})), Vec::<&str>::new());
}

#[test]
fn a_claim_of_death_is_judged_by_its_state_and_its_day() {
    let dead = |given| truth("deceased", &given);
    assert_eq!(dead(json!({})), Truth::False);
    assert_eq!(dead(json!({"death_date": "2026-05-31"})), Truth::True);
    assert_eq!(dead(json!({"death_date": "2026-06-01"})), Truth::False);
    assert_eq!(dead(json!({"life": "living", "death_date": "2026-05-31"})), Truth::False);
    assert_eq!(dead(json!({"life": "reported", "death_date": "2026-05-31"})), Truth::True);
    assert_eq!(dead(json!({"life": "confirmed"})), Truth::Unknown);
    assert_eq!(dead(json!({"life": "contradicted", "death_date": "2026-05-31"})), Truth::Unknown);
    assert_eq!(dead(json!({"life": "contradicted", "death_date": "2026-06-03"})), Truth::False);
    assert_eq!(dead(json!({"register_state": "cancelled_by_death"})), Truth::Unknown);
    assert_eq!(needs("deceased", &json!({"life": "contradicted"})), ["life"]);
    assert_eq!(needs("deceased", &json!({"life": "confirmed"})), ["death_date"]);
}

#[test]
fn a_certificate_and_a_comparison_that_contradict_each_other_decide_nothing() {
    let elsewhere = |given| truth("paid_elsewhere", &given);
    assert_eq!(elsewhere(json!({})), Truth::False);
    assert_eq!(elsewhere(json!({"receives_elsewhere": true})), Truth::True);
    assert_eq!(elsewhere(json!({"paid_elsewhere_until": "2026-06-30"})), Truth::True);
    assert_eq!(elsewhere(json!({"paid_elsewhere_until": "2026-05-31"})), Truth::False);
    let both = json!({"paid_elsewhere_until": "2026-05-31", "receives_elsewhere": true});
    assert_eq!(elsewhere(both), Truth::Unknown);
}

#[test]
fn what_is_only_known_to_hold_is_never_unknown_and_asks_for_nothing() {
    let text = "known(low_income || disability_grade in [1, 2])";
    for (given, expected) in [
        (json!({}), Truth::False),
        (json!({"low_income": true}), Truth::True),
        (json!({"low_income": false}), Truth::False),
        (json!({"disability_grade": 2}), Truth::True),
        (json!({"low_income": false, "disability_grade": 3}), Truth::False),
    ] {
        assert_eq!(truth(text, &given), expected, "{given}");
        assert_eq!(needs(text, &given), Vec::<&str>::new());
        let opposite = format!("!{text}");
        assert_eq!(truth(&opposite, &given), expected.not());
    }
    assert_eq!(truth("known(!low_income)", &json!({})), Truth::False, "not “known not to be”");
}

#[test]
fn what_cel_can_and_we_cannot_does_not_compile() {
    for text in [
        "",
        "age",
        "80",
        "age >",
        "age >= 80 &&",
        "(age >= 80",
        "age >= 80)",
        "age + 1 >= 80",
        "age >= 80.5",
        "name == 'x'",
        "has(age)",
        "known()",
        "known(age)",
        "known(low_income, deceased)",
        "age in 80",
        "age in [80,",
        "[80] == [80]",
        "sex == 'other'",
        "sex >= 'male'",
        "hukou_area == '990121'",
        "within(sex, issuer)",
        "within(hukou_area, '溪尾')",
        "birth_date > 80",
        "birth_date > date('1946')",
        "age ? 1 : 2",
        "deceased > false",
        "age >= 80 # remark",
        "low_income == sex",
        "'a' == 'b",
        "--1 == age",
        "99999999999999999999 == age",
        "age >= 80 || unknown_name",
        "年龄 >= 80",
    ] {
        let error = compile(text).expect_err(text);
        assert!(!error.sentence.is_empty() && !error.remedy.is_empty(), "{text}");
        assert!(text.is_char_boundary(error.offset.min(text.len())), "{text}");
    }
    assert!(compile(&"!".repeat(10_000)).is_err(), "deep nesting is refused, not a crash");
}

/// Conditions as text, over facts that are all known.
fn conditions() -> impl Strategy<Value = String> {
    let op = || prop::sample::select(vec!["<", "<=", "==", "!=", ">=", ">"]);
    let same = || prop::sample::select(vec!["==", "!="]);
    let leaf = prop_oneof![
        (op(), 60_i32..110).prop_map(|(op, age)| format!("age {op} {age}")),
        (op(), 60_i32..110).prop_map(|(op, age)| format!("{age} {op} age")),
        (op(), 1900_i32..1970).prop_map(|(op, y)| format!("birth_date {op} date('{y}-06-15')")),
        (same(), prop::sample::select(vec!["male", "female"]))
            .prop_map(|(op, sex)| format!("sex {op} \"{sex}\"")),
        Just("within(hukou_area, issuer)".to_owned()),
        Just("within(hukou_area, '990100')".to_owned()),
        Just("low_income".to_owned()),
        Just("low_income != false".to_owned()),
        Just("deceased == false".to_owned()),
        Just("life in ['living', 'confirmed']".to_owned()),
        Just("age in [79, 80, 81]".to_owned()),
        Just("age in []".to_owned()),
        Just("true".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let two = || (inner.clone(), inner.clone());
        prop_oneof![
            two().prop_map(|(a, b)| format!("{a} && {b}")),
            two().prop_map(|(a, b)| format!("{a} || {b}")),
            two().prop_map(|(a, b)| format!("({a} || {b}) && !({a})")),
            inner.clone().prop_map(|a| format!("!({a})")),
        ]
    })
}

/// What the reference implementation says.
fn by_cel(text: &str, given: &Json, at: &At<'_>, dead: bool) -> bool {
    let mut context = Context::default();
    let number = |text: &str| day(text).days_since(day("1900-01-01"));
    let text_of = |id: &str| given[id].as_str().expect("a text").to_owned();
    let age = i64::from(at.age().expect("a known age"));
    context.add_variable("age", age).expect("a variable");
    context.add_variable("birth_date", number(&text_of("birth_date"))).expect("a variable");
    for id in ["sex", "life", "hukou_area"] {
        context.add_variable(id, text_of(id)).expect("a variable");
    }
    context.add_variable("issuer", "990121".to_owned()).expect("a variable");
    let poor = given["low_income"].as_bool().expect("a flag");
    context.add_variable("low_income", poor).expect("a variable");
    context.add_variable("deceased", dead).expect("a variable");
    context.add_function("date", move |text: Arc<String>| number(&text)).expect("a function");
    let within = |area: Arc<String>, place: Arc<String>| {
        CodePrefix.within(&area, &place).expect("codes that can be told")
    };
    context.add_function("within", within).expect("a function");
    let program = Program::compile(text).expect("CEL compiles what we compile");
    program.execute(&context).expect("CEL evaluates it") == true.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn on_known_facts_we_agree_with_cel(
        text in conditions(),
        born in 0_i64..22_000,
        female in any::<bool>(),
        poor in any::<bool>(),
        area in prop::sample::select(vec!["990121003012", "990122001", "980000"]),
        life in prop::sample::select(vec!["living", "confirmed"]),
    ) {
        let birth = day("1910-01-01").plus_days(born);
        let given = json!({
            "birth_date": birth.to_string(),
            "sex": if female { "female" } else { "male" },
            "low_income": poor,
            "hukou_area": area,
            "life": life,
            "death_date": "2026-03-03",
        });
        let cond = compile(&text).expect("it compiles");
        let (ours, theirs) = with(&given, |at| {
            (cond.truth(at), by_cel(&text, &given, at, life == "confirmed"))
        });
        prop_assert_eq!(ours, Truth::of(theirs), "{}", text);
    }

    /// Learning more never turns one answer into the other.
    #[test]
    fn more_knowledge_only_decides_what_was_unknown(
        text in conditions(),
        keep in any::<[bool; 4]>(),
    ) {
        let whole = json!({
            "birth_date": "1946-02-03", "sex": "female", "low_income": true,
            "hukou_area": "990121003012",
        });
        let mut part = whole.clone();
        let object = part.as_object_mut().expect("an object");
        for (id, keep) in ["birth_date", "sex", "low_income", "hukou_area"].iter().zip(keep) {
            if !keep {
                object.remove(*id);
            }
        }
        // `life` stays unknown in both.
        let (less, more) = (truth(&text, &part), truth(&text, &whole));
        prop_assert!(less == Truth::Unknown || less == more, "{}: {:?} {:?}", text, less, more);
        let asked = needs(&text, &part);
        prop_assert_eq!(asked.is_empty(), less != Truth::Unknown, "{} {:?}", text, asked);
    }

    #[test]
    fn no_text_makes_the_compiler_panic(text in "[a-z()!&|<>=\\[\\], '\"0-9.\\-年]{0,40}") {
        if let Ok(cond) = compile(&text) {
            prop_assert!(!matches!(cond, Cond::Happened(..)));
        }
    }
}
