//! 花名册: the lines of a run.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use facts::people::{Find, PersonCard};
use kernel::{AreaLevel, PersonId, RunId, Trouble};
use payroll::Run;
use payroll::store::{self as runs, LineFilter, LineRow, Lines};
use serde::Deserialize;
use webkit::{Answer, Choice, Column, Crumbs, Href, Line, Link, Page, Posted, Table, grouped};

use super::views::{ListPage, find_form};
use crate::download::{self, Cell, Head};
use crate::links::At;
use crate::pay::{above, count, find, headline, only_with_people};
use crate::shell::shell;
use crate::table_pages::pager;
use crate::whom::whom;
use crate::{App, links};

const PAGE_ROWS: u32 = 50;

/// People shown for a name.
const FOUND: i64 = 200;

/// As many rows as a workbook holds.
const BOOK_ROWS: i64 = 100_000;

/// Which lines.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    q: String,
    #[serde(default)]
    area: String,
    #[serde(default)]
    band: String,
    #[serde(default)]
    only: String,
    #[serde(default)]
    page: u32,
}

impl Ask {
    /// A name stands in no address, so that it is not in this one.
    fn href(&self, at: Href) -> Href {
        [("area", &self.area), ("band", &self.band), ("only", &self.only)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .fold(at, |at, (name, value)| at.query(name, value))
    }

    fn lines(&self) -> Lines {
        match self.only.as_str() {
            "arrears" => Lines::WithArrears,
            "reissued" => Lines::Reissued,
            "look" => Lines::Look,
            _ => Lines::All,
        }
    }

    fn filter(&self, app: &App, actor: &Actor, people: Option<Vec<PersonId>>) -> LineFilter {
        let areas = app.areas();
        let area = self.area.parse().ok().filter(|it| areas.within(*it, actor.area) == Some(true));
        LineFilter {
            place: area.and_then(|it| areas.node(it)).map(|node| (node.lo, node.hi)),
            band: self.band.parse().ok(),
            people,
            only: self.lines(),
        }
    }

    fn words(&self, app: &App, run: &Run) -> String {
        let mut words = Vec::new();
        if let Some(area) = self.area.parse().ok().filter(|it| app.areas().node(*it).is_some()) {
            words.push(app.areas().spoken(area));
        }
        if let Some(band) = self.band.parse::<usize>().ok().and_then(|it| run.bands.get(it)) {
            words.push(band.clone());
        }
        match self.lines() {
            Lines::All => {}
            Lines::WithArrears => words.push("有补发的".to_owned()),
            Lines::Reissued => words.push("退汇重发的".to_owned()),
            Lines::Look => words.push("需人工看的".to_owned()),
        }
        if words.is_empty() { "全部".to_owned() } else { words.join("，") }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(ask): Query<Ask>,
) -> Answer<Page<ListPage>> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    Ok(Page::new(page(&app, &actor, &run, &ask, None).await?))
}

/// 在名册里找: a name stands in no address, so that this is answered at once.
pub(super) async fn search(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Posted(ask): Posted<Ask>,
) -> Answer<Response> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let areas = app.areas();
    let what = Find::parse(&ask.q, &areas, actor.area);
    let Some(what) = what.filter(|it| !matches!(it, Find::Area(_))) else {
        let here = ask.href(links::pay_runs::lines(id));
        return Ok(Redirect::to(here.as_str()).into_response());
    };
    let mut tx = app.db().begin(&actor.scope).await?;
    let cards = facts::people::find(tx.conn(), app.vault(), &areas, &what, FOUND, 0).await?;
    drop(tx);
    let people = cards.into_iter().map(|card| card.id).collect();
    Ok(Page::new(page(&app, &actor, &run, &ask, Some(people)).await?).into_response())
}

async fn page(
    app: &App,
    actor: &Actor,
    run: &Run,
    ask: &Ask,
    people: Option<Vec<PersonId>>,
) -> Result<ListPage, Trouble> {
    let searched = people.is_some();
    let filter = ask.filter(app, actor, people);
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(ask.page) * i64::from(PAGE_ROWS);
    let rows = runs::lines(tx.conn(), run.id, &filter, i64::from(PAGE_ROWS), offset).await?;
    let tally = runs::count_lines(tx.conn(), run.id, &filter).await?;
    let ids: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &ids).await?;
    drop(tx);
    let mut table = table(app, run, &rows, &cards);
    table.filter_words = ask.words(app, run);
    let book = ask.href(links::pay_runs::part(run.id, "lines.xlsx"));
    table.tools.push(Link::new("导出 xlsx", book));
    let at = ask.href(links::pay_runs::lines(run.id));
    if !searched {
        table.pager = pager(ask.page, PAGE_ROWS, rows.len(), count(tally.lines), &at);
    }
    Ok(ListPage {
        shell: shell(app, actor, &links::pay_runs::runs()).await?,
        crumbs: Crumbs { above: above(app, run), here: "花名册".to_owned() },
        title: format!("{}花名册", headline(app, run)),
        sentence: format!(
            "{} 人 {} 元，其中补发 {} 元。",
            grouped(count(tally.lines)),
            tally.total(),
            tally.arrears
        ),
        find: Some(find_form(
            links::pay_runs::lines(run.id),
            &actor.csrf,
            (towns(app, actor), &ask.area),
            (bands(run), &ask.band),
            &ask.only,
        )),
        table,
    })
}

/// The towns of the reader's area, or the villages of the reader's town.
fn towns(app: &App, actor: &Actor) -> Vec<Choice> {
    let areas = app.areas();
    let level = match areas.node(actor.area).map(|node| node.level) {
        Some(level) if level >= AreaLevel::Township => AreaLevel::Village,
        _ => AreaLevel::Township,
    };
    let inside = areas
        .iter()
        .filter(|node| node.level == level && areas.within(node.id, actor.area) == Some(true));
    let all = [Choice::new("", "全部")].into_iter();
    all.chain(inside.map(|node| Choice::new(node.id.to_string(), areas.spoken(node.id)))).collect()
}

fn bands(run: &Run) -> Vec<Choice> {
    let all = [Choice::new("", "全部")].into_iter();
    let bands = run.bands.iter().enumerate();
    all.chain(bands.map(|(place, band)| Choice::new(place.to_string(), band))).collect()
}

/// 档次 in words.
pub(super) fn band_words(run: &Run, band: Option<u8>) -> &str {
    let place = band.map(usize::from);
    place.and_then(|at| run.bands.get(at)).map_or("—", String::as_str)
}

/// Who, with the village.
pub(super) fn who(app: &App, card: Option<&PersonCard>) -> Line {
    match card {
        Some(card) => Line::new()
            .link(card.name.as_str(), links::elder(card.id))
            .small(app.areas().spoken(card.area)),
        None => Line::from("已不在名单里"),
    }
}

fn notes(row: &LineRow) -> String {
    let mut notes = Vec::new();
    if row.arrears_months > 0 {
        notes.push(format!("补发 {} 个月", row.arrears_months));
    }
    if row.reissued {
        notes.push("含退汇重发".to_owned());
    }
    if row.without_current.is_some() {
        notes.push("当月不发".to_owned());
    }
    if row.look {
        notes.push("已去世，需人工看".to_owned());
    }
    notes.join("，")
}

fn table(app: &App, run: &Run, rows: &[LineRow], cards: &HashMap<PersonId, PersonCard>) -> Table {
    let columns = vec![
        Column::sum("序号"),
        Column::new("老人"),
        Column::short("档次"),
        Column::sum("当月（元）"),
        Column::sum("补发（元）"),
        Column::sum("合计（元）"),
        Column::new("说明"),
    ];
    let cells = rows.iter().map(|row| {
        let card = cards.get(&row.person);
        let person = card.map_or(row.person, |card| card.id);
        vec![
            grouped(count(i64::from(row.no))).into(),
            who(app, card),
            band_words(run, row.band).into(),
            row.current.to_string().into(),
            row.arrears.to_string().into(),
            row.total().to_string().into(),
            Line::from(notes(row))
                .text(" ")
                .link("依据", links::why(person, &run.item))
                .text(" ")
                .link("发放记录", links::pay_runs::payments(person)),
        ]
    });
    Table::new("lines", "花名册", columns).rows(cells).empty("没有这样的人。", None)
}

pub(super) async fn export(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let filter = ask.filter(&app, &actor, None);
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = runs::lines(tx.conn(), id, &filter, BOOK_ROWS, 0).await?;
    let tally = runs::count_lines(tx.conn(), id, &filter).await?;
    let ids: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &ids).await?;
    drop(tx);
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let mut cells: Vec<Vec<Cell>> =
        rows.iter().map(|row| book_row(&app, &run, row, cards.get(&row.person))).collect();
    cells.push(vec![
        Cell::Empty,
        "合计".into(),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Money(rows.iter().map(|row| row.current).sum()),
        Cell::Count(rows.iter().map(|row| u64::from(row.arrears_months)).sum()),
        Cell::Money(rows.iter().map(|row| row.arrears).sum()),
        Cell::Money(rows.iter().map(LineRow::total).sum()),
        Cell::Empty,
    ]);
    let head = Head {
        title: format!("{}花名册", headline(&app, &run)),
        filter_words: ask.words(&app, &run),
        personal: true,
        cut_off: (tally.lines > shown)
            .then(|| format!("共 {} 人，这里只有前 {shown} 人", tally.lines)),
    };
    let columns = [
        ("序号", 8.0),
        ("姓名", 10.0),
        ("性别年龄", 12.0),
        ("户籍", 24.0),
        ("档次", 14.0),
        ("当月（元）", 12.0),
        ("补发月数", 10.0),
        ("补发（元）", 12.0),
        ("合计（元）", 12.0),
        ("说明", 24.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&head.title, bytes))
}

fn book_row(app: &App, run: &Run, row: &LineRow, card: Option<&PersonCard>) -> Vec<Cell> {
    let today = app.now().day();
    vec![
        Cell::Count(count(i64::from(row.no))),
        card.map_or("已不在名单里", |card| card.name.as_str()).into(),
        card.map_or_else(String::new, |card| card.sex_and_age(today)).into(),
        app.areas().spoken(row.area).into(),
        band_words(run, row.band).into(),
        Cell::Money(row.current),
        Cell::Count(u64::from(row.arrears_months)),
        Cell::Money(row.arrears),
        Cell::Money(row.total()),
        notes(row).into(),
    ]
}
