use super::*;
use crate::layout::recognise;
use crate::sheet::{Format, Peek, SheetHead};

const POLICE: &str = include_str!("../../../../exchange/police_register.toml");
const ROSTER: &str = include_str!("../../../../exchange/legacy_roster.toml");

const SPOUSE: &str = "990101193912310023";

fn row(number: u32, cells: &[&str]) -> Row {
    let cells = cells.iter().map(|text| Cell::Text((*text).to_owned())).collect();
    Row { number, cells }
}

/// The facts of a row below this header, as `kind=value since day`.
fn facts(layout: &str, header: &[&str], cells: &[&str]) -> Vec<String> {
    let layout = Layout::parse(layout).expect("a shipped layout");
    let head = vec![row(1, header)];
    let sheet = SheetHead { name: String::new(), hidden: false, rows_estimate: 1, head };
    let peek =
        Peek { format: Format::Csv, encoding: None, epoch: Epoch::From1900, sheets: vec![sheet] };
    let mapping = recognise(&peek, std::slice::from_ref(&layout)).expect("its header").mapping;
    let typed = Typist::new(&layout, &mapping).read(&row(2, cells)).expect("a person");
    assert_eq!(typed.fault(&layout), None);
    let as_of = Day::new(2026, 6, 1).expect("a day");
    let spouse: ResidentNumber = SPOUSE.parse().expect("a number");
    let resolve = Resolve {
        area: &|place| (place.village == "溪尾村").then_some(AreaId::new(7)),
        person: &|number| (*number == spouse).then(|| PersonId::new(uuid::Uuid::from_u128(9))),
    };
    facts_of(&layout, &typed, as_of, resolve)
        .into_iter()
        .map(|fact| {
            let until = fact.valid_to.map(|day| format!(" until {day}")).unwrap_or_default();
            format!("{}={} since {}{until}", fact.kind, fact.value, fact.valid_from)
        })
        .collect()
}

const HEADER: [&str; 7] =
    ["姓名", "公民身份号码", "乡镇街道", "村社区", "状态", "注销或迁出日期", "出生日期"];

#[test]
fn a_living_person_of_the_register_is_named_born_and_at_home() {
    let living = ["张三", "99010519491231004X", "云溪镇", "溪尾村", "正常", "", "1949-12-31"];
    assert_eq!(
        facts(POLICE, &HEADER, &living),
        [
            "name=张三 since 2026-06-01",
            "sex=female since 2026-06-01",
            "birth_date=1949-12-31 since 2026-06-01",
            "hukou_area=7 since 2026-06-01",
            "register_state=present since 2026-06-01",
        ]
    );
}

#[test]
fn the_dead_of_the_register_keep_their_village_and_who_moved_away_has_none() {
    let dead = ["张三", "99010519491231004X", "云溪镇", "溪尾村", "死亡注销", "2026/5/3", ""];
    let said = facts(POLICE, &HEADER, &dead);
    assert!(
        said.contains(&"register_state=cancelled_by_death since 2026-05-03".to_owned()),
        "{said:?}"
    );
    assert!(said.contains(&"death_date=2026-05-03 since 2026-05-03".to_owned()), "{said:?}");
    // The months before the death are still judged by where the person was registered.
    assert!(said.contains(&"hukou_area=7 since 2026-06-01".to_owned()), "{said:?}");
    let moved = ["张三", "99010519491231004X", "云溪镇", "溪尾村", "迁出", "2026/5/3", ""];
    let said = facts(POLICE, &HEADER, &moved);
    for gone in ["death_date", "hukou_area"] {
        assert!(!said.iter().any(|fact| fact.starts_with(gone)), "{said:?}");
    }
}

#[test]
fn a_line_of_the_roster_is_an_award_since_its_first_month() {
    let header = ["乡镇", "村社区", "姓名", "身份证号", "月标准", "开始享受年月", "本月发放金额"];
    let line = ["云溪镇", "溪尾村", "张三", "99010519491231004x", "120.00元", "2021.11", "120"];
    let said = facts(ROSTER, &header, &line);
    assert_eq!(said, ["award.old_age_allowance=120.00 元 since 2021-11-01"]);
}

/// A full file of disability cards and marriages that nobody sends: every kind of rule once.
const CARDS: &str = r#"
id = "cards"
name = "残疾人证"
department = "残联"
coverage = "full"
fresh_days = 31
rank = 30
creates_people = false
same_number_twice = "both_to_desk"
acceptance = { shrink_percent = 40, change_percent = 20, death_rows = 5, two_people = true }
columns = [
  { field = "name", headers = ["姓名"], parse = "name" },
  { field = "resident_number", headers = ["身份证号"], parse = "resident_number" },
  { field = "grade", headers = ["残疾等级"], parse = "word", words = { "一级" = "1", "二级" = "2" } },
  { field = "until", headers = ["有效期至"], parse = "day" },
  { field = "spouse", headers = ["配偶身份证号"], parse = "resident_number" },
]
facts = [
  { kind = "disability_grade", from = "grade", valid_to = "until", otherwise = 0 },
  { kind = "low_income", value = true, when = { grade = "1" }, otherwise = false },
  { kind = "spouse", from = "spouse" },
]
"#;

#[test]
fn a_constant_a_last_day_a_number_as_a_word_and_a_relative_are_facts() {
    let header = ["姓名", "身份证号", "残疾等级", "有效期至", "配偶身份证号"];
    let said = |grade, until, spouse| {
        facts(CARDS, &header, &["张三", "99010519491231004X", grade, until, spouse])
    };
    assert_eq!(
        said("一级", "2026-09-30", SPOUSE),
        [
            "disability_grade=1 since 2026-06-01 until 2026-10-01".to_owned(),
            "low_income=是 since 2026-06-01".to_owned(),
            format!("spouse={} since 2026-06-01", uuid::Uuid::from_u128(9)),
        ]
    );
    assert_eq!(
        said("二级", "2025-12-31", "99010519491231004X"),
        ["disability_grade=2 since 2025-12-31 until 2026-01-01"],
        "lapsed before the file speaks; nobody has the other number"
    );
}

#[test]
fn a_layout_that_says_what_the_register_cannot_hold_is_refused() {
    let refused = |from: &str, to: &str| {
        assert!(CARDS.contains(from), "{from}");
        Layout::parse(&CARDS.replace(from, to)).expect_err(to).sentence
    };
    for (from, to, word) in [
        ("\"full\"", "\"increment\"", "全量"),
        ("otherwise = 0", "otherwise = 9", "取值"),
        ("value = true", "value = \"yes\"", "取值"),
        ("value = true", "value = true, from = \"grade\"", "只写一个"),
        ("\"一级\" = \"1\"", "\"一级\" = \"first\"", "取值"),
        ("kind = \"spouse\"", "kind = \"friend\"", "登记表"),
        ("valid_to = \"until\"", "valid_to = \"end\"", "栏目"),
    ] {
        let sentence = refused(from, to);
        assert!(sentence.contains(word), "{to}: {sentence}");
    }
}
