//! 为什么: what can be said at the window at once. How each item stands by the rules, what was
//! paid last, and what was done last about the elder.

use cases::{Case, Move};
use duties::DutyState;
use facts::Fact;
use facts::people::PersonCard;
use findings::standings::{self, Standing};
use kernel::{FactValue, Now, Trouble};
use payroll::store as runs;
use webkit::{Line, Link};

use super::views::Told;
use crate::runs::item_name;
use crate::{App, duty_kind, flows, links, words};

/// As many lines of each as are read at a window.
const LINES: usize = 6;
/// As many months of payments.
const MONTHS: i64 = 6;

/// What the elder is told.
pub(super) async fn told(app: &App, tx: &mut db::Tx, card: &PersonCard) -> Result<Told, Trouble> {
    let facts = facts::facts_of(tx.conn(), card.id).await?;
    let verdicts = sentences(app, tx, card, &facts)
        .await?
        .into_iter()
        .map(|(id, name, sentence)| (Link::new(name, links::why(card.id, &id)), sentence))
        .collect();
    let timeline = facts::timeline_of(tx.conn(), card.id).await?;
    Ok(Told {
        verdicts,
        payments: payments(app, tx, card, &timeline).await?,
        acts: acts(app, tx, card).await?,
    })
}

/// A sentence for each item that is or was paid to the elder, could be, or is near: item, name,
/// sentence.
pub(super) async fn sentences(
    app: &App,
    tx: &mut db::Tx,
    card: &PersonCard,
    facts: &[Fact],
) -> Result<Vec<(String, String, String)>, Trouble> {
    let (areas, today) = (app.areas(), app.now().day());
    let closed = app.closed_world(tx.conn()).await?;
    let list = app.list_for(card.area, today.month());
    let all = standings::standings(list, card, facts, today, &areas, &closed)?;
    let touches = |it: &&Standing<'_>| {
        it.gets(today).is_some() || it.stopped(today).is_some() || it.could_get(today)
    };
    let mut said: Vec<&Standing<'_>> = all.iter().filter(touches).collect();
    if said.is_empty() {
        said = all.iter().filter(|it| findings::award_kind(it.item).is_some()).collect();
    }
    Ok(said
        .into_iter()
        .map(|it| {
            let stopped = it.stopped(today).map_or_else(String::new, |(_, on)| {
                format!("从 {}起不再发放。", on.month().chinese())
            });
            let sentence = format!("{stopped}{}", it.explanation.sentence);
            (it.item.id.clone(), it.item.name.clone(), sentence)
        })
        .collect())
}

/// What was paid last, then 认定与暂缓 as they are on record, newest first.
async fn payments(
    app: &App,
    tx: &mut db::Tx,
    card: &PersonCard,
    timeline: &[Fact],
) -> Result<Vec<(String, Line)>, Trouble> {
    let paid = runs::line_history(tx.conn(), card.id, MONTHS, 0).await?;
    let paid = paid.iter().map(|line| {
        let how = match (line.released, line.answer) {
            (Some(release), _) => release.chinese(),
            (None, Some(payroll::Answer::Paid)) => "已到账",
            (None, Some(payroll::Answer::Returned)) => "退汇",
            (None, Some(payroll::Answer::Unknown)) => "银行未明",
            (None, None) => line.state.chinese(),
        };
        let words = format!("{} {} 元，{how}", item_name(app, &line.item), line.amount);
        (line.month.chinese(), Line::from(words))
    });
    let money = |fact: &&Fact| fact.kind.starts_with("award.") || fact.kind.starts_with("hold.");
    let known = timeline.iter().filter(money).take(LINES).map(|fact| on_record(app, fact));
    Ok(paid.chain(known).collect())
}

fn on_record(app: &App, fact: &Fact) -> (String, Line) {
    let value = match &fact.value {
        FactValue::Fen(fen) if *fen == kernel::Fen::ZERO => "停发".to_owned(),
        FactValue::Bool(true) => "暂缓".to_owned(),
        FactValue::Bool(false) => "解除暂缓".to_owned(),
        _ => words::value_words(fact, &app.areas()),
    };
    let until = fact.valid_to.map_or_else(String::new, |to| format!("，到 {to} 止"));
    let back = if fact.retracted { "（已撤销）" } else { "" };
    let text = format!("{} {value}{until}{back} ", words::label(&fact.kind));
    let mut line = Line::from(text.as_str());
    line.parts.extend(words::source(app, fact).parts);
    (format!("{} 起", fact.valid_from), line)
}

/// Moves of cases and decided duties, newest first.
async fn acts(
    app: &App,
    tx: &mut db::Tx,
    card: &PersonCard,
) -> Result<Vec<(String, Line)>, Trouble> {
    let cases = cases::cases_of(tx.conn(), card.id).await?;
    let ids: Vec<kernel::CaseId> = cases.iter().map(|case| case.id).collect();
    let mut all: Vec<(Now, Line)> = cases::moves(tx.conn(), &ids)
        .await?
        .iter()
        .map(|it| (it.at, moved(app, card, cases.iter().find(|case| case.id == it.case), it)))
        .collect();
    for duty in duties::duties_of(tx.conn(), card.id).await? {
        if let DutyState::Decided { outcome, at, by, .. } = &duty.state {
            let kind = duty_kind(&duty.kind);
            let done = kind.and_then(|kind| kind.outcomes.iter().find(|it| it.id == outcome));
            let label = kind.map_or("", |kind| kind.label);
            let words = format!("：{}，{by}", done.map_or(outcome.as_str(), |it| it.label));
            all.push((*at, Line::new().link(label, links::duty(duty.id)).text(words)));
        }
    }
    // Of one minute the later stands behind: the last comes first.
    all.reverse();
    all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    Ok(all.into_iter().take(LINES).map(|(at, line)| (at.to_string(), line)).collect())
}

/// `申领（高龄津贴）：审核通过，转公示，王审核`
fn moved(app: &App, card: &PersonCard, case: Option<&Case>, it: &Move) -> Line {
    let flow = case.and_then(|case| flows().into_iter().find(|flow| flow.id == case.flow));
    let name = flow.map_or("办件", |flow| flow.chinese);
    let list = app.list_for(card.area, app.now().day().month());
    let item = case
        .and_then(|case| case.item.as_deref())
        .and_then(|id| list.and_then(|list| list.item(id)))
        .map_or_else(String::new, |item| format!("（{}）", item.name));
    let act = match flow.and_then(|flow| flow.move_by_id(&it.action)) {
        Some(act) => act.label,
        None => "登记",
    };
    Line::from(format!("{name}{item}：{act}，{}", it.by))
}
