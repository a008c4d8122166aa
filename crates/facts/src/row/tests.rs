use super::*;
use crate::layout::recognise;
use crate::sheet::{Format, Peek, SheetHead};

const POLICE: &str = include_str!("../../../../exchange/police_register.toml");
const ROSTER: &str = include_str!("../../../../exchange/legacy_roster.toml");

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
    let resolve = |place: &Place| (place.village == "溪尾村").then_some(AreaId::new(7));
    facts_of(&layout, &typed, as_of, &resolve)
        .into_iter()
        .map(|fact| format!("{}={} since {}", fact.kind, fact.value, fact.valid_from))
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
