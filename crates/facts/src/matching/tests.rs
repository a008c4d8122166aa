use kernel::{AreaId, AreaLevel};
use proptest::prelude::*;

use super::*;
use crate::layout::{Mapping, recognise};
use crate::row::{Place, Typist};
use crate::sheet::{Cell, Epoch, Format, Peek, Row, SheetHead};

struct World(Gazetteer);

impl Surroundings for World {
    fn number_key(&self, number: &ResidentNumber) -> NumberKey {
        number.reveal().as_bytes()[2..].try_into().expect("16 of 18 bytes")
    }

    fn new_person(&self, key: &NumberKey) -> PersonId {
        PersonId::new(uuid::Uuid::from_bytes(*key))
    }

    fn gazetteer(&self) -> &Gazetteer {
        &self.0
    }
}

fn world() -> World {
    let area = |id: i64, name: &str, level, parent: i64| NamedArea {
        id: AreaId::new(id),
        name: name.to_owned(),
        level,
        parent: Some(AreaId::new(parent)),
    };
    World(Gazetteer::new([
        area(10, "云溪镇", AreaLevel::Township, 1),
        area(20, "东云溪镇", AreaLevel::Township, 1),
        area(11, "溪尾村", AreaLevel::Village, 10),
        area(12, "桥头社区居民委员会", AreaLevel::Village, 10),
        area(21, "溪尾村", AreaLevel::Village, 20),
    ]))
}

const LAYOUT: &str = r#"
id = "test"
name = "测试"
department = "测试局"
coverage = "full"
fresh_days = 31
rank = 10
creates_people = CREATES
same_number_twice = "TWICE"
acceptance = { shrink_percent = 40 }
columns = [
  { field = "name", headers = ["姓名"], parse = "name", required = true },
  { field = "resident_number", headers = ["身份证号"], parse = "resident_number" },
  { field = "town", headers = ["乡镇"], parse = "area" },
  { field = "village", headers = ["村"], parse = "area" },
  { field = "note", headers = ["日期"], parse = "day" },
]
"#;

fn layout(creates: bool, twice: &str) -> Layout {
    let text = LAYOUT.replace("CREATES", &creates.to_string()).replace("TWICE", twice);
    Layout::parse(&text).expect("a layout")
}

fn cells(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::Text((*text).to_owned())).collect()
}

fn mapping(layout: &Layout) -> Mapping {
    let head = vec![Row {
        number: 1, cells: cells(&["姓名", "身份证号", "乡镇", "村", "日期"])
    }];
    let sheet = SheetHead { name: String::new(), hidden: false, rows_estimate: 0, head };
    let peek =
        Peek { format: Format::Csv, encoding: None, epoch: Epoch::From1900, sheets: vec![sheet] };
    recognise(&peek, std::slice::from_ref(layout)).expect("the header").mapping
}

/// Matches rows that begin at row 2 of a file.
fn run(layout: &Layout, index: Index, rows: &[[&str; 5]]) -> Vec<Match> {
    let (world, hashes, mapping) = (world(), Hashes::new([7; 32]), mapping(layout));
    let typist = Typist::new(layout, &mapping);
    let as_of = Day::new(2026, 5, 31).expect("a day");
    let mut matcher = Matcher::new(layout, &world, as_of, &hashes, index);
    for (number, texts) in (2..).zip(rows) {
        let row = Row { number, cells: cells(texts) };
        matcher.push(&typist.read(&row).expect("a row about somebody"));
    }
    matcher.finish().into_iter().map(|it| it.outcome).collect()
}

const ZHANG: &str = "99010119391231002X";

/// A number with its check sign.
fn number(first17: &str) -> String {
    let digits: [u8; 17] = first17.as_bytes().try_into().expect("17 digits");
    format!("{first17}{}", char::from(ResidentNumber::check_of(&digits)))
}

fn zhang() -> String {
    number(&ZHANG[..17])
}

fn id(text: &str) -> PersonId {
    world().new_person(&world().number_key(&text.parse().expect("a number")))
}

fn known(text: &str, name: &str, area: i64) -> (Person, Vec<NumberKey>) {
    let number: ResidentNumber = text.parse().expect("a number");
    let person = Person {
        id: id(text),
        name: name.to_owned(),
        birth: Some(number.birth()),
        sex: Some(number.sex()),
        area: Some(AreaId::new(area)),
    };
    (person, vec![world().number_key(&number)])
}

fn county() -> Index {
    Index::new([
        known(&zhang(), "张·三丰", 11),
        known(&number("99010119400101001"), "李四", 11),
        known(&number("99010119400101003"), "李四", 21),
    ])
}

fn desk(outcome: &Match) -> (DeskReason, Vec<PersonId>) {
    match outcome {
        Match::Desk { reason, candidates } => {
            (*reason, candidates.iter().map(|it| it.person).collect())
        }
        other => panic!("not at the desk: {other:?}"),
    }
}

#[test]
fn the_order_is_exact_then_normalised_then_candidates_then_nobody() {
    let full = zhang();
    let unknown = number("99010119300505001");
    let wrong = format!("{}{}", &full[..17], if full.ends_with('1') { '2' } else { '1' });
    let out = run(
        &layout(false, "each_stands"),
        county(),
        &[
            ["张·三丰", &full, "", "", ""],
            ["张•三丰 ", &format!(" {full}"), "", "", "2026-05-01"],
            ["张三", &full, "", "", "2026-05-01"],
            ["张·三丰", &wrong, "云溪镇", "溪尾村", ""],
            ["王五", &unknown, "云溪镇", "溪尾村", ""],
            ["王五", &wrong, "云溪镇", "溪尾村", ""],
        ],
    );
    let zhang = id(&full);
    assert_eq!(out[0], Match::Exact(zhang));
    let steps = vec![Normalised::Spaces, Normalised::DotVariant];
    assert_eq!(out[1], Match::Normalised(zhang, steps));
    assert_eq!(desk(&out[2]), (DeskReason::NameDiffers, vec![zhang]));
    assert_eq!(desk(&out[3]), (DeskReason::WrongNumber(NumberError::Check), vec![zhang]));
    assert_eq!(out[4], Match::None);
    assert!(matches!(&out[5], Match::Unusable(fault) if fault.place == Some(1)));
}

#[test]
fn lost_digits_and_missing_numbers_go_to_the_desk_and_are_never_decided() {
    let out = run(
        &layout(false, "each_stands"),
        county(),
        &[
            ["李四", "9.90101194001010E+17", "东云溪镇", "溪尾村", ""],
            ["李四", "9.90101194001010E+17", "", "", ""],
            ["李四", "9.90101195001010E+17", "东云溪镇", "溪尾村", ""],
            ["李四", "", "云溪镇", "溪尾村委会", ""],
            ["李四", "9.9010E+17", "东云溪镇", "", ""],
        ],
    );
    let (here, there) = (id(&number("99010119400101001")), id(&number("99010119400101003")));
    let (reason, people) = desk(&out[0]);
    assert_eq!((reason, people[0], people.len()), (DeskReason::LostDigits, there, 2));
    assert_eq!(desk(&out[1]).1.len(), 2, "twins by name and birth: both are shown");
    assert!(matches!(out[2], Match::Unusable(_)), "the birth that is left speaks against both");
    assert_eq!(desk(&out[3]), (DeskReason::NoNumber, vec![here]));
    assert_eq!(desk(&out[4]), (DeskReason::LostDigits, vec![there]));
}

#[test]
fn a_register_makes_people_known_and_its_own_dirt_is_matched_with_them() {
    let (full, other) = (zhang(), number("99010119391231014"));
    let out = run(
        &layout(true, "later_to_desk"),
        Index::new([known(&number("99010119400101001"), "李四", 11)]),
        &[
            ["张三", "", "云溪镇", "溪尾村", ""],
            ["张三", &full, "云溪镇", "溪尾村", ""],
            ["张三", &full, "云溪镇", "溪尾村", ""],
            ["张山", &full, "云溪镇", "溪尾村", ""],
            ["张三", &other, "云溪镇", "桥头社区", ""],
            ["张三", &number("99010119391231016"), "云溪镇", "溪尾村", ""],
            ["李四", &number("99010119400101005"), "云溪镇", "溪尾村", ""],
        ],
    );
    assert_eq!(desk(&out[0]).0, DeskReason::NoNumber);
    assert_eq!(out[1], Match::New(id(&full), vec![]));
    assert_eq!(out[2], Match::Repeat(3));
    assert_eq!(desk(&out[3]), (DeskReason::SameNumberTwice { row: 3 }, vec![id(&full)]));
    assert_eq!(out[4], Match::New(id(&other), vec![]), "a namesake in another village");
    assert!(matches!(out[5], Match::New(..)), "two namesakes, each with a number of the file");
    let old = id(&number("99010119400101001"));
    assert_eq!(desk(&out[6]), (DeskReason::NumberChanged, vec![old]));
}

#[test]
fn a_number_is_no_new_one_of_somebody_whose_own_comes_further_down() {
    let (old, new) = (number("99010119400101001"), number("99010119400101005"));
    let out = run(
        &layout(true, "later_to_desk"),
        Index::new([known(&old, "李四", 11)]),
        &[["李四", &new, "云溪镇", "溪尾村", ""], ["李四", &old, "云溪镇", "溪尾村", ""]],
    );
    assert_eq!(out, [Match::New(id(&new), vec![]), Match::Exact(id(&old))]);
}

#[test]
fn two_rows_with_one_number_and_other_content_both_wait_where_neither_is_the_key() {
    let full = zhang();
    let rows = [
        ["张·三丰", &full, "", "", "2026-05-01"],
        ["张·三丰", &full, "", "", "2026/5/1"],
        ["张·三丰", &full, "", "", "2026-05-02"],
    ];
    let out = run(&layout(false, "both_to_desk"), county(), &rows);
    assert_eq!(desk(&out[0]).0, DeskReason::SameNumberTwice { row: 4 });
    assert_eq!(out[1], Match::Repeat(2), "another spelling is no other content");
    assert_eq!(desk(&out[2]).0, DeskReason::SameNumberTwice { row: 2 });
    let out = run(&layout(false, "each_stands"), county(), &rows);
    assert_eq!(out[2], Match::Exact(id(&full)));
}

#[test]
fn places_are_found_in_the_ways_that_people_write_them() {
    let world = world();
    let areas = |town: &str, village: &str, whole: &str| {
        let place = Place { town: town.into(), village: village.into(), whole: whole.into() };
        world.0.areas(&place).into_iter().map(AreaId::get).collect::<Vec<_>>()
    };
    assert_eq!(areas("云溪镇", "溪尾村", ""), [11]);
    assert_eq!(areas("东云溪镇", "溪尾", ""), [21]);
    assert_eq!(areas("", "", "松河县云溪镇溪尾村"), [11]);
    assert_eq!(areas("", "", "东云溪镇溪尾村民委员会"), [21]);
    assert_eq!(areas("", "溪尾村", ""), [11, 21], "homonyms are all given");
    assert_eq!(areas("云溪镇", "桥头社区居委会", ""), [12]);
    assert_eq!(areas("云溪镇", "不存在村", ""), [10]);
    assert_eq!(areas("", "", "外县"), [0_i64; 0]);
}

#[test]
fn the_difference_of_two_files_is_by_person_and_by_content() {
    let key = |n: u8| [n; 16];
    let before = [(key(1), key(1)), (key(2), key(2)), (key(3), key(3)), (key(4), key(4))];
    let now = [(key(5), key(5)), (key(2), key(9)), (key(1), key(1)), (key(1), key(7))];
    let result = difference(before, now);
    assert_eq!((result.added, result.changed), (vec![key(5)], vec![key(2)]));
    assert_eq!((result.removed, result.unchanged), (vec![key(3), key(4)], 1));
    let shrunk = difference(before, [(key(1), key(1)), (key(2), key(2))]);
    assert_eq!(shrunk.shrink_percent(), 50);
    assert_eq!(difference([], now).shrink_percent(), 0);
}

proptest! {
    #[test]
    fn no_row_is_lost_or_doubled_and_the_order_of_people_does_not_matter(
        rows in prop::collection::vec((0_usize..4, 0_usize..6, 0_usize..3), 0..40),
        creates: bool,
        twice in prop::sample::select(vec!["each_stands", "both_to_desk", "later_to_desk"]),
    ) {
        let numbers = [
            zhang(), number("99010119400101001"), number("99010119300505001"),
            zhang().to_lowercase(), String::new(), "9.90101194001010E+17".to_owned(),
        ];
        let names = ["张·三丰", "李四", "李 四", "王五"];
        let villages = ["溪尾村", "桥头社区", ""];
        let file: Vec<[&str; 5]> = rows
            .iter()
            .map(|(name, at, village)| {
                [names[*name], numbers[*at].as_str(), "云溪镇", villages[*village], ""]
            })
            .collect();
        let layout = layout(creates, twice);
        let out = run(&layout, county(), &file);
        prop_assert_eq!(out.len(), file.len());
        let matched: Vec<Matched> =
            (2..).zip(&out).map(|(row_no, it)| Matched { row_no, outcome: it.clone() }).collect();
        let tally = Tally::of(&matched);
        let sum = tally.exact + tally.normalised + tally.desk + tally.new + tally.repeat
            + tally.none + tally.unusable;
        prop_assert_eq!((tally.rows, sum), (u32::try_from(file.len()).expect("few"), sum));
        prop_assert_eq!(tally.rows, sum);
        let mut people = vec![
            known(&zhang(), "张·三丰", 11),
            known(&number("99010119400101001"), "李四", 11),
            known(&number("99010119400101003"), "李四", 21),
        ];
        people.reverse();
        prop_assert_eq!(run(&layout, Index::new(people), &file), out);
        let made = matched.iter().filter(|it| matches!(it.outcome, Match::New(..))).count();
        prop_assert!(creates || made == 0);
        prop_assert!(made <= 1, "only one number of the file is unknown");
    }
}
