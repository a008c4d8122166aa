//! 服务额度: who has how much, until when.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use facts::people::PersonCard;
use kernel::{Month, PersonId};
use policy::Item;
use serde::Deserialize;
use webkit::{
    Answer, Chip, Column, FilterLink, Href, Line, Link, Page, Pager, Table, Tone, grouped,
};

use super::domain::Grant;
use super::store::{self, Sums, Which};
use super::views::ListPage;
use crate::download::{self, Cell, Head};
use crate::links::{self, care_subsidies as here};
use crate::whom::whom;
use crate::{App, list_words, shell, words};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 20_000;

/// Ends soon: this many days ahead.
const SOON_DAYS: i64 = 10;

/// What the list is filtered by, as it stands in the address.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    item: String,
    #[serde(default)]
    month: String,
    /// `left`, `soon` or `lapsed`.
    #[serde(default)]
    only: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn month(&self) -> Option<Month> {
        self.month.parse().ok()
    }

    fn which(&self, app: &App) -> Which {
        let today = app.now().day();
        Which {
            item: Some(self.item.clone()).filter(|item| !item.is_empty()),
            month: self.month(),
            left_on: matches!(self.only.as_str(), "left" | "soon").then_some(today),
            ends_by: (self.only == "soon").then(|| today.plus_days(SOON_DAYS)),
            lapsed: self.only == "lapsed",
        }
    }

    fn href(&self, base: Href) -> Href {
        let parts = [("item", &self.item), ("month", &self.month), ("only", &self.only)];
        let base = parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .fold(base, |href, (key, value)| href.query(key, value));
        if self.page == 0 { base } else { base.query("page", self.page) }
    }

    fn words(&self, app: &App, actor: &Actor) -> String {
        let item = (!self.item.is_empty()).then(|| item_name(app, actor, &self.item));
        let month = self.month().map(Month::chinese);
        let only = ONLY.iter().find(|(code, _)| *code == self.only && !code.is_empty());
        let only = only.map(|(_, label)| (*label).to_owned());
        let all: Vec<String> = [item, month, only].into_iter().flatten().collect();
        if all.is_empty() { "全部".to_owned() } else { all.join("，") }
    }
}

const ONLY: [(&str, &str); 4] =
    [("", "全部"), ("left", "还有剩余"), ("soon", "10 天内到期"), ("lapsed", "到期作废")];

/// The items of the list in force that are given as a quota.
fn quota_items<'a>(app: &'a App, actor: &Actor) -> Vec<&'a Item> {
    let list = app.list_for(actor.area, app.now().day().month());
    let items = list.into_iter().flat_map(|list| &list.items);
    items.filter(|item| item.pay.quota.is_some()).collect()
}

fn item_name(app: &App, actor: &Actor, id: &str) -> String {
    let list = app.list_for(actor.area, app.now().day().month());
    list.and_then(|list| list.item(id)).map_or_else(|| id.to_owned(), |item| item.name.clone())
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ListPage>> {
    let which = asked.which(&app);
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let grants = store::grants(tx.conn(), &which, PAGE_ROWS, offset).await?;
    let sums = store::sums(tx.conn(), &which).await?;
    let months = store::months(tx.conn()).await?;
    let mut filters = Vec::new();
    for (code, label) in ONLY {
        let other = Asked { only: code.to_owned(), page: 0, ..asked.clone() };
        let count = store::sums(tx.conn(), &other.which(&app)).await?.count;
        let tone = if code == "soon" { Tone::Wait } else { Tone::Plain };
        let current = asked.only == code;
        filters.push(filter(label.to_owned(), count, other.href(here::quotas()), tone, current));
    }
    for month in months.into_iter().take(6) {
        let text = month.to_string();
        let current = asked.month == text;
        let other = if current { String::new() } else { text };
        let other = Asked { month: other, page: 0, ..asked.clone() };
        let of = Which { month: Some(month), ..which.clone() };
        let count = store::sums(tx.conn(), &of).await?.count;
        let href = other.href(here::quotas());
        filters.push(filter(month.chinese(), count, href, Tone::Info, current));
    }
    let people: Vec<PersonId> = grants.iter().map(|grant| grant.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let items = quota_items(&app, &actor);
    let mut table = Table::new("quotas", "额度", columns())
        .rows(grants.iter().map(|grant| row(&app, &actor, &cards, grant)))
        .empty(nothing(&items), None);
    table.filters = filters;
    table.filter_words = asked.words(&app, &actor);
    table.tools = vec![Link::new("导出 Excel", asked.href(here::quotas_book()))];
    table.totals = totals(&sums);
    table.pager = pager(&asked, sums.count, grants.len());
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &here::quotas()).await?,
        title: "服务额度和消费券",
        sentence: sentence(&sums),
        rules: items.iter().map(|item| rule(item, app.now().day().month())).collect(),
        beside: Link::new("择高发放", here::higher()),
        table,
    }))
}

fn filter(text: String, count: i64, href: Href, tone: Tone, current: bool) -> FilterLink {
    FilterLink { text, count: u64::try_from(count).unwrap_or(0), href, tone, current }
}

fn pager(asked: &Asked, all: i64, shown: usize) -> Option<Pager> {
    let (all, rows) = (u64::try_from(all).unwrap_or(0), u64::try_from(PAGE_ROWS).unwrap_or(0));
    let from = u64::from(asked.page) * rows;
    let to = from + u64::try_from(shown).unwrap_or(0);
    let at = |page| Asked { page, ..asked.clone() }.href(here::quotas());
    (all > rows || asked.page > 0).then(|| Pager {
        from: (from + 1).min(all),
        to,
        of: all,
        previous: (asked.page > 0).then(|| at(asked.page - 1)),
        next: (to < all).then(|| at(asked.page + 1)),
    })
}

fn sentence(sums: &Sums) -> String {
    if sums.count == 0 {
        return "没有符合筛选条件的额度。".to_owned();
    }
    format!(
        "{} 份额度，共 {} 元，已用 {} 元，还能用 {} 元，到期作废 {} 元。",
        grouped(u64::try_from(sums.count).unwrap_or(0)),
        sums.amount,
        sums.used,
        sums.left,
        sums.lapsed
    )
}

fn nothing(items: &[&Item]) -> String {
    if items.is_empty() {
        "现行清单里没有以服务额度或消费券给付的项目，补贴都按现金发放。".to_owned()
    } else {
        "额度每月由系统按认定结果开通，不用申领；有暂缓的等解除后再开。".to_owned()
    }
}

fn rule(item: &Item, month: Month) -> String {
    format!("{}：{}。", item.name, list_words::standard(item, month))
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("老人"),
        Column::new("户籍"),
        Column::new("项目"),
        Column::short("月份"),
        Column::sum("额度（元）"),
        Column::sum("已用（元）"),
        Column::sum("还能用（元）"),
        Column::short("用到"),
    ]
}

fn totals(sums: &Sums) -> Vec<Line> {
    let words = ["合计", "", "", ""].map(Line::from);
    let sums = [sums.amount, sums.used, sums.left].map(|fen| Line::from(fen.to_string()));
    words.into_iter().chain(sums).chain([Line::new()]).collect()
}

fn row(
    app: &App,
    actor: &Actor,
    cards: &HashMap<PersonId, PersonCard>,
    grant: &Grant,
) -> Vec<Line> {
    let card = cards.get(&grant.person);
    let today = app.now().day();
    vec![
        who(card, app, grant.person),
        card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
        item_name(app, actor, &grant.item).into(),
        grant.month.chinese().into(),
        grant.amount.to_string().into(),
        grant.used.to_string().into(),
        grant.left().to_string().into(),
        match grant.last_day {
            _ if grant.closed => Chip::new(Tone::Plain, "已到期").into(),
            Some(day) if grant.left().get() > 0 => {
                Line::from(format!("{day} ")).with(webkit::Part::Chip(words::due_chip(day, today)))
            }
            Some(day) => day.to_string().into(),
            None => "结转".into(),
        },
    ]
}

/// `周桂兰 女 80 岁`, leading to the file.
pub(super) fn who(card: Option<&PersonCard>, app: &App, person: PersonId) -> Line {
    match card {
        Some(card) => Line::from(Link::new(card.name.as_str(), links::elder(person)))
            .small(card.sex_and_age(app.now().day())),
        None => "已不在名单里".into(),
    }
}

pub(super) async fn list_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let which = asked.which(&app);
    let mut tx = app.db().begin(&actor.scope).await?;
    let grants = store::grants(tx.conn(), &which, SHEET_ROWS, 0).await?;
    let all = store::sums(tx.conn(), &which).await?.count;
    let people: Vec<PersonId> = grants.iter().map(|grant| grant.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let rows: Vec<Vec<Cell>> = grants
        .iter()
        .map(|grant| {
            let card = cards.get(&grant.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
                item_name(&app, &actor, &grant.item).into(),
                grant.month.chinese().into(),
                Cell::Money(grant.amount),
                Cell::Money(grant.used),
                Cell::Money(grant.left()),
                grant.last_day.map_or(Cell::Empty, Cell::Day),
                if grant.closed { "已到期" } else { "" }.into(),
            ]
        })
        .collect();
    let cut = u64::try_from(all).unwrap_or(0) > u64::try_from(rows.len()).unwrap_or(0);
    let head = Head {
        title: "服务额度和消费券".to_owned(),
        filter_words: asked.words(&app, &actor),
        personal: true,
        cut_off: cut.then(|| format!("共 {all} 行，这里只有前 {} 行", rows.len())),
    };
    let columns = [
        ("老人", 12.0),
        ("户籍", 26.0),
        ("项目", 20.0),
        ("月份", 14.0),
        ("额度（元）", 12.0),
        ("已用（元）", 12.0),
        ("还能用（元）", 12.0),
        ("用到", 12.0),
        ("状态", 10.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &rows).await?;
    Ok(download::xlsx("服务额度和消费券.xlsx", bytes))
}
