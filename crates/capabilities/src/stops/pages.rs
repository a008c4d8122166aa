//! 停发与恢复: the list and its workbook.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use cases::Case;
use facts::people::PersonCard;
use kernel::{CaseId, Life, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, FilterLink, Line, Link, Page, Pager, PostButton, Tone, grouped};

use super::views::{StopRow, StopsPage};
use crate::download::{self, Cell, Head};
use crate::runs::item_name;
use crate::shell::shell;
use crate::stopping::flow::{RESTORE, STOP};
use crate::stopping::store::{self, Due};
use crate::stopping::{Reason, Stop};
use crate::whom::whom;
use crate::{App, duty_kind, links, words};

const PAGE_ROWS: i64 = 50;

const SHEET_ROWS: i64 = 20_000;

/// The parts of the list: the stored word, what it is called, the flow, the state, the colour.
const PARTS: [(&str, &str, &str, &str, Tone); 6] = [
    ("proposed", "待审批", STOP.id, "proposed", Tone::Wait),
    ("in_review", "退回核实", STOP.id, "in_review", Tone::Bad),
    ("approved", "已停发", STOP.id, "approved", Tone::Plain),
    ("rejected", "不予停发", STOP.id, "rejected", Tone::Plain),
    ("restoring", "待确认恢复", RESTORE.id, "proposed", Tone::Wait),
    ("restored", "已恢复", RESTORE.id, "confirmed", Tone::Ok),
];

/// Which part and page.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    part: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn part(
        &self,
    ) -> Option<&'static (&'static str, &'static str, &'static str, &'static str, Tone)> {
        PARTS.iter().find(|part| part.0 == self.part)
    }

    fn code(&self) -> &'static str {
        self.part().map_or("", |part| part.0)
    }

    fn words(&self) -> &'static str {
        self.part().map_or("待提出", |part| part.1)
    }

    fn filter(&self) -> Option<cases::Filter> {
        let (_, _, flow, state, _) = self.part()?;
        Some(cases::Filter {
            flow: Some((*flow).to_owned()),
            states: vec![(*state).to_owned()],
            order: match *state {
                "proposed" | "in_review" => cases::Order::Due,
                _ => cases::Order::Newest,
            },
            ..cases::Filter::default()
        })
    }
}

/// A row before it is shown: what leads where, and the same as typed cells.
struct Found {
    row: StopRow,
    cells: Vec<Cell>,
}

async fn found(
    app: &App,
    tx: &mut db::Tx,
    asked: &Asked,
    (limit, offset): (i64, i64),
) -> Result<Vec<Found>, Trouble> {
    let Some(filter) = asked.filter() else {
        let due = store::due(tx.conn(), false, limit, offset).await?;
        let cards = whom(tx.conn(), &due.iter().map(|it| it.person).collect::<Vec<_>>()).await?;
        return Ok(due.iter().filter_map(|it| due_row(app, &cards, it)).collect());
    };
    let some = cases::cases(tx.conn(), &filter, limit, offset).await?;
    let cards = whom(tx.conn(), &some.iter().map(|it| it.person).collect::<Vec<_>>()).await?;
    let ids: Vec<CaseId> = some.iter().map(|it| it.id).collect();
    let stops: HashMap<CaseId, Stop> =
        store::stops(tx.conn(), &ids).await?.into_iter().map(|it| (it.case, it)).collect();
    Ok(some.iter().filter_map(|it| case_row(app, &cards, &stops, it)).collect())
}

pub(super) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<StopsPage>> {
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut found = found(&app, &mut tx, &asked, (PAGE_ROWS + 1, offset)).await?;
    let more = found.len() > 50;
    found.truncate(50);
    let (due, proved) = store::count_due(tx.conn()).await?;
    let tally = cases::tally(tx.conn(), app.now().day()).await?;
    let provable = store::provable(tx.conn()).await?.len();
    drop(tx);
    let shown = u64::try_from(found.len()).unwrap_or(0);
    let href = |page: u32| links::stops::part(asked.code()).query("page", page);
    Ok(Page::new(StopsPage {
        shell: shell(&app, &actor, &links::stops::list()).await?,
        sentence: sentence(due, &tally),
        acts: acts(&actor, proved, provable),
        filters: filters(&asked, due, &tally),
        filter_words: asked.words().to_owned(),
        export: links::stops::sheet(asked.code()),
        rows: found.into_iter().map(|it| it.row).collect(),
        pager: (more || asked.page > 0).then(|| Pager {
            from: offset.unsigned_abs() + 1,
            to: offset.unsigned_abs() + shown,
            of: asked.part().map_or(due.unsigned_abs(), |part| count(&tally, part.2, part.3)),
            previous: (asked.page > 0).then(|| href(asked.page - 1)),
            next: more.then(|| href(asked.page + 1)),
        }),
    }))
}

fn count(tally: &[cases::Tally], flow: &str, state: &str) -> u64 {
    let of = tally.iter().filter(|it| it.flow == flow && it.state == state);
    of.map(|it| it.count.unsigned_abs()).sum()
}

fn sentence(due: i64, tally: &[cases::Tally]) -> String {
    let waiting = count(tally, STOP.id, "proposed");
    match (due, waiting) {
        (0, 0) => "没有要办的停发。".to_owned(),
        (0, waiting) => format!("{} 件等县级审批。", grouped(waiting)),
        (due, 0) => format!("{} 人的发放应当停，还没有提出。", grouped(due.unsigned_abs())),
        (due, waiting) => format!(
            "{} 人的发放应当停，还没有提出；{} 件等县级审批。",
            grouped(due.unsigned_abs()),
            grouped(waiting)
        ),
    }
}

fn acts(actor: &Actor, proved: i64, provable: usize) -> Vec<PostButton> {
    let mut acts = Vec::new();
    if may(actor.role, Action::ReviewCases) && proved > 0 {
        let label = format!("提出去世停发（有据 {proved} 件）");
        acts.push(
            PostButton::new(links::stops::propose_all(), &actor.csrf, label).class("btn main"),
        );
    }
    if may(actor.role, Action::ApproveCases) && provable > 0 {
        let label = format!("批准去世停发（有据 {provable} 件）");
        acts.push(
            PostButton::new(links::stops::approve_all(), &actor.csrf, label).class("btn main"),
        );
    }
    acts
}

fn filters(asked: &Asked, due: i64, tally: &[cases::Tally]) -> Vec<FilterLink> {
    let first = FilterLink {
        text: "待提出".to_owned(),
        count: due.unsigned_abs(),
        href: links::stops::list(),
        tone: Tone::Bad,
        current: asked.part().is_none(),
    };
    let parts = PARTS.iter().map(|(code, text, flow, state, tone)| FilterLink {
        text: (*text).to_owned(),
        count: count(tally, flow, state),
        href: links::stops::part(code),
        tone: *tone,
        current: asked.code() == *code,
    });
    std::iter::once(first).chain(parts).collect()
}

/// How sure a death is, in a word.
fn proof(life: Life) -> Chip {
    match life {
        Life::Confirmed => Chip::new(Tone::Ok, "已确认"),
        Life::Corroborated => Chip::new(Tone::Ok, "两个部门印证"),
        Life::Reported => Chip::new(Tone::Wait, "只有一个来源"),
        Life::Contradicted => Chip::new(Tone::Bad, "有矛盾"),
        Life::Living => Chip::new(Tone::Plain, ""),
    }
}

fn due_row(app: &App, cards: &HashMap<PersonId, PersonCard>, it: &Due) -> Option<Found> {
    let card = cards.get(&it.person)?;
    let today = app.now().day();
    let village = app.areas().spoken(card.area);
    let item = item_name(app, &it.item);
    let is_death = it.kind == findings::kinds::AFTER_DEATH.id;
    let proof = if is_death { proof(card.life) } else { Chip::new(Tone::Plain, "") };
    let kind = duty_kind(&it.kind).map_or("", |kind| kind.label);
    Some(Found {
        cells: vec![
            card.name.as_str().into(),
            card.sex_and_age(today).into(),
            village.clone().into(),
            item.as_str().into(),
            Cell::Money(it.monthly),
            it.cause.as_str().into(),
            proof.text.as_str().into(),
            Cell::Day(it.until),
        ],
        row: StopRow {
            elder: Link::new(&card.name, links::stops::propose(it.person, &it.item)),
            about: format!("{}，{village}", card.sex_and_age(today)),
            item: Line::from(item.as_str()).small(format!("每月 {} 元", it.monthly)),
            cause: if it.cause.is_empty() { kind.to_owned() } else { it.cause.clone() },
            proof,
            due: Line::from(words::due_chip(it.until, today)),
        },
    })
}

fn case_row(
    app: &App,
    cards: &HashMap<PersonId, PersonCard>,
    stops: &HashMap<CaseId, Stop>,
    it: &Case,
) -> Option<Found> {
    let card = cards.get(&it.person)?;
    let today = app.now().day();
    let village = app.areas().spoken(card.area);
    let item = it.item.as_deref().map_or_else(String::new, |id| item_name(app, id));
    let stop = stops.get(&it.id);
    let reason = stop.and_then(|stop| Reason::from_code(&stop.reason));
    let cause = reason.map_or("恢复发放", Reason::chinese);
    let monthly = stop.map(|stop| stop.monthly);
    let href = match stop {
        Some(_) => links::stops::stop(it.id),
        None => links::stops::restored(it.id),
    };
    let due = it.owner.as_ref().and_then(|owner| owner.due_on);
    let proof =
        if reason == Some(Reason::Death) { proof(card.life) } else { Chip::new(Tone::Plain, "") };
    let name = Line::from(item.as_str());
    Some(Found {
        cells: vec![
            card.name.as_str().into(),
            card.sex_and_age(today).into(),
            village.clone().into(),
            item.as_str().into(),
            monthly.map_or(Cell::Empty, Cell::Money),
            cause.into(),
            proof.text.as_str().into(),
            Cell::Day(due.unwrap_or_else(|| it.changed_at.day())),
        ],
        row: StopRow {
            elder: Link::new(&card.name, href),
            about: format!("{}，{village}", card.sex_and_age(today)),
            item: match monthly {
                Some(monthly) => name.small(format!("每月 {monthly} 元")),
                None => name,
            },
            cause: cause.to_owned(),
            proof,
            due: match (due, stop.and_then(|stop| stop.from_month)) {
                (Some(due), _) => Line::from(words::due_chip(due, today)),
                (None, Some(from)) => Line::from(format!("{}起", from.chinese())),
                (None, None) => Line::from(it.changed_at.day().to_string()),
            },
        },
    })
}

/// The part of the list as a workbook.
pub(super) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let found = found(&app, &mut tx, &asked, (SHEET_ROWS, 0)).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = found.into_iter().map(|it| it.cells).collect();
    let head = Head {
        title: "停发与恢复".to_owned(),
        filter_words: asked.words().to_owned(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("姓名", 10.0),
        ("性别年龄", 12.0),
        ("户籍", 24.0),
        ("项目", 16.0),
        ("每月（元）", 12.0),
        ("原因", 40.0),
        ("证据", 14.0),
        ("期限或日期", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&format!("停发与恢复-{}.xlsx", asked.words()), bytes))
}
