//! S5 人工比对: one row beside the people whom it may be about.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Redirect;
use db::Tx;
use duties::DutyState;
use facts::desk::{self, DeskRow, RowState, StoredFact};
use facts::{Fact, batches, people};
use kernel::{BatchId, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Crumbs, Failure, Line, Link, Page, Posted, Tone};

use super::domain::{self, Agrees, Candidate, Compared};
use super::duty_kinds::{MATCH_CHECK, SAME};
use super::jobs::{self, Choice};
use super::views::{self, Choose, PairPage};
use crate::desk_lines::{Files, Narrowed, Sums, named, recents};
use crate::links::At;
use crate::{App, links, shell, words};

/// With more candidates the table takes the whole width.
const MOST_BESIDE: usize = 2;

pub(super) async fn pair(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((batch, row_no)): At<(BatchId, u32)>,
    Query(narrowed): Query<Narrowed>,
) -> Answer<Page<PairPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::row(&mut tx, app.vault(), batch, row_no).await?;
    let file = batches::original(tx.conn(), batch).await?.ok_or(Trouble::NotFound)?;
    let creates = app.layout(&file.supplier).is_some_and(|layout| layout.creates_people);
    let live = desk::live(tx.conn(), &app.increments()).await?;
    let sums = Sums::of(&desk::counts(tx.conn(), &live).await?);
    let next = desk::next(tx.conn(), &narrowed.show(&live), Some((batch, row_no))).await?;
    let candidates = candidates(&app, &mut tx, &row).await?;
    let name = Files::load(&mut tx, &[batch]).await?.name(&app, batch);
    let state = state(&app, &mut tx, &row).await?;
    let recents = recents(&app, &actor, &mut tx).await?;
    let compared = compared(&app, &mut tx, &row, &candidates).await?;
    drop(tx);
    let counts = live.contains(&batch) && !row.state.is_decided();
    Ok(Page::new(PairPage {
        shell: shell::shell(&app, &actor, &links::desk()).await?,
        crumbs: Crumbs {
            above: vec![
                Link::new("待人工比对", links::desk()),
                Link::new(name.clone(), links::desk().query("file", batch)),
            ],
            here: format!("第 {row_no} 行"),
        },
        title: format!("第 {row_no} 行：{}", named(row.content.raw("name"))),
        reason: format!("{name}。{}", row.content.words),
        progress: sums.progress(),
        bar: sums.bar(),
        state,
        compared,
        beside: candidates.len() <= MOST_BESIDE,
        choose: counts.then(|| choose(&app, &actor, &row, &candidates, &narrowed, creates)),
        skip: next.filter(|next| *next != (batch, row_no)).map(|(batch, row)| {
            Link::new("跳过，看下一行", narrowed.keep(links::desk_row(batch, row)))
        }),
        recents,
    }))
}

async fn candidates(app: &App, tx: &mut Tx, row: &DeskRow) -> Result<Vec<Candidate>, Trouble> {
    // Whom it was decided to be about stands there too, when the matcher had not thought of them.
    let mut ids = row.candidates.clone();
    if let RowState::Same(person) | RowState::Created(person) | RowState::Asked(person, _) =
        row.state
        && !ids.contains(&person)
    {
        ids.push(person);
    }
    let numbers = desk::numbers(tx, app.vault(), &ids).await?;
    let cards = people::cards(tx.conn(), &ids).await?;
    Ok(ids
        .iter()
        .zip(numbers)
        .filter_map(|(id, number)| {
            let card = cards.iter().find(|card| card.id == *id)?.clone();
            Some(Candidate { card, number })
        })
        .collect())
}

/// What the village says, or what was decided.
async fn state(app: &App, tx: &mut Tx, row: &DeskRow) -> Result<Option<Line>, Trouble> {
    Ok(match row.state {
        RowState::Waiting => None,
        RowState::None => Some(Line::new().chip(Tone::Ok, "已比对").text("都不是，没有记下什么。")),
        RowState::Same(person) | RowState::Created(person) => {
            let words = format!("{}：", row.state.chinese());
            let line = Line::new().chip(Tone::Ok, "已比对").text(words);
            Some(match people::card(tx.conn(), person).await {
                Ok(card) => line.link(card.name, links::elder(card.id)),
                Err(_) => line.text("档案已不在列"),
            })
        }
        RowState::Asked(person, duty) => {
            let card = people::card(tx.conn(), person).await?;
            let duty = duties::duty(tx.conn(), duty).await?;
            Some(match duty.state {
                DutyState::Decided { outcome, reason, at, by } => {
                    let chosen = MATCH_CHECK.outcomes.iter().find(|it| it.id == outcome);
                    let tone = if outcome == SAME { Tone::Ok } else { Tone::Wait };
                    Line::new()
                        .chip(tone, "村里已答复")
                        .text(format!(
                            "问的是{}：{}。{reason}",
                            card.name,
                            chosen.map_or(outcome.as_str(), |it| it.label)
                        ))
                        .small(format!("{by}，{at}"))
                }
                _ => Line::new().chip(Tone::Wait, "等村里答复").text(format!(
                    "已请{}核实是不是{}，{} 前答复。",
                    app.areas().spoken(card.area),
                    card.name,
                    duty.due_on
                )),
            })
        }
    })
}

async fn compared(
    app: &App,
    tx: &mut Tx,
    row: &DeskRow,
    candidates: &[Candidate],
) -> Result<webkit::Table, Trouble> {
    let mut standing = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        standing.push(facts::facts_of(tx.conn(), candidate.card.id).await?);
    }
    let areas = app.areas();
    let mut rows = domain::who(&row.content, candidates, &areas);
    rows.push(Compared {
        label: "现在的状态".to_owned(),
        row: Line::new(),
        candidates: candidates.iter().map(|it| Line::from(it.card.life.chinese())).collect(),
    });
    let own = ["name", "sex", "birth_date", "hukou_area"];
    for fact in row.content.facts.iter().filter(|fact| !own.contains(&fact.kind.as_str())) {
        rows.push(Compared {
            label: words::label(&fact.kind).to_owned(),
            row: Line::from(said(app, fact)),
            candidates: standing.iter().map(|facts| best(app, facts, fact)).collect(),
        });
    }
    let people: Vec<Line> = candidates
        .iter()
        .map(|it| Line::new().link(&it.card.name, links::elder(it.card.id)))
        .collect();
    let mut lines: Vec<Vec<Line>> = rows
        .into_iter()
        .map(|it| [vec![Line::from(it.label), it.row], it.candidates].concat())
        .collect();
    let files = Line::new().link("看原来的行", links::source_row(row.batch, row.row_no));
    let look = people.iter().map(|_| Line::new());
    lines.push([vec![Line::from("原件"), files], look.collect()].concat());
    if let Some(first) = lines.first_mut() {
        for (cell, person) in first.iter_mut().skip(2).zip(&people) {
            let chips = cell.parts.split_off(1);
            *cell = person.clone();
            cell.parts.extend(chips);
        }
    }
    Ok(views::compared(&people, lines))
}

fn said(app: &App, fact: &StoredFact) -> String {
    let fact = Fact {
        person: PersonId::new(uuid::Uuid::nil()),
        kind: fact.kind.clone(),
        supplier: String::new(),
        value: fact.value.clone().into(),
        valid_from: fact.from,
        valid_to: fact.to,
        known_at: app.now(),
        source: None,
        retracted: false,
    };
    words::value_words(&fact, &app.areas())
}

/// What stands about a candidate of the same kind, by the best source.
fn best(app: &App, facts: &[Fact], row: &StoredFact) -> Line {
    match facts.iter().find(|fact| fact.kind == row.kind) {
        Some(fact) => {
            let line = Line::from(words::value_words(fact, &app.areas()));
            line.small(app.source_name(&fact.supplier))
        }
        None => domain::cell("（没有）", Agrees::Unknown),
    }
}

fn choose(
    app: &App,
    actor: &Actor,
    row: &DeskRow,
    candidates: &[Candidate],
    narrowed: &Narrowed,
    creates: bool,
) -> Choose {
    let (areas, today) = (app.areas(), app.now().day());
    let number = row.content.number();
    let known = |it: &Candidate| it.number.as_ref() == number.as_ref();
    let mut kinds: Vec<&str> =
        row.content.facts.iter().map(|fact| words::label(&fact.kind)).collect();
    kinds.dedup();
    let mut hidden: Vec<(String, String)> = vec![("seq".to_owned(), row.seq.to_string())];
    hidden.extend(narrowed.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)));
    let candidates: Vec<&Candidate> =
        candidates.iter().filter(|it| row.candidates.contains(&it.card.id)).collect();
    let foreign = number.is_some() && !candidates.iter().any(|it| known(it));
    Choose {
        action: links::desk_decide(row.batch, row.row_no),
        csrf: actor.csrf.clone(),
        hidden,
        note_number: (foreign && !candidates.is_empty())
            .then(|| "同时记下这一行的号码，作为本人的另一个号码".to_owned()),
        newcomer: (creates && foreign && row.content.newcomer.is_some())
            .then(|| "这是新的人，按这一行新建档案".to_owned()),
        candidates: candidates
            .iter()
            .map(|it| {
                webkit::Choice::new(it.card.id.to_string(), it.card.name.clone()).hint(format!(
                    "{}，{}",
                    it.card.sex_and_age(today),
                    areas.spoken(it.card.area)
                ))
            })
            .collect(),
        effects: [
            format!(
                "这一行说的（{}）记到这位老人名下，来源写明是这一行；撤销时一并收回。",
                kinds.join("、")
            ),
            "不记任何信息；以后同样的一行不再拿这几位来问。".to_owned(),
            "给这位老人所在村开一件待办，3 个工作日内答复；答复前这一行先放着。".to_owned(),
        ],
    }
}

/// What the form says.
#[derive(Deserialize)]
pub(super) struct Decided {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    person: String,
    #[serde(default)]
    seq: i32,
    #[serde(default)]
    note_number: String,
    #[serde(default)]
    newcomer: String,
    #[serde(default)]
    reason: String,
    #[serde(flatten)]
    narrowed: Narrowed,
}

/// Decides the row, and goes on to the next one.
pub(super) async fn decide(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((batch, row_no)): At<(BatchId, u32)>,
    Posted(typed): Posted<Decided>,
) -> Answer<Redirect> {
    let here = typed.narrowed.keep(links::desk_row(batch, row_no));
    let back = |trouble: Trouble| {
        Failure::from(trouble).typed("说明", &typed.reason).back("回到这一行", here.clone())
    };
    let person: Option<PersonId> = typed.person.parse().ok();
    let choice = match (typed.decision.as_str(), person) {
        ("same", Some(person)) => Choice::Same(person, typed.note_number == "1"),
        ("none", _) => Choice::None(typed.newcomer == "1"),
        ("ask", Some(person)) => Choice::Ask(person),
        _ => return Err(back(Trouble::refused("还没有选怎么处理。", "请按 1、2 或 3。"))),
    };
    let reason = typed.reason.trim();
    jobs::decide(&app, &actor, (batch, row_no), typed.seq, choice, reason).await.map_err(back)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let live = desk::live(tx.conn(), &app.increments()).await?;
    let next = desk::next(tx.conn(), &typed.narrowed.show(&live), Some((batch, row_no))).await?;
    let href = next.map_or_else(links::desk, |(batch, row)| links::desk_row(batch, row));
    Ok(Redirect::to(typed.narrowed.keep(href).as_str()))
}

/// Which decision is taken back.
#[derive(Deserialize)]
pub(super) struct Undone {
    batch: String,
    row: String,
    seq: i32,
}

/// Takes a decision back, and goes to its row.
pub(super) async fn undo(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(undone): Posted<Undone>,
) -> Answer<Redirect> {
    let batch: BatchId = undone.batch.parse().map_err(|_| Trouble::NotFound)?;
    let row: u32 = undone.row.parse().map_err(|_| Trouble::NotFound)?;
    let here = links::desk_row(batch, row);
    jobs::undo(&app, &actor, (batch, row), undone.seq)
        .await
        .map_err(|trouble| Failure::from(trouble).back("回到这一行", here.clone()))?;
    Ok(Redirect::to(here.as_str()))
}
