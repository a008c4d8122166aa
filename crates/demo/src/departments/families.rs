use kernel::Day;

use super::table::{Book, Crowd, Line, Table, count, having, name, sex, total};
use super::traits::FamilyPlanning;
use crate::DemoFile;
use crate::dirt::{Cell, Entry, Index, Keeps, Soiler};
use crate::numbers::{Numbers, census, day};
use crate::rng::Rng;
use crate::truth::{FileTruth, Outcome};

const SPECIAL: [&str; 8] = [
    "序号",
    "扶助对象姓名",
    "性别",
    "扶助对象身份证号",
    "现居住地",
    "家庭类别",
    "首次确认年月",
    "联系干部",
];

/// 计划生育特殊家庭: an old workbook of the health commission.
pub(super) fn family_planning(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x00FA_3117), keeps: Keeps::Numbers };
    let members = having(index, |it| it.traits.family_planning.is_some());
    let dirt = numbers.dirt.family_planning;
    let strangers = numbers.more.family_planning_rows - members.len() - dirt.unusable();
    let crowd = Crowd { dirt, members: &members, strangers, born: (1967, 1976) };
    let rows: Vec<Line> = (1..)
        .zip(crowd.entries(&mut soiler))
        .map(|(number, entry)| {
            let village = index.village(&entry);
            let own = entry.person.and_then(|at| index.people[at].traits.family_planning);
            let category = match own {
                Some(FamilyPlanning::OnlyChildDisabled) => "伤残家庭",
                Some(FamilyPlanning::OnlyChildDead) | None => "死亡家庭",
            };
            let back = i32::try_from(soiler.rng.below(150)).unwrap_or(0) + 1;
            let since = census().month().plus(-back);
            let clerk = *soiler.rng.pick(&["朱敏", "何国平", "田小玲"]);
            let cells = vec![
                Cell::Number(count(number)),
                name(&entry),
                sex(&entry, index),
                entry.id.clone(),
                Cell::Text(format!("{}{}", village.town, village.name)),
                Cell::text(category),
                Cell::Text(format!("{}年{}月", since.year(), since.number())),
                Cell::text(clerk),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "family_planning",
        file_name: "计生特殊家庭扶助对象_2026年二季度.xls".to_owned(),
        as_of: census(),
        book: Book::Xls,
        sheet: "特扶对象",
        above: vec!["松河县计划生育特殊家庭扶助对象名册".to_owned()],
        header: &[("", &SPECIAL)],
        below: vec![total(rows.len())],
    };
    table.write(index, &rows)
}

const VETERANS: [&str; 8] = [
    "序号",
    "姓名",
    "性别",
    "公民身份号码",
    "户籍所在地",
    "优抚对象类别",
    "优抚证件号",
    "享受待遇起始年月",
];

/// 优抚对象: the veterans' office's workbook.
pub(super) fn veterans(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x007E_7E12), keeps: Keeps::Numbers };
    let members = having(index, |it| it.traits.veteran);
    let dirt = numbers.dirt.veterans;
    let strangers = numbers.more.veteran_rows - members.len() - dirt.unusable();
    let crowd = Crowd { dirt, members: &members, strangers, born: (1967, 1990) };
    let rows: Vec<Line> = (1..)
        .zip(crowd.entries(&mut soiler))
        .map(|(number, entry)| {
            let village = index.village(&entry);
            let kinds = ["60周岁以上农村籍退役士兵", "参战退役人员", "残疾军人", "复员军人"];
            let back = i32::try_from(soiler.rng.below(140)).unwrap_or(0) + 2;
            let cells = vec![
                Cell::Number(count(number)),
                name(&entry),
                sex(&entry, index),
                entry.id.clone(),
                Cell::Text(format!("{}{}", village.town, village.name)),
                Cell::text(*soiler.rng.pick(&kinds)),
                Cell::Text(format!("安优字第{number:05}号")),
                Cell::Text(census().month().plus(-back).to_string()),
            ];
            (entry, cells)
        })
        .collect();
    let table = Table {
        supplier: "veterans",
        file_name: "优抚对象名册（截至5月底）.xlsx".to_owned(),
        as_of: census(),
        book: Book::Xlsx(&[]),
        sheet: "Sheet1",
        above: vec!["松河县优抚对象名册".to_owned()],
        header: &[("", &VETERANS)],
        below: vec![total(rows.len()), vec![Cell::text("注：本表数据来源于优抚信息系统。")]],
    };
    table.write(index, &rows)
}

const MARRIAGES: [&str; 8] = [
    "登记类别",
    "本人姓名",
    "本人身份证件号",
    "对方姓名",
    "对方身份证件号",
    "登记日期",
    "证件字号",
    "登记机关",
];

/// 婚姻登记信息摘录: one row for each of the two, by the day of registration.
pub(super) fn marriages(index: &Index<'_>, numbers: &Numbers) -> (DemoFile, FileTruth) {
    let mut soiler = Soiler { index, rng: Rng::new(0x003A_221E), keeps: Keeps::Text };
    let people = index.people;
    let mut rows: Vec<(Day, Line)> = Vec::new();
    for one in having(index, |it| it.traits.spouse.is_some()) {
        let other = people[one].traits.spouse.filter(|other| one < *other);
        let Some(other) = other else { continue };
        let on = day(2003, 10, 8).plus_days(i64::try_from(soiler.rng.below(8_200)).unwrap_or(0));
        let again = soiler.rng.chance(3, 4);
        let what = if again { "补领结婚登记证" } else { "结婚登记" };
        for (at, spouse) in [(one, other), (other, one)] {
            let entry = soiler.row(at, None);
            let spouse = (people[spouse].name.clone(), people[spouse].number.reveal().to_owned());
            rows.push(marriage(&mut soiler, what, entry, spouse, on));
        }
    }
    let plain = |at: &usize| people[*at].ordinary() && people[*at].traits.spouse.is_none();
    let mut single: Vec<usize> = (0..people.len()).filter(plain).collect();
    soiler.rng.shuffle(&mut single);
    single.truncate(numbers.more.divorced);
    let strangers = numbers.more.marriages_outside;
    let dirt = numbers.dirt.marriages;
    let crowd = Crowd { dirt, members: &single, strangers, born: (1968, 2003) };
    let mut others = std::collections::HashSet::new();
    for entry in crowd.entries(&mut soiler) {
        let outside = entry.outcome == Outcome::Outside;
        let what = if outside { "结婚登记" } else { "离婚登记" };
        let on = day(2014, 2, 7).plus_days(i64::try_from(soiler.rng.below(4_400)).unwrap_or(0));
        let other = soiler.stranger((1967, 1999), &mut others);
        let number = match other.id {
            Cell::Text(number) => number,
            _ => String::new(),
        };
        rows.push(marriage(&mut soiler, what, entry, (other.name, number), on));
    }
    rows.sort_by_key(|(on, _)| *on);
    let rows: Vec<Line> = rows.into_iter().map(|(_, line)| line).collect();
    let table = Table {
        supplier: "marriage_register",
        file_name: "婚姻登记信息摘录_20260531.csv".to_owned(),
        as_of: census(),
        book: Book::Utf8,
        sheet: "",
        above: Vec::new(),
        header: &[("", &MARRIAGES)],
        below: Vec::new(),
    };
    table.write(index, &rows)
}

fn marriage(
    soiler: &mut Soiler<'_>,
    what: &str,
    entry: Entry,
    (other, number): (String, String),
    on: Day,
) -> (Day, Line) {
    let letter = if what == "离婚登记" { 'L' } else { 'J' };
    let serial = soiler.rng.below(100_000);
    let cells = vec![
        Cell::text(what),
        name(&entry),
        entry.id.clone(),
        Cell::Text(other),
        Cell::Text(number),
        soiler.date(on),
        Cell::Text(format!("{letter}990121-{}-{serial:06}", on.year())),
        Cell::text("松河县民政局婚姻登记处"),
    ];
    (on, (entry, cells))
}
