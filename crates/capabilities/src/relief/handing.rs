//! 转办: how somebody is handed over, and what is answered.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use cases::{Case, Opening, Said};
use facts::people::{self, Find, PersonCard};
use kernel::{AreaId, AreaLevel, CaseChange, CaseId, Day, Effects, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Choice, Column, Crumbs, Failure, Line, Link, Page, Posted, Table};

use super::domain::Kind;
use super::flow::{ANSWER_WORKING_DAYS, FLOW};
use super::pages::{self, Row};
use super::store::{self, Handover};
use super::views::{ListPage, OnePage, find_form, hand_form, step_form};
use crate::links::{At, relief as here};
use crate::{App, commit, shell};

/// As many elders as a search shows.
const MOST_FOUND: i64 = 20;

/// Whom somebody looks for.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

/// Finds whom to hand over: the one elder at once, else who is meant.
pub(super) async fn find(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Wanted { q }): Posted<Wanted>,
) -> Answer<Response> {
    let areas = app.areas();
    let mut tx = app.db().begin(&actor.scope).await?;
    let found = match Find::parse(&q, &areas, actor.area) {
        Some(what) => people::find(tx.conn(), app.vault(), &areas, &what, MOST_FOUND, 0).await?,
        None => Vec::new(),
    };
    drop(tx);
    if let [one] = found.as_slice() {
        return Ok(Redirect::to(here::new(one.id).as_str()).into_response());
    }
    let columns = vec![Column::new("老人"), Column::short("身份证号"), Column::new("户籍")];
    let rows = found.iter().map(|card| {
        vec![
            Line::from(Link::new(card.name.as_str(), here::new(card.id)))
                .small(card.sex_and_age(app.now().day())),
            card.number.to_string().into(),
            areas.spoken(card.area).into(),
        ]
    });
    let page = ListPage {
        shell: shell::shell(&app, &actor, &here::handovers()).await?,
        title: "登记转办",
        sentence: match found.len() {
            0 => "没有找到。请核对姓名，或改用完整身份证号。".to_owned(),
            n => format!("找到 {n} 人，请选要转办的一位。"),
        },
        beside: Link::new("社会救助转办", here::handovers()),
        find: Some(find_form(here::find(), &actor.csrf, typed_again(&q))),
        table: Table::new("found", "找到的老人", columns)
            .rows(rows)
            .empty("没有找到符合的老人。", None),
    };
    Ok(Page::new(page).into_response())
}

/// A whole number is not shown again.
fn typed_again(q: &str) -> &str {
    if q.chars().filter(char::is_ascii_digit).count() > 6 { "" } else { q }
}

pub(super) async fn new(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<OnePage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = people::card(tx.conn(), person).await?;
    drop(tx);
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.code(), kind.chinese()));
    let form = hand_form(here::new(card.id), &actor.csrf, kinds.into());
    Ok(Page::new(OnePage {
        shell: shell::shell(&app, &actor, &here::handovers()).await?,
        crumbs: crumbs("登记转办"),
        title: format!("{}转办社会救助", card.name),
        state: "救助由救助部门认定和发放，这里记转了什么、什么时候有答复。".into(),
        slip: None,
        facts: about_elder(&app, &card),
        form: Some(("转办内容".to_owned(), form)),
        history: Vec::new(),
    }))
}

fn crumbs(here_text: &str) -> Crumbs {
    let above = vec![Link::new("社会救助衔接", here::handovers())];
    Crumbs { above, here: here_text.to_owned() }
}

fn about_elder(app: &App, card: &PersonCard) -> Vec<(String, Line)> {
    vec![
        (
            "老人".to_owned(),
            pages::elder_link(card).text(" ").small(card.sex_and_age(app.now().day())),
        ),
        ("身份证号".to_owned(), card.number.to_string().into()),
        ("户籍".to_owned(), app.areas().spoken(card.area).into()),
    ]
}

/// What the form says.
#[derive(Deserialize)]
pub(super) struct Handed {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    given: String,
    #[serde(default)]
    receiver: String,
}

pub(super) async fn hand_over(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
    Posted(said): Posted<Handed>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| {
        Failure::from(trouble)
            .typed("为什么转办", &said.reason)
            .typed("转交材料", &said.given)
            .typed("转给", &said.receiver)
            .back("回到登记转办", here::new(person))
    };
    let case = open(&app, &actor, person, &said).await.map_err(back)?;
    Ok(Redirect::to(here::handover(case).as_str()))
}

async fn open(
    app: &App,
    actor: &Actor,
    person: PersonId,
    said: &Handed,
) -> Result<CaseId, Trouble> {
    let Some(kind) = Kind::from_code(&said.kind) else {
        return Err(Trouble::refused("还没有选转办哪一种救助。", "请选一种。"));
    };
    let texts = [&said.reason, &said.given, &said.receiver].map(|text| text.trim().to_owned());
    if texts.iter().any(String::is_empty) {
        return Err(Trouble::refused(
            "为什么转办、转交材料和转给谁，都要写。",
            "没有书面材料的，转交材料写“口头转办”。",
        ));
    }
    let [reason, given, receiver] = texts;
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = people::card(tx.conn(), person).await?;
    let areas = app.areas();
    let node = areas.node(card.area).ok_or(Trouble::NotFound)?;
    let id = cases::case_id(FLOW.id, card.id, &format!("{}/{now}", kind.code()));
    let opening = FLOW.opening(Opening {
        id,
        person: card.id,
        item: None,
        about: pages::about(kind),
        owner_area: town(app, card.area),
        due_on: Some(app.calendar().due(now.day(), ANSWER_WORKING_DAYS)?),
        note: reason.clone(),
        hand: None,
    });
    let handover = Handover { case: id, kind, reason, given, receiver };
    let effects = Effects { moves: vec![CaseChange::Open(opening)], ..Effects::default() };
    store::insert(tx.conn(), &handover, (card.id, node.lo), now).await?;
    let object = format!("case/{id}");
    commit(tx, actor, now, &effects, "社会救助转办", object, kind.chinese()).await?;
    Ok(id)
}

fn town(app: &App, area: AreaId) -> AreaId {
    app.areas().at_level(area, AreaLevel::Township).map_or(area, |node| node.id)
}

/// One hand-over, if it lies in the scope.
pub(super) async fn find_row(tx: &mut db::Tx, case: CaseId) -> Result<Row, Trouble> {
    let case: Case = cases::case(tx.conn(), case).await?;
    pages::rows(tx, vec![case]).await?.pop().ok_or(Trouble::NotFound)
}

pub(super) async fn one(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(case): At<CaseId>,
) -> Answer<Page<OnePage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = find_row(&mut tx, case).await?;
    let moves = cases::moves(tx.conn(), &[case]).await?;
    drop(tx);
    let today = app.now().day();
    let choices: Vec<Choice> =
        FLOW.may(&row.case.state, actor.role).map(|it| Choice::new(it.id, it.label)).collect();
    let acts = may(actor.role, Action::AcceptCases) && !choices.is_empty();
    let form = acts.then(|| {
        let action = here::part(case, "step");
        let form = step_form(action, &actor.csrf, choices, &today.to_string());
        ("答复".to_owned(), form.hidden("seen", row.case.moves.to_string()))
    });
    let mut facts = row.card.as_ref().map_or_else(Vec::new, |card| about_elder(&app, card));
    facts.extend(
        [
            ("救助种类", row.about.kind.chinese()),
            ("为什么转办", &row.about.reason),
            ("转交材料", &row.about.given),
            ("转给", &row.about.receiver),
        ]
        .map(|(term, text)| (term.to_owned(), Line::from(text))),
    );
    let due = row.case.owner.and_then(|owner| owner.due_on);
    let state = Line::from(row.state());
    let history = moves.iter().map(|it| {
        let what = FLOW.move_by_id(&it.action).map_or("登记转办", |it| it.label);
        let note = if it.note.is_empty() { String::new() } else { format!("：{}", it.note) };
        (format!("{} {}", it.at.day(), it.at.clock()), format!("{} {what}{note}", it.by))
    });
    Ok(Page::new(OnePage {
        shell: shell::shell(&app, &actor, &here::handovers()).await?,
        crumbs: crumbs(&format!("第 {} 号", row.case.number)),
        title: format!("{}转办{}", row.name(), row.about.kind.chinese()),
        state: match due {
            Some(day) => state.text(format!(" {day} 前问结果")),
            None => state,
        },
        slip: Some(Link::new("打印转办单", here::part(case, "slip"))),
        facts,
        form,
        history: history.collect(),
    }))
}

/// What the form of an answer says.
#[derive(Deserialize)]
pub(super) struct Answered {
    #[serde(default)]
    action: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    seen: i32,
}

pub(super) async fn step(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(case): At<CaseId>,
    Posted(said): Posted<Answered>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| {
        Failure::from(trouble).typed("说明", &said.note).back("回到转办", here::handover(case))
    };
    take(&app, &actor, case, &said).await.map_err(back)?;
    Ok(Redirect::to(here::handover(case).as_str()))
}

async fn take(app: &App, actor: &Actor, case: CaseId, said: &Answered) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut row = find_row(&mut tx, case).await?;
    let Some(on) = said.on.parse::<Day>().ok().filter(|on| *on <= now.day()) else {
        return Err(Trouble::refused("答复日期不对。", "请写救助部门答复的那一天，不能晚于今天。"));
    };
    if on < row.case.opened_at.day() {
        return Err(Trouble::refused(
            format!("答复日期 {on} 早于转办日期 {}。", row.case.opened_at.day()),
            "请核对日期。",
        ));
    }
    // The date of the relief system's act goes before the words; the move keeps when it was noted.
    let note = said.note.trim();
    let needs = FLOW.move_by_id(&said.action).is_some_and(|it| it.needs_note);
    let note = match (needs, note.is_empty()) {
        (true, true) => String::new(),
        (_, true) => format!("{on}"),
        (_, false) => format!("{on}，{note}"),
    };
    row.case.moves = said.seen;
    let area = town(app, row.card.as_ref().map_or(actor.area, |card| card.area));
    let due_on = app.calendar().due(now.day(), ANSWER_WORKING_DAYS)?;
    let words = Said { codes: Vec::new(), note };
    let step = FLOW.take(&row.case, &said.action, actor.role, words, (area, Some(due_on)))?;
    let effects = Effects { moves: vec![CaseChange::Step(step)], ..Effects::default() };
    commit(tx, actor, now, &effects, "社会救助转办答复", format!("case/{case}"), "").await
}
