use std::collections::{HashMap, HashSet};

use kernel::{Day, Sex};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::DemoFile;
use crate::dirt::{Cell, Desk, Entry, Flaw, Hopeless, Index, Keeps, Soiler, serial};
use crate::numbers::{Numbers, day};
use crate::people::{Fate, Person, Roll};
use crate::rng::Rng;
use crate::truth::{FileTruth, RowTruth};

/// 公安人口库: the supplier's id.
pub(crate) const SUPPLIER: &str = "police_register";

/// Two-line header: the groups with their columns; the first column has no group.
pub(crate) const GROUPS: [(&str, &[&str]); 4] = [
    ("人员信息", &["姓名", "性别", "公民身份号码", "出生日期"]),
    ("户籍地址", &["乡镇街道", "村社区", "详细地址"]),
    ("户籍状态", &["状态", "注销或迁出日期", "登记日期"]),
    ("户信息", &["户号", "与户主关系"]),
];

/// What happened to a snapshot on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Nothing.
    Whole,
    /// The columns of name and number changed places under their headings.
    Swapped,
    /// The last four tenths of the rows were cut off.
    Shrunk,
}

/// The register's snapshot as of the first of June, or of May, with its dirt and its truth.
pub(crate) fn register(
    index: &Index<'_>,
    numbers: &Numbers,
    as_of: Day,
    shape: Shape,
) -> Result<(DemoFile, FileTruth), XlsxError> {
    let rng = Rng::new(0x0060_0110);
    let mut soiler = Soiler { index, rng, keeps: Keeps::Numbers };
    let mut rows = rows(&mut soiler, numbers, as_of);
    if shape == Shape::Shrunk {
        rows.truncate(rows.len() * 6 / 10);
    }
    let file_name = file_name(as_of);
    let county = &index.place.name;
    let until = as_of.chinese().replace(' ', "");
    let title = format!("{county}60周岁以上户籍人口信息（截至{until}）");
    let mut workbook = workbook();
    let sheet = workbook.add_worksheet_with_low_memory()?;
    sheet.set_name("人口信息")?;
    head(sheet, &title)?;
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let mut truth = Vec::with_capacity(rows.len());
    for (line, (entry, state)) in (3..).zip(&rows) {
        let mut cells = cells(&mut soiler, line - 2, entry, state);
        if shape == Shape::Swapped {
            cells.swap(1, 3);
        }
        write_cells(sheet, line, &cells, &date)?;
        truth.push(RowTruth {
            row: line + 1,
            outcome: entry.outcome.clone(),
            person: entry.person.map(|at| index.people[at].number.reveal().to_owned()),
        });
    }
    let end = u32::try_from(rows.len()).expect("fewer rows than a sheet has") + 4;
    sheet.write_string(end, 0, "合计")?;
    sheet.write_number(end, 1, f64::from(end - 4))?;
    sheet.write_string(end + 1, 0, format!("制表单位：{county}公安局　制表日期：{as_of}"))?;
    let bytes = workbook.save_to_buffer()?;
    let file = DemoFile { supplier: SUPPLIER, as_of, file_name: file_name.clone(), bytes };
    Ok((file, FileTruth { supplier: SUPPLIER, file_name, rows: truth }))
}

pub(crate) fn file_name(as_of: Day) -> String {
    format!("公安人口库_60岁以上人口_{}.xlsx", as_of.to_string().replace('-', ""))
}

/// A workbook whose bytes do not depend on the moment of writing.
pub(crate) fn workbook() -> Workbook {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 6, 1).expect("the demo's own days exist");
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    workbook
}

/// Title and two-line header. The cells of a low-memory sheet must come row by row, so the one
/// cell that is merged downwards is written after the first line and before the second.
pub(crate) fn head(sheet: &mut Worksheet, title: &str) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 12, title, &bold)?;
    let mut column = 1;
    for (group, columns) in GROUPS {
        let width = u16::try_from(columns.len()).expect("a few columns");
        sheet.merge_range(1, column, 1, column + width - 1, group, &bold)?;
        column += width;
    }
    sheet.merge_range(1, 0, 2, 0, "序号", &bold)?;
    for (column, name) in (1..).zip(GROUPS.iter().flat_map(|(_, columns)| columns.iter())) {
        sheet.write_string_with_format(2, column, *name, &bold)?;
    }
    Ok(())
}

pub(crate) fn write_cells(
    sheet: &mut Worksheet,
    line: u32,
    cells: &[Cell],
    date: &Format,
) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => {
                sheet.write_string(line, column, text)?;
            }
            Cell::Number(number) => {
                sheet.write_number(line, column, *number)?;
            }
            Cell::Serial(of) => {
                sheet.write_number_with_format(line, column, serial(*of), date)?;
            }
        }
    }
    Ok(())
}

/// What the police says of a person on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    word: &'static str,
    on: Option<Day>,
    registered: Option<Day>,
}

const PRESENT: State = State { word: "正常", on: None, registered: None };

/// None when the person does not stand in the snapshot of that day.
fn state(person: &Person, as_of: Day) -> Option<State> {
    if as_of.plus_days(-1).full_years_since(person.birth) < 60 {
        return None;
    }
    Some(match person.fate {
        Fate::Dead { died, registered: Some(registered), .. }
        | Fate::Contradicted { died, registered, .. }
            if registered < as_of =>
        {
            State { word: "死亡注销", on: Some(died), registered: Some(registered) }
        }
        Fate::MovedOut { on } if on < as_of => {
            State { word: "迁出", on: Some(on), registered: Some(on) }
        }
        _ => PRESENT,
    })
}

/// Everybody's good row by village; second, damaged rows of some and rows of nobody in between.
fn rows(soiler: &mut Soiler<'_>, numbers: &Numbers, as_of: Day) -> Vec<(Entry, State)> {
    let people = soiler.index.people;
    let dirt = numbers.dirt.register;
    let pool: Vec<usize> = (0..people.len())
        .filter(|at| people[*at].ordinary() && people[*at].roll == Roll::Never)
        .filter(|at| people[*at].birth < day(1966, 1, 1))
        .collect();
    let plan = soiler.plan(dirt, &pool);
    let mut hopeless: HashMap<usize, Vec<Hopeless>> = HashMap::new();
    let kinds = std::iter::repeat_n(Hopeless::Scientific, dirt.unusable_scientific)
        .chain(Hopeless::OTHER.into_iter().cycle().take(dirt.unusable_other));
    for kind in kinds {
        let after = soiler.rng.below(people.len());
        hopeless.entry(after).or_default().push(kind);
    }
    let mut rows = Vec::with_capacity(people.len() + 100);
    let mut second = HashSet::new();
    for (at, person) in people.iter().enumerate() {
        let Some(state) = state(person, as_of) else { continue };
        match plan.get(&at) {
            Some(flaw @ Flaw::Desk(Desk::Scientific | Desk::Digit | Desk::Empty)) => {
                rows.push((soiler.row(at, None), state));
                rows.push((soiler.row(at, Some(*flaw)), state));
                second.insert(at);
            }
            flaw => rows.push((soiler.row(at, flaw.copied()), state)),
        }
        for kind in hopeless.remove(&at).unwrap_or_default() {
            rows.push((soiler.nobody(kind), PRESENT));
        }
    }
    debug_assert_eq!(second.len(), dirt.desk(), "the register's desk rows are second rows");
    rows
}

fn cells(soiler: &mut Soiler<'_>, count: u32, entry: &Entry, state: &State) -> [Cell; 13] {
    let village = soiler.index.village(entry);
    let address = if entry.name.is_empty() {
        Cell::Empty
    } else {
        let house = soiler.rng.below(180) + 1;
        let group = soiler.rng.below(9) + 1;
        Cell::Text(format!("{}{group}组{house}号", village.name))
    };
    let (town, village) = (village.town.clone(), village.name.clone());
    let person = entry.person.map(|at| &soiler.index.people[at]);
    let household = person.map(|it| {
        // The register counts its households within the village.
        let code = &soiler.index.place.code;
        format!("{code}{:03}{:04}", it.village + 1, it.traits.household)
    });
    let relation = person.map(relation);
    let sex = entry.person.map(|at| soiler.index.people[at].sex.chinese());
    let birth = if entry.name.is_empty() { Cell::Empty } else { soiler.date(entry.birth) };
    let mut day = |of: Option<Day>| of.map_or(Cell::Empty, |of| soiler.date(of));
    let (on, registered) = (day(state.on), day(state.registered));
    [
        Cell::Number(f64::from(count)),
        if entry.name.is_empty() { Cell::Empty } else { Cell::text(&entry.name) },
        sex.map_or(Cell::Empty, Cell::text),
        entry.id.clone(),
        birth,
        Cell::Text(town),
        Cell::Text(village),
        address,
        Cell::text(state.word),
        on,
        registered,
        household.map_or(Cell::Empty, Cell::Text),
        relation.map_or(Cell::Empty, Cell::text),
    ]
}

/// 与户主关系, as the register would have it.
fn relation(person: &Person) -> &'static str {
    match (person.traits.spouse, person.sex) {
        (Some(_), Sex::Female) => "配偶",
        (None, Sex::Male) if person.age() >= 85 => "父亲",
        (None, Sex::Female) if person.age() >= 75 => "母亲",
        _ => "户主",
    }
}
