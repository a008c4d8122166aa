use std::io::{Cursor, Write};

use kernel::Day;
use rust_xlsxwriter::{ExcelDateTime, Format as Look, Formula, Workbook};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

struct Sample {
    folder: tempfile::TempDir,
}

impl Sample {
    fn of(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("file"), bytes).expect("a file");
        Self { folder }
    }

    fn peek(&self, limits: &Limits) -> Result<Peek, Refusal> {
        peek(&self.folder.path().join("file"), limits)
    }

    fn rows(&self, sheet: usize, limits: &Limits) -> Result<Vec<Row>, Refusal> {
        let mut rows = Vec::new();
        read(&self.folder.path().join("file"), sheet, limits, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }
}

fn rows_of(bytes: &[u8]) -> Vec<Row> {
    Sample::of(bytes).rows(0, &Limits::default()).expect("a file that is read")
}

fn refusal_of(bytes: &[u8]) -> String {
    let sample = Sample::of(bytes);
    let looked = sample.peek(&Limits::default()).map(|_| ());
    let refusal = looked
        .and_then(|()| sample.rows(0, &Limits::default()).map(|_| ()))
        .expect_err("a file that is refused");
    assert!(!refusal.remedy.is_empty(), "{refusal}");
    refusal.sentence
}

fn texts(row: &Row) -> Vec<String> {
    row.cells.iter().map(|cell| cell.as_text().into_owned()).collect()
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in entries {
        zip.start_file(*name, options).expect("an entry");
        zip.write_all(content).expect("its content");
    }
    zip.finish().expect("an archive").into_inner()
}

/// The smallest workbook with this sheet.
fn workbook_of(sheet: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns='{package}'>\
             <Relationship Id='r1' Type='{office}/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns='{main}' xmlns:r='{office}'>\
         <sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>"
    );
    let sheet = format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#);
    zip_of(&[
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/s.xml").as_bytes()),
        ("xl/worksheets/s.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_workbook_keeps_its_types() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "99010519491231004X").expect("text");
    sheet.write_number(0, 1, 991_326_189_506_153_120.0).expect("a number");
    let look = Look::new().set_num_format("yyyy-mm-dd");
    let day = ExcelDateTime::from_ymd(2026, 5, 9).expect("a day");
    sheet.write_datetime_with_format(0, 2, &day, &look).expect("a day");
    sheet.write_boolean(0, 4, true).expect("yes");
    sheet.write_formula(2, 0, Formula::new("=1+1").set_result("2")).expect("a formula");
    sheet.write_number_with_format(3, 0, 60, &look).expect("29 February 1900");
    let rows = rows_of(&book.save_to_buffer().expect("a workbook"));
    let number = &rows[0].cells[1];
    assert_eq!(number.as_text(), "9.913261895061531E+17");
    assert_eq!(rows[0].cells[2], Cell::Date(Day::new(2026, 5, 9).expect("a day")));
    assert_eq!(rows[0].cells[3..], [Cell::Empty, Cell::Bool(true)]);
    assert_eq!((rows[1].number, texts(&rows[1])), (3, vec!["2".to_owned()]));
    assert_eq!(texts(&rows[2]), ["1900-02-29"]);
}

#[test]
fn a_hidden_sheet_is_seen_and_said_to_be_hidden() {
    let mut book = Workbook::new();
    book.add_worksheet().write_string(0, 0, "说明").expect("text");
    let second = book.add_worksheet();
    second.set_name("数据").expect("a name").set_hidden(true);
    second.write_string(4, 1, "姓名").expect("text");
    let peek = Sample::of(&book.save_to_buffer().expect("a workbook"))
        .peek(&Limits::default())
        .expect("a workbook is looked at");
    assert_eq!(peek.format, Format::Xlsx);
    let seen: Vec<_> = peek.sheets.iter().map(|s| (s.name.as_str(), s.hidden)).collect();
    assert_eq!(seen, [("Sheet1", false), ("数据", true)]);
    assert_eq!(peek.sheets[1].head[0].number, 5);
}

#[test]
fn two_cells_far_apart_ask_for_no_memory() {
    let corners = |far: &str| {
        let last = format!("<row r='1048576'><c r='{far}'><v>2</v></c></row>");
        workbook_of(&format!("<row r='1'><c r='A1'><v>1</v></c></row>{last}"))
    };
    let bytes = corners("XFD1048576");
    assert!(bytes.len() < 2_000, "as small as the real one");
    assert!(refusal_of(&bytes).contains("第 1048576 行用到了第 16384 列"));
    let rows = rows_of(&corners("B1048576"));
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 1_048_576]);
}

#[test]
fn a_million_blank_rows_are_no_rows() {
    let blank = r#"<row><c s="1"/></row>"#.repeat(1_000_000);
    let sheet = format!(r#"<row r="1"><c r="A1"><v>7</v></c></row>{blank}"#);
    let generous = Limits { unpacked_ratio: 10_000, ..Limits::default() };
    let rows = Sample::of(&workbook_of(&sheet)).rows(0, &generous).expect("blank rows are free");
    assert_eq!(rows.len(), 1);
}

#[test]
fn a_bomb_is_refused_by_what_its_directory_says() {
    // A sheet of 64 MiB of spaces in 64 KiB: the ratio alone gives it away.
    let bomb = workbook_of(&" ".repeat(64 << 20));
    assert!(bomb.len() < 128 << 10);
    assert!(refusal_of(&bomb).contains("压缩比"));
    let little = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let refusal = Sample::of(&bomb).peek(&little).expect_err("too big");
    assert!(refusal.sentence.contains("解压后超过上限 1 MB"));
}

#[test]
fn a_directory_that_lies_about_a_size_is_refused() {
    let mut bytes = workbook_of(&" ".repeat(1 << 20));
    let real = u32::try_from(1 << 20).expect("small").to_le_bytes()[2..].to_vec();
    // Every place that holds the sheet's size says 100 bytes afterwards.
    let size = (1_usize << 20..(1 << 20) + 300)
        .find_map(|size| {
            let wanted = u32::try_from(size).expect("small").to_le_bytes();
            bytes.windows(4).any(|four| four == wanted).then_some(wanted)
        })
        .expect("the size is in the directory");
    assert_eq!(size[2..], real);
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size {
            bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
        }
    }
    assert!(refusal_of(&bytes).contains("损坏"));
}

#[test]
fn what_is_no_spreadsheet_is_called_by_its_name() {
    for (bytes, said) in [
        (&b""[..], "空的"),
        (b"\xEF\xBB\xBF \n", "没有内容"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"%PDF-1.7", "PDF"),
        (b"\xFF\xFE\x10\x62", "UTF-16"),
        (b"a\0b\0,\0c\0", "不是系统能读的"),
        (b"PK\x03\x04 and nothing behind it", "损坏"),
    ] {
        let sentence = Sample::of(bytes).peek(&Limits::default()).expect_err("refused").sentence;
        assert!(sentence.contains(said), "{sentence}");
    }
    for (entries, said) in [
        (&[("content.xml", &b"<x/>"[..])][..], "ods"),
        (&[("xl/workbook.bin", b"")], "xlsb"),
        (&[("六月/名册.xlsx", b"PK")], "压缩包"),
        (&[("word/document.xml", b"<x/>")], "文字文档"),
    ] {
        assert!(refusal_of(&zip_of(entries)).contains(said), "{said}");
    }
}

#[test]
fn a_workbook_cut_short_is_refused_whole() {
    let whole = workbook_of(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    for length in [whole.len() / 4, whole.len() / 2, whole.len() - 10] {
        assert!(refusal_of(&whole[..length]).contains("损坏"));
    }
}

fn compound(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a compound file");
    file.create_stream(stream).expect("a stream").write_all(content).expect("its content");
    file.flush().expect("written");
    file.into_inner().into_inner()
}

#[test]
fn a_compound_file_without_a_workbook_is_refused_and_an_encrypted_one_called_so() {
    assert!(refusal_of(&compound("/EncryptedPackage", b"secret")).contains("密码"));
    assert!(refusal_of(&compound("/Workbook", &[7; 5000])).contains("损坏"));
    assert!(refusal_of(&compound("/WordDocument", b"text")).contains("损坏"));
}

#[test]
fn the_bytes_of_a_name_are_read_in_one_way_only() {
    let utf8 = "姓名,地址\n张三,云溪镇\n";
    assert_eq!(texts(&rows_of(utf8.as_bytes())[1]), ["张三", "云溪镇"]);
    let marked = [b"\xEF\xBB\xBF", utf8.as_bytes()].concat();
    assert_eq!(texts(&rows_of(&marked)[0]), ["姓名", "地址"]);
    let (gb, _, _) = encoding_rs::GB18030.encode("姓名,地址\n王䶮𠮷,云溪镇\n");
    let sample = Sample::of(&gb);
    let peek = sample.peek(&Limits::default()).expect("a text");
    assert_eq!(peek.encoding, Some(Encoding::Gb18030));
    assert_eq!(texts(&peek.sheets[0].head[1]), ["王䶮𠮷", "云溪镇"]);
}

#[test]
fn a_text_of_two_encodings_is_refused_with_its_line() {
    let (gb, _, _) = encoding_rs::GB18030.encode("李四,溪尾村\n");
    let mixed = ["姓名,村社区\n张三,云溪村\n".as_bytes(), &gb].concat();
    assert!(refusal_of(&mixed).contains("第 3 行"), "{}", refusal_of(&mixed));
    let cut = "姓名,村社区\n张三,云溪村".as_bytes();
    assert!(refusal_of(&cut[..cut.len() - 1]).contains("第 2 行"));
    let (good, _, _) = encoding_rs::GB18030.encode("姓名\n李四\n");
    let broken = [&good[..], b"\xFF\xFF\n"].concat();
    assert!(refusal_of(&broken).contains("第 3 行"));
}

#[test]
fn delimiters_quotes_and_uneven_rows_are_read_as_a_spreadsheet_reads_them() {
    for sign in [",", ";", "\t"] {
        let line = |cells: [&str; 3]| format!("{}\n", cells.join(sign));
        let file = format!(
            "名册\n{}{}{}",
            line(["姓名", "村", "备注"]),
            line(["张三", "溪尾村", "\"甲，乙\n丙\""]),
            line(["李四", "", ""])
        );
        let rows = rows_of(file.as_bytes());
        assert_eq!(texts(&rows[2]), ["张三", "溪尾村", "甲，乙\n丙"], "{sign:?}");
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(rows[3].cells.len(), 1, "trailing empty cells are left out");
    }
    let blank = rows_of("姓名,村\n\n张三,溪尾村\n".as_bytes());
    assert_eq!(blank[1].number, 3);
    let windows = rows_of("姓名,村\r\n\r\n张三,溪尾村\r\n李四,溪尾村".as_bytes());
    assert_eq!(windows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
    let padded = rows_of("姓名,村\n,\n张三,溪尾村\n,\n ,\n".as_bytes());
    let empty: Vec<bool> = padded.iter().map(|row| row.cells.is_empty()).collect();
    assert_eq!(empty, [false, true, false], "empty rows at the end are padding");
    let open = format!("姓名\n\"张三\n{}", "李四\n".repeat(30_000));
    assert!(refusal_of(open.as_bytes()).contains("引号"));
}

#[test]
fn each_limit_has_its_sentence() {
    let file = "a,b\n1,2\n3,4\n".as_bytes();
    for (limits, said) in [
        (Limits { file_bytes: 4, ..Limits::default() }, "超过上限 0 MB"),
        (Limits { rows: 2, ..Limits::default() }, "行数超过上限 2"),
        (Limits { columns: 1, ..Limits::default() }, "第 2 列"),
        (Limits { cells: 3, ..Limits::default() }, "单元格数超过上限 3"),
    ] {
        let refusal = Sample::of(file).rows(0, &limits).expect_err("refused");
        assert!(refusal.sentence.contains(said), "{refusal}");
    }
}

#[test]
fn the_child_answers_in_frames_and_a_refusal_is_one_of_them() {
    let sample = Sample::of("姓名,村\n张三,溪尾村\n".as_bytes());
    let path = sample.folder.path().join("file");
    let mut bytes = Vec::new();
    process::answer(&path, "0", &Limits::default(), &mut bytes).expect("a vector takes it");
    let mut input = bytes.as_slice();
    let mut frames = Vec::new();
    while let Ok(frame) = wire::read(&mut input) {
        frames.push(frame);
    }
    assert!(matches!(
        frames.as_slice(),
        [wire::Frame::Row(_), wire::Frame::Row(_), wire::Frame::End]
    ));
    let missing = sample.folder.path().join("nothing");
    let mut bytes = Vec::new();
    process::answer(&missing, "peek", &Limits::default(), &mut bytes).expect("an answer");
    assert!(matches!(wire::read(&mut bytes.as_slice()), Ok(wire::Frame::Refused(_))));
}
