//! 暂缓: who is held and why, and the acts that hold somebody or let them go.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use findings::award_kind;
use kernel::{Effects, FactValue, Life, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Failure, Line, Link, Page, PostButton, Posted, grouped};

use super::store::{self, Held};
use super::views::{HoldRow, HoldsPage};
use crate::download::{self, Cell, Head};
use crate::links::At;
use crate::shell::shell;
use crate::stopping::states;
use crate::whom::whom;
use crate::{App, commit, links, words};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 20_000;

/// Kinds of facts that hold somebody, with what they are called.
const KINDS: [(&str, &str); 3] = [
    ("hold.decision", "决定暂缓"),
    ("hold.survival", "生存核验没有完成"),
    ("hold.objection", "有异议，正在核对"),
];

fn called(kind: &str) -> &'static str {
    KINDS.iter().find(|(id, _)| *id == kind).map_or("暂缓", |(_, words)| words)
}

/// Kinds of facts that say that an item of the area is paid.
fn awards(app: &App, actor: &Actor) -> Vec<String> {
    let items = app.paid_items(actor.area, app.now().day().month());
    items.into_iter().filter_map(award_kind).map(str::to_owned).collect()
}

/// Which page.
#[derive(Deserialize)]
pub(super) struct PageNo {
    #[serde(default)]
    page: u32,
}

pub(super) async fn holds(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(PageNo { page }): Query<PageNo>,
) -> Answer<Page<HoldsPage>> {
    let today = app.now().day();
    let offset = i64::from(page) * PAGE_ROWS;
    let awards = awards(&app, &actor);
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut held = store::held(tx.conn(), &awards, today, PAGE_ROWS + 1, offset).await?;
    let more = held.len() > 50;
    held.truncate(50);
    let people: Vec<PersonId> = held.iter().map(|it| it.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let lifts = may(actor.role, Action::ReviewCases) || may(actor.role, Action::ApproveCases);
    let row = |it: &Held| {
        let card = cards.get(&it.person)?;
        let act = it.kinds.first().filter(|_| lifts).map(|kind| {
            PostButton::new(links::stops::hold(it.person), &actor.csrf, "解除暂缓")
                .hidden("act", "lift")
                .hidden("kind", kind)
                .hidden("reason", "已核实，可以发放")
        });
        Some(HoldRow {
            elder: Link::new(&card.name, links::elder(card.id)),
            about: format!("{}，{}", card.sex_and_age(today), app.areas().spoken(card.area)),
            why: why(it),
            since: it.since.map_or_else(String::new, |day| day.to_string()),
            monthly: it.monthly.to_string(),
            act,
        })
    };
    let rows: Vec<HoldRow> = held.iter().filter_map(row).collect();
    let shown = u64::try_from(rows.len()).unwrap_or(0);
    let href = |page: u32| links::stops::holds().query("page", page);
    Ok(Page::new(HoldsPage {
        shell: shell(&app, &actor, &links::stops::holds()).await?,
        sentence: match shown {
            0 => "没有人被暂缓。".to_owned(),
            _ if more || page > 0 => "这些人的钱先不发，核实以后从暂缓的月份起补发。".to_owned(),
            n => format!("{} 人的钱先不发，核实以后从暂缓的月份起补发。", grouped(n)),
        },
        rows,
        export: links::stops::holds_sheet(),
        pager: (more || page > 0).then(|| webkit::Pager {
            from: offset.unsigned_abs() + 1,
            to: offset.unsigned_abs() + shown,
            of: offset.unsigned_abs() + shown + u64::from(more),
            previous: (page > 0).then(|| href(page - 1)),
            next: more.then(|| href(page + 1)),
        }),
    }))
}

/// What holds somebody: a claim of death, and the facts.
fn why(it: &Held) -> Line {
    let mut why = Line::new();
    if let Some(life) = it.life.as_deref().and_then(Life::from_code) {
        why = why.with(webkit::Part::Chip(words::life_chip(life))).text(" 核实后才能发 ");
    }
    for kind in &it.kinds {
        why = why.text(format!("{} ", called(kind)));
    }
    why
}

pub(super) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let today = app.now().day();
    let awards = awards(&app, &actor);
    let mut tx = app.db().begin(&actor.scope).await?;
    let waiting = store::held(tx.conn(), &awards, today, SHEET_ROWS, 0).await?;
    let people: Vec<PersonId> = waiting.iter().map(|it| it.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = waiting
        .iter()
        .filter_map(|it| {
            let card = cards.get(&it.person)?;
            let life = it.life.as_deref().and_then(Life::from_code).map(Life::chinese);
            let why: Vec<&str> =
                life.into_iter().chain(it.kinds.iter().map(|kind| called(kind))).collect();
            Some(vec![
                card.name.as_str().into(),
                card.sex_and_age(today).into(),
                app.areas().spoken(card.area).into(),
                why.join("；").into(),
                it.since.map_or(Cell::Empty, Cell::Day),
                Cell::Money(it.monthly),
            ])
        })
        .collect();
    let head = Head {
        title: "暂缓发放".to_owned(),
        filter_words: "全部".to_owned(),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("姓名", 10.0),
        ("性别年龄", 12.0),
        ("户籍", 24.0),
        ("原因", 30.0),
        ("起始", 12.0),
        ("每月（元）", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("暂缓发放.xlsx", bytes))
}

/// What the forms say.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    act: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
}

/// 暂缓、解除暂缓
pub(super) async fn hold(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    write(&app, &actor, person, &typed).await.map_err(|trouble| {
        Failure::from(trouble).typed("原因", &typed.reason).back("回到暂缓", links::stops::holds())
    })?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::stops::holds().as_str()))
}

async fn write(app: &App, actor: &Actor, person: PersonId, typed: &Typed) -> Result<(), Trouble> {
    if !may(actor.role, Action::ReviewCases) && !may(actor.role, Action::ApproveCases) {
        return Err(Trouble::refused(
            format!("暂缓和解除由乡镇审核、县级审批办理，您是{}。", actor.role.chinese()),
            "请把情况告诉乡镇民政办。",
        ));
    }
    let holds = typed.act == "place";
    let reason = typed.reason.trim();
    if reason.is_empty() {
        return Err(Trouble::refused("还没有写原因。", "请写明为什么暂缓或者为什么可以发。"));
    }
    let kind = if holds { "hold.decision" } else { typed.kind.as_str() };
    let kind = KINDS.iter().find(|(id, _)| *id == kind).ok_or(Trouble::NotFound)?.0;
    if kind == "hold.objection" && !may(actor.role, Action::ApproveCases) {
        return Err(Trouble::refused(
            "有异议正在核对的，由县里答复以后解除。",
            "请到“异议与投诉”里看办到哪一步。",
        ));
    }
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let statement = states(card.id, kind, FactValue::Bool(holds), now.day());
    let effects = Effects { assertions: vec![statement], ..Effects::default() };
    let act = if holds { "暂缓发放" } else { "解除暂缓" };
    commit(tx, actor, now, &effects, act, format!("person/{}", card.id), reason).await
}
