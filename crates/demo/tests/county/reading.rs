//! The demo's files read by other means than those that wrote them.

use std::io::Cursor;
use std::sync::LazyLock;

use calamine::{Data, Reader, Xls, Xlsx};
use demo::{Demo, DemoFile, Outcome, Preset, RowTruth};
use kernel::{Day, ResidentNumber};

pub(crate) static COUNTY: LazyLock<Demo> = LazyLock::new(|| demo::generate(Preset::County));
pub(crate) static TOWN: LazyLock<Demo> = LazyLock::new(|| demo::generate(Preset::Town));

pub(crate) type Rows = Vec<Vec<String>>;

/// The files of both read once: the tests share them.
static COUNTY_ROWS: LazyLock<Vec<Rows>> = LazyLock::new(|| COUNTY.files.iter().map(read).collect());
static TOWN_ROWS: LazyLock<Vec<Rows>> = LazyLock::new(|| TOWN.files.iter().map(read).collect());

pub(crate) fn rows_of(demo: &Demo, file: usize) -> &'static Rows {
    if std::ptr::eq(demo, &raw const *COUNTY) { &COUNTY_ROWS[file] } else { &TOWN_ROWS[file] }
}

pub(crate) fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => Day::new(1899, 12, 30)
            .expect("a day")
            .plus_days(format!("{:.0}", at.as_f64()).parse().expect("days"))
            .to_string(),
        other => other.to_string(),
    }
}

pub(crate) fn sheet(range: &calamine::Range<Data>) -> Rows {
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

pub(crate) fn read(file: &DemoFile) -> Rows {
    let bytes = Cursor::new(&file.bytes);
    let csv = |text: &str| {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes())
            .records()
            .map(|row| row.expect("a record").iter().map(str::to_owned).collect())
            .collect()
    };
    match file.file_name.rsplit_once('.').expect("an ending").1 {
        "xlsx" => {
            let mut book: Xlsx<_> = Xlsx::new(bytes).expect("a workbook");
            // Notes may stand on a sheet before the data.
            let sheets = book.worksheets();
            let longest = sheets.iter().max_by_key(|(_, range)| range.height());
            sheet(&longest.expect("a sheet").1)
        }
        "xls" => {
            let mut book: Xls<_> = Xls::new(bytes).expect("a workbook");
            sheet(&book.worksheet_range_at(0).expect("a sheet").expect("cells"))
        }
        _ if file.bytes.starts_with(b"\xEF\xBB\xBF") => {
            csv(std::str::from_utf8(&file.bytes[3..]).expect("UTF-8"))
        }
        _ => {
            let (text, _, broken) = encoding_rs::GB18030.decode(&file.bytes);
            assert!(!broken, "the roster is GB18030 throughout");
            csv(&text)
        }
    }
}

/// The number in a cell after what a stated normalisation undoes.
pub(crate) fn number(cell: &str) -> Option<ResidentNumber> {
    let plain: String = cell
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .map(|c| match u32::from(c) {
            wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).expect("ascii"),
            _ => c,
        })
        .collect::<String>()
        .to_uppercase();
    plain.parse().or_else(|_| ResidentNumber::from_15(&plain)).ok()
}

/// Day as any of the spellings that the files use, or a bare serial.
pub(crate) fn day(cell: &str) -> Option<Day> {
    let digits: String = cell.chars().map(|c| if c.is_ascii_digit() { c } else { ' ' }).collect();
    let parts: Vec<&str> = digits.split_whitespace().collect();
    match parts[..] {
        [y, m, d] => Day::new(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?),
        [all] if all.len() == 8 => {
            Day::new(all[..4].parse().ok()?, all[4..6].parse().ok()?, all[6..].parse().ok()?)
        }
        [serial] => Some(Day::new(1899, 12, 30)?.plus_days(serial.parse().ok()?)),
        _ => None,
    }
}

pub(crate) fn good(row: &RowTruth) -> bool {
    matches!(row.outcome, Outcome::Exact | Outcome::Normalised { .. })
}

/// Rows of data whose truth says that they mean their person for certain.
pub(crate) fn good_rows(
    demo: &Demo,
    file: usize,
    id_column: usize,
) -> Vec<(ResidentNumber, Vec<String>)> {
    let rows = rows_of(demo, file);
    demo.truth.files[file]
        .rows
        .iter()
        .filter(|row| good(row))
        .map(|truth| {
            let row = rows[truth.row as usize - 1].clone();
            let id = number(&row[id_column]).expect("a good row has a number");
            assert_eq!(Some(id.reveal()), truth.person.as_deref(), "row {}", truth.row);
            (id, row)
        })
        .collect()
}

pub(crate) fn age(number: ResidentNumber) -> i32 {
    Day::new(2026, 5, 31).expect("a day").full_years_since(number.birth())
}
