//! 低收入变化: who has entered, left or moved within the low-income roster, and what follows.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use duties::{Duty, Filter};
use kernel::PersonId;
use serde::Deserialize;
use webkit::{Answer, Chip, Column, FilterLink, Href, Line, Link, Page, Table, Tone};

use super::domain::Way;
use super::duty_kinds::RELIEF_CHANGE;
use super::pages::{count, elder_link, pager};
use super::views::ListPage;
use crate::download::{self, Cell, Head};
use crate::links::{self, relief as here};
use crate::whom::whom;
use crate::{App, shell, words};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 10_000;

/// What the list is filtered by, as it stands in the address.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    way: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn filter(&self) -> Filter {
        Filter {
            kind: Some(RELIEF_CHANGE.id.to_owned()),
            cause_code: Way::from_code(&self.way).map(|way| way.code().to_owned()),
            ..Filter::default()
        }
    }

    fn words(&self) -> String {
        Way::from_code(&self.way).map_or("全部", Way::chinese).to_owned()
    }

    fn href(&self, base: Href) -> Href {
        let base = if self.way.is_empty() { base } else { base.query("way", &self.way) };
        if self.page == 0 { base } else { base.query("page", self.page) }
    }
}

fn way_chip(duty: &Duty) -> Chip {
    match Way::from_code(&duty.cause_code) {
        Some(way @ Way::Entered) => Chip::new(Tone::Ok, way.chinese()),
        Some(way @ Way::Left) => Chip::new(Tone::Bad, way.chinese()),
        Some(way @ Way::Moved) => Chip::new(Tone::Info, way.chinese()),
        None => Chip::new(Tone::Plain, ""),
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ListPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let all = duties::count(tx.conn(), &asked.filter()).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let found = duties::open_duties(tx.conn(), &asked.filter(), PAGE_ROWS, offset).await?;
    let mut filters = Vec::new();
    for way in Way::ALL {
        let other = Asked { way: way.code().to_owned(), page: 0 };
        filters.push(FilterLink {
            text: way.chinese().to_owned(),
            count: count(duties::count(tx.conn(), &other.filter()).await?),
            href: other.href(here::changes()),
            tone: Tone::Plain,
            current: asked.way == way.code(),
        });
    }
    let people: Vec<PersonId> = found.iter().map(|duty| duty.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let rows = found.iter().map(|duty| {
        let card = cards.get(&duty.person);
        vec![
            card.map_or_else(|| "已不在名单里".into(), elder_link),
            card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
            way_chip(duty).into(),
            duty.cause.as_str().into(),
            duty.monthly_fen.to_string().into(),
            words::due_chip(duty.due_on, today).into(),
            Line::from(Link::new("去办", links::duty(duty.id)))
                .text("　")
                .link("转办救助", here::new(duty.person)),
        ]
    });
    let mut table = Table::new("changes", "低收入变化", columns()).rows(rows).empty(
        "没有没办的变化。下一份低收入名册入库后，新列入、退出和类别变化的人会列在这里。",
        None,
    );
    table.filters = filters;
    table.filter_words = asked.words();
    table.tools = vec![Link::new("导出 Excel", asked.href(here::changes_book()))];
    table.pager = pager(asked.page, all, found.len(), |page| {
        Asked { page, ..asked.clone() }.href(here::changes())
    });
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &here::handovers()).await?,
        title: "低收入变化",
        sentence: match all {
            0 => "没有没办的变化。".to_owned(),
            all => format!("{all} 人的低收入身份有变化，还没有办。"),
        },
        beside: Link::new("社会救助转办", here::handovers()),
        find: None,
        table,
    }))
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("老人"),
        Column::new("户籍"),
        Column::short("变化"),
        Column::new("会怎样"),
        Column::sum("每月增减（元）"),
        Column::short("期限"),
        Column::short("办理"),
    ]
}

pub(super) async fn list_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let found = duties::open_duties(tx.conn(), &asked.filter(), SHEET_ROWS, 0).await?;
    let people: Vec<PersonId> = found.iter().map(|duty| duty.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = found
        .iter()
        .map(|duty| {
            let card = cards.get(&duty.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
                way_chip(duty).text.as_str().into(),
                duty.cause.as_str().into(),
                Cell::Money(duty.monthly_fen),
                Cell::Day(duty.due_on),
            ]
        })
        .collect();
    let head = Head {
        title: "低收入变化".to_owned(),
        filter_words: asked.words(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("老人", 12.0),
        ("户籍", 26.0),
        ("变化", 10.0),
        ("会怎样", 60.0),
        ("每月增减（元）", 14.0),
        ("期限", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("低收入变化.xlsx", bytes))
}
