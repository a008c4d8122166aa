//! One stop: what it comes to, how far it is, and what can be done.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use cases::Case;
use facts::people::PersonCard;
use kernel::CaseId;
use webkit::{Answer, Line, Link, Page};

use super::deciding::{outcome, stopped};
use crate::links::At;
use crate::shell::shell;
use crate::stopping::flow::STOP;
use crate::stopping::{OnePage, Reason, Stop, buttons, chip, crumbs, history, month_rows, store};
use crate::{App, links, words};

/// One stop.
pub(super) async fn stop(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<OnePage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let case = cases::case(tx.conn(), id).await?;
    let stop = store::stop(tx.conn(), id).await?;
    let moves = cases::moves(tx.conn(), &[id]).await?;
    let (item, payee) = stopped(&app, &mut tx, &stop).await?;
    drop(tx);
    let card = &payee.card;
    let now = outcome(&app, &payee, &stop);
    let from = stop.from_month.unwrap_or(now.from);
    let open = case.owner.is_some();
    let (acts, forms) = buttons(&STOP, &case, &actor, |action| links::stops::act(id, action));
    let mut links = vec![Link::new("看这一项的发放", links::stops::propose(card.id, &item.id))];
    if stop.from_month.is_some() {
        links.insert(0, Link::new("打印停发告知书", links::stops::notice(id)));
    }
    Ok(Page::new(OnePage {
        shell: shell(&app, &actor, &links::stops::list()).await?,
        crumbs: crumbs(card, "停发"),
        title: format!("{}：停发{}", card.name, item.name),
        state: chip(&STOP, &case.state),
        sentence: sentence(&stop, open, from),
        links,
        acts,
        facts: facts(&app, &case, &stop, card),
        months: if open { month_rows(&now.over) } else { Vec::new() },
        history: history(&STOP, &moves),
        forms,
    }))
}

fn sentence(stop: &Stop, open: bool, from: kernel::Month) -> String {
    let from = from.chinese();
    match (stop.from_month, open) {
        (Some(_), _) => format!("从 {from}起停发。"),
        (None, true) => format!("批准后从 {from}起停发。"),
        (None, false) => "没有停发。".to_owned(),
    }
}

fn facts(app: &App, case: &Case, stop: &Stop, card: &PersonCard) -> Vec<(String, Line)> {
    let today = app.now().day();
    let about = format!("{}，{}", card.sex_and_age(today), app.areas().spoken(card.area));
    let reason = Reason::from_code(&stop.reason).map_or("", Reason::chinese);
    let mut facts = vec![
        (
            "老人".to_owned(),
            Line::from(Link::new(&card.name, links::elder(card.id))).text("　").small(about),
        ),
        ("生存状态".to_owned(), Line::from(words::life_chip(card.life))),
        ("停发原因".to_owned(), reason.into()),
        ("每月标准".to_owned(), format!("{} 元", stop.monthly).as_str().into()),
    ];
    if let Some(died) = stop.died_on {
        facts.push(("去世日期".to_owned(), died.to_string().as_str().into()));
    } else if stop.reason == Reason::Death.code() {
        facts.push(("去世日期".to_owned(), "不详，查明后再登记多发".into()));
    }
    if let Some(month) = stop.not_due_from {
        facts.push(("从哪个月起不该发".to_owned(), month.chinese().as_str().into()));
    }
    if !stop.evidence.is_empty() {
        facts.push(("依据".to_owned(), stop.evidence.as_str().into()));
    }
    if let Some(at) = stop.decided_at {
        facts.push(("批准".to_owned(), at.to_string().as_str().into()));
    }
    if let Some(owner) = &case.owner {
        let line = Line::from(owner.role.chinese());
        facts.push((
            "谁办".to_owned(),
            match owner.due_on {
                Some(due) => line.text(" ").with(webkit::Part::Chip(words::due_chip(due, today))),
                None => line,
            },
        ));
    }
    facts
}
