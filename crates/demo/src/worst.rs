use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};

use crate::dirt::{Cell, Desk, Entry, Flaw, Hopeless, Index, Keeps, Soiler, full_width};
use crate::people::Roll;
use crate::police::{GROUPS, SUPPLIER, head, workbook, write_cells};
use crate::rng::Rng;
use crate::truth::{FileTruth, Outcome, RowTruth};
use crate::{Preset, World};

/// Column of the day of birth and of the address.
const BIRTH: u16 = 4;
const ADDRESS: u16 = 7;

/// See [`crate::hostile::worst_spreadsheet`].
pub(crate) fn spreadsheet() -> Result<(Vec<u8>, FileTruth), XlsxError> {
    let world = World::new(Preset::Town);
    let index = world.index();
    let mut soiler = Soiler { index: &index, rng: Rng::new(0x0BAD), keeps: Keeps::Numbers };
    let mut book = workbook();
    let sheet = book.add_worksheet();
    sheet.set_name("云溪镇（改3最终版）")?;
    head(sheet, "云溪镇老年人信息核对表（各村报送，未经校对）")?;
    let truth = body(sheet, &mut soiler)?;
    hidden(book.add_worksheet())?;
    let bytes = book.save_to_buffer()?;
    let file_name = "云溪镇老人信息（改3）最终版.xlsx".to_owned();
    Ok((bytes, FileTruth { supplier: SUPPLIER, file_name, rows: truth }))
}

fn body(sheet: &mut Worksheet, soiler: &mut Soiler<'_>) -> Result<Vec<RowTruth>, XlsxError> {
    let mut truth = Vec::new();
    let mut line = 3;
    for (n, entry) in entries(soiler).into_iter().enumerate() {
        match n {
            20 => {
                sheet.write_string(line, 0, "小计")?;
                sheet.write_formula(line, 1, Formula::new("=COUNTA(B4:B23)").set_result("20"))?;
                line += 3;
            }
            40 => {
                for (column, name) in (1..).zip(GROUPS.iter().flat_map(|(_, names)| names.iter())) {
                    sheet.write_string(line, column, *name)?;
                }
                line += 1;
            }
            _ => {}
        }
        row(sheet, line, n, &entry, soiler.index)?;
        truth.push(RowTruth {
            row: line + 1,
            outcome: entry.outcome,
            person: entry.person.map(|at| soiler.index.people[at].number.reveal().to_owned()),
        });
        line += 1;
    }
    sheet.write_string(line + 1, 0, "合计")?;
    let count = f64::from(u32::try_from(truth.len()).expect("some rows"));
    sheet.write_number(line + 1, 1, count)?;
    sheet.write_string(line + 2, 0, "填表人：　　　审核人：　　　（以派出所为准）")?;
    Ok(truth)
}

/// Sixty people, every fifth or so with a flaw, three of them twice, two rows of nobody.
fn entries(soiler: &mut Soiler<'_>) -> Vec<Entry> {
    let people = soiler.index.people;
    let mut pool: Vec<usize> = (0..people.len())
        .filter(|at| people[*at].ordinary() && people[*at].roll == Roll::Never)
        .filter(|at| soiler.index.unique_digits(*at))
        .collect();
    soiler.rng.shuffle(&mut pool);
    let mut entries = Vec::new();
    for (n, at) in pool.into_iter().take(60).enumerate() {
        let flaw = match n % 12 {
            3 => Some(Flaw::Desk(Desk::Scientific)),
            5 if n < 30 => Some(Flaw::Desk(Desk::Digit)),
            7 if n > 30 => Some(Flaw::OldNumber),
            _ => None,
        };
        let mut entry = soiler.row(at, flaw);
        if n % 12 == 9 {
            entry.name.clone_from(&people[at].name);
            entry.id = Cell::Text(full_width(people[at].number.reveal()));
            entry.outcome = Outcome::Normalised { what: vec!["id_full_width"] };
        }
        if n % 20 == 11 {
            entries.push(entry.clone());
        }
        entries.push(entry);
    }
    entries.insert(33, soiler.nobody(Hopeless::NoNumber));
    entries.push(soiler.nobody(Hopeless::Birth));
    entries
}

fn row(
    sheet: &mut Worksheet,
    line: u32,
    n: usize,
    entry: &Entry,
    index: &Index<'_>,
) -> Result<(), XlsxError> {
    let village = index.village(entry);
    let birth = entry.birth;
    let sex = entry.person.map_or("", |at| index.people[at].sex.chinese());
    let mut cells = vec![
        Cell::Number(f64::from(line - 2)),
        Cell::text(&entry.name),
        Cell::text(sex),
        entry.id.clone(),
        match n % 9 {
            2 => Cell::Serial(birth),
            // Day and month changed places.
            4 => Cell::Text(format!(
                "{}-{:02}-{:02}",
                birth.year(),
                birth.day(),
                birth.month_number()
            )),
            6 => Cell::Empty,
            _ => Cell::Text(birth.to_string()),
        },
        Cell::text(&village.town),
        Cell::text(&village.name),
        Cell::Empty,
        Cell::text("正常"),
    ];
    let formula = n % 9 == 8;
    if formula {
        cells[usize::from(BIRTH)] = Cell::Empty;
    }
    write_cells(sheet, line, &cells, &Format::new().set_num_format("yyyy/m/d"))?;
    if formula {
        let text = format!("=TEXT(MID(D{},7,8),\"0000-00-00\")", line + 1);
        sheet.write_formula(line, BIRTH, Formula::new(text).set_result(birth.to_string()))?;
    }
    if n == 13 {
        let (family, given) = entry.name.split_at('王'.len_utf8());
        let joined = Formula::new(format!("=\"{family}\"&\"{given}\"")).set_result(&entry.name);
        sheet.write_formula(line, 1, joined)?;
    }
    if n % 15 == 1 {
        let lookup = Formula::new("=VLOOKUP(B4,旧数据!A:B,2,FALSE)").set_result("#N/A");
        sheet.write_formula(line, ADDRESS, lookup)?;
    }
    Ok(())
}

fn hidden(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("旧数据")?.set_hidden(true);
    for (column, name) in (0..).zip(["姓名", "身份证", "备注"]) {
        sheet.write_string(0, column, name)?;
    }
    sheet.write_string(1, 0, "已作废，勿用")?;
    Ok(())
}
