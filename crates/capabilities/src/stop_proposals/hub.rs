//! How an item of one elder stands, and what can be done.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::State;
use kernel::{Life, PersonId};
use webkit::{Answer, Chip, Choice, Form, Line, Link, Page, Tone};

use super::views::{hold_form, moved_in_form, propose_form, restore_form};
use crate::links::At;
use crate::payees::{Payee, cash_item, payee};
use crate::shell::shell;
use crate::stopping::flow::{RESTORE, STOP};
use crate::stopping::{OnePage, Reason, Stop, crumbs, month_rows, standing_stop, store};
use crate::{App, links, words};

/// How an item of one elder stands, and what can be done: stop, restore, hold, move.
pub(super) async fn hub(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
) -> Answer<Page<OnePage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let item = cash_item(&app, &card, &item)?;
    let payee = payee(&app, &mut tx, item, card.id).await?;
    let stopping = store::open_case(tx.conn(), STOP.id, card.id, &item.id).await?;
    let restoring = store::open_case(tx.conn(), RESTORE.id, card.id, &item.id).await?;
    let stopped = standing_stop(&mut tx, &payee, today).await?;
    drop(tx);
    let mut links = Vec::new();
    links.extend(stopping.map(|case| Link::new("看正在办的停发", links::stops::stop(case))));
    links.extend(restoring.map(|case| Link::new("看正在办的恢复", links::stops::restored(case))));
    if payee.last_paid().is_some() {
        let certificate = links::stops::last_payment(card.id, &item.id);
        links.push(Link::new("打印最后发放月证明", certificate));
    }
    if let Some(stop) = &stopped {
        links.push(Link::new("看停发", links::stops::stop(stop.case)));
    }
    links.push(Link::new("看依据", links::why(card.id, &item.id)));
    let (state, sentence) = standing(&payee, stopped.as_ref(), today);
    let busy = stopping.is_some() || restoring.is_some();
    Ok(Page::new(OnePage {
        shell: shell(&app, &actor, &links::stops::list()).await?,
        crumbs: crumbs(&card, "停发与恢复"),
        title: format!("{}：{}", card.name, item.name),
        state,
        sentence,
        links,
        acts: Vec::new(),
        facts: facts(&app, &payee, stopped.as_ref()),
        months: month_rows(&payee.after_death(&app)),
        history: Vec::new(),
        forms: if busy { Vec::new() } else { forms(&actor, &payee, stopped.is_some(), today) },
    }))
}

fn standing(payee: &Payee<'_>, stopped: Option<&Stop>, today: kernel::Day) -> (Chip, String) {
    match (payee.monthly(today), stopped) {
        (Some(monthly), _) => (Chip::new(Tone::Ok, "在发"), format!("每月 {monthly} 元。")),
        (None, Some(stop)) => {
            let from = stop.from_month.map_or_else(String::new, kernel::Month::chinese);
            let reason = Reason::from_code(&stop.reason).map_or("", Reason::chinese);
            (Chip::new(Tone::Bad, "已停发"), format!("因{reason}从 {from}起停发。"))
        }
        (None, None) => {
            (Chip::new(Tone::Plain, "没有在发"), "名册里没有，也没有批准过。".to_owned())
        }
    }
}

fn facts(app: &App, payee: &Payee<'_>, stopped: Option<&Stop>) -> Vec<(String, Line)> {
    let card = &payee.card;
    let about = format!("{}，{}", card.sex_and_age(app.now().day()), app.areas().spoken(card.area));
    let mut facts = vec![
        (
            "老人".to_owned(),
            Line::from(Link::new(&card.name, links::elder(card.id))).text("　").small(about),
        ),
        ("生存状态".to_owned(), Line::from(words::life_chip(card.life))),
    ];
    if let Some(died) = payee.died_on().filter(|_| card.life != Life::Living) {
        facts.push(("去世日期".to_owned(), died.to_string().as_str().into()));
    }
    let last = payee.last_paid().map_or("没有发过".to_owned(), kernel::Month::chinese);
    facts.push(("最后发放月".to_owned(), last.as_str().into()));
    if let Some(stop) = stopped.filter(|stop| !stop.evidence.is_empty()) {
        facts.push(("停发依据".to_owned(), stop.evidence.as_str().into()));
    }
    facts
}

fn forms(
    actor: &Actor,
    payee: &Payee<'_>,
    stopped: bool,
    today: kernel::Day,
) -> Vec<(String, Form)> {
    let (person, item, csrf) = (payee.card.id, &payee.item.id, actor.csrf.as_str());
    let (town, county) =
        (may(actor.role, Action::ReviewCases), may(actor.role, Action::ApproveCases));
    let paid = payee.monthly(today).is_some();
    let mut forms = Vec::new();
    let known_dead = payee.known_dead();
    if known_dead && (town || county) {
        let form = restore_form(links::stops::restore(person, item), csrf, "提出恢复");
        forms.push(("人还在世：提出恢复，由另一人确认".to_owned(), form));
    } else if stopped && county {
        let form = restore_form(links::stops::restore(person, item), csrf, "恢复发放");
        forms.push(("恢复发放，停发期间的一并补发".to_owned(), form));
    }
    if paid && town {
        let chosen = if payee.card.life == Life::Living { "" } else { Reason::Death.code() };
        let reasons =
            Reason::ALL.into_iter().map(|it| Choice::new(it.code(), it.chinese())).collect();
        let form = propose_form(links::stops::propose(person, item), csrf, reasons, chosen);
        forms.push(("停发".to_owned(), form));
    }
    if paid && (town || county) {
        forms.push(("暂缓发放".to_owned(), hold_form(links::stops::hold(person), csrf)));
    }
    if !paid && !stopped && may(actor.role, Action::AcceptCases) {
        let form = moved_in_form(links::stops::moved_in(person, item), csrf);
        forms.push(("从外地迁入，带来最后发放月证明".to_owned(), form));
    }
    forms
}
