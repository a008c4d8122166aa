//! 社会救助转办: the list.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use cases::{Case, Filter, Order};
use facts::people::PersonCard;
use kernel::{CaseId, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, Column, FilterLink, Href, Line, Link, Page, Pager, Table, Tone};

use super::domain::Kind;
use super::flow::FLOW;
use super::store::{self, Handover};
use super::views::{ListPage, find_form};
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
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn filter(&self) -> Filter {
        let state = FLOW.state(&self.state).map(|state| state.id.to_owned());
        Filter {
            flow: Some(FLOW.id.to_owned()),
            states: state.into_iter().collect(),
            about: Kind::from_code(&self.kind).map(about),
            order: if self.state.is_empty() { Order::Newest } else { Order::Due },
            ..Filter::default()
        }
    }

    fn href(&self, base: Href) -> Href {
        let parts = [("state", &self.state), ("kind", &self.kind)];
        let base = parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .fold(base, |href, (key, value)| href.query(key, value));
        if self.page == 0 { base } else { base.query("page", self.page) }
    }

    fn words(&self) -> String {
        let kind = Kind::from_code(&self.kind).map(Kind::chinese);
        let state = FLOW.state(&self.state).map(|state| state.chinese);
        let all: Vec<&str> = [kind, state].into_iter().flatten().collect();
        if all.is_empty() { "全部".to_owned() } else { all.join("，") }
    }
}

/// What a case of this kind is linked to.
pub(super) fn about(kind: Kind) -> String {
    format!("relief/{}", kind.code())
}

/// A hand-over with its case and the elder's card.
pub(super) struct Row {
    pub(super) case: Case,
    pub(super) about: Handover,
    pub(super) card: Option<PersonCard>,
}

pub(super) async fn rows(tx: &mut db::Tx, cases: Vec<Case>) -> Result<Vec<Row>, Trouble> {
    let ids: Vec<CaseId> = cases.iter().map(|case| case.id).collect();
    let people: Vec<PersonId> = cases.iter().map(|case| case.person).collect();
    let all = store::handovers(tx.conn(), &ids).await?;
    let mut about: HashMap<CaseId, Handover> = all.into_iter().map(|it| (it.case, it)).collect();
    let cards = whom(tx.conn(), &people).await?;
    let row = |case: Case| {
        let about = about.remove(&case.id)?;
        let card = cards.get(&case.person).cloned();
        Some(Row { case, about, card })
    };
    Ok(cases.into_iter().filter_map(row).collect())
}

impl Row {
    pub(super) fn name(&self) -> &str {
        self.card.as_ref().map_or("已不在名单里", |card| card.name.as_str())
    }

    pub(super) fn state(&self) -> Chip {
        let chinese = FLOW.state(&self.case.state).map_or("", |state| state.chinese);
        Chip::new(tone(&self.case.state), chinese)
    }

    fn line(&self, app: &App) -> Vec<Line> {
        let today = app.now().day();
        let card = self.card.as_ref();
        let due = self.case.owner.and_then(|owner| owner.due_on);
        vec![
            Line::from(Link::new(self.name(), here::handover(self.case.id)))
                .small(card.map_or_else(String::new, |card| card.sex_and_age(today))),
            card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
            self.about.kind.chinese().into(),
            self.about.reason.as_str().into(),
            self.about.receiver.as_str().into(),
            self.case.opened_at.day().to_string().into(),
            self.state().into(),
            due.map_or_else(Line::new, |day| words::due_chip(day, today).into()),
        ]
    }

    fn cells(&self, app: &App) -> Vec<Cell> {
        let card = self.card.as_ref();
        vec![
            self.name().into(),
            card.map_or_else(String::new, |card| card.number.to_string()).into(),
            card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
            self.about.kind.chinese().into(),
            self.about.reason.as_str().into(),
            self.about.given.as_str().into(),
            self.about.receiver.as_str().into(),
            Cell::Day(self.case.opened_at.day()),
            self.state().text.as_str().into(),
            self.case.owner.and_then(|owner| owner.due_on).map_or(Cell::Empty, Cell::Day),
            Cell::Day(self.case.changed_at.day()),
        ]
    }
}

fn tone(state: &str) -> Tone {
    match state {
        "handed" => Tone::Wait,
        "accepted" => Tone::Info,
        "paid" => Tone::Ok,
        "refused" => Tone::Bad,
        _ => Tone::Plain,
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ListPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let filter = asked.filter();
    let all = cases::count(tx.conn(), &filter).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let cases = cases::cases(tx.conn(), &filter, PAGE_ROWS, offset).await?;
    let rows = rows(&mut tx, cases).await?;
    let tally = cases::tally(tx.conn(), today).await?;
    let mut filters: Vec<FilterLink> = Vec::new();
    for state in FLOW.states {
        let of = tally.iter().filter(|it| it.flow == FLOW.id && it.state == state.id);
        let other = Asked { state: state.id.to_owned(), page: 0, ..asked.clone() };
        filters.push(FilterLink {
            text: state.chinese.to_owned(),
            count: count(of.map(|it| it.count).sum()),
            href: other.href(here::handovers()),
            tone: tone(state.id),
            current: asked.state == state.id,
        });
    }
    for kind in Kind::ALL {
        let other = Asked { kind: kind.code().to_owned(), page: 0, ..asked.clone() };
        filters.push(FilterLink {
            text: kind.chinese().to_owned(),
            count: count(cases::count(tx.conn(), &other.filter()).await?),
            href: other.href(here::handovers()),
            tone: Tone::Plain,
            current: asked.kind == kind.code(),
        });
    }
    let open = tally.iter().filter(|it| it.flow == FLOW.id && it.owner_role.is_some());
    let (waiting, due) = open.fold((0, 0), |(all, due), it| (all + it.count, due + it.due));
    drop(tx);
    let mut table = Table::new("relief", "转办", columns())
        .rows(rows.iter().map(|row| row.line(&app)))
        .empty("没有转办。老人需要社会救助的，在上面查找到本人后登记。", None);
    table.filters = filters;
    table.filter_words = asked.words();
    table.tools = vec![Link::new("导出 Excel", asked.href(here::handovers_book()))];
    table.pager = pager(asked.page, all, rows.len(), |page| {
        Asked { page, ..asked.clone() }.href(here::handovers())
    });
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &here::handovers()).await?,
        title: "社会救助衔接",
        sentence: match waiting {
            0 => "没有等着答复的转办。".to_owned(),
            all => format!("{all} 件等救助部门答复，其中 {due} 件今天前该问结果。"),
        },
        beside: Link::new("低收入变化", here::changes()),
        find: may(actor.role, Action::AcceptCases)
            .then(|| find_form(here::find(), &actor.csrf, "")),
        table,
    }))
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("老人"),
        Column::new("户籍"),
        Column::new("救助种类"),
        Column::new("为什么转办"),
        Column::new("转给"),
        Column::short("转办日期"),
        Column::short("状态"),
        Column::short("期限"),
    ]
}

pub(super) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// Pages of a list of so many rows.
pub(super) fn pager(
    page: u32,
    all: i64,
    shown: usize,
    href: impl Fn(u32) -> Href,
) -> Option<Pager> {
    let from = u64::from(page) * count(PAGE_ROWS);
    let to = from + u64::try_from(shown).unwrap_or(0);
    (page > 0 || all > PAGE_ROWS).then(|| Pager {
        from: (from + 1).min(count(all)),
        to,
        of: count(all),
        previous: (page > 0).then(|| href(page - 1)),
        next: (to < count(all)).then(|| href(page + 1)),
    })
}

pub(super) async fn list_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let cases = cases::cases(tx.conn(), &asked.filter(), SHEET_ROWS, 0).await?;
    let rows = rows(&mut tx, cases).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| row.cells(&app)).collect();
    let head = Head {
        title: "社会救助转办".to_owned(),
        filter_words: asked.words(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("老人", 12.0),
        ("身份证号", 20.0),
        ("户籍", 26.0),
        ("救助种类", 24.0),
        ("为什么转办", 36.0),
        ("转交材料", 28.0),
        ("转给", 20.0),
        ("转办日期", 12.0),
        ("状态", 12.0),
        ("期限", 12.0),
        ("最近办理", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("社会救助转办.xlsx", bytes))
}

/// `周桂兰`, leading to the file.
pub(super) fn elder_link(card: &PersonCard) -> Line {
    Line::from(Link::new(card.name.as_str(), links::elder(card.id)))
}
