//! The lists of the repository: they check, and they say what the bureau would say.

use std::path::PathBuf;
use std::sync::LazyLock;

use kernel::{Day, Fen, Month};
use policy::{
    AreaTree, CodePrefix, Explanation, Facts, Item, List, Value, Verdict, When, check, eval_json,
};
use policy::{evaluate, explain, first_entitled, span};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policy")
}

fn songhe() -> List {
    List::load(&root().join("songhe/v4")).expect("the county's list")
}

/// The allowance.
fn item(list: &List) -> &Item {
    list.item("old_age_allowance").expect("the allowance")
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn facts(given: &Json) -> Facts {
    Facts::from_json(given).expect("facts")
}

fn names(code: &str) -> String {
    if code == "990121003012" { "云溪镇溪尾村".to_owned() } else { format!("区划 {code}") }
}

fn zhou() -> Facts {
    facts(&json!({"birth_date": "1945-10-17", "hukou_area": "990121003012"}))
}

fn why(given: &Facts, when: &str) -> Explanation {
    let list = songhe();
    let item = list.item("old_age_allowance").expect("the allowance");
    explain(item, given, month(when), &CodePrefix, &names)
}

#[test]
fn every_list_of_the_repository_checks_and_every_example_comes_out() {
    let report = check(&root());
    assert!(report.passed(), "{report}");
    assert_eq!(report.lists, 15);
    assert!(report.examples >= 80, "{report}");
}

#[test]
fn the_why_page_of_an_elder_who_nobody_applied_for() {
    let said = why(&zhou(), "2026-06");
    assert_eq!(said.sentence, "2025 年 10 月 17 日满 80 周岁，从 2025 年 11 月起每月 40 元。");
    let lines: Vec<String> =
        said.conditions.iter().map(|line| format!("{} {}", line.mark(), line.text())).collect();
    assert_eq!(
        lines,
        [
            "✓ 年满 80 周岁：满 80 岁 7 个月",
            "✓ 户籍在松河县：云溪镇溪尾村",
            "✓ 在世：没有死亡登记",
            "✓ 没有在别处领取：没有在别处领取的记录",
        ]
    );
    assert_eq!(said.conditions[0].facts, ["birth_date"]);
    assert_eq!(said.amounts[0].text, "80—89 周岁档（2019 年 1 月起的标准）");
    assert_eq!(said.list, "松河县基本养老服务清单（第 4 版）第 4 项　高龄津贴");
    assert_eq!(
        said.rules,
        ["满龄次月起", "去世当月照发，次月停发", "未及时发放的，从符合条件之月补发"]
    );
    assert!(said.basis.iter().any(|it| it.title == "松河县高龄津贴发放办法"));
    assert_eq!(
        said.changes,
        [
            "户籍迁出松河县",
            "去世（当月照发，次月停发）",
            "查出在别处领取",
            "2035 年 10 月 17 日满 90 周岁，从 2035 年 11 月起每月 120 元",
        ]
    );
}

#[test]
fn on_the_terminal_an_explanation_is_read_from_top_to_bottom() {
    let said = why(&zhou(), "2026-06").to_string();
    let headings =
        ["2025 年 10 月", "逐条依据", "金额怎么来的", "规定出处", "暂按此办", "什么会改变"];
    let places: Vec<_> = headings.iter().map(|heading| said.find(heading)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{said}");
    assert!(
        said.contains("《松河县高龄津贴发放办法》（松政办〔2018〕26号）第六条：从满龄的次月起发"),
        "{said}"
    );
}

#[test]
fn a_retracted_death_is_not_hidden() {
    let given = json!({"birth_date": "1940-01-01", "hukou_area": "990121003012",
        "death_date": "2026-02-10", "life": "living"});
    let said = why(&facts(&given), "2026-06");
    assert_eq!(said.conditions[2].text(), "在世：曾登记 2026 年 2 月 10 日去世，已查明在世");
    assert_eq!(said.verdict.amount(), Fen::from_yuan(40));
}

#[test]
fn the_month_of_death_is_paid_and_the_next_one_is_announced_as_the_end() {
    let given = json!({"birth_date": "1940-01-01", "hukou_area": "990121003012",
        "death_date": "2026-06-02", "life": "reported"});
    let said = why(&facts(&given), "2026-06");
    let found = "在世：2026 年 6 月 2 日去世，死亡待核，这个月仍算在世";
    assert_eq!(said.conditions[2].text(), found);
    assert_eq!(said.changes, ["户籍迁出松河县", "查出在别处领取", "从 2026 年 7 月起不符合"]);
}

#[test]
fn an_area_outside_of_the_codes_is_the_callers_to_judge() {
    struct Outside;
    impl AreaTree for Outside {
        fn within(&self, area: &str, ancestor: &str) -> Option<bool> {
            if area == "elsewhere" { Some(false) } else { CodePrefix.within(area, ancestor) }
        }
    }
    let mut given = facts(&json!({"birth_date": "1940-01-01"}));
    given.set("hukou_area", Value::Area("elsewhere".into())).expect("taken");
    let list = songhe();
    let verdict = evaluate(item(&list), &given, month("2026-06"), &Outside);
    assert!(matches!(verdict, Verdict::NotEntitled(failed) if failed.conditions().eq([1])));
}

#[test]
fn what_is_false_is_said_by_its_opposite_with_what_was_found() {
    let young =
        why(&facts(&json!({"birth_date": "1946-07-20", "hukou_area": "990121003012"})), "2026-06");
    assert_eq!(young.sentence, "2026 年 6 月不符合：未满 80 周岁（满 79 岁 10 个月）。");
    assert_eq!(young.changes, ["2026 年 7 月 20 日满 80 周岁，从 2026 年 8 月起每月 40 元"]);
    let dead = why(
        &facts(&json!({
            "birth_date": "1940-01-01", "hukou_area": "990122001001",
            "death_date": "2026-05-09", "life": "confirmed",
        })),
        "2026-06",
    );
    assert_eq!(
        dead.sentence,
        "2026 年 6 月不符合：户籍不在松河县（区划 990122001001）；\
         已去世（2026 年 5 月 9 日去世，死亡已确认）。"
    );
    assert_eq!(dead.changes, ["户籍迁入松河县", "死亡登记经核实有误并更正"]);
}

#[test]
fn an_explanation_in_json_names_needs_and_facts() {
    let said = why(&facts(&json!({"birth_date": "1945-10-17"})), "2026-06").json();
    assert_eq!(said["verdict"], "unknown");
    assert_eq!(said["needs"], json!(["hukou_area"]));
    let asked = json!({"holds": null, "text": "户籍在松河县：户籍所在地还不知道",
        "facts": ["hukou_area"]});
    assert_eq!(said["conditions"][1], asked);
    assert_eq!(said["basis"][0]["citation"]["doc"], "songhe-list-v4");
}

#[test]
fn what_is_unknown_is_named_with_its_department() {
    let said = why(&Facts::new(), "2026-06");
    assert_eq!(
        said.sentence,
        "2026 年 6 月还不能判定，要先查明：出生日期（公安局）、户籍所在地（公安局）。"
    );
    assert_eq!(said.changes, ["查明出生日期", "查明户籍所在地"]);
    let before = why(&zhou(), "2018-12");
    assert_eq!(before.sentence, "2018 年 12 月的规定没有录入（从 2019 年 1 月起才有），不能判定。");
}

#[test]
fn arrears_are_the_unpaid_months_before_the_current_one() {
    let list = songhe();
    let item = list.item("old_age_allowance").expect("the allowance");
    let unpaid = |_| Fen::ZERO;
    let (from, to) = (month("2025-06"), month("2026-06"));
    let report = span(item, &zhou(), from, to, &CodePrefix, &unpaid);
    assert_eq!(report.first_entitled, Some(month("2025-11")));
    assert_eq!(report.arrears.len(), 7);
    assert_eq!(report.arrears_fen, Fen::from_yuan(280));
    assert_eq!(report.total_fen, Fen::from_yuan(320));
    assert_eq!(first_entitled(item, &zhou(), to, &CodePrefix), Some(month("2025-11")));

    let some = |paid: Month| Fen::from_yuan(if paid < month("2026-03") { 40 } else { 10 });
    let report = span(item, &zhou(), from, to, &CodePrefix, &some);
    assert_eq!(report.arrears_fen, Fen::from_yuan(90), "three months of which 10 were paid");
}

#[test]
fn a_death_that_was_retracted_leaves_arrears() {
    let list = songhe();
    let item = list.item("old_age_allowance").expect("the allowance");
    let mut given = json!({
        "birth_date": "1940-01-01", "hukou_area": "990121003012",
        "death_date": "2026-02-10", "life": "confirmed",
    });
    let paid = |paid: Month| if paid <= month("2026-02") { Fen::from_yuan(40) } else { Fen::ZERO };
    let over = |given: &Json| {
        span(item, &facts(given), month("2026-01"), month("2026-06"), &CodePrefix, &paid)
    };
    assert_eq!(over(&given).arrears_fen, Fen::ZERO);
    given["life"] = json!("living");
    assert_eq!(over(&given).arrears_fen, Fen::from_yuan(120));
}

#[test]
fn a_county_falls_back_to_the_city_before_its_own_date() {
    let list = List::load(&root().join("xinye/2021")).expect("Xinye's list");
    let item = item(&list);
    assert_eq!(item.name, "高龄津贴", "inherited from the city");
    assert_eq!(item.assumptions.len(), 5, "what the sources leave open is marked");
    let given = facts(&json!({"birth_date": "1935-02-01", "hukou_area": "411329101001"}));
    let fen = |when| evaluate(item, &given, month(when), &CodePrefix).amount();
    assert_eq!(fen("2021-08"), Fen::from_yuan(50));
    assert_eq!(fen("2021-09"), Fen::from_yuan(100));
}

#[test]
fn the_quarter_that_nanyang_published_comes_out_by_band() {
    // Person-months of the first quarter of 2024 by band (standards 4.5); the published sum is
    // higher in each band, by what was paid back.
    let list = List::load(&root().join("nanyang/2019")).expect("Nanyang's list");
    let fen = |birth: &str| {
        let given = facts(&json!({"birth_date": birth, "hukou_area": "411303001001"}));
        evaluate(item(&list), &given, month("2024-02"), &CodePrefix).amount()
    };
    let sum: Fen = [("1940-01-01", 630_443), ("1930-01-01", 77_726), ("1920-01-01", 2_254)]
        .into_iter()
        .map(|(birth, months)| fen(birth).checked_mul(months).expect("fits"))
        .sum();
    assert_eq!(sum, Fen::from_yuan(39_970_950));
}

#[test]
fn eval_answers_one_person_and_many_in_the_agreed_shape() {
    let dir = root().join("songhe/v4");
    let zhou = json!({"birth_date": "1945-10-17", "hukou_area": {"value": "990121003012"}});
    let one = eval_json(&dir, &json!({"facts": zhou}), When::Month(month("2026-06"))).expect("one");
    let item = &one["items"]["old_age_allowance"];
    assert_eq!(item["verdict"], "entitled");
    assert_eq!(item["amount_fen"], 4000);
    assert_eq!(item["per"], "month");
    assert_eq!(item["needs"], json!([]));
    assert_eq!(item["reasons"][1], "✓ 年满 80 周岁：满 80 岁 7 个月");

    let when = When::Span { from: month("2025-10"), to: month("2026-06") };
    let paid = json!({"birth_date": "1945-10-17", "hukou_area": "990121003012",
        "award.old_age_allowance": {"value": 4000, "from": "2026-04-01"}});
    let people = json!([{"id": "a", "facts": zhou}, {"id": "b", "facts": paid}]);
    let many = eval_json(&dir, &people, when).expect("many");
    assert_eq!(many[0]["id"], "a");
    let item = |at: usize| &many[at]["items"]["old_age_allowance"];
    assert_eq!(item(0)["arrears_fen"], 28_000);
    assert_eq!(item(0)["total_fen"], 32_000);
    assert_eq!(item(0)["first_entitled"], "2025-11");
    assert_eq!(
        item(0)["months"][0],
        json!({"month": "2025-10", "verdict": "not_entitled", "amount_fen": 0})
    );
    assert_eq!(item(1)["arrears_fen"], 20_000, "from April on it is being paid");
}

#[test]
fn eval_refuses_bad_facts_with_their_name_and_a_remedy() {
    let dir = root().join("songhe/v4");
    let refusal =
        |people: Json, when| eval_json(&dir, &people, when).expect_err("refused").to_string();
    let june = When::Month(month("2026-06"));
    assert!(refusal(json!({"facts": {"age": 80}}), june).contains("age"));
    assert!(refusal(json!({"facts": {"birth_date": "17/10/1945"}}), june).contains("birth_date"));
    assert!(refusal(json!([{"facts": {}}]), june).contains("id"));
    assert!(refusal(json!({}), june).contains("facts"));
    let back = When::Span { from: month("2026-06"), to: month("2025-06") };
    assert!(refusal(json!({"facts": {}}), back).contains("2026-06"));
}

#[test]
fn who_is_80_by_the_end_of_may_is_entitled_in_june_and_nobody_else() {
    let list = songhe();
    let item = list.item("old_age_allowance").expect("the allowance");
    let people: Vec<Facts> = (0..1000)
        .map(|at| {
            let birth = Day::new(1936, 1, 1).expect("a day").plus_days(at * 7);
            facts(&json!({"birth_date": birth.to_string(), "hukou_area": "990121003012"}))
        })
        .collect();
    let june = month("2026-06");
    let entitled = people
        .iter()
        .filter(|given| {
            matches!(evaluate(item, given, june, &CodePrefix), Verdict::Entitled { .. })
        })
        .count();
    // Born from 1936-01-01 every week; 80 by 31 May 2026 means born by 31 May 1946.
    assert_eq!(entitled, 544);
}

/// The county's rule once more, in months instead of ages and by nobody's engine.
fn by_hand(birth: Day, death: Option<Day>, asked: Month) -> i64 {
    let since = |years: i16| birth.plus_years(years).month().next();
    if asked < since(80) || death.is_some_and(|day| asked > day.month()) {
        0
    } else if asked < since(90) {
        4_000
    } else if asked < since(100) {
        12_000
    } else {
        40_000
    }
}

static SONGHE: LazyLock<List> = LazyLock::new(songhe);

proptest! {
    #[test]
    fn the_county_pays_by_its_rule_whoever_was_born_and_died_whenever(
        born in 0_i64..20_000,
        died in prop::option::of(0_i64..3_000),
        later in 0_i32..96,
    ) {
        let birth = Day::new(1915, 1, 1).expect("a day").plus_days(born);
        let death = died.map(|days| Day::new(2019, 1, 1).expect("a day").plus_days(days));
        let asked = month("2019-01").plus(later);
        let mut given = json!({"birth_date": birth, "hukou_area": "990121003012"});
        if let Some(day) = death {
            given["death_date"] = json!(day);
        }
        let given = facts(&given);
        let item = item(&SONGHE);
        let said = explain(item, &given, asked, &CodePrefix, &names);
        prop_assert_eq!(said.verdict.amount(), Fen::new(by_hand(birth, death, asked)));
        // What is explained is what was judged.
        let all_hold = said.conditions.iter().all(|line| line.mark() == '✓');
        prop_assert_eq!(all_hold, matches!(said.verdict, Verdict::Entitled { .. }));
        prop_assert_eq!(said.verdict, evaluate(item, &given, asked, &CodePrefix));
    }
}
