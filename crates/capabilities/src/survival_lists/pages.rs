//! 生存核验: the page of a round and its workbook.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use facts::people::PersonCard;
use kernel::{AreaLevel, Day, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, FilterLink, Line, Link, Page, Pager, PostButton, Tone, grouped};

use super::store::{self, Which};
use super::views::{LineRow, RoundPage};
use crate::App;
use crate::download::{self, Cell, Head};
use crate::links::{self, At};
use crate::shell::shell;
use crate::surviving::{OTHERS, Round, TRACES, WAYS, called, rounds, rules};
use crate::whom::whom;

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 50_000;
const VILLAGES: i64 = 12;

/// What the list is filtered by.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    how: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn how(&self) -> &'static str {
        let mut all = TRACES.iter().chain(&WAYS).chain(&OTHERS).map(|(id, _)| *id);
        all.find(|id| *id == self.how).unwrap_or(if self.how == "all" { "all" } else { "" })
    }

    fn which(&self) -> Which<'static> {
        match self.how() {
            "all" => Which::All,
            "" => Which::Open,
            how => Which::How(how),
        }
    }

    fn words(&self) -> &'static str {
        if self.how() == "all" { "全部" } else { called(self.how()) }
    }
}

/// The round that runs or ran last.
pub(super) async fn now(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Page<RoundPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let rounds = rounds(tx.conn()).await?;
    drop(tx);
    match rounds.first() {
        Some(round) => page(&app, &actor, round, &rounds, &Asked::default()).await,
        None => none(&app, &actor).await,
    }
}

/// One round.
pub(super) async fn round(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Query(asked): Query<Asked>,
) -> Answer<Page<RoundPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let rounds = rounds(tx.conn()).await?;
    drop(tx);
    let round = rounds.iter().find(|round| round.id == id).ok_or(Trouble::NotFound)?;
    page(&app, &actor, round, &rounds, &asked).await
}

async fn none(app: &App, actor: &Actor) -> Answer<Page<RoundPage>> {
    Ok(Page::new(RoundPage {
        shell: shell(app, actor, &links::survival::now()).await?,
        title: "生存核验".to_owned(),
        sentence: "还没有开始过。就诊、探访等痕迹先自动核，剩下的才请村里打电话或上门。".to_owned(),
        begin: begin_button(app, actor, &[]).await?,
        rounds: Vec::new(),
        show: false,
        ways: Vec::new(),
        villages: Vec::new(),
        filters: Vec::new(),
        filter_words: String::new(),
        export: links::survival::now(),
        rows: Vec::new(),
        pager: None,
    }))
}

/// 开始本轮核验: for a county whose round of this half-year has not begun.
async fn begin_button(
    app: &App,
    actor: &Actor,
    rounds: &[Round],
) -> Result<Option<PostButton>, Trouble> {
    let is_county =
        app.areas().node(actor.area).is_some_and(|node| node.level == AreaLevel::County);
    if !is_county || !may(actor.role, Action::ApproveCases) {
        return Ok(None);
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let due = rules(&mut tx).await?.due(app.now().day());
    let begun = |month| rounds.iter().any(|round| round.month == month);
    Ok(due.filter(|month| !begun(*month)).map(|month| {
        let label = format!("开始 {}一轮核验", month.chinese());
        PostButton::new(links::survival::act("begin"), &actor.csrf, label).class("btn main")
    }))
}

async fn page(
    app: &App,
    actor: &Actor,
    round: &Round,
    rounds: &[Round],
    asked: &Asked,
) -> Answer<Page<RoundPage>> {
    let today = app.now().day();
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let mut tx = app.db().begin(&actor.scope).await?;
    let tally = store::tally(tx.conn(), round.id).await?;
    let villages = store::by_village(tx.conn(), round.id, VILLAGES).await?;
    let mut lines = store::lines(tx.conn(), round.id, asked.which(), PAGE_ROWS + 1, offset).await?;
    let more = lines.len() > 50;
    lines.truncate(50);
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let areas = app.areas();
    let count = |how: &str| -> u64 {
        let of = tally.iter().filter(|(it, _)| it.as_deref().unwrap_or("") == how);
        of.map(|(_, n)| n.unsigned_abs()).sum()
    };
    let all: u64 = tally.iter().map(|(_, n)| n.unsigned_abs()).sum();
    let rows: Vec<LineRow> = lines.iter().filter_map(|line| row(app, &cards, line)).collect();
    let shown = u64::try_from(rows.len()).unwrap_or(0);
    let href = |page: u32| links::survival::filtered(round.id, asked.how()).query("page", page);
    Ok(Page::new(RoundPage {
        shell: shell(app, actor, &links::survival::now()).await?,
        title: format!("{}生存核验", round.month.chinese()),
        sentence: sentence(round, all, count("") + count("not_found"), today),
        begin: begin_button(app, actor, rounds).await?,
        rounds: rounds
            .iter()
            .filter(|it| it.id != round.id)
            .map(|it| Link::new(it.month.chinese(), links::survival::round(it.id)))
            .collect(),
        show: true,
        ways: ways(round, &count, all),
        villages: villages
            .iter()
            .map(|(area, open, all)| {
                let count = |n: &i64| grouped(n.unsigned_abs());
                (areas.spoken(*area), count(open), count(all))
            })
            .collect(),
        filters: filters(round, asked, &count, all),
        filter_words: asked.words().to_owned(),
        export: links::survival::sheet(round.id, asked.how()),
        rows,
        pager: (more || asked.page > 0).then(|| Pager {
            from: offset.unsigned_abs() + 1,
            to: offset.unsigned_abs() + shown,
            of: if asked.how() == "all" { all } else { count(asked.how()) },
            previous: (asked.page > 0).then(|| href(asked.page - 1)),
            next: more.then(|| href(asked.page + 1)),
        }),
    }))
}

fn row(app: &App, cards: &HashMap<PersonId, PersonCard>, line: &store::Line) -> Option<LineRow> {
    let card = cards.get(&line.person)?;
    let sex_and_age = card.sex_and_age(app.now().day());
    Some(LineRow {
        elder: Link::new(&card.name, links::elder(card.id)),
        about: format!("{sex_and_age}，{}", app.areas().spoken(card.area)),
        how: chip(line.how.as_deref()),
        on: line.settled_on.map_or_else(String::new, |day| day.to_string()),
        hold: hold(line),
    })
}

fn sentence(round: &Round, all: u64, open: u64, today: Day) -> String {
    let done = grouped(all - open.min(all));
    let all = grouped(all);
    let traces = round.traces_from;
    match (open, today > round.ends_on) {
        (0, _) => format!("在发 {all} 人都已核到；{traces} 以后的痕迹自动算数。"),
        (open, false) => format!(
            "在发 {all} 人，已核到 {done} 人，还有 {} 人请村里核，{} 截止；{traces} 以后的痕迹自动算数。",
            grouped(open),
            round.ends_on
        ),
        (open, true) => format!(
            "在发 {all} 人，已核到 {done} 人；{} 人到 {} 还没有核到，已暂缓，见到本人后恢复并补发。",
            grouped(open),
            round.ends_on
        ),
    }
}

fn tone(how: &str) -> Tone {
    match how {
        "" | "not_found" => Tone::Wait,
        "dead" => Tone::Bad,
        "stopped" => Tone::Plain,
        _ => Tone::Ok,
    }
}

fn chip(how: Option<&str>) -> Chip {
    let how = how.unwrap_or("");
    Chip::new(tone(how), called(how))
}

fn hold(line: &store::Line) -> Line {
    match (line.held_on, line.lifted_on) {
        (Some(on), None) => Line::new().chip(Tone::Bad, "暂缓").text(format!(" {on} 起")),
        (Some(on), Some(lifted)) => Line::from(format!("{on} 暂缓，{lifted} 解除")),
        _ => Line::new(),
    }
}

fn ways(round: &Round, count: &dyn Fn(&str) -> u64, all: u64) -> Vec<(Link, String, String)> {
    let every = TRACES.iter().chain(&WAYS).chain(&OTHERS).map(|(id, _)| *id).chain([""]);
    every
        .filter(|how| count(how) > 0)
        .map(|how| {
            let people = count(how);
            let share = (people * 1000 + all / 2).checked_div(all).unwrap_or(0);
            (
                Link::new(called(how), links::survival::filtered(round.id, how)),
                grouped(people),
                format!("{}.{}%", share / 10, share % 10),
            )
        })
        .collect()
}

fn filters(round: &Round, asked: &Asked, count: &dyn Fn(&str) -> u64, all: u64) -> Vec<FilterLink> {
    let link = |how: &'static str, text: &str, count: u64| FilterLink {
        text: text.to_owned(),
        count,
        href: links::survival::filtered(round.id, how),
        tone: tone(how),
        current: asked.how() == how,
    };
    let every = TRACES.iter().chain(&WAYS).chain(&OTHERS).map(|(id, _)| *id);
    let mut filters = vec![link("", called(""), count(""))];
    filters
        .extend(every.filter(|how| count(how) > 0).map(|how| link(how, called(how), count(how))));
    filters.push(FilterLink { tone: Tone::Plain, ..link("all", "全部", all) });
    filters
}

/// The list as a workbook.
pub(super) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rounds = rounds(tx.conn()).await?;
    let round = rounds.iter().find(|round| round.id == id).ok_or(Trouble::NotFound)?;
    let lines = store::lines(tx.conn(), id, asked.which(), SHEET_ROWS, 0).await?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let cells: Vec<Vec<Cell>> = lines
        .iter()
        .filter_map(|line| {
            let card = cards.get(&line.person)?;
            Some(vec![
                card.name.as_str().into(),
                card.sex_and_age(today).into(),
                app.areas().spoken(card.area).into(),
                called(line.how.as_deref().unwrap_or("")).into(),
                line.settled_on.map_or(Cell::Empty, Cell::Day),
                line.held_on.map_or(Cell::Empty, Cell::Day),
                line.lifted_on.map_or(Cell::Empty, Cell::Day),
            ])
        })
        .collect();
    let head = Head {
        title: "生存核验".to_owned(),
        filter_words: format!("{}，{}", round.month.chinese(), asked.words()),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("姓名", 10.0),
        ("性别年龄", 12.0),
        ("户籍", 24.0),
        ("核验方式", 16.0),
        ("日期", 12.0),
        ("暂缓", 12.0),
        ("解除", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&format!("生存核验-{}.xlsx", round.month), bytes))
}
