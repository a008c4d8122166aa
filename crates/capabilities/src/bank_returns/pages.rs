//! 回盘与退汇: the handlers.

use std::collections::HashMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Multipart, Query, State};
use axum::response::{Redirect, Response};
use facts::people::PersonCard;
use kernel::{Fen, PersonId, RunId, Trouble};
use payroll::store::{self as runs, ReturnedFilter, ReturnedLine};
use serde::Deserialize;
use sqlx::PgConnection;
use webkit::{
    Answer, Chip, Column, Failure, FilterLink, Line, Link, Page, Table, Tone, check_csrf, grouped,
};

use super::jobs::{self, Upload, days_at_rest, of_run};
use super::views::ReturnsPage;
use crate::bank::ReturnCause;
use crate::download::{self, Cell, Head};
use crate::links::At;
use crate::pay::{count, only_with_people};
use crate::shell::shell;
use crate::table_pages::pager;
use crate::whom::whom;
use crate::{App, links};

const PAGE_ROWS: u32 = 50;

/// As many rows as a workbook holds.
const BOOK_ROWS: i64 = 20_000;

/// Days after which money at rest has been there for too long.
const LONG_DAYS: i64 = 30;

pub(super) async fn take(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    mut form: Multipart,
) -> Answer<Redirect> {
    let back =
        |trouble: Trouble| Failure::from(trouble).back("回到银行文件", links::bank_files::file(id));
    let cut = || Trouble::refused("文件没有传完。", "请检查网络后重新上传。");
    let (mut csrf, mut file_name, mut bytes) = (String::new(), String::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|_| back(cut()))? {
        match field.name() {
            Some("csrf") => csrf = field.text().await.map_err(|_| back(cut()))?,
            Some("file") => {
                file_name = field.file_name().unwrap_or_default().chars().take(120).collect();
                bytes = field.bytes().await.map_err(|_| back(cut()))?.to_vec();
            }
            _ => {}
        }
    }
    check_csrf(&actor.csrf, Some(&csrf))?;
    jobs::run(&app, &actor, id).await?;
    jobs::take(&app, &actor, id, Upload { file_name, bytes }).await.map_err(back)?;
    Ok(Redirect::to(links::bank_files::file(id).as_str()))
}

/// Which causes and which page.
#[derive(Deserialize)]
pub(super) struct Ask {
    #[serde(default)]
    cause: String,
    #[serde(default)]
    page: u32,
}

impl Ask {
    fn filter(&self) -> ReturnedFilter {
        let cause = ReturnCause::from_code(&self.cause).map(|it| it.code().to_owned());
        ReturnedFilter { only_at_rest: true, cause, ..ReturnedFilter::default() }
    }

    fn words(&self) -> &'static str {
        ReturnCause::from_code(&self.cause).map_or("全部", ReturnCause::chinese)
    }
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Page<ReturnsPage>> {
    only_with_people(&actor)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(ask.page) * i64::from(PAGE_ROWS);
    let filter = ask.filter();
    let lines = runs::returned_lines(tx.conn(), &filter, i64::from(PAGE_ROWS), offset).await?;
    let (filters, totals) = by_cause(tx.conn(), &ask).await?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let mut table = table(&app, &lines, &cards);
    table.filters = filters;
    table.tools.push(Link::new("导出 xlsx", links::bank_files::returns_export(&ask.cause)));
    table.pager = pager(
        ask.page,
        PAGE_ROWS,
        lines.len(),
        count(totals.0),
        &links::bank_files::returns(&ask.cause),
    );
    Ok(Page::new(ReturnsPage {
        shell: shell(&app, &actor, &links::bank_files::all_returns()).await?,
        sentence: match totals.0 {
            0 => "没有停留的退汇。".to_owned(),
            many => format!(
                "{} 笔 {} 元退回后还没有重发。账户改正以后，下一批自动重发。",
                grouped(count(many)),
                totals.1
            ),
        },
        lines: table,
    }))
}

/// The causes with how many lines each holds up, and the sum of the chosen one.
async fn by_cause(
    conn: &mut PgConnection,
    ask: &Ask,
) -> Result<(Vec<FilterLink>, (i64, Fen)), Trouble> {
    let mut filters = Vec::new();
    let mut totals = (0, Fen::ZERO);
    for cause in [None].into_iter().chain(ReturnCause::ALL.map(Some)) {
        let code = cause.map_or("", ReturnCause::code);
        let one = Ask { cause: code.to_owned(), page: 0 };
        let (many, sum) = runs::count_returned(&mut *conn, &one.filter()).await?;
        if code == ask.filter().cause.unwrap_or_default() {
            totals = (many, sum);
        }
        filters.push(FilterLink {
            text: cause.map_or("全部", ReturnCause::chinese).to_owned(),
            count: count(many),
            href: links::bank_files::returns(code),
            tone: if cause.is_some() { Tone::Wait } else { Tone::Plain },
            current: ask.cause == code,
        });
    }
    filters.retain(|filter| filter.count > 0 || filter.current);
    Ok((filters, totals))
}

fn table(app: &App, lines: &[ReturnedLine], cards: &HashMap<PersonId, PersonCard>) -> Table {
    let rows = lines.iter().map(|line| {
        let card = cards.get(&line.person);
        let days = days_at_rest(app, line);
        let tone = if days > LONG_DAYS { Tone::Bad } else { Tone::Wait };
        vec![
            match card {
                Some(card) => Line::new()
                    .link(card.name.as_str(), links::elder(card.id))
                    .small(app.areas().spoken(card.area)),
                None => Line::from("已不在名单里"),
            },
            Line::new().link(of_run(app, line), links::bank_files::file(line.run)),
            line.amount.to_string().into(),
            Line::from(cause_words(line)).small(line.words.as_str()),
            Line::from(Chip::new(tone, format!("{days} 天"))).small(line.at.day().to_string()),
        ]
    });
    let columns = vec![
        Column::new("老人"),
        Column::new("哪一批"),
        Column::sum("金额（元）"),
        Column::new("原因"),
        Column::short("已停留"),
    ];
    Table::new("returned", "在途未发的退汇", columns)
        .rows(rows)
        .empty("没有停留的退汇。退回的钱在下一批重发以后就不在这里了。", None)
}

fn cause_words(line: &ReturnedLine) -> &'static str {
    ReturnCause::from_code(&line.cause).unwrap_or(ReturnCause::Other).chinese()
}

pub(super) async fn export(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    only_with_people(&actor)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let lines = runs::returned_lines(tx.conn(), &ask.filter(), BOOK_ROWS, 0).await?;
    let (all, _) = runs::count_returned(tx.conn(), &ask.filter()).await?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let rows: Vec<Vec<Cell>> = lines
        .iter()
        .map(|line| {
            let card = cards.get(&line.person);
            vec![
                card.map_or("已不在名单里", |card| card.name.as_str()).into(),
                card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
                of_run(&app, line).into(),
                Cell::Money(line.amount),
                cause_words(line).into(),
                line.words.as_str().into(),
                Cell::Day(line.at.day()),
                Cell::Count(count(days_at_rest(&app, line))),
            ]
        })
        .collect();
    let shown = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let head = Head {
        title: "退汇清单".to_owned(),
        filter_words: ask.words().to_owned(),
        personal: true,
        cut_off: (all > shown).then(|| format!("共 {all} 笔，这里只有前 {shown} 笔")),
    };
    let columns = [
        ("姓名", 10.0),
        ("户籍", 24.0),
        ("批次", 24.0),
        ("金额（元）", 12.0),
        ("原因", 12.0),
        ("银行说明", 24.0),
        ("退回日期", 12.0),
        ("停留天数", 10.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &rows).await?;
    Ok(download::xlsx("退汇清单", bytes))
}
