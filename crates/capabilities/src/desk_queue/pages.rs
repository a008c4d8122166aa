//! 待人工比对: what waits on the desk, by file and reason, and one's own last decisions.

use std::collections::BTreeMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use facts::desk::{self, Count, Show, Which};
use facts::matching::DeskReason;
use kernel::{BatchId, NumberError};
use webkit::{Answer, FilterLink, Line, Link, Page, Pager, Tone, grouped};

use super::views::{GroupRow, OverviewPage, QueueRow};
use crate::desk_lines::{Files, Narrowed, Sums, named, recents};
use crate::{App, links, shell};

const PAGE_ROWS: i64 = 20;

/// The bureau's short word for a reason.
fn reason_word(code: &str) -> &'static str {
    let words: [(DeskReason, &'static str); 7] = [
        (DeskReason::NameDiffers, "号码对得上，姓名不一致"),
        (DeskReason::LostDigits, "号码末几位丢失"),
        (DeskReason::WrongNumber(NumberError::Length), "号码有错"),
        (DeskReason::NoNumber, "没有号码"),
        (DeskReason::NumberChanged, "姓名和出生日期对得上，号码不一致"),
        (DeskReason::SeveralHolders, "号码登记在多人名下"),
        (DeskReason::SameNumberTwice { row: 0 }, "同一号码有两行，内容不一致"),
    ];
    words.iter().find(|(reason, _)| reason.code() == code).map_or("其他", |(_, word)| word)
}

pub(super) async fn overview(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(narrowed): Query<Narrowed>,
) -> Answer<Page<OverviewPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let live = desk::live(tx.conn(), &app.increments()).await?;
    let counts = desk::counts(tx.conn(), &live).await?;
    let files = Files::load(&mut tx, &live).await?;
    let show = narrowed.show(&live);
    let page = narrowed.page.max(0);
    let rows =
        desk::queue(tx.conn(), app.vault(), &show, PAGE_ROWS, page.saturating_mul(PAGE_ROWS))
            .await?;
    let first = desk::next(tx.conn(), &Show { which: Which::Open, ..show.clone() }, None).await?;
    let recents = recents(&app, &actor, &mut tx).await?;
    let all = Sums::of(&counts);
    let shown = Sums::of(counts.iter().filter(|it| {
        show.batches.contains(&it.batch) && show.reason.as_ref().is_none_or(|r| *r == it.reason)
    }));
    Ok(Page::new(OverviewPage {
        shell: shell::shell(&app, &actor, &links::desk()).await?,
        sentence: sentence(all),
        bar: all.bar(),
        begin: first
            .map(|(batch, row)| Link::new("开始比对", narrowed.keep(links::desk_row(batch, row)))),
        groups: groups(&app, &files, &counts),
        filters: filters(&narrowed, show.which, shown),
        filter_words: filter_words(&app, &files, &narrowed),
        rows: rows
            .iter()
            .map(|row| QueueRow {
                who: Link::new(
                    named(row.content.raw("name")),
                    narrowed.keep(links::desk_row(row.batch, row.row_no)),
                ),
                source: format!("{} 第 {} 行", files.name(&app, row.batch), row.row_no),
                reason: row.content.words.clone(),
                state: row.state.to_owned(),
            })
            .collect(),
        pager: pager(&narrowed, page, rows.len(), shown.listed(show.which)),
        recents,
    }))
}

fn sentence(all: Sums) -> String {
    let asked = match all.asked {
        0 => String::new(),
        n => format!("，另有 {} 行在等村里答复", grouped(n)),
    };
    match all.open {
        0 => format!("没有要比对的行{asked}。{}。", all.progress()),
        n => format!(
            "还有 {} 行分不清是谁，请逐行判断{asked}。{}。没有判断的，相关待办先不列出。",
            grouped(n),
            all.progress()
        ),
    }
}

fn groups(app: &App, files: &Files, counts: &[Count]) -> Vec<GroupRow> {
    let mut groups: BTreeMap<(BatchId, &str), Vec<&Count>> = BTreeMap::new();
    for count in counts {
        groups.entry((count.batch, &count.reason)).or_default().push(count);
    }
    groups
        .into_iter()
        .map(|((batch, reason), counts)| {
            let sums = Sums::of(counts);
            let of_file = links::desk().query("file", batch);
            GroupRow {
                file: Line::from(Link::new(files.name(app, batch), of_file.clone())),
                reason: Line::from(Link::new(reason_word(reason), of_file.query("why", reason))),
                open: sums.open,
                asked: sums.asked,
                decided: sums.decided,
            }
        })
        .collect()
}

fn filters(narrowed: &Narrowed, current: Which, sums: Sums) -> Vec<FilterLink> {
    Which::all()
        .map(|which| FilterLink {
            text: which.chinese().to_owned(),
            count: sums.listed(which),
            href: narrowed.keep(links::desk()).query("which", which.code()),
            tone: if which == Which::Answered { Tone::Wait } else { Tone::Plain },
            current: which == current,
        })
        .collect()
}

fn filter_words(app: &App, files: &Files, narrowed: &Narrowed) -> String {
    let file = narrowed.file.as_deref().and_then(|id| id.parse().ok());
    let file = file.map(|id| files.name(app, id));
    let why = narrowed.why.as_deref().map(|why| reason_word(why).to_owned());
    let words: Vec<String> = file.into_iter().chain(why).collect();
    words.join("，")
}

fn pager(narrowed: &Narrowed, page: i64, shown: usize, of: u64) -> Option<Pager> {
    let from = u64::try_from(page.saturating_mul(PAGE_ROWS)).unwrap_or(0);
    let to = from + u64::try_from(shown).unwrap_or(0);
    let which = narrowed.which.clone().unwrap_or_default();
    let href = |page: i64| narrowed.keep(links::desk()).query("which", &which).query("page", page);
    (page > 0 || to < of).then(|| Pager {
        from: (from + 1).min(to),
        to,
        of,
        previous: (page > 0).then(|| href(page - 1)),
        next: (to < of).then(|| href(page + 1)),
    })
}
