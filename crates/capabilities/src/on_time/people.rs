//! 按时足额发放: the people behind a number.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use facts::people::PersonCard;
use kernel::{Month, PersonId, Trouble};
use policy::Item;
use serde::Deserialize;
use webkit::{
    Answer, Chip, Column, Crumbs, FilterLink, Href, Line, Link, Page, Pager, Table, Tone,
};

use super::domain::{Paid, cause_chinese};
use super::pages::{self, last_day};
use super::store::{self, Row, Which};
use super::views::PeoplePage;
use crate::download::{self, Cell, Head};
use crate::links::{self, on_time as here};
use crate::whom::whom;
use crate::{App, shell};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 20_000;

/// What the list is filtered by, as it stands in the address.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    item: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    result: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    lo: Option<i32>,
    #[serde(default)]
    hi: Option<i32>,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn item<'a>(&self, app: &'a App, actor: &Actor) -> Result<&'a Item, Trouble> {
        let asked = pages::Asked { item: self.item.clone(), month: String::new() };
        asked.items(app, actor).0.ok_or(Trouble::NotFound)
    }

    fn which(&self, item: &Item) -> Which {
        Which {
            item: item.id.clone(),
            month: self.month.parse().ok(),
            result: Paid::from_code(&self.result).map(Paid::code),
            cause: Some(self.cause.clone()).filter(|cause| !cause.is_empty()),
            place: self.lo.zip(self.hi),
        }
    }

    fn href(&self, base: Href) -> Href {
        let base = match self.lo.zip(self.hi) {
            Some((lo, hi)) => base.query("lo", lo).query("hi", hi),
            None => base,
        };
        if self.page == 0 { base } else { base.query("page", self.page) }
    }

    fn here(&self) -> Href {
        self.href(here::people(&self.item, &self.month, &self.result, &self.cause))
    }

    fn words(&self, app: &App, item: &Item) -> String {
        let month: Option<Month> = self.month.parse().ok();
        let place = self.lo.zip(self.hi).and_then(|(lo, hi)| {
            let areas = app.areas();
            areas.iter().find(|node| (node.lo, node.hi) == (lo, hi)).map(|node| node.name.clone())
        });
        let cause = cause_chinese(&self.cause).to_owned();
        let parts = [
            Some(item.name.clone()),
            month.map(Month::chinese),
            place,
            Paid::from_code(&self.result).map(|paid| paid.chinese().to_owned()),
            Some(cause).filter(|cause| !cause.is_empty()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("，")
    }
}

fn tone(result: &str) -> Tone {
    match Paid::from_code(result) {
        Some(Paid::InTime) => Tone::Ok,
        Some(Paid::OnItsWay) => Tone::Info,
        Some(Paid::Late | Paid::Short) => Tone::Wait,
        Some(Paid::Unpaid) => Tone::Bad,
        None => Tone::Plain,
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<PeoplePage>> {
    let item = asked.item(&app, &actor)?;
    let which = asked.which(item);
    let mut tx = app.db().begin(&actor.scope).await?;
    let all = store::count_rows(tx.conn(), &which).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let rows = store::rows(tx.conn(), &which, PAGE_ROWS, offset).await?;
    let mut filters = Vec::new();
    for paid in Paid::ALL {
        let result = paid.code().to_owned();
        let other = Asked { result, cause: String::new(), page: 0, ..asked.clone() };
        let count = store::count_rows(tx.conn(), &other.which(item)).await?;
        filters.push(FilterLink {
            text: paid.chinese().to_owned(),
            count: u64::try_from(count).unwrap_or(0),
            href: other.here(),
            tone: tone(paid.code()),
            current: asked.result == paid.code(),
        });
    }
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let columns = vec![
        Column::new("老人"),
        Column::new("户籍"),
        Column::short("月份"),
        Column::sum("应发（元）"),
        Column::sum("已发（元）"),
        Column::short("到账日期"),
        Column::short("结果"),
        Column::new("缘由"),
    ];
    let lines = rows.iter().map(|row| line(&app, &cards, item, row));
    let mut table =
        Table::new("people", "人员", columns).rows(lines).empty("没有符合筛选条件的人。", None);
    table.filters = filters;
    table.filter_words = asked.words(&app, item);
    let book = here::people_book(&asked.item, &asked.month, &asked.result, &asked.cause);
    let unpaged = Asked { page: 0, ..asked.clone() };
    table.tools = vec![Link::new("导出 Excel", unpaged.href(book))];
    table.pager = pager(&asked, all, rows.len());
    Ok(Page::new(PeoplePage {
        shell: shell::shell(&app, &actor, &here::first()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("按时足额发放", here::on_time(&item.id, &asked.month))],
            here: "人员".to_owned(),
        },
        title: asked.words(&app, item),
        table,
    }))
}

fn pager(asked: &Asked, all: i64, shown: usize) -> Option<Pager> {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let from = u64::from(asked.page) * count(PAGE_ROWS);
    let to = from + u64::try_from(shown).unwrap_or(0);
    let at = |page| Asked { page, ..asked.clone() }.here();
    (asked.page > 0 || all > PAGE_ROWS).then(|| Pager {
        from: (from + 1).min(count(all)),
        to,
        of: count(all),
        previous: (asked.page > 0).then(|| at(asked.page - 1)),
        next: (to < count(all)).then(|| at(asked.page + 1)),
    })
}

fn line(app: &App, cards: &HashMap<PersonId, PersonCard>, item: &Item, row: &Row) -> Vec<Line> {
    let card = cards.get(&row.person);
    let paid_on = row.paid_on.map_or_else(Line::new, |day| {
        let late = day > last_day(item, row.month);
        Line::from(day.to_string()).small(if late { "晚于期限" } else { "" })
    });
    vec![
        card.map_or_else(
            || "已不在名单里".into(),
            |card| {
                Line::from(Link::new(card.name.as_str(), links::elder(card.id)))
                    .small(card.sex_and_age(app.now().day()))
            },
        ),
        card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
        row.month.chinese().into(),
        row.due.to_string().into(),
        row.paid.to_string().into(),
        paid_on,
        Chip::new(tone(&row.result), Paid::from_code(&row.result).map_or("", Paid::chinese)).into(),
        cause_chinese(&row.cause).into(),
    ]
}

pub(super) async fn list_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let item = asked.item(&app, &actor)?;
    let which = asked.which(item);
    let mut tx = app.db().begin(&actor.scope).await?;
    let all = store::count_rows(tx.conn(), &which).await?;
    let rows = store::rows(tx.conn(), &which, SHEET_ROWS, 0).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let card = cards.get(&row.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
                row.month.chinese().into(),
                Cell::Money(row.due),
                Cell::Money(row.paid),
                row.paid_on.map_or(Cell::Empty, Cell::Day),
                Paid::from_code(&row.result).map_or("", Paid::chinese).into(),
                cause_chinese(&row.cause).into(),
            ]
        })
        .collect();
    let cut = all > i64::try_from(cells.len()).unwrap_or(i64::MAX);
    let head = Head {
        title: "按时足额发放人员".to_owned(),
        filter_words: asked.words(&app, item),
        personal: true,
        cut_off: cut.then(|| format!("共 {all} 行，这里只有前 {} 行", cells.len())),
    };
    let columns = [
        ("老人", 12.0),
        ("户籍", 26.0),
        ("月份", 14.0),
        ("应发（元）", 12.0),
        ("已发（元）", 12.0),
        ("到账日期", 12.0),
        ("结果", 10.0),
        ("缘由", 20.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("按时足额发放人员.xlsx", bytes))
}
