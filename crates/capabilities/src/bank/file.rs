//! 代发文件: the bytes that leave, and the manifest that goes with them.

use encoding_rs::GB18030;
use kernel::{Day, Fen, Month, Refusal, Trouble};
use outgoing::workbook::{Cell, Formats, book, write_cell};
use sm3::{Digest, Sm3};

use super::BankLine;
use super::layout::{BankColumn, BankEncoding, BankFormat, BankLayout, BankOrigin, Unit};

/// What the lines of one file have in common.
#[derive(Clone, Debug)]
pub struct Heading {
    /// 批次号
    pub number: String,
    /// Which month.
    pub month: Month,
    /// 补贴项目
    pub item: String,
    /// Day that a workbook says it was made on: not the machine's, so that the bytes stay the same.
    pub made_on: Day,
}

/// 交接清单: count, total and SM3 of a file. The paper form carries it.
#[doc(alias = "交接清单")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// 笔数
    pub count: u32,
    /// 金额
    pub total: Fen,
    /// Of the bytes.
    pub sm3: [u8; 32],
}

impl Manifest {
    /// The manifest of these lines as these bytes.
    pub fn of(lines: &[BankLine], bytes: &[u8]) -> Self {
        Self {
            count: u32::try_from(lines.len()).unwrap_or(u32::MAX),
            total: lines.iter().map(|line| line.amount).sum(),
            sm3: Sm3::digest(bytes).into(),
        }
    }
}

/// The file of these lines. The same lines give the same bytes.
///
/// # Errors
/// A line that the layout cannot hold: nothing is cut, and nothing leaves that a spreadsheet would
/// run.
pub fn bytes(
    layout: &BankLayout,
    heading: &Heading,
    lines: &[BankLine],
) -> Result<Vec<u8>, Trouble> {
    for line in lines {
        for column in &layout.columns {
            fits(layout, column, line)?;
        }
    }
    match layout.format {
        BankFormat::Csv => csv(layout, heading, lines),
        BankFormat::Xlsx => xlsx(layout, heading, lines),
    }
}

fn fits(layout: &BankLayout, column: &BankColumn, line: &BankLine) -> Result<(), Refusal> {
    let (text, what) = match column.from {
        BankOrigin::Name => (&line.name, "户名"),
        BankOrigin::Number => (&line.number, "证件号码"),
        BankOrigin::Account => (&line.account, "账号"),
        _ => return Ok(()),
    };
    let refused = |why: String| {
        let sentence = format!("第 {} 笔的{what}{why}，代发文件不能生成。", line.no);
        Err(Refusal::new(sentence, "请改正这个人的资料，重新拟制这一批。"))
    };
    if text.is_empty() {
        return refused("是空的".to_owned());
    }
    if let Some(width) = column.width
        && text.chars().count() > width
    {
        return refused(format!("超过 {width} 个字"));
    }
    if text.chars().any(char::is_control) {
        return refused("里有不能打印的字符".to_owned());
    }
    if layout.format == BankFormat::Csv && text.starts_with(['=', '+', '-', '@']) {
        return refused("以特殊符号开头，表格软件会当作公式".to_owned());
    }
    Ok(())
}

/// A sum without commas, as files have it.
fn sum(amount: Fen, unit: Unit) -> String {
    match unit {
        Unit::Fen => amount.get().to_string(),
        Unit::Yuan => amount.to_string().replace(',', ""),
    }
}

fn cell(column: &BankColumn, heading: &Heading, line: &BankLine) -> Cell {
    Cell::Text(match column.from {
        BankOrigin::RunNumber => heading.number.clone(),
        BankOrigin::RunMonth => {
            format!("{:04}{:02}", heading.month.year(), heading.month.number())
        }
        BankOrigin::RunItem => heading.item.clone(),
        BankOrigin::RunPurpose => format!("{}{}", heading.month.chinese(), heading.item),
        BankOrigin::Name => line.name.clone(),
        BankOrigin::Number => line.number.clone(),
        BankOrigin::Account => line.account.clone(),
        BankOrigin::LineNo => return Cell::Count(u64::from(line.no)),
        BankOrigin::Amount => {
            return match (column.write, u64::try_from(line.amount.get())) {
                (Unit::Fen, Ok(fen)) => Cell::Count(fen),
                _ => Cell::Money(line.amount),
            };
        }
    })
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Text(text) => text,
        Cell::Count(count) => count.to_string(),
        Cell::Money(amount) => sum(amount, Unit::Yuan),
        Cell::Day(day) => day.to_string(),
        Cell::Empty => String::new(),
    }
}

/// 合计行
fn trailer(layout: &BankLayout, lines: &[BankLine]) -> Option<Vec<String>> {
    let amounts = layout.columns.iter().find(|column| column.from == BankOrigin::Amount);
    let unit = amounts.map(|column| column.write).unwrap_or_default();
    let total = sum(lines.iter().map(|line| line.amount).sum(), unit);
    let filled = |cell: &String| {
        cell.replace("{count}", &lines.len().to_string()).replace("{total}", &total)
    };
    (!layout.trailer.is_empty()).then(|| layout.trailer.iter().map(filled).collect())
}

fn csv(layout: &BankLayout, heading: &Heading, lines: &[BankLine]) -> Result<Vec<u8>, Trouble> {
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let columns = &layout.columns;
    writer.write_record(columns.iter().map(|it| &it.header)).map_err(Trouble::fault)?;
    for line in lines {
        let cells = columns.iter().map(|column| text(cell(column, heading, line)));
        writer.write_record(cells).map_err(Trouble::fault)?;
    }
    if let Some(cells) = trailer(layout, lines) {
        writer.write_record(cells).map_err(Trouble::fault)?;
    }
    let bytes = writer.into_inner().map_err(|error| Trouble::fault(error.to_string()))?;
    match layout.encoding {
        BankEncoding::Utf8 => Ok(bytes),
        BankEncoding::Gb18030 => {
            let text = String::from_utf8(bytes).map_err(Trouble::fault)?;
            // GB 18030 has a code for every sign.
            Ok(GB18030.encode(&text).0.into_owned())
        }
    }
}

fn xlsx(layout: &BankLayout, heading: &Heading, lines: &[BankLine]) -> Result<Vec<u8>, Trouble> {
    let mut workbook = book(heading.made_on);
    let formats = Formats::new();
    let sheet = workbook.add_worksheet();
    for (place, column) in (0_u16..).zip(&layout.columns) {
        sheet
            .write_string(0, place, &column.header)
            .and_then(|sheet| sheet.set_column_width(place, 18))
            .map_err(Trouble::fault)?;
    }
    let mut at = 0;
    for line in lines {
        at += 1;
        for (place, column) in (0_u16..).zip(&layout.columns) {
            let cell = cell(column, heading, line);
            write_cell(sheet, (at, place), &cell, &formats).map_err(Trouble::fault)?;
        }
    }
    for (place, cell) in (0_u16..).zip(trailer(layout, lines).unwrap_or_default()) {
        sheet.write_string(at + 1, place, cell).map_err(Trouble::fault)?;
    }
    workbook.save_to_buffer().map_err(Trouble::fault)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::load;
    use super::*;

    fn layout(id: &str) -> BankLayout {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bank");
        load(&dir).expect("sound").into_iter().find(|it| it.id == id).expect("ships")
    }

    fn heading() -> Heading {
        Heading {
            number: "990121-old_age_allowance-202606-1".to_owned(),
            month: "2026-06".parse().expect("a month"),
            item: "高龄津贴".to_owned(),
            made_on: "2026-06-25".parse().expect("a day"),
        }
    }

    fn line(no: u32, name: &str, yuan: i64) -> BankLine {
        let (number, account) = ("990121194510170022".to_owned(), "6217990121000001".to_owned());
        BankLine { no, name: name.to_owned(), number, account, amount: Fen::from_yuan(yuan) }
    }

    #[test]
    fn the_bank_reads_gbk_lines_and_a_trailer_with_count_and_total() {
        let lines = [line(1, "周桂兰", 40), line(2, "𠮷秀英", 1_240)];
        let bytes = bytes(&layout("rural_commercial_bank"), &heading(), &lines).expect("a file");
        let text = GB18030.decode(&bytes).0.into_owned();
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 4);
        assert!(rows[0].starts_with("\"批次号\",\"序号\",\"户名\""), "{}", rows[0]);
        assert!(rows[1].contains("\"6217990121000001\",\"40.00\",\"2026 年 6 月高龄津贴\""));
        assert!(rows[2].contains("\"𠮷秀英\"") && rows[2].contains("\"1240.00\""), "{}", rows[2]);
        assert_eq!(rows[3], "\"合计\",\"2\",\"\",\"\",\"\",\"1280.00\",\"\"");
    }

    #[test]
    fn the_same_lines_give_the_same_bytes_and_another_sum_another_hash() {
        for id in ["rural_commercial_bank", "one_card_system"] {
            let (layout, lines) = (layout(id), [line(1, "周桂兰", 40)]);
            let once = bytes(&layout, &heading(), &lines).expect("a file");
            assert_eq!(once, bytes(&layout, &heading(), &lines).expect("a file"), "{id}");
            let manifest = Manifest::of(&lines, &once);
            assert_eq!((manifest.count, manifest.total), (1, Fen::from_yuan(40)));
            let changed = [line(1, "周桂兰", 41)];
            let other = bytes(&layout, &heading(), &changed).expect("a file");
            assert_ne!(manifest.sm3, Manifest::of(&changed, &other).sm3, "{id}");
        }
    }

    #[test]
    fn a_line_that_the_bank_cannot_take_is_named_and_nothing_is_cut() {
        let layout = layout("rural_commercial_bank");
        let whole = line(7, "周桂兰", 40);
        for (bad, says) in [
            (BankLine { name: "周".repeat(51), ..whole.clone() }, "第 7 笔的户名超过 50 个字"),
            (BankLine { name: "=1+1".to_owned(), ..whole.clone() }, "公式"),
            (BankLine { account: String::new(), ..whole.clone() }, "账号是空的"),
            (BankLine { account: "62\n17".to_owned(), ..whole }, "不能打印"),
        ] {
            let trouble = bytes(&layout, &heading(), &[bad]).expect_err(says);
            assert!(trouble.to_string().contains(says), "{trouble}");
        }
    }
}
