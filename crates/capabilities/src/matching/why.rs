//! S3 依据: every condition with its value, file row and clause.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Path, State};
use duties::{Duty, DutyState};
use facts::Fact;
use facts::people::PersonCard;
use facts::population::{EngineTree, Subject, engine_facts, subject_of};
use kernel::{DutyId, Fen, Life, Month, PersonId, Trouble};
use policy::{Explanation, Item, Verdict};
use webkit::{Answer, Choice, Crumbs, Line, Link, Page, Tone};

use super::duty_kinds::{AFTER_DEATH, UNCLAIMED};
use super::outcome::may_decide;
use super::today::{amount, chip, owner};
use super::views::{BigAmount, Condition, Entry, Mark, Recorded, WhyPage, outcome_form};
use crate::app::award_kind;
use crate::shell::shell;
use crate::{App, duty_kind, links, words};

/// A person with everything that the page explains.
struct Case {
    card: PersonCard,
    facts: Vec<Fact>,
    subject: Subject,
}

async fn case(tx: &mut db::Tx, person: PersonId) -> Result<Case, Trouble> {
    let card = facts::people::card(tx.conn(), person).await?;
    let facts = facts::facts_of(tx.conn(), person).await?;
    let subject = subject_of(person, card.area, card.life, &facts);
    Ok(Case { card, facts, subject })
}

/// 依据 of one duty, with what came of it.
pub(crate) async fn duty(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Answer<Page<WhyPage>> {
    let id: DutyId = id.parse().map_err(|_| Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let duty = duties::duty(tx.conn(), id).await?;
    let case = case(&mut tx, duty.person).await?;
    let month = app.now().day().month();
    let items = app.paid_items(case.card.area, month);
    let item = duty.item.as_ref().and_then(|id| items.iter().find(|item| item.id == *id));
    let mut page = page(&app, &actor, &case, item.copied(), month).await?;
    if item.is_none() {
        page.conditions = claims(&app, &case);
    }
    let kind = duty_kind(&duty.kind);
    kind.map_or("", |kind| kind.label).clone_into(&mut page.verdict);
    if duty.kind == UNCLAIMED.id {
        "应该领，但还没有领".clone_into(&mut page.verdict);
    }
    page.because = format!("{}。", duty.cause);
    page.tone = chip(&duty).tone;
    page.amount = big_amount(&duty, month);
    page.build_up = build_up(&app, &case, item.copied(), &duty, month)?;
    page.duty = about(&app, &duty);
    if matches!(case.card.life, Life::Living) {
        page.print = Some(Link::new("打印一页告知", links::notice(case.card.id)));
    }
    page.recorded = recorded(&duty);
    let open = duty.state == DutyState::Open;
    if open && may(actor.role, Action::DecideDuties) && may_decide(&actor, &duty) {
        let outcomes = kind.map_or(&[][..], |kind| kind.outcomes);
        let choices = outcomes
            .iter()
            .map(|o| {
                let choice = Choice::new(o.id, o.label);
                if o.needs_reason { choice.hint("要写明情况") } else { choice }
            })
            .collect();
        page.outcome = Some(outcome_form(links::decide(duty.id), &actor.csrf, choices));
    }
    Ok(Page::new(page))
}

/// 依据 of one item for one elder.
pub(crate) async fn item(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path((person, item)): Path<(String, String)>,
) -> Answer<Page<WhyPage>> {
    let person: PersonId = person.parse().map_err(|_| Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let case = case(&mut tx, person).await?;
    let month = app.now().day().month();
    let list = app.list_for(case.card.area, month).ok_or(Trouble::NotFound)?;
    let item = list.item(&item).ok_or(Trouble::NotFound)?;
    Ok(Page::new(page(&app, &actor, &case, Some(item), month).await?))
}

async fn page(
    app: &App,
    actor: &Actor,
    case: &Case,
    item: Option<&Item>,
    month: Month,
) -> Result<WhyPage, Trouble> {
    let card = &case.card;
    let today = app.now().day();
    let areas = app.areas();
    let who = format!("{}（{}，{}）", card.name, card.sex_and_age(today), areas.spoken(card.area));
    let mut page = WhyPage {
        shell: shell(app, actor, &links::today()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("待办", links::today()), Link::new(who, links::elder(card.id))],
            here: item.map_or("依据", |item| item.name.as_str()).to_owned(),
        },
        tone: Tone::Info,
        verdict: "没有适用的清单".to_owned(),
        because: "这个地区还没有录入在用的服务清单。".to_owned(),
        amount: None,
        print: None,
        acts: vec![Link::new("看一人一档", links::elder(card.id))],
        buttons: Vec::new(),
        duty: Vec::new(),
        conditions: Vec::new(),
        build_up: Vec::new(),
        basis: Vec::new(),
        would_change: Vec::new(),
        assumptions: Vec::new(),
        outcome: None,
        recorded: Vec::new(),
    };
    let Some(item) = item else { return Ok(page) };
    let explained = explain(app, case, item, month)?;
    page.verdict = format!("{} {}", month.chinese(), explained.verdict.chinese());
    page.tone = match explained.verdict {
        Verdict::Entitled { .. } => Tone::Ok,
        Verdict::Unknown(_) => Tone::Wait,
        _ => Tone::Plain,
    };
    page.because.clone_from(&explained.sentence);
    page.conditions = conditions(app, case, &explained);
    page.build_up = explained
        .amounts
        .iter()
        .map(|line| (line.text.clone(), format!("{} / 月", line.amount)))
        .collect();
    page.basis = basis(&explained, item);
    page.would_change = explained.changes;
    page.assumptions = explained.assumptions.into_iter().map(|a| a.text).collect();
    Ok(page)
}

fn explain(app: &App, case: &Case, item: &Item, month: Month) -> Result<Explanation, Trouble> {
    let areas = app.areas();
    let tree = EngineTree(&areas);
    let facts = engine_facts(&case.subject, &areas)?;
    Ok(policy::explain(item, &facts, month, &tree, &|code| tree.name(code)))
}

fn conditions(app: &App, case: &Case, explained: &Explanation) -> Vec<Condition> {
    explained
        .conditions
        .iter()
        .map(|line| Condition {
            mark: match line.mark() {
                '✓' => Mark::Yes,
                '✗' => Mark::No,
                _ => Mark::Unknown,
            },
            label: line.asked.clone(),
            value: line.found.clone(),
            evidence: evidence(app, case, &line.facts),
        })
        .collect()
}

/// What each source says of the person's life and death, for a duty that no rule is behind.
fn claims(app: &App, case: &Case) -> Vec<Condition> {
    let kinds = ["life", "register_state", "death_date", "last_seen"];
    let said = case.facts.iter().filter(|fact| kinds.contains(&fact.kind.as_str()));
    said.map(|fact| Condition {
        mark: Mark::Unknown,
        label: words::label(&fact.kind).to_owned(),
        value: words::value_words(fact, &app.areas()),
        evidence: words::source(app, fact),
    })
    .collect()
}

/// The facts under a condition, each with its file and row.
fn evidence(app: &App, case: &Case, kinds: &[&'static str]) -> Line {
    let areas = app.areas();
    let mut line = Line::new();
    let mut empty = true;
    for kind in kinds {
        let label = words::label(kind);
        for fact in case.facts.iter().filter(|fact| fact.kind == *kind) {
            let gap = if empty { "" } else { "；" };
            empty = false;
            line = line.text(format!("{gap}{label} {} · ", words::value_words(fact, &areas)));
            line.parts.extend(words::source(app, fact).parts);
        }
    }
    if empty { Line::from("各来源都没有这方面的登记") } else { line }
}

/// List, time rules, and one entry for each document with its clauses.
fn basis(explained: &Explanation, item: &Item) -> Vec<Entry> {
    let href = links::list_item(&links::list_id(&item.list), &item.id);
    let list = Link::new(explained.list.clone(), href);
    let mut basis = vec![
        Entry::new("清单", list),
        Entry::new("从哪个月起到哪个月止", explained.rules.join("；")),
    ];
    let mut documents: Vec<(String, String)> = Vec::new();
    for line in &explained.basis {
        let number = line.number.as_deref().map_or_else(String::new, |n| format!("（{n}）"));
        let title = format!("{}{number} · {}", line.title, line.confidence.chinese());
        let clause = format!("{}：{}。", line.citation.clause, line.citation.says);
        match documents.iter_mut().find(|(seen, _)| *seen == title) {
            Some((_, clauses)) => clauses.push_str(&clause),
            None => documents.push((title, clause)),
        }
    }
    basis.extend(documents.into_iter().map(|(title, clauses)| Entry::new(title, clauses)));
    basis
}

fn big_amount(duty: &Duty, month: Month) -> Option<BigAmount> {
    let nothing = Fen::ZERO;
    let (label, sum, note) = match duty.kind.as_str() {
        kind if kind == UNCLAIMED.id && duty.amount_fen != nothing => (
            format!("到 {} 月应补", month.number()),
            duty.amount_fen,
            format!("{} 月起另按每月 {} 发", month.number(), duty.monthly_fen),
        ),
        kind if kind == AFTER_DEATH.id && duty.amount_fen != nothing => {
            ("去世后已多发".to_owned(), duty.amount_fen, format!("现每月仍列 {}", duty.monthly_fen))
        }
        _ if duty.monthly_fen != nothing => {
            ("每月涉及".to_owned(), duty.monthly_fen, format!("从 {} 起", month.chinese()))
        }
        _ => return None,
    };
    Some(BigAmount { label, sum, note })
}

/// The sum of the duty month by month: what is due, or what was paid too much.
fn build_up(
    app: &App,
    case: &Case,
    item: Option<&Item>,
    duty: &Duty,
    month: Month,
) -> Result<Vec<(String, String)>, Trouble> {
    let Some(item) = item else { return Ok(Vec::new()) };
    let explained = explain(app, case, item, month)?;
    let mut lines: Vec<(String, String)> = explained
        .amounts
        .iter()
        .map(|line| (line.text.clone(), format!("{} / 月", line.amount)))
        .collect();
    if duty.kind == UNCLAIMED.id {
        let areas = app.areas();
        let facts = engine_facts(&case.subject, &areas)?;
        let tree = EngineTree(&areas);
        let first = policy::first_entitled(item, &facts, month, &tree).unwrap_or(month);
        let owed = policy::span(item, &facts, first, month, &tree, &|_| Fen::ZERO);
        if let (Some((from, _)), Some((to, _))) = (owed.arrears.first(), owed.arrears.last()) {
            lines.push((format!("{from} 至 {to}"), format!("{} 个月", owed.arrears.len())));
            lines.push(("补发".to_owned(), owed.arrears_fen.to_string()));
        }
    }
    if duty.kind == AFTER_DEATH.id
        && let Some(award) = award_kind(item).and_then(|kind| case.subject.best(kind))
        && let Some(died) = case.subject.day("death_date")
    {
        let through = award.as_of.unwrap_or(died).month();
        lines.push(("名册月标准".to_owned(), format!("{} / 月", duty.monthly_fen)));
        if duty.amount_fen != Fen::ZERO {
            lines.push((
                format!("{} 至 {through}", died.month().next()),
                format!("{} 个月", through.months_since(died.month())),
            ));
        }
        lines.push(("去世后多发".to_owned(), duty.amount_fen.to_string()));
    }
    Ok(lines)
}

fn about(app: &App, duty: &Duty) -> Vec<Entry> {
    let today = app.now().day();
    let next = duty_kind(&duty.kind).map_or("", |kind| kind.next_step);
    vec![
        Entry::new("下一步", next),
        Entry::new("谁办", owner(app, duty)),
        Entry::new(
            "期限",
            Line::from(format!("{} ", duty.due_on))
                .with(webkit::Part::Chip(words::due_chip(duty.due_on, today))),
        ),
        Entry::new("涉及", amount(duty)),
        Entry::new("发现", duty.opened_on.to_string()),
    ]
}

fn recorded(duty: &Duty) -> Vec<Recorded> {
    match &duty.state {
        DutyState::Open => Vec::new(),
        DutyState::CauseGone(at) => vec![Recorded {
            by: at.to_string(),
            text: "缘由已消失，系统自动关闭。".to_owned(),
        }],
        DutyState::Decided { outcome, reason, at, by } => {
            let label = duty_kind(&duty.kind)
                .and_then(|kind| kind.outcomes.iter().find(|o| o.id == outcome))
                .map_or(outcome.as_str(), |o| o.label);
            let text =
                if reason.is_empty() { label.to_owned() } else { format!("{label}：{reason}") };
            vec![Recorded { by: format!("{by} {at}"), text }]
        }
    }
}
