//! 与上月不同的人, and who is held.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::{PersonId, RunId, Trouble};
use payroll::store::{self as runs, DifferenceFilter, HeldFilter, HeldRow};
use payroll::{Cause, DifferenceRow, HoldCause, Run};
use serde::Deserialize;
use webkit::{Answer, Column, Crumbs, FilterLink, Line, Link, Page, Table, Tone, grouped};

use super::lines::{band_words, who};
use super::views::ListPage;
use crate::download::{self, Cell, Head};
use crate::links::At;
use crate::pay::{above, count, find, headline, only_with_people, signed};
use crate::shell::shell;
use crate::table_pages::pager;
use crate::whom::whom;
use crate::words::label;
use crate::{App, links};

const PAGE_ROWS: u32 = 50;

/// As many rows as a workbook holds.
const BOOK_ROWS: i64 = 100_000;

/// Which cause and which page.
#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    cause: String,
    #[serde(default)]
    page: u32,
}

impl Ask {
    fn offset(&self) -> i64 {
        i64::from(self.page) * i64::from(PAGE_ROWS)
    }

    fn difference(&self) -> DifferenceFilter {
        DifferenceFilter { cause: Cause::from_code(&self.cause), ..DifferenceFilter::default() }
    }

    fn hold(&self) -> HeldFilter {
        HeldFilter { cause: HoldCause::from_code(&self.cause), ..HeldFilter::default() }
    }
}

fn chosen(text: &str, many: i64, href: webkit::Href, current: bool) -> FilterLink {
    let (text, count) = (text.to_owned(), count(many));
    FilterLink { text, count, href, tone: Tone::Plain, current }
}

pub(super) async fn differences(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(ask): Query<Ask>,
) -> Answer<Page<ListPage>> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let filter = ask.difference();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows =
        runs::differences(tx.conn(), id, &filter, i64::from(PAGE_ROWS), ask.offset()).await?;
    let all = count(runs::count_differences(tx.conn(), id, &filter).await?);
    let causes = runs::difference_tally(tx.conn(), id).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let columns = vec![
        Column::new("老人"),
        Column::new("为什么"),
        Column::sum("上月（元）"),
        Column::sum("本月（元）"),
        Column::sum("差额（元）"),
        Column::new("依据"),
    ];
    let cells = rows.iter().map(|row| {
        let card = cards.get(&row.person);
        let person = card.map_or(row.person, |card| card.id);
        vec![
            who(&app, card),
            Line::from(row.cause.chinese()).small(detail(&run, row)),
            row.before.to_string().into(),
            row.now.to_string().into(),
            signed(row.amount()).into(),
            Line::new().link("依据", links::why(person, &run.item)),
        ]
    });
    let mut table = Table::new("differences", "与上月不同的人", columns)
        .rows(cells)
        .empty("没有人与上月不同。", None);
    let whole: i64 = causes.iter().map(|(_, tally)| tally.people).sum();
    table.filters =
        [chosen("全部", whole, links::pay_runs::differences(id, ""), ask.cause.is_empty())]
            .into_iter()
            .chain(causes.iter().map(|(cause, tally)| {
                let href = links::pay_runs::differences(id, cause.code());
                chosen(cause.chinese(), tally.people, href, ask.cause == cause.code())
            }))
            .collect();
    let book = links::pay_runs::part(id, "differences.xlsx").query("cause", &ask.cause);
    table.tools.push(Link::new("导出 xlsx", book));
    let at = links::pay_runs::differences(id, &ask.cause);
    table.pager = pager(ask.page, PAGE_ROWS, rows.len(), all, &at);
    let title = format!("{}：与上月不同的人", headline(&app, &run));
    let sentence = format!("{} 条，每条一个原因；补发另列。", grouped(all));
    Ok(Page::new(list(&app, &actor, &run, (title, sentence), table).await?))
}

fn detail(run: &Run, row: &DifferenceRow) -> String {
    if row.months > 0 {
        return format!("{} 个月", row.months);
    }
    match (row.band_before, row.band) {
        (before, now) if before != now && before.is_some() && now.is_some() => {
            format!("{} → {}", band_words(run, before), band_words(run, now))
        }
        (_, Some(_)) => band_words(run, row.band).to_owned(),
        _ => String::new(),
    }
}

async fn list(
    app: &App,
    actor: &Actor,
    run: &Run,
    (title, sentence): (String, String),
    table: Table,
) -> Result<ListPage, Trouble> {
    Ok(ListPage {
        shell: shell(app, actor, &links::pay_runs::runs()).await?,
        crumbs: Crumbs { above: above(app, run), here: table.title.clone() },
        title,
        sentence,
        find: None,
        table,
    })
}

pub(super) async fn differences_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let filter = ask.difference();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = runs::differences(tx.conn(), id, &filter, BOOK_ROWS, 0).await?;
    let all = runs::count_differences(tx.conn(), id, &filter).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let card = cards.get(&row.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                app.areas().spoken(row.area).into(),
                row.cause.chinese().into(),
                detail(&run, row).into(),
                Cell::Money(row.before),
                Cell::Money(row.now),
                Cell::Money(row.amount()),
            ]
        })
        .collect();
    let words = filter.cause.map_or("全部", Cause::chinese);
    let head = head(format!("{}与上月不同的人", headline(&app, &run)), words, (all, cells.len()));
    let columns = [
        ("姓名", 10.0),
        ("户籍", 24.0),
        ("原因", 12.0),
        ("说明", 20.0),
        ("上月（元）", 12.0),
        ("本月（元）", 12.0),
        ("差额（元）", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&head.title, bytes))
}

fn head(title: String, words: &str, (all, shown): (i64, usize)) -> Head {
    let shown = i64::try_from(shown).unwrap_or(i64::MAX);
    Head {
        title,
        filter_words: words.to_owned(),
        personal: true,
        cut_off: (all > shown).then(|| format!("共 {all} 行，这里只有前 {shown} 行")),
    }
}

pub(super) async fn held(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(ask): Query<Ask>,
) -> Answer<Page<ListPage>> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let filter = ask.hold();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = runs::held(tx.conn(), id, &filter, i64::from(PAGE_ROWS), ask.offset()).await?;
    let all = count(runs::count_held(tx.conn(), id, &filter).await?);
    let causes = runs::held_tally(tx.conn(), id).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let columns = vec![
        Column::new("老人"),
        Column::new("为什么暂缓"),
        Column::sum("涉及金额（元）"),
        Column::new("依据"),
    ];
    let cells = rows.iter().map(|row| {
        let card = cards.get(&row.person);
        let person = card.map_or(row.person, |card| card.id);
        vec![
            who(&app, card),
            Line::from(row.cause.chinese()).small(needs(row)),
            row.amount.to_string().into(),
            Line::new().link("依据", links::why(person, &run.item)),
        ]
    });
    let mut table =
        Table::new("held", "暂缓的人", columns).rows(cells).empty("没有暂缓的人。", None);
    let whole: i64 = causes.iter().map(|(_, people, _)| people).sum();
    table.filters = [chosen("全部", whole, links::pay_runs::held(id, ""), ask.cause.is_empty())]
        .into_iter()
        .chain(causes.iter().map(|(cause, people, _)| {
            let href = links::pay_runs::held(id, cause.code());
            chosen(cause.chinese(), *people, href, ask.cause == cause.code())
        }))
        .collect();
    let book = links::pay_runs::part(id, "held.xlsx").query("cause", &ask.cause);
    table.tools.push(Link::new("导出 xlsx", book));
    let at = links::pay_runs::held(id, &ask.cause);
    table.pager = pager(ask.page, PAGE_ROWS, rows.len(), all, &at);
    let title = format!("{}：暂缓的人", headline(&app, &run));
    let sentence = format!("{} 人有待遇、这个月暂不发。原因消除以后，下一批补发。", grouped(all));
    Ok(Page::new(list(&app, &actor, &run, (title, sentence), table).await?))
}

fn needs(row: &HeldRow) -> String {
    let needs: Vec<&str> = row.needs.iter().map(|kind| label(kind)).collect();
    if needs.is_empty() { String::new() } else { format!("缺{}", needs.join("、")) }
}

pub(super) async fn held_book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let filter = ask.hold();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = runs::held(tx.conn(), id, &filter, BOOK_ROWS, 0).await?;
    let all = runs::count_held(tx.conn(), id, &filter).await?;
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| {
            let card = cards.get(&row.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                app.areas().spoken(row.area).into(),
                row.cause.chinese().into(),
                needs(row).into(),
                Cell::Money(row.amount),
            ]
        })
        .collect();
    let words = filter.cause.map_or("全部", HoldCause::chinese);
    let head = head(format!("{}暂缓的人", headline(&app, &run)), words, (all, cells.len()));
    let columns =
        [("姓名", 10.0), ("户籍", 24.0), ("原因", 20.0), ("说明", 24.0), ("涉及金额（元）", 14.0)];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&head.title, bytes))
}
