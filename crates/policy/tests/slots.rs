//! What an item can be besides a monthly sum by age: a service, another department's, a sum a
//! year, by level, by a parameter, and not together with another.

mod support;

use kernel::{Fen, Month};
use policy::{
    Choose, CodePrefix, Every, Facts, Form, Item, Keeps, List, Per, Verdict, check, evaluate,
    explain, first_entitled, overlaps, span,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use support::{Folder, LIST};

const HEAD: &str = r#"item = "old_age_allowance"
no = 1
name = "高龄津贴"
confidence = "fictional"
beneficiary = "老年人"
content = "发放津贴"
kind = "material_help"
"#;
const WHO: &str = "[who]\nall = [\"age >= 60\"]\n";
const TIME: &str = r#"[time]
start = "month_after_eligible"
stop = "event_month_paid"
back_pay = "since_eligible"
"#;
const PAY: &str = "[pay]\ncycle = \"month\"\nto = \"本人\"\nfund = \"县级财政\"\n";
const BASIS: &str = "[[basis]]\ndoc = \"rules\"\nclause = \"第一条\"\nsays = \"如此\"\n";

fn item_of(parts: &[&str]) -> String {
    [&[HEAD], parts, &[BASIS]].concat().join("")
}

fn list_of(parts: &[&str]) -> List {
    Folder::with(&item_of(parts)).load()
}

fn complaint(parts: &[&str]) -> String {
    List::load(Folder::with(&item_of(parts)).path()).expect_err("refused").to_string()
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn facts(given: &Json) -> Facts {
    Facts::from_json(given).expect("facts")
}

fn judged(item: &Item, given: &Json, when: &str) -> Verdict {
    evaluate(item, &facts(given), month(when), &CodePrefix)
}

fn old() -> Json {
    json!({"birth_date": "1950-05-20"})
}

fn band(cells: &str) -> String {
    format!("[[amount.band]]\nage_from = 60\n{cells}\n")
}

fn yearly(due: &str) -> [String; 2] {
    [band("yuan_per_year = { 2020-01-01 = 600 }"), format!("{PAY}due_month = {due}\n")]
}

#[test]
fn a_sum_a_year_is_due_whole_in_its_month_and_nothing_in_the_others() {
    let [band, pay] = yearly("10");
    let list = list_of(&[WHO, &band, TIME, &pay]);
    let item = &list.items[0];
    assert_eq!((item.per, item.per.code()), (Per::Year, "year"));
    let report =
        span(item, &facts(&old()), month("2024-01"), month("2026-06"), &CodePrefix, &|_| Fen::ZERO);
    let due: Vec<String> = report.arrears.iter().map(|(month, _)| month.to_string()).collect();
    assert_eq!(due, ["2024-10", "2025-10"]);
    assert_eq!(report.total_fen, Fen::from_yuan(1200));
    let between = judged(item, &old(), "2026-06");
    assert_eq!(between, Verdict::Entitled { amount: Fen::ZERO, band: 0 }, "the right stands");
    let said = explain(item, &facts(&old()), month("2026-06"), &CodePrefix, &str::to_owned);
    assert_eq!(said.sentence, "2010 年 5 月 20 日满 60 周岁，每年 600 元，每年 10 月应发。");
    assert_eq!((said.amounts[0].amount, said.amounts[0].unit), (Fen::from_yuan(600), "元/年"));
}

#[test]
fn quarters_and_half_years_count_their_due_month_from_the_start_of_the_period() {
    for (cells, due, months) in [
        ("yuan_per_quarter = { 2020-01-01 = 90 }", "1", "2026-01 2026-04 2026-07 2026-10"),
        ("yuan_per_quarter = { 2020-01-01 = 90 }", "3", "2026-03 2026-06 2026-09 2026-12"),
        ("yuan_per_half_year = { 2020-01-01 = 90 }", "6", "2026-06 2026-12"),
    ] {
        let list = list_of(&[WHO, &band(cells), TIME, &format!("{PAY}due_month = {due}\n")]);
        let all = (1..=12).map(|number| month(&format!("2026-{number:02}")));
        let due: Vec<String> = all
            .filter(|month| judged(&list.items[0], &old(), &month.to_string()).amount().get() > 0)
            .map(|month| month.to_string())
            .collect();
        assert_eq!(due.join(" "), months, "{cells}");
    }
}

#[test]
fn a_sum_that_is_paid_once_is_due_in_the_first_month_of_the_right() {
    let list = list_of(&[WHO, &band("yuan_once = { 2020-01-01 = 1000 }"), TIME, PAY]);
    let item = &list.items[0];
    let person = json!({"birth_date": "1966-05-20"});
    assert!(matches!(judged(item, &person, "2026-05"), Verdict::NotEntitled(_)));
    assert_eq!(judged(item, &person, "2026-06").amount(), Fen::from_yuan(1000));
    assert_eq!(judged(item, &person, "2026-07"), Verdict::Entitled { amount: Fen::ZERO, band: 0 });
    assert_eq!(
        first_entitled(item, &facts(&person), month("2027-01"), &CodePrefix),
        Some(month("2026-06"))
    );
}

#[test]
fn a_due_month_that_is_missing_or_outside_of_its_period_is_refused() {
    let [year, no_due] = [band("yuan_per_year = { 2020-01-01 = 600 }"), PAY.to_owned()];
    assert!(complaint(&[WHO, &year, TIME, &no_due]).contains("due_month"));
    let [year, pay] = yearly("13");
    assert!(complaint(&[WHO, &year, TIME, &pay]).contains("due_month"));
    let monthly = band("yuan_per_month = { 2020-01-01 = 60 }");
    assert!(complaint(&[WHO, &monthly, TIME, &pay]).contains("due_month"));
    let mixed = format!("{monthly}{year}");
    assert!(complaint(&[WHO, &mixed, TIME, PAY]).contains("单位不同"));
}

const BY_LEVEL: &str = r#"[[amount.band]]
name = "重度失能"
who = ['assessment_level == "severe"']
yuan_per_month = { 2020-01-01 = 200 }
[[amount.band]]
name = "其他"
yuan_per_month = { 2020-01-01 = 50 }
"#;

#[test]
fn a_band_without_an_age_goes_by_a_fact_and_has_a_name() {
    let list = list_of(&[WHO, BY_LEVEL, TIME, PAY]);
    let item = &list.items[0];
    assert_eq!(item.bands[0].name(), "重度失能");
    assert_eq!(item.bands[0].age_from, 60, "what the item asks for");
    let mut person = old();
    assert_eq!(judged(item, &person, "2026-06"), Verdict::Unknown(vec!["assessment_level"]));
    person["assessment_level"] = json!("severe");
    let said = explain(item, &facts(&person), month("2026-06"), &CodePrefix, &str::to_owned);
    assert_eq!(said.amounts[0].text, "重度失能档（2020 年 1 月起的标准），能力等级为重度失能");
    assert_eq!(said.amounts[0].facts, ["assessment_level"]);
    assert!(said.changes.contains(&"能力等级有变化".to_owned()), "{:?}", said.changes);
    person["assessment_level"] = json!("mild");
    assert_eq!(judged(item, &person, "2026-06").amount(), Fen::from_yuan(50));
    let nameless = BY_LEVEL.replace("name = \"其他\"\n", "");
    assert!(complaint(&[WHO, &nameless, TIME, PAY]).contains("没有年龄也没有名称"));
}

#[test]
fn bands_by_a_fact_that_leave_somebody_out_do_not_pass_the_check() {
    let severe = BY_LEVEL.split("[[amount.band]]\nname = \"其他\"").next().expect("the first");
    let said = |who: &str| {
        let folder = Folder::with(&item_of(&[who, severe, TIME, PAY]));
        check(folder.path()).to_string()
    };
    let gap = "符合条件的人不属于任何一档：60 周岁、能力等级为能力完好";
    assert!(said(WHO).contains(gap), "{}", said(WHO));
    let narrow = WHO.replace("\"]", "\", 'assessment_level == \"severe\"']");
    assert!(!said(&narrow).contains("不属于任何一档"), "{}", said(&narrow));
}

const PARAMETER: &str = r#"
[parameter.minimum_living]
name = "最低生活保障标准"
yuan_per_month = { 2020-01-01 = 700, 2025-07-01 = 805 }
basis = { doc = "rules", clause = "第一条", says = "当地标准" }
"#;

#[test]
fn an_amount_may_follow_a_dated_parameter() {
    let cells = "yuan_per_month = { 2021-01-01 = \"minimum_living * 15%\", 2026-01-01 = 130 }";
    let text = item_of(&[WHO, &band(cells), TIME, PAY]);
    let folder = Folder::with(&text).and("list.toml", &format!("{LIST}{PARAMETER}"));
    let list = folder.load();
    let item = &list.items[0];
    let fen = |when| judged(item, &old(), when).amount().get();
    assert_eq!((fen("2021-01"), fen("2025-06"), fen("2025-07")), (10_500, 10_500, 12_075));
    assert_eq!(fen("2026-01"), 13_000, "the next amount ends the formula");
    assert!(matches!(judged(item, &old(), "2020-12"), Verdict::NotEncoded(_)));
    let said = explain(item, &facts(&old()), month("2025-08"), &CodePrefix, &str::to_owned);
    assert!(said.amounts[0].text.contains("最低生活保障标准 805 元 × 15%"), "{said}");
    for (formula, words) in [
        ("minimum_wage * 15%", "没有参数“minimum_wage”"),
        ("minimum_living * 15", "算式"),
        ("minimum_living * -5%", "算式"),
    ] {
        let wrong = text.replace("minimum_living * 15%", formula);
        let folder = Folder::with(&wrong).and("list.toml", &format!("{LIST}{PARAMETER}"));
        let said = List::load(folder.path()).expect_err("refused").to_string();
        assert!(said.contains(words), "{said}");
    }
    let early = text.replace("2021-01-01", "2019-01-01");
    let folder = Folder::with(&early).and("list.toml", &format!("{LIST}{PARAMETER}"));
    assert!(List::load(folder.path()).expect_err("refused").to_string().contains("还没有值"));
}

const SERVICE: &str = r#"[service]
record = "last_visit"
every = "month"
"#;

#[test]
fn a_service_is_a_right_without_a_sum_and_says_how_often() {
    let text = item_of(&[WHO, SERVICE]).replace("no = 1", "no = 1\nform = \"service\"");
    let list = Folder::with(&text).load();
    let item = &list.items[0];
    let Form::Service(service) = item.form else { panic!("a service") };
    assert_eq!(service.record.map(|kind| kind.kind().id), Some("last_visit"));
    assert_eq!(service.every, Every::Month);
    assert_eq!(judged(item, &old(), "2026-06"), Verdict::Entitled { amount: Fen::ZERO, band: 0 });
    assert_eq!(judged(item, &json!({}), "2026-06"), Verdict::Unknown(vec!["birth_date"]));
    assert!(matches!(judged(item, &old(), "2025-12"), Verdict::NotEncoded(_)), "edition of 2026");
    for (every, expected) in [
        ("{ months = 3 }", "Months(3)"),
        ("\"once\"", "Once"),
        ("{ until_day = \"assessment_valid_until\" }", "UntilDay"),
    ] {
        let list = Folder::with(&text.replace("\"month\"", every)).load();
        assert!(format!("{:?}", list.items[0].form).contains(expected), "{every}");
    }
    let wrong = text.replace("\"last_visit\"", "\"sex\"");
    let said = List::load(Folder::with(&wrong).path()).expect_err("refused").to_string();
    assert!(said.contains("第 12 行") && said.contains("不是日期类"), "{said}");
    let paid = text.replace(SERVICE, &format!("{SERVICE}{PAY}"));
    let said = List::load(Folder::with(&paid).path()).expect_err("refused").to_string();
    assert!(said.contains("不写“pay”"), "{said}");
}

#[test]
fn what_others_administer_and_what_is_left_to_lower_lists_is_not_judged() {
    let other = "form = \"elsewhere\"\nresponsible = \"人力资源社会保障局\"\n";
    for (keys, words) in [(other, "由人力资源社会保障局办理"), ("rule = \"below\"\n", "留给下级")]
    {
        let list = list_of(&[keys]);
        let item = &list.items[0];
        assert!(!item.is_judged() && item.bands.is_empty());
        let said = explain(item, &Facts::new(), month("2026-06"), &CodePrefix, &str::to_owned);
        assert!(matches!(said.verdict, Verdict::NotEncoded(_)));
        assert!(said.sentence.contains(words), "{}", said.sentence);
        assert!(complaint(&[keys, WHO]).contains("不写“who”"));
    }
    assert!(complaint(&["form = \"elsewhere\"\n"]).contains("缺少“responsible”"));
}

#[test]
fn a_right_may_leave_its_sum_to_the_lower_lists() {
    let list = list_of(&[WHO, "[amount]\nlocal_from = \"2023-05-21\"\n"]);
    let item = &list.items[0];
    assert!(item.amount_is_local());
    assert_eq!(judged(item, &old(), "2026-06"), Verdict::Entitled { amount: Fen::ZERO, band: 0 });
    assert!(matches!(judged(item, &old(), "2023-04"), Verdict::NotEncoded(_)));
}

#[test]
fn of_two_benefits_that_exclude_each_other_one_is_proposed() {
    let excludes = |choose: &str| {
        format!("[[excludes]]\nfact = \"award.disability_nursing\"\nchoose = \"{choose}\"\n")
    };
    let sum = band("yuan_per_month = { 2020-01-01 = 100 }");
    for (choose, other, keeps, gap) in [
        ("higher", 8_000, Keeps::This, 2_000),
        ("higher", 10_000, Keeps::Other, 0),
        ("higher", 12_000, Keeps::Other, 2_000),
        ("this", 12_000, Keeps::This, 2_000),
        ("other", 8_000, Keeps::Other, 2_000),
    ] {
        let list = list_of(&[WHO, &sum, TIME, PAY, &excludes(choose)]);
        let item = &list.items[0];
        let mut given = old();
        given["award.disability_nursing"] = json!(other);
        let given = facts(&given);
        let amount = evaluate(item, &given, month("2026-06"), &CodePrefix).amount();
        let found = overlaps(item, &given, month("2026-06"), amount);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].keeps, found[0].gap), (keeps, Fen::new(gap)), "{choose} {other}");
        assert_eq!(overlaps(item, &facts(&old()), month("2026-06"), amount), []);
    }
    let list = list_of(&[WHO, &sum, TIME, PAY, &excludes("higher")]);
    assert_eq!(list.items[0].excludes[0].choose, Choose::Higher);
    let said =
        explain(&list.items[0], &facts(&old()), month("2026-06"), &CodePrefix, &str::to_owned);
    let rule = "不与重度残疾人护理补贴同时享受，按高的发".to_owned();
    assert!(said.rules.contains(&rule), "{:?}", said.rules);
    let wrong = excludes("higher").replace("award.disability_nursing", "sex");
    assert!(complaint(&[WHO, &sum, TIME, PAY, &wrong]).contains("不是金额类"));
}

/// A list and a lower one beside it, as in the repository; `lower` is the lower item's text.
fn two_levels(upper: &str, lower: &[(&str, &str)]) -> Folder {
    let child = format!("parent = \"../upper\"\n{LIST}");
    let mut folder = Folder::empty().and("upper/list.toml", LIST);
    folder = folder.and("upper/old_age_allowance.toml", upper);
    for (name, text) in lower {
        folder = folder.and(&format!("{name}/list.toml"), &child);
        folder = folder.and(&format!("{name}/old_age_allowance.toml"), text);
    }
    folder
}

const LOWER: &str = "item = \"old_age_allowance\"\nno = 1\nconfidence = \"fictional\"\n\
                     implements = \"old_age_allowance\"\ninherits = true\n";

#[test]
fn an_upper_mistake_is_said_once_and_at_its_own_place() {
    let sum = band("yuan_per_month = { 2020-01-01 = 100 }");
    for (upper, words) in [
        (item_of(&["[who]\nall = [\"agee >= 60\"]\n", &sum, TIME, PAY]), "agee"),
        (item_of(&[WHO, &sum, TIME]), "缺少“pay”"),
        (item_of(&[WHO, &sum.replace("2020-01-01", "2020-01-02"), TIME, PAY]), "不是月初"),
    ] {
        let folder = two_levels(&upper, &[("a", LOWER), ("b", LOWER), ("c", LOWER)]);
        let report = check(folder.path());
        assert_eq!(report.lists, 4);
        assert_eq!(report.problems.len(), 1, "{report}");
        assert!(report.problems[0].sentence.contains(words), "{report}");
        assert!(report.problems[0].file.ends_with("upper/old_age_allowance.toml"), "{report}");
    }
}

#[test]
fn a_complete_list_has_every_item_of_the_list_above() {
    let sum = band("yuan_per_month = { 2020-01-01 = 100 }");
    let whole = item_of(&[WHO, &sum, TIME, PAY]);
    let own = whole.clone();
    let said = |folder: &Folder| check(folder.path()).to_string();
    let words = "上级清单的项目“old_age_allowance”在本清单里没有";
    let folder = two_levels(&whole, &[("a", &own)]);
    assert!(said(&folder).contains(words), "it stands there, but carries nothing out");
    assert!(!said(&two_levels(&whole, &[("a", LOWER)])).contains(words));
    let part = format!("complete = false\nparent = \"../upper\"\n{LIST}");
    assert!(!said(&folder.and("a/list.toml", &part)).contains(words));
}

proptest! {
    #[test]
    fn a_year_s_dues_are_the_yearly_sum_whichever_month_they_fall_in(
        due in 1_u8..=12,
        born in 1930_i32..1965,
    ) {
        let [band, pay] = yearly(&due.to_string());
        let list = list_of(&[WHO, &band, TIME, &pay]);
        let given = facts(&json!({"birth_date": format!("{born}-05-20")}));
        let (from, to) = (month("2026-01"), month("2026-12"));
        let report = span(&list.items[0], &given, from, to, &CodePrefix, &|_| Fen::ZERO);
        prop_assert_eq!(report.total_fen, Fen::from_yuan(600));
    }
}
