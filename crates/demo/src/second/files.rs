use kernel::Day;

use super::people::{alone, before, old_town, paid};
use crate::DemoFile;
use crate::departments::Origin;
use crate::departments::table::{Book, Crowd, Line, Table, count, having, name, yuan};
use crate::dirt::{Cell, Index, Keeps, Soiler};
use crate::numbers::{FileDirt, census, day};
use crate::people::{Fate, Person, Roll};
use crate::rng::Rng;
use crate::truth::FileTruth;

pub(super) fn files(index: &Index<'_>) -> Vec<(DemoFile, FileTruth)> {
    vec![
        residents(index, day(2026, 5, 1)),
        residents(index, day(2026, 6, 1)),
        burials(index),
        longevity(index),
        hardship(index),
    ]
}

/// The register's code for a person on a day and since when; none who is not in it yet.
fn state(person: &Person, as_of: Day) -> Option<(&'static str, Option<Day>)> {
    let june = as_of.month() == census().month().next();
    if !june && person.traits.moved == Some(Origin::Elsewhere) {
        return None;
    }
    Some(match person.fate {
        Fate::Dead { died, registered: Some(told), .. } if told < as_of => ("20", Some(died)),
        Fate::MovedOut { on } if on < as_of => ("30", Some(on)),
        _ => ("10", None),
    })
}

/// 户籍老年人口: with semicolons and codes instead of words.
fn residents(index: &Index<'_>, as_of: Day) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0002_0001), keeps: Keeps::Text };
    let june = as_of.month() == census().month().next();
    let rows: Vec<Line> = having(index, |it| state(it, as_of).is_some())
        .into_iter()
        .map(|at| {
            let person = &index.people[at];
            let entry = soiler.row(at, None);
            let village = &index.villages[if june { person.village } else { before(person) }];
            let (code, since) = state(person, as_of).expect("chosen by it");
            let sex = if person.sex == kernel::Sex::Male { 1.0 } else { 2.0 };
            let household = format!("PC{:06}", person.traits.household);
            let cells = vec![
                Cell::text(&village.town),
                Cell::text(&village.name),
                name(&entry),
                entry.id.clone(),
                Cell::Number(sex),
                Cell::text(code),
                since.map_or(Cell::Empty, |day| soiler.date(day)),
                Cell::Text(household),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "pc_residents",
        file_name: format!("平川老年人口{}.csv", as_of.to_string().replace('-', "")),
        as_of,
        book: Book::Semicolons,
        sheet: "",
        above: Vec::new(),
        header: &[(
            "",
            &[
                "街镇",
                "村居名称",
                "人员姓名",
                "人员证件号",
                "性别代码",
                "人员状态代码",
                "状态变更日",
                "家庭户编码",
            ],
        )],
        below: Vec::new(),
    };
    table.write(index, &rows)
}

/// 殡葬办理登记: an old workbook.
fn burials(index: &Index<'_>) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0002_0002), keeps: Keeps::Numbers };
    let rows: Vec<Line> = having(index, |it| matches!(it.fate, Fate::Dead { .. }))
        .into_iter()
        .map(|at| {
            let person = &index.people[at];
            let Fate::Dead { died, cremated, .. } = person.fate else {
                unreachable!("chosen by it");
            };
            let entry = soiler.row(at, None);
            let village = index.village(&entry);
            let cells = vec![
                soiler.date(cremated),
                name(&entry),
                entry.id.clone(),
                soiler.date(died),
                Cell::Text(format!("平川县{}{}", old_town(village), village.name)),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "pc_burials",
        file_name: "殡葬办理202605.xls".to_owned(),
        as_of: census(),
        book: Book::Xls,
        sheet: "五月",
        above: vec!["平川县殡葬办理情况".to_owned()],
        header: &[("", &["办理日", "故者", "故者证件号", "故去日", "生前住址"])],
        below: vec![vec![Cell::text("共计"), Cell::Number(count(rows.len()))]],
    };
    table.write(index, &rows)
}

/// 长寿金发放表: by the old pay program, which knows the areas of before.
fn longevity(index: &Index<'_>) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0002_0003), keeps: Keeps::Numbers };
    let rows: Vec<Line> = having(index, |it| matches!(it.roll, Roll::On { .. }))
        .into_iter()
        .map(|at| {
            let person = &index.people[at];
            let entry = soiler.row(at, None);
            let village = index.village(&entry);
            let start = match person.roll {
                Roll::On { start } => start.first(),
                _ => unreachable!("chosen by it"),
            };
            let cells = vec![
                name(&entry),
                entry.id.clone(),
                Cell::text(old_town(village)),
                Cell::text(&village.name),
                yuan(Some(paid(person))),
                soiler.date(start),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "pc_longevity",
        file_name: "5月长寿金.xlsx".to_owned(),
        as_of: census(),
        book: Book::Xlsx(&["本表由旧程序导出"]),
        sheet: "发放",
        above: vec!["平川县2026年5月长寿金发放表".to_owned(), "单位：元".to_owned()],
        header: &[
            ("领取人", &["名字", "证件"]),
            ("住址", &["街镇或园区", "村居"]),
            ("长寿金", &["每月", "起发日"]),
        ],
        below: vec![vec![Cell::text("经办：罗文静")]],
    };
    table.write(index, &rows)
}

/// 困难老人台账: yes and no; two rows for the desk and one that nobody can use.
fn hardship(index: &Index<'_>) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x0002_0004), keeps: Keeps::Text };
    let named =
        |it: &Person| it.traits.relief.is_some() || it.traits.disability.is_some() || alone(it);
    let members = having(index, named);
    let dirt = FileDirt { old_numbers: 1, desk_name: 2, unusable_other: 1, ..FileDirt::CLEAN };
    let crowd = Crowd { dirt, members: &members, strangers: 2, born: (1967, 1990) };
    let rows: Vec<Line> = crowd
        .entries(&mut soiler)
        .into_iter()
        .map(|entry| {
            let person = entry.person.map(|at| &index.people[at]);
            let yes = |yes: bool| Cell::text(if yes { "是" } else { "否" });
            let grade = person.and_then(|it| it.traits.disability).map(|it| it.grade);
            let cells = vec![
                name(&entry),
                entry.id.clone(),
                yes(person.is_none_or(|it| it.traits.relief.is_some())),
                Cell::Text(grade.map_or("无证".to_owned(), |grade| format!("{grade}级"))),
                yes(person.is_some_and(alone)),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "pc_hardship",
        file_name: "困难老人台账.csv".to_owned(),
        as_of: census(),
        book: Book::Utf8,
        sheet: "",
        above: Vec::new(),
        header: &[("", &["老人", "老人证件号", "是否低收入", "残疾证级别", "是否独居"])],
        below: Vec::new(),
    };
    table.write(index, &rows)
}
