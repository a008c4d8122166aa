//! Today's duties on paper and as a workbook, with the filter written on them.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use duties::{Duty, DutyState};
use facts::people::PersonCard;
use kernel::{Fen, Trouble};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};
use webkit::{Answer, Link, Page};

use super::today::{Ask, rows};
use super::views::{SheetPart, TodaySheet};
use crate::shell::paper;
use crate::{App, download, duty_kind, links};

/// As many duties as a sheet holds; a longer list says so.
const SHEET_ROWS: i64 = 500;
/// As many as a workbook holds.
const BOOK_ROWS: i64 = 5_000;

/// The sheet, one part for each owner.
pub(crate) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Page<TodaySheet>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let filter = ask.filter(today);
    let all = duties::count(tx.conn(), &filter).await?;
    let duties = duties::open_duties(tx.conn(), &filter, SHEET_ROWS, 0).await?;
    let mut parts: Vec<SheetPart> = Vec::new();
    for row in rows(&app, &mut tx, &duties).await? {
        match parts.iter_mut().find(|part| part.owner == row.owner) {
            Some(part) => part.duties.push(row),
            None => parts.push(SheetPart { owner: row.owner.clone(), duties: vec![row] }),
        }
    }
    let more = if all > SHEET_ROWS {
        format!("，这里打印期限最近的 {SHEET_ROWS} 件")
    } else {
        String::new()
    };
    Ok(Page::new(TodaySheet {
        paper: paper(&app, &actor, Link::new("回到今日待办", links::today())),
        title: format!("{} 待办清单", app.areas().spoken(actor.area)),
        sentence: format!("{}。{}，共 {all} 件{more}。", today.chinese(), ask.words()),
        parts,
    }))
}

/// The list as a workbook: sums as numbers, days as days, the filter in the first line.
pub(crate) async fn export(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let duties = duties::open_duties(tx.conn(), &ask.filter(today), BOOK_ROWS, 0).await?;
    let people: Vec<_> = duties.iter().map(|duty| duty.person).collect();
    let cards = facts::people::cards(tx.conn(), &people).await?;
    let head = format!(
        "{}，{}，截至 {}，由 {} 导出",
        app.areas().spoken(actor.area),
        ask.words(),
        app.now(),
        actor.name
    );
    let bytes = book(&app, &head, &duties, &cards).map_err(Trouble::fault)?;
    Ok(download::xlsx(&format!("待办-{today}"), bytes))
}

const COLUMNS: [(&str, f64); 11] = [
    ("姓名", 10.0),
    ("性别年龄", 12.0),
    ("户籍", 24.0),
    ("事项", 16.0),
    ("缘由", 48.0),
    ("下一步", 30.0),
    ("谁办", 24.0),
    ("已差金额（元）", 14.0),
    ("每月金额（元）", 14.0),
    ("期限", 12.0),
    ("状态", 8.0),
];

fn book(
    app: &App,
    head: &str,
    duties: &[Duty],
    cards: &[PersonCard],
) -> Result<Vec<u8>, XlsxError> {
    let mut book = download::book(app.now().day());
    let bold = Format::new().set_bold();
    let sum = Format::new().set_num_format("#,##0.00");
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = book.add_worksheet();
    sheet.set_name("待办")?;
    sheet.write_string(0, 0, head)?;
    for (place, (heading, width)) in (0_u16..).zip(COLUMNS) {
        sheet.write_string_with_format(1, place, heading, &bold)?;
        sheet.set_column_width(place, width)?;
    }
    sheet.set_freeze_panes(2, 1)?;
    let mut line = 2;
    for duty in duties {
        let Some(card) = cards.iter().find(|card| card.id == duty.person) else { continue };
        texts(app, sheet, line, duty, card)?;
        sheet.write_number_with_format(line, 7, yuan(duty.amount_fen), &sum)?;
        sheet.write_number_with_format(line, 8, yuan(duty.monthly_fen), &sum)?;
        let due = rust_xlsxwriter::ExcelDateTime::parse_from_str(&duty.due_on.to_string())?;
        sheet.write_datetime_with_format(line, 9, &due, &day)?;
        line += 1;
    }
    book.save_to_buffer()
}

fn texts(
    app: &App,
    sheet: &mut Worksheet,
    line: u32,
    duty: &Duty,
    card: &PersonCard,
) -> Result<(), XlsxError> {
    let kind = duty_kind(&duty.kind);
    let areas = app.areas();
    let state = if duty.state == DutyState::Open { "未办" } else { "已办" };
    let owner = format!("{} {}", areas.spoken(duty.owner_area), duty.owner_role.chinese());
    let texts = [
        (0, card.name.clone()),
        (1, card.sex_and_age(app.now().day())),
        (2, areas.spoken(card.area)),
        (3, kind.map_or("", |kind| kind.label).to_owned()),
        (4, duty.cause.clone()),
        (5, kind.map_or("", |kind| kind.next_step).to_owned()),
        (6, owner),
        (10, state.to_owned()),
    ];
    for (place, text) in texts {
        sheet.write_string(line, place, text)?;
    }
    Ok(())
}

/// A spreadsheet counts in floating point; two decimals survive it up to 90 trillion yuan.
fn yuan(sum: Fen) -> f64 {
    let whole = i32::try_from(sum.get() / 100).map_or(f64::MAX, f64::from);
    let cents = i32::try_from(sum.get() % 100).map_or(0.0, f64::from);
    whole + cents / 100.0
}
