//! 追缴: the list and its workbook.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use facts::people::PersonCard;
use kernel::{Day, Fen, PersonId};
use serde::Deserialize;
use webkit::{Answer, FilterLink, Line, Link, Page, Pager, PostButton, Tone, grouped};

use super::age::Age;
use super::store::{self, Asked, Row, Tally};
use super::views::{AgeRow, ClaimRow, RecoveriesPage};
use crate::claiming::flow::{FLOW, OPEN};
use crate::claiming::{chip, tone};
use crate::download::{self, Cell, Head};
use crate::runs::item_name;
use crate::shell::shell;
use crate::whom::whom;
use crate::{App, links};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 20_000;

/// What the list is filtered by.
#[derive(Default, Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    state: String,
    #[serde(default)]
    age: String,
    #[serde(default)]
    page: u32,
}

impl Filter {
    fn state(&self) -> &'static str {
        FLOW.state(&self.state).map_or("", |state| state.id)
    }

    fn age(&self) -> Option<Age> {
        Age::ALL.into_iter().find(|age| age.code() == self.age)
    }

    fn asked(&self) -> Asked<'static> {
        Asked { state: self.state(), days: self.age().map(Age::days) }
    }

    fn words(&self) -> String {
        let state = FLOW.state(&self.state).map_or("没有办结的", |state| state.chinese);
        match self.age() {
            Some(age) => format!("{state}，{}", age.chinese()),
            None => state.to_owned(),
        }
    }
}

/// The list.
pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(filter): Query<Filter>,
) -> Answer<Page<RecoveriesPage>> {
    let today = app.now().day();
    let offset = i64::from(filter.page) * PAGE_ROWS;
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut rows = store::list(tx.conn(), filter.asked(), today, PAGE_ROWS + 1, offset).await?;
    let tally = store::tally(tx.conn()).await?;
    let more = rows.len() > 50;
    rows.truncate(50);
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let age = filter.age().map_or("", Age::code);
    let href = |page: u32| links::recoveries::filtered(filter.state(), age).query("page", page);
    let shown = u64::try_from(rows.len()).unwrap_or(0);
    let from = offset.unsigned_abs();
    Ok(Page::new(RecoveriesPage {
        shell: shell(&app, &actor, &links::recoveries::list()).await?,
        sentence: sentence(&tally),
        open: may(actor.role, Action::ApproveCases).then(|| {
            PostButton::new(links::recoveries::open(), &actor.csrf, "登记多发").class("btn main")
        }),
        ages: Age::ALL.into_iter().map(|age| age_row(&tally, age, today)).collect(),
        filters: filters(&tally, &filter),
        filter_words: filter.words(),
        export: links::recoveries::sheet(filter.state(), age),
        rows: rows.iter().filter_map(|row| claim_row(&app, &cards, row)).collect(),
        pager: (more || filter.page > 0).then(|| Pager {
            from: from + 1,
            to: from + shown,
            of: listed(&tally, &filter, today),
            previous: (filter.page > 0).then(|| href(filter.page - 1)),
            next: more.then(|| href(filter.page + 1)),
        }),
    }))
}

fn sums<'a>(tally: impl Iterator<Item = &'a Tally>) -> (u64, u64, Fen, Fen) {
    let (mut claims, mut months, mut total, mut gone) = (0, 0, 0, 0);
    for it in tally {
        claims += it.claims.unsigned_abs();
        months += it.months.unsigned_abs();
        total += it.total.get();
        gone += it.gone.get();
    }
    (claims, months, Fen::new(total), Fen::new(total - gone))
}

/// How many claims the filter leaves.
fn listed(tally: &[Tally], filter: &Filter, today: Day) -> u64 {
    let state = filter.state();
    let of_state = |it: &&Tally| if state.is_empty() { it.open } else { it.state == state };
    let of_age = |it: &&Tally| filter.age().is_none_or(|age| Age::of(it.opened_on, today) == age);
    sums(tally.iter().filter(of_state).filter(of_age)).0
}

fn sentence(tally: &[Tally]) -> String {
    let (claims, months, total, left) = sums(tally.iter().filter(|it| it.open));
    let all = sums(tally.iter());
    if all.0 == 0 {
        return "还没有登记追缴。".to_owned();
    }
    if claims == 0 {
        return format!("{} 件都已办结，共 {} 元。", grouped(all.0), all.2);
    }
    format!(
        "{} 件没有办结，{} 个月，应追 {total} 元，尚未追回 {left} 元。",
        grouped(claims),
        grouped(months)
    )
}

fn age_row(tally: &[Tally], age: Age, today: Day) -> AgeRow {
    let within = |it: &&Tally| it.open && Age::of(it.opened_on, today) == age;
    let (claims, months, total, left) = sums(tally.iter().filter(within));
    AgeRow {
        age: Link::new(age.chinese(), links::recoveries::filtered("", age.code())),
        claims: grouped(claims),
        months: grouped(months),
        total: total.to_string(),
        left: left.to_string(),
    }
}

fn filters(tally: &[Tally], filter: &Filter) -> Vec<FilterLink> {
    let count = |state: &str| -> u64 { sums(tally.iter().filter(|it| it.state == state)).0 };
    let open = FilterLink {
        text: "没有办结的".to_owned(),
        count: OPEN.iter().map(|state| count(state)).sum(),
        href: links::recoveries::list(),
        tone: Tone::Plain,
        current: filter.state().is_empty(),
    };
    let states = FLOW.states.iter().filter(|state| count(state.id) > 0);
    let each = states.map(|state| FilterLink {
        text: state.chinese.to_owned(),
        count: count(state.id),
        href: links::recoveries::filtered(state.id, ""),
        tone: tone(state.id),
        current: filter.state() == state.id,
    });
    std::iter::once(open).chain(each).collect()
}

fn claim_row(app: &App, cards: &HashMap<PersonId, PersonCard>, row: &Row) -> Option<ClaimRow> {
    let card = cards.get(&row.person)?;
    let today = app.now().day();
    let since = Line::from(row.opened_on.to_string());
    let since = match row.next_due {
        Some(due) if due < today => since.chip(Tone::Bad, format!("{due} 一期没有还")),
        Some(due) => since.small(format!("下一期 {due}")),
        None => since.small(format!("已 {} 天", today.days_since(row.opened_on))),
    };
    Some(ClaimRow {
        elder: Link::new(&card.name, links::recoveries::claim(row.case)),
        about: format!("{}，{}", card.sex_and_age(today), app.areas().spoken(card.area)),
        item: item_name(app, &row.item),
        months: grouped(row.months.unsigned_abs()),
        total: row.balance.total.to_string(),
        left: row.balance.left().to_string(),
        state: chip(&row.state),
        since,
    })
}

/// The list as a workbook.
pub(super) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(filter): Query<Filter>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = store::list(tx.conn(), filter.asked(), today, SHEET_ROWS, 0).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .filter_map(|row| {
            let card = cards.get(&row.person)?;
            let it = &row.balance;
            Some(vec![
                Cell::Count(row.number.unsigned_abs()),
                card.name.as_str().into(),
                app.areas().spoken(card.area).into(),
                item_name(&app, &row.item).into(),
                Cell::Count(row.months.unsigned_abs()),
                Cell::Money(it.total),
                Cell::Money(it.repaid),
                Cell::Money(it.set_off),
                Cell::Money(it.written_off),
                Cell::Money(it.left()),
                chip(&row.state).text.as_str().into(),
                Cell::Day(row.opened_on),
                row.next_due.map_or(Cell::Empty, Cell::Day),
            ])
        })
        .collect();
    let head = Head {
        title: "追缴台账".to_owned(),
        filter_words: filter.words(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("编号", 8.0),
        ("老人", 10.0),
        ("户籍", 22.0),
        ("项目", 16.0),
        ("月数", 8.0),
        ("应追（元）", 12.0),
        ("已退还（元）", 12.0),
        ("已抵扣（元）", 12.0),
        ("已核销（元）", 12.0),
        ("尚未追回（元）", 14.0),
        ("状态", 14.0),
        ("登记日期", 12.0),
        ("下一期", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("追缴台账.xlsx", bytes))
}
