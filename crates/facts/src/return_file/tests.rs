use std::ops::ControlFlow;

use super::*;
use crate::sheet::{Limits, peek, read};

fn row(number: u32, cells: &[&str]) -> Row {
    Row { number, cells: cells.iter().map(|text| Cell::Text((*text).to_owned())).collect() }
}

#[test]
fn the_rejected_rows_come_back_in_the_senders_layout_with_reason_and_remedy() {
    let head = [row(1, &["火化登记"]), row(2, &["姓名", "身份证号", "年龄"])];
    let mut bad = row(7, &["=cmd|' /C calc'!A0", "0110"]);
    bad.cells.push(Cell::Number(86.0));
    bad.cells.push(Cell::Number(411_325_189_506_153_000.0));
    bad.cells.push(Cell::Date(Day::new(2026, 5, 9).expect("a day")));
    let fault = RowFault {
        place: Some(1),
        reason: "身份证号应为 18 位。".to_owned(),
        remedy: "请对照身份证件更正。".to_owned(),
    };
    let on = Day::new(2026, 6, 2).expect("a day");
    let rejects = [Reject { row: bad, fault }];
    let bytes = return_file(&head, &rejects, on).expect("a workbook");
    assert_eq!(bytes, return_file(&head, &rejects, on).expect("the same"), "same bytes");

    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("return.xlsx");
    std::fs::write(&path, &bytes).expect("a file");
    let limits = Limits::default();
    assert_eq!(peek(&path, &limits).expect("a workbook").sheets[0].name, "退回");
    let mut rows = Vec::new();
    read(&path, 0, &limits, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })
    .expect("it is read again");
    let text = |row: &Row, at: usize| row.cell(at).as_text().into_owned();
    assert_eq!(text(&rows[1], 5), "原因");
    assert_eq!(text(&rows[1], 6), "怎么改");
    let back = &rows[2];
    assert_eq!(back.cell(0), &Cell::Text("=cmd|' /C calc'!A0".to_owned()));
    assert_eq!(back.cell(1), &Cell::Text("0110".to_owned()));
    assert_eq!(back.cell(2), &Cell::Number(86.0));
    assert_eq!(back.cell(3), &Cell::Text("4.11325189506153E+17".to_owned()));
    assert_eq!(back.cell(4), &Cell::Date(Day::new(2026, 5, 9).expect("a day")));
    assert_eq!(text(back, 5), "原第 7 行：身份证号应为 18 位。");
}
