//! S3 依据: every condition with its value, file row and clause.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Path, State};
use duties::{Duty, DutyState};
use facts::population::EngineTree;
use findings::kinds::{
    ACCOUNT_MISSING, ASSESSMENT_DUE, CLASS_CHANGE, SHARED_ACCOUNT, SOON, UNCLAIMED,
};
use kernel::{DutyId, Life, Month, PersonId, Trouble};
use policy::{Explanation, Item, Verdict};
use webkit::{Answer, Choice, Crumbs, Line, Link, Page, Tone};

use super::evidence::{Case, claims, conditions};
use super::reassess::{self, LEVEL};
use super::sums::{big_amount, build_up};
use super::views::{EffectLevel, EffectRow, EffectTable, Entry, Recorded, WhyPage, outcome_form};
use crate::duty_lines::{amount, chip, owner};
use crate::shell::shell;
use crate::{App, duty_kind, links, words};

/// 依据 of one duty, with what came of it.
pub(crate) async fn duty(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Answer<Page<WhyPage>> {
    let id: DutyId = id.parse().map_err(|_| Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let duty = duties::duty(tx.conn(), id).await?;
    let case = Case::of(&app, &mut tx, duty.person).await?;
    let others =
        if duty.kind == SHARED_ACCOUNT.id { others(&app, &mut tx, id).await? } else { Vec::new() };
    drop(tx);
    let month = app.now().day().month();
    let list = app.list_for(case.card.area, month);
    let item = duty.item.as_ref().and_then(|id| list?.item(id));
    let mut page = page(&app, &actor, &case, item, month).await?;
    let mut said = claims(&app, &case, &duty.kind);
    said.append(&mut page.conditions);
    page.conditions = said;
    page.others = others;
    tell(&app, &case, &duty, item, month, &mut page)?;
    let told = [&UNCLAIMED, &SOON, &CLASS_CHANGE, &ACCOUNT_MISSING];
    if matches!(case.card.life, Life::Living) && told.iter().any(|kind| kind.id == duty.kind) {
        page.print = Some(Link::new("打印一页告知", links::notice(case.card.id)));
    }
    let open = duty.state == DutyState::Open;
    let asks = duty.kind == UNCLAIMED.id || duty.kind == SOON.id;
    if let Some(item) = item.filter(|_| open && asks && may(actor.role, Action::AcceptCases)) {
        let apply = links::applications::apply(case.card.id, &item.id);
        page.acts.insert(0, Link::new("代办申领", apply));
    }
    if open && may(actor.role, Action::DecideDuties) && duty.is_decided_by(actor.role) {
        page.outcome = Some(outcome_form(links::decide(duty.id), &actor.csrf, choices(&duty)));
    }
    Ok(Page::new(page))
}

/// What the duty says of itself, in the place of the item's verdict.
fn tell(
    app: &App,
    case: &Case,
    duty: &Duty,
    item: Option<&Item>,
    month: Month,
    page: &mut WhyPage,
) -> Result<(), Trouble> {
    let label = duty_kind(&duty.kind).map_or("", |kind| kind.label);
    let verdict = if duty.kind == UNCLAIMED.id { "应该领，但还没有领" } else { label };
    verdict.clone_into(&mut page.verdict);
    page.because = format!("{}。", duty.cause);
    page.tone = chip(duty).tone;
    page.amount = big_amount(duty, month);
    page.build_up = build_up(app, case, item, duty, month)?;
    page.duty = about(app, duty);
    page.recorded = recorded(duty);
    if duty.kind == ASSESSMENT_DUE.id {
        page.effects = effects(app, case, month)?;
    }
    Ok(())
}

fn choices(duty: &Duty) -> Vec<Choice> {
    let outcomes = duty_kind(&duty.kind).map_or(&[][..], |kind| kind.outcomes);
    outcomes
        .iter()
        .map(|o| {
            let choice = Choice::new(o.id, o.label);
            if o.needs_reason { choice.hint("要写明情况") } else { choice }
        })
        .collect()
}

/// The others of one finding that joins several people, as far as the reader may see them.
async fn others(app: &App, tx: &mut db::Tx, id: DutyId) -> Result<Vec<Link>, Trouble> {
    let beside = duties::beside(tx.conn(), id).await?;
    let people: Vec<PersonId> = beside.iter().map(|duty| duty.person).collect();
    let cards = facts::people::cards(tx.conn(), &people).await?;
    let (areas, today) = (app.areas(), app.now().day());
    let of = |duty: &Duty| cards.iter().find(|card| card.id == duty.person);
    Ok(beside
        .iter()
        .filter_map(|duty| {
            let card = of(duty)?;
            let about = format!(
                "{}（{}，{}）",
                card.name,
                card.sex_and_age(today),
                areas.spoken(card.area)
            );
            Some(Link::new(about, links::duty(duty.id)))
        })
        .collect())
}

/// 依据 of one item for one elder.
pub(crate) async fn item(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path((person, item)): Path<(String, String)>,
) -> Answer<Page<WhyPage>> {
    let person: PersonId = person.parse().map_err(|_| Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let case = Case::of(&app, &mut tx, person).await?;
    drop(tx);
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
        effects: None,
        others: Vec::new(),
        basis: Vec::new(),
        would_change: Vec::new(),
        assumptions: Vec::new(),
        outcome: None,
        recorded: Vec::new(),
    };
    let Some(item) = item else { return Ok(page) };
    if findings::award_kind(item).is_some() {
        page.acts.push(Link::new("停发与恢复", links::stops::propose(card.id, &item.id)));
    }
    let explained = case.explain(app, item, month)?;
    page.verdict = format!("{} {}", month.chinese(), explained.verdict.chinese());
    page.tone = match explained.verdict {
        Verdict::Entitled { .. } => Tone::Ok,
        Verdict::Unknown(_) => Tone::Wait,
        _ => Tone::Plain,
    };
    page.because.clone_from(&explained.sentence);
    page.conditions = conditions(app, case, &explained);
    page.build_up = super::sums::amounts(item, &explained);
    page.basis = basis(&explained, item);
    page.would_change = explained.changes;
    page.assumptions = explained.assumptions.into_iter().map(|a| a.text).collect();
    Ok(page)
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

/// 若重新评估为……: the items for which the level makes a difference.
fn effects(app: &App, case: &Case, month: Month) -> Result<Option<EffectTable>, Trouble> {
    let Some(list) = app.list_for(case.card.area, month) else { return Ok(None) };
    let areas = app.areas();
    let known = case.known(app)?;
    let all = reassess::effects(&list.items, &known, month, &EngineTree(&areas))?;
    let before_level = case.subject.word(LEVEL);
    let until = case.subject.day("assessment_valid_until");
    let before = match (before_level, until) {
        (Some(level), Some(until)) => {
            let level = policy::register::word_chinese(level);
            format!("上一次评为{level}，有效期到 {until}。")
        }
        _ => "还没有评估过。".to_owned(),
    };
    let same: Vec<&str> = all
        .iter()
        .filter(|it| !it.differs() && matches!(it.then[0], Verdict::Entitled { .. }))
        .map(|it| it.item.name.as_str())
        .collect();
    Ok(Some(EffectTable {
        before,
        levels: reassess::levels()
            .iter()
            .map(|level| EffectLevel {
                name: policy::register::word_chinese(level).to_owned(),
                last: before_level == Some(level),
            })
            .collect(),
        items: all
            .iter()
            .filter(|it| it.differs())
            .map(|it| EffectRow {
                item: Link::new(&it.item.name, links::why(case.card.id, &it.item.id)),
                now: reassess::words(it.item, &it.now),
                then: it.then.iter().map(|verdict| reassess::words(it.item, verdict)).collect(),
            })
            .collect(),
        same: match same.as_slice() {
            [] => String::new(),
            names => format!("评成哪一级都一样：{}。", names.join("、")),
        },
    }))
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
