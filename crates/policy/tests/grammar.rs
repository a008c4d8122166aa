//! What is wrong with a list is said with file, line and remedy; what the slots mean.

mod support;

use kernel::{Fen, Month};
use policy::{CodePrefix, Facts, List, Verdict, check, evaluate, span};
use serde_json::json;
use support::Folder;

const ITEM: &str = r#"item = "old_age_allowance"
no = 1
name = "高龄津贴"
confidence = "fictional"
beneficiary = "八十岁以上的老年人"
content = "按月发放津贴"
kind = "material_help"

[who]
all = ["age >= 80 && within(hukou_area, issuer)", "!deceased"]

[[amount.band]]
age_from = 80
age_below = 90
yuan_per_month = { 2020-01-01 = 40 }

[[amount.band]]
age_from = 90
fen_per_month = { 2020-01-01 = 12050, 2026-07-01 = "ended" }

[time]
start = "month_after_age"
stop = "event_month_paid"
back_pay = "since_eligible"

[pay]
cycle = "month"
to = "本人"
fund = "县级财政"

[[basis]]
doc = "rules"
clause = "第一条"
says = "八十岁以上的按月领"
"#;

/// The item with one text replaced, and what the loader says about it.
fn complaint(from: &str, to: &str) -> String {
    assert!(ITEM.contains(from), "{from}");
    let folder = Folder::with(&ITEM.replacen(from, to, 1));
    List::load(folder.path()).expect_err("refused").to_string()
}

#[test]
fn whatever_is_wrong_is_said_with_its_line_and_a_remedy() {
    for (from, to, line, words) in [
        ("no = 1", "no = 1\nnum = 2", 3, "不认识的键“num”"),
        ("stop = \"event_month_paid\"", "stop = \"later\"", 23, "later"),
        ("age >= 80 &&", "agee >= 80 &&", 10, "agee"),
        ("age >= 80 &&", "age >= true &&", 10, "类型不同"),
        ("age >= 80 &&", "80 <= age < 90 &&", 10, "不能连写"),
        ("!deceased", "deceased || matches(name, 'x')", 10, "没有函数“matches”"),
        ("issuer)", "province)", 10, "within"),
        ("2020-01-01 = 40", "2020-02-30 = 40", 15, "2020-02-30"),
        ("2020-01-01 = 40", "2020-01-15 = 40", 15, "月初"),
        ("2020-01-01 = 40", "2020-01-01 = 40.5", 15, "40.5"),
        ("2020-01-01 = 40", "2020-01-01 = -40", 15, "-40"),
        ("2020-01-01 = 40", "", 15, "没有金额"),
        ("doc = \"rules\"", "doc = \"rule\"", 31, "文件库里没有“rule”"),
        ("clause = \"第一条\"", "clause = \"第二条\"", 31, "第二条"),
        ("age_below = 90", "age_below = 70", 12, "写反"),
    ] {
        let said = complaint(from, to);
        assert!(said.contains(words), "{to}: {said}");
        assert!(said.contains(&format!("第 {line} 行")), "{to}: {said}");
        assert!(said.ends_with('。'), "{to}: {said}");
    }
}

#[test]
fn a_missing_slot_is_named() {
    let said = complaint("[pay]\ncycle = \"month\"\nto = \"本人\"\nfund = \"县级财政\"\n", "");
    assert!(said.contains("缺少“pay”"), "{said}");
    let said = complaint("item = \"old_age_allowance\"", "item = \"allowance\"");
    assert!(said.contains("文件名"), "{said}");
    let said = complaint("no = 1", "no = 1\nimplements = \"old_age_allowance\"");
    assert!(said.contains("没有上级清单"), "{said}");
}

#[test]
fn an_item_without_examples_and_bands_with_a_gap_do_not_pass_the_check() {
    let folder = Folder::with(&ITEM.replacen("age_from = 90", "age_from = 95", 1));
    let report = check(folder.path());
    let said = report.to_string();
    assert!(!report.passed());
    assert!(said.contains("空档"), "{said}");
    assert!(said.contains("没有这个文件"), "{said}");
    let folder = Folder::with(&ITEM.replacen("age_from = 90", "age_from = 85", 1));
    assert!(check(folder.path()).to_string().contains("重叠"));
    let folder = Folder::with(&ITEM.replacen("age_from = 80", "age_from = 82", 1));
    assert!(check(folder.path()).to_string().contains("82"));
    assert!(check(&folder.path().join("nothing")).to_string().contains("没有清单"));
}

#[test]
fn a_wrong_example_is_reported_by_its_name() {
    let one = "[[example]]\nname = \"写错的\"\nmonth = \"2026-06\"\nverdict = \"entitled\"\n\
               yuan = 50\nfacts = { birth_date = 1940-01-01, hukou_area = \"990199\" }\n";
    let folder = Folder::with(ITEM).and("examples/old_age_allowance.toml", one);
    let said = check(folder.path()).to_string();
    assert!(said.contains("写错的") && said.contains("40.00"), "{said}");
    assert!(said.contains("只有 1 个例子"), "{said}");
}

fn verdict(list: &List, facts: &serde_json::Value, month: &str) -> Verdict {
    let facts = Facts::from_json(facts).expect("facts");
    evaluate(&list.items[0], &facts, month.parse().expect("a month"), &CodePrefix)
}

fn yuan(list: &List, facts: &serde_json::Value, month: &str) -> i64 {
    verdict(list, facts, month).amount().get() / 100
}

#[test]
fn fen_and_an_end_date_are_read() {
    let list = Folder::with(ITEM).load();
    let old = json!({"birth_date": "1930-01-01", "hukou_area": "990199001"});
    assert_eq!(verdict(&list, &old, "2026-06").amount(), Fen::new(12_050));
    assert!(matches!(verdict(&list, &old, "2026-07"), Verdict::NotEntitled(f) if f.ended()));
}

#[test]
fn each_start_rule_begins_in_its_month() {
    let list = |start: &str| Folder::with(&ITEM.replacen("month_after_age", start, 1)).load();
    let person = json!({"birth_date": "1946-05-20", "hukou_area": "990199",
        "applied_on": "2026-07-03", "approved_on": "2026-08-31"});
    for (start, last_without, first_with) in [
        ("month_of_age", "2026-04", "2026-05"),
        ("month_after_age", "2026-05", "2026-06"),
        ("month_of_application", "2026-06", "2026-07"),
        ("month_after_application", "2026-07", "2026-08"),
        ("month_after_approval", "2026-08", "2026-09"),
        ("age_at_year_end", "2025-12", "2026-01"),
    ] {
        let list = list(start);
        assert_eq!(yuan(&list, &person, last_without), 0, "{start}");
        assert_eq!(yuan(&list, &person, first_with), 40, "{start}");
    }
    let silent = json!({"birth_date": "1946-05-20", "hukou_area": "990199"});
    let asked = verdict(&list("month_after_application"), &silent, "2026-09");
    assert_eq!(asked, Verdict::Unknown(vec!["applied_on"]));
}

#[test]
fn the_month_of_death_is_paid_or_not_as_the_item_says() {
    let paid = Folder::with(ITEM).load();
    let unpaid = Folder::with(&ITEM.replacen("event_month_paid", "event_month_unpaid", 1)).load();
    for day in ["2026-06-01", "2026-06-30"] {
        let dead = json!({"birth_date": "1940-05-20", "hukou_area": "990199", "death_date": day});
        assert_eq!((yuan(&paid, &dead, "2026-06"), yuan(&paid, &dead, "2026-07")), (40, 0));
        assert_eq!((yuan(&unpaid, &dead, "2026-05"), yuan(&unpaid, &dead, "2026-06")), (40, 0));
    }
}

#[test]
fn each_back_pay_rule_reaches_back_as_far_as_it_says() {
    let person = json!({"birth_date": "1940-05-20", "hukou_area": "990199"});
    let facts = Facts::from_json(&person).expect("facts");
    let month = |text: &str| text.parse::<Month>().expect("a month");
    for (rule, months) in [
        ("\"none\"", 0),
        ("\"current_year\"", 5),
        ("\"since_eligible\"", 17),
        ("{ since_date = \"2025-09-01\" }", 9),
        ("{ months = 3 }", 3),
    ] {
        let list = Folder::with(&ITEM.replacen("\"since_eligible\"", rule, 1)).load();
        let report =
            span(&list.items[0], &facts, month("2025-01"), month("2026-06"), &CodePrefix, &|_| {
                Fen::ZERO
            });
        assert_eq!(report.arrears.len(), months, "{rule}");
    }
}

#[test]
fn a_band_may_ask_for_more_and_an_unknown_answer_is_a_need() {
    let item = ITEM.replacen(
        "[[amount.band]]",
        "[[amount.band]]\nage_from = 80\nage_below = 90\nwho = [\"low_income\"]\n\
         yuan_per_month = { 2020-01-01 = 100 }\n\n[[amount.band]]",
        1,
    );
    let list = Folder::with(&item).load();
    let person = |low: serde_json::Value| {
        let mut facts = json!({"birth_date": "1940-05-20", "hukou_area": "990199"});
        if !low.is_null() {
            facts["low_income"] = low;
        }
        verdict(&list, &facts, "2026-06")
    };
    assert_eq!(person(json!(true)).amount(), Fen::from_yuan(100));
    assert_eq!(person(json!(false)).amount(), Fen::from_yuan(40));
    assert_eq!(person(json!(null)), Verdict::Unknown(vec!["low_income"]));
}
