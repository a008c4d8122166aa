//! Files that leave through the browser: lists as workbooks with their filter printed on them, and
//! the names under which files are saved.

use std::fmt::Write as _;

use access::{Actor, AuditEntry, record};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use kernel::Trouble;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::App;

pub(crate) use outgoing::workbook::{Cell, Formats, book, write_cell};

/// 表头: what is printed above the rows of a list that leaves.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    /// What the rows are, such as 今日待办; also the name of the sheet.
    pub(crate) title: String,
    /// 筛选条件 in words; 全部 when nothing is filtered.
    pub(crate) filter_words: String,
    /// Whether rows name people: the sheet then says to be kept with care.
    pub(crate) personal: bool,
    /// Said when there are more rows than the sheet holds.
    pub(crate) cut_off: Option<String>,
}

/// A list as a workbook: title, who made it when and for which area, the filter, the number of
/// rows, a word of care where people are named, headings and typed cells. A column is its heading
/// and its width in signs. That a list which names people leaves is on record before its bytes do.
pub(crate) async fn list(
    app: &App,
    actor: &Actor,
    head: &Head,
    columns: &[(&str, f64)],
    rows: &[Vec<Cell>],
) -> Result<Vec<u8>, Trouble> {
    let lines = head_lines(app, actor, head, rows.len());
    let bytes = bytes(app, head, &lines, columns, rows)?;
    if head.personal {
        let entry = AuditEntry::new(actor, app.now(), "导出名单", format!("list/{}", head.title))
            .after(&bytes)
            .note(format!("筛选：{}；共 {} 行", head.filter_words, rows.len()));
        let mut tx = app.db().begin(&actor.scope).await?;
        record(tx.conn(), &entry).await?;
        tx.commit().await?;
    }
    Ok(bytes)
}

fn bytes(
    app: &App,
    head: &Head,
    lines: &[String],
    columns: &[(&str, f64)],
    rows: &[Vec<Cell>],
) -> Result<Vec<u8>, Trouble> {
    let mut book = book(app.now().day());
    fill(book.add_worksheet(), head, lines, columns, rows).map_err(Trouble::fault)?;
    book.save_to_buffer().map_err(Trouble::fault)
}

fn head_lines(app: &App, actor: &Actor, head: &Head, rows: usize) -> Vec<String> {
    let now = app.now();
    let area = app.areas().spoken(actor.area);
    let more = head.cut_off.as_ref().map_or_else(String::new, |words| format!("，{words}"));
    let mut lines = vec![
        format!("{area} {}", head.title),
        format!("导出：{}（{}），{} {}", actor.name, actor.role.chinese(), now.day(), now.clock()),
        format!("范围：{area}；筛选：{}；共 {rows} 行{more}", head.filter_words),
    ];
    if head.personal {
        lines.push("含个人信息，注意保管，用后销毁，不得转发。".to_owned());
    }
    lines
}

fn fill(
    sheet: &mut Worksheet,
    head: &Head,
    lines: &[String],
    columns: &[(&str, f64)],
    rows: &[Vec<Cell>],
) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let heading = Format::new().set_bold().set_align(FormatAlign::VerticalCenter);
    // A sheet's name has at most 31 signs, and none of these.
    let name: String =
        head.title.chars().filter(|sign| !"[]:*?/\\'".contains(*sign)).take(31).collect();
    sheet.set_name(name)?;
    let mut line = 0;
    for text in lines {
        match line {
            0 => sheet.write_string_with_format(line, 0, text, &bold)?,
            _ => sheet.write_string(line, 0, text)?,
        };
        line += 1;
    }
    for (place, (text, width)) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(line, place, *text, &heading)?;
        sheet.set_column_width(place, *width)?;
    }
    sheet.set_freeze_panes(line + 1, 1)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(line, line)?;
    let formats = Formats::new();
    for row in rows {
        line += 1;
        for (place, cell) in (0_u16..).zip(row) {
            write_cell(sheet, (line, place), cell, &formats)?;
        }
    }
    Ok(())
}

/// A workbook under a Chinese name.
pub(crate) fn xlsx(name: &str, bytes: Vec<u8>) -> Response {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    file(&format!("{stem}.xlsx"), kind, bytes)
}

/// Any file under a Chinese name with its ending.
pub(crate) fn file(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).collect();
    let mut disposition = format!("attachment; filename=\"songhe.{ending}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            disposition.push(char::from(byte));
        } else {
            write!(disposition, "%{byte:02X}").expect("a String takes every write");
        }
    }
    let disposition = HeaderValue::from_str(&disposition)
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, bytes).into_response()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};
    use kernel::{Day, Fen, Role};

    use super::*;
    use crate::links;
    use crate::testing::{COUNTY, World};

    fn read(bytes: &[u8]) -> (String, Range<Data>) {
        let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
        let name = book.sheet_names()[0].clone();
        (name, book.worksheet_range_at(0).expect("a sheet").expect("readable"))
    }

    fn text(sheet: &Range<Data>, line: u32) -> String {
        sheet.get_value((line, 0)).expect("a cell").to_string()
    }

    #[tokio::test]
    async fn a_list_reads_back_with_its_head_its_typed_cells_and_a_word_of_care() {
        let world = World::new().await;
        let actor = world.system().await;
        let day: Day = "2026-05-31".parse().expect("a day");
        let head = Head {
            title: "在发/名册".to_owned(),
            filter_words: "城关镇，高龄津贴".to_owned(),
            personal: true,
            cut_off: Some("这里只有前 2 行".to_owned()),
        };
        let money = Fen::new(123_456);
        let rows = vec![
            vec!["=1+1".into(), Cell::Count(3), Cell::Money(money), Cell::Day(day)],
            vec!["周桂兰".into(), Cell::Count(0), Cell::Empty, Cell::Empty],
        ];
        let columns = [("姓名", 10.0), ("月数", 8.0), ("元", 12.0), ("日期", 12.0)];
        let bytes = list(&world.app, &actor, &head, &columns, &rows).await.expect("a list");
        let (name, sheet) = read(&bytes);
        assert_eq!(name, "在发名册", "no sign that a sheet's name may not have");
        assert!(text(&sheet, 0).ends_with("松河县 在发/名册"), "{}", text(&sheet, 0));
        assert!(text(&sheet, 1).contains("2026-06-02 08:30"), "{}", text(&sheet, 1));
        let range = text(&sheet, 2);
        assert!(range.contains("筛选：城关镇，高龄津贴；共 2 行，这里只有前 2 行"), "{range}");
        assert!(text(&sheet, 3).contains("含个人信息"), "{}", text(&sheet, 3));
        assert_eq!(text(&sheet, 4), "姓名");
        let cell = |place| sheet.get_value((5, place)).expect("a cell");
        assert_eq!(cell(0), &Data::String("=1+1".to_owned()), "a word, never a formula");
        assert_eq!(cell(1), &Data::Float(3.0));
        assert_eq!(cell(2), &Data::Float(1234.56));
        assert!(matches!(cell(3), Data::DateTime(at) if at.is_datetime()), "{:?}", cell(3));
        assert_eq!(sheet.end(), Some((6, 3)), "and no row more");
        let public = Head { personal: false, cut_off: None, ..head };
        let bytes = list(&world.app, &actor, &public, &columns, &rows).await.expect("a list");
        assert_eq!(text(&read(&bytes).1, 3), "姓名", "nobody is named, so no word of care");
    }

    #[tokio::test]
    async fn every_exported_list_counts_its_rows_and_leaves_an_entry() {
        let world = World::new().await;
        for (role, path, title) in [
            (Role::CountyApprover, "/duties.xlsx", "待办名单"),
            (Role::DataOfficer, "/corrections.xlsx", "校核纠错"),
            (Role::Administrator, "/accounts.xlsx", "账号"),
            (Role::Auditor, "/audit.xlsx", "留痕"),
        ] {
            let client = world.sign_in_as(role, COUNTY).await;
            let reply = client.get(path).await;
            assert_eq!(reply.status.as_u16(), 200, "{path}");
            let sheet = read(&reply.body).1;
            assert!(text(&sheet, 0).contains(title), "{}", text(&sheet, 0));
            let rows = sheet.end().expect("cells").0 - 4;
            assert!(text(&sheet, 2).contains(&format!("共 {rows} 行")), "{}", text(&sheet, 2));
            assert!(text(&sheet, 3).contains("含个人信息"), "{path}");
            let auditor = world.sign_in_as(Role::Auditor, COUNTY).await;
            let trail = auditor.get(links::audit().as_str()).await;
            assert!(trail.ok().contains(&format!("名单：{title}")), "{path} left no entry");
        }
    }
}
