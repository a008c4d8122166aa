//! The worst files that an intake meets: each function gives the bytes of one.

use std::io::{self, Cursor, Write};

use rust_xlsxwriter::XlsxError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::numbers::{census, day};
use crate::police::{self, Shape};
use crate::rng::Rng;
use crate::truth::{FileTruth, RowTruth};
use crate::{Preset, World, biff, roster, worst};

const MEMORY: &str = "memory is writable";

/// 1.4 KB with the cells A1 and XFD1048576 only: a dense reader asks for 17 billion cells.
///
/// # Panics
/// Never: it writes to memory.
pub fn sparse_cell() -> Vec<u8> {
    let rows = concat!(
        r#"<row r="1"><c r="A1"><v>1</v></c></row>"#,
        r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#
    );
    package(|sheet| sheet.write_all(rows.as_bytes())).expect(MEMORY)
}

/// A workbook of about a megabyte whose sheet unpacks to more than a gigabyte of rows.
///
/// # Panics
/// Never: it writes to memory.
pub fn zip_bomb() -> Vec<u8> {
    let cell = "<row><c><v>1</v></c></row>                ";
    let chunk = cell.repeat((1 << 20) / cell.len());
    package(|sheet| (0..1100).try_for_each(|_| sheet.write_all(chunk.as_bytes()))).expect(MEMORY)
}

/// A million rows with a height and nothing else, below no header.
///
/// # Panics
/// Never: it writes to memory.
pub fn million_blank_rows() -> Vec<u8> {
    let row = |number: u32| format!(r#"<row r="{number}" ht="15"><c r="A{number}"/></row>"#);
    let write = |sheet: &mut dyn Write| {
        (1..=1_000_000).try_for_each(|number| sheet.write_all(row(number).as_bytes()))
    };
    package(write).expect(MEMORY)
}

/// A workbook of one sheet with these rows, written by hand.
fn package(rows: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<Vec<u8>> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const TYPES: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    const SHEETS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let link = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns='{PACKAGE}'>\
             <Relationship Id='rId1' Type='{LINKS}/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns='{TYPES}'><Default Extension='rels' \
                 ContentType='application/vnd.openxmlformats-package.relationships+xml'/>\
                 <Override PartName='/xl/workbook.xml' \
                 ContentType='{SHEETS}.sheet.main+xml'/>\
                 <Override PartName='/xl/worksheets/sheet1.xml' \
                 ContentType='{SHEETS}.worksheet+xml'/></Types>"
            ),
        ),
        ("_rels/.rels", link("officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{MAIN}' xmlns:r='{LINKS}'><sheets>\
                 <sheet name='Sheet1' sheetId='1' r:id='rId1'/></sheets></workbook>"
            ),
        ),
        ("xl/_rels/workbook.xml.rels", link("worksheet", "worksheets/sheet1.xml")),
    ];
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, options)?;
        zip.write_all(content.as_bytes())?;
    }
    zip.start_file("xl/worksheets/sheet1.xml", options)?;
    write!(zip, r#"<worksheet xmlns="{MAIN}"><sheetData>"#)?;
    rows(&mut zip)?;
    zip.write_all(b"</sheetData></worksheet>")?;
    Ok(zip.finish()?.into_inner())
}

fn register(preset: Preset, shape: Shape) -> Result<Vec<u8>, XlsxError> {
    let world = World::new(preset);
    let (file, _) = police::register(&world.index(), world.numbers, day(2026, 6, 1), shape)?;
    Ok(file.bytes)
}

/// The register with the columns 姓名 and 公民身份号码 swapped under their headings.
///
/// # Panics
/// As [`crate::generate`].
pub fn swapped_columns(preset: Preset) -> Vec<u8> {
    register(preset, Shape::Swapped).expect(crate::WRITABLE)
}

/// The register without its last four tenths.
///
/// # Panics
/// As [`crate::generate`].
pub fn shrunk_register(preset: Preset) -> Vec<u8> {
    register(preset, Shape::Shrunk).expect(crate::WRITABLE)
}

/// The town's roster as text.
fn roster_text() -> String {
    let world = World::new(Preset::Town);
    let (file, _) = roster::roster(&world.index(), world.numbers, census().month());
    encoding_rs::GB18030.decode(&file.bytes).0.into_owned()
}

/// The town's roster, every third line in UTF-8 and the others in GB18030.
pub fn mixed_encodings() -> Vec<u8> {
    let text = roster_text();
    let encode = |(number, line): (usize, &str)| match number % 3 {
        2 => line.as_bytes().to_vec(),
        _ => encoding_rs::GB18030.encode(line).0.into_owned(),
    };
    text.split_inclusive('\n').enumerate().flat_map(encode).collect()
}

/// The town's roster in UTF-16 with its mark, as a spreadsheet saves “Unicode text”.
pub fn utf16_csv() -> Vec<u8> {
    let text = format!("\u{FEFF}{}", roster_text());
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// No bytes at all.
pub fn empty() -> Vec<u8> {
    Vec::new()
}

/// The roster's header and no line below it.
pub fn header_only() -> Vec<u8> {
    let text = roster_text();
    let header = text.split_inclusive('\n').next().unwrap_or_default();
    encoding_rs::GB18030.encode(header).0.into_owned()
}

/// The town's register, of which the transfer lost the second half.
///
/// # Panics
/// As [`crate::generate`].
pub fn truncated_zip() -> Vec<u8> {
    let mut bytes = register(Preset::Town, Shape::Whole).expect(crate::WRITABLE);
    bytes.truncate(bytes.len() / 2);
    bytes
}

/// A web page with a table under the name of an old workbook, as some systems “export”.
pub fn html_as_xls() -> Vec<u8> {
    let page = "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; \
                charset=gb2312\"></head><body><table border=1><tr><td>序号</td><td>逝者姓名</td>\
                <td>身份证号</td></tr><tr><td>1</td><td>王秀英</td>\
                <td style='mso-number-format:\"\\@\"'>990121193602030028</td></tr></table>\
                <script>alert(1)</script></body></html>";
    encoding_rs::GBK.encode(page).0.into_owned()
}

/// The signature of an OLE2 container, and noise behind it.
pub fn ole_junk() -> Vec<u8> {
    let mut rng = Rng::new(0x0DEA_D01E);
    let signature = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    let noise = (0..8192).filter_map(|_| u8::try_from(rng.below(256)).ok());
    signature.into_iter().chain(noise).collect()
}

/// A workbook under a password, as it looks from outside: a container with an encrypted package.
///
/// # Panics
/// Never: it writes to memory.
pub fn encrypted_like() -> Vec<u8> {
    let noise = ole_junk();
    let streams: [(&str, &[u8]); 2] =
        [("/EncryptionInfo", &noise[8..256]), ("/EncryptedPackage", &noise[8..])];
    biff::container(&streams).expect(MEMORY)
}

/// The worst workbook that a data officer owns, and mostly usable all the same: about sixty
/// living people of the town in the register's layout, with subtotals, a header that comes
/// again, blank rows, formulas, error cells, damaged numbers, repeated people, day and month
/// swapped, and a hidden sheet of old data.
///
/// # Panics
/// As [`crate::generate`].
pub fn worst_spreadsheet() -> Vec<u8> {
    worst::spreadsheet().expect(crate::WRITABLE).0
}

/// The rows of [`worst_spreadsheet`] with what an importer should make of them.
///
/// # Panics
/// As [`crate::generate`].
pub fn worst_truth() -> Vec<RowTruth> {
    let FileTruth { rows, .. } = worst::spreadsheet().expect(crate::WRITABLE).1;
    rows
}
