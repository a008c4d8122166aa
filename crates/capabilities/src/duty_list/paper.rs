//! Today's duties on paper and as a workbook, with the filter written on them.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use duties::{Duty, DutyState};
use facts::people::PersonCard;
use kernel::PersonId;
use webkit::{Answer, Link, Page};

use super::views::{SheetPart, TodaySheet};
use crate::download::{Cell, Head};
use crate::duty_lines::{Ask, rows};
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
    let filter = ask.filter(&app, &actor)?;
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
        format!("，这里打印前 {SHEET_ROWS} 件")
    } else {
        String::new()
    };
    Ok(Page::new(TodaySheet {
        paper: paper(&app, &actor, Link::new("回到今日待办", links::today())),
        title: format!("{} 待办清单", app.areas().spoken(actor.area)),
        sentence: format!("{}。{}，共 {all} 件{more}。", today.chinese(), ask.words(&app, &actor)),
        parts,
    }))
}

/// The list as a workbook, with the filter on it.
pub(crate) async fn export(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let filter = ask.filter(&app, &actor)?;
    let all = duties::count(tx.conn(), &filter).await?;
    let duties = duties::open_duties(tx.conn(), &filter, BOOK_ROWS, 0).await?;
    let people: Vec<_> = duties.iter().map(|duty| duty.person).collect();
    let cards = facts::people::cards(tx.conn(), &people).await?;
    drop(tx);
    let head = Head {
        title: "待办名单".to_owned(),
        filter_words: ask.words(&app, &actor),
        personal: true,
        cut_off: (all > BOOK_ROWS).then(|| format!("全部 {all} 件，这里是前 {BOOK_ROWS} 件")),
    };
    let cards: HashMap<PersonId, &PersonCard> = cards.iter().map(|card| (card.id, card)).collect();
    let rows: Vec<Vec<Cell>> = duties
        .iter()
        .filter_map(|duty| Some(cells(&app, duty, cards.get(&duty.person)?)))
        .collect();
    let bytes = download::list(&app, &actor, &head, &COLUMNS, &rows).await?;
    Ok(download::xlsx(&format!("待办名单-{today}.xlsx"), bytes))
}

const COLUMNS: [(&str, f64); 12] = [
    ("姓名", 10.0),
    ("性别年龄", 12.0),
    ("户籍", 24.0),
    ("事项", 16.0),
    ("缘由", 48.0),
    ("下一步", 30.0),
    ("谁办", 24.0),
    ("已差金额（元）", 14.0),
    ("每月金额（元）", 14.0),
    ("发现", 12.0),
    ("期限", 12.0),
    ("状态", 8.0),
];

fn cells(app: &App, duty: &Duty, card: &PersonCard) -> Vec<Cell> {
    let kind = duty_kind(&duty.kind);
    let areas = app.areas();
    let state = if duty.state == DutyState::Open { "未办" } else { "已办" };
    let owner = format!("{} {}", areas.spoken(duty.owner_area), duty.owner_role.chinese());
    vec![
        card.name.clone().into(),
        card.sex_and_age(app.now().day()).into(),
        areas.spoken(card.area).into(),
        kind.map_or("", |kind| kind.label).into(),
        duty.cause.clone().into(),
        kind.map_or("", |kind| kind.next_step).into(),
        owner.into(),
        Cell::Money(duty.amount_fen),
        Cell::Money(duty.monthly_fen),
        Cell::Day(duty.opened_on),
        Cell::Day(duty.due_on),
        state.into(),
    ]
}
