//! The worst files are what they claim to be.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xls, Xlsx};
use demo::{Outcome, Preset, hostile};

fn unpacked(bytes: &[u8]) -> u64 {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut sheet = zip.by_name("xl/worksheets/sheet1.xml").expect("a sheet");
    let mut begin = vec![0; 200];
    sheet.read_exact(&mut begin).expect("it unpacks");
    assert!(String::from_utf8_lossy(&begin).contains("<sheetData>"));
    sheet.size()
}

#[test]
fn two_cells_at_the_corners_fit_in_a_kilobyte_and_a_half() {
    let bytes = hostile::sparse_cell();
    assert!(bytes.len() < 1500, "{} bytes", bytes.len());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
    let mut cells = book.worksheet_cells_reader("Sheet1").expect("a sheet");
    let mut places = Vec::new();
    while let Some(cell) = cells.next_cell().expect("a cell") {
        places.push(cell.get_position());
    }
    assert_eq!(places, [(0, 0), (1_048_575, 16_383)]);
}

#[test]
fn the_bomb_is_small_and_unpacks_to_more_than_a_gigabyte() {
    let bytes = hostile::zip_bomb();
    assert!(bytes.len() < 8 << 20, "{} bytes", bytes.len());
    assert!(unpacked(&bytes) > 1 << 30);
}

#[test]
fn a_million_rows_are_blank() {
    let bytes = hostile::million_blank_rows();
    assert!(unpacked(&bytes) > 30_000_000 && bytes.len() < 10 << 20);
}

fn first_sheet(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("cells");
    range.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn swapped_and_shrunk_registers_are_the_register_otherwise() {
    let whole = demo::generate(Preset::Town).files.swap_remove(0).bytes;
    let (whole, swapped) =
        (first_sheet(&whole), first_sheet(&hostile::swapped_columns(Preset::Town)));
    assert_eq!(whole[..3], swapped[..3], "the headings stay");
    assert_eq!((&whole[9][1], &whole[9][3]), (&swapped[9][3], &swapped[9][1]));
    let shrunk = first_sheet(&hostile::shrunk_register(Preset::Town));
    let share = shrunk.len() * 100 / whole.len();
    assert!((58..=62).contains(&share), "{share} %");
    assert_eq!(whole[..400], shrunk[..400]);
}

#[test]
fn no_strict_reader_takes_the_broken_texts() {
    let mixed = hostile::mixed_encodings();
    assert!(std::str::from_utf8(&mixed).is_err());
    let (_, broken) = encoding_rs::GB18030.decode_without_bom_handling(&mixed);
    assert!(broken, "the lines in UTF-8 are no GB18030");
    let header = hostile::header_only();
    let (header, broken) = encoding_rs::GB18030.decode_without_bom_handling(&header);
    assert!(!broken && header.starts_with("序号,乡镇,") && header.lines().count() == 1);
    let utf16 = hostile::utf16_csv();
    assert!(utf16.starts_with(&[0xFF, 0xFE]) && utf16.contains(&0));
    assert!(hostile::empty().is_empty());
}

#[test]
fn no_reader_opens_what_is_no_workbook() {
    assert!(Xlsx::new(Cursor::new(hostile::truncated_zip())).is_err());
    for bytes in [hostile::html_as_xls(), hostile::ole_junk(), hostile::encrypted_like()] {
        assert!(Xls::new(Cursor::new(bytes)).is_err());
    }
    assert!(cfb::CompoundFile::open(Cursor::new(hostile::encrypted_like())).is_ok());
}

#[test]
fn the_worst_spreadsheet_is_mostly_usable() {
    let bytes = hostile::worst_spreadsheet();
    assert_eq!(bytes, hostile::worst_spreadsheet());
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).expect("a workbook");
    assert_eq!(book.sheets_metadata()[1].visible, SheetVisible::Hidden);
    let formulas = book.worksheet_formula(&book.sheet_names()[0].clone()).expect("formulas");
    assert!(formulas.used_cells().count() > 10);
    let rows = first_sheet(&bytes);
    assert!(rows.iter().flatten().any(|cell| matches!(cell, Data::Error(_))));
    assert!(rows.iter().any(|row| row[0] == Data::String("合计".to_owned())));
    let truth = hostile::worst_truth();
    let people: HashSet<_> = truth.iter().filter_map(|row| row.person.as_ref()).collect();
    assert_eq!((people.len(), truth.len()), (60, 65));
    let usable = truth
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Exact | Outcome::Normalised { .. }));
    assert!(usable.count() > 50);
    for row in &truth {
        let id = &rows[row.row as usize - 1][3];
        if row.outcome == Outcome::Exact {
            assert_eq!(Some(id.to_string()), row.person);
        }
    }
    let town = demo::generate(Preset::Town);
    let known: HashSet<_> =
        town.truth.files[0].rows.iter().filter_map(|it| it.person.as_ref()).collect();
    assert!(people.iter().all(|person| known.contains(*person)), "they live in the town");
}
