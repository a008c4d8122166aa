//! One restore that two people decide.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::CaseId;
use webkit::{Answer, Line, Link, Page};

use super::store;
use crate::links::At;
use crate::runs::item_name;
use crate::shell::shell;
use crate::stopping::flow::RESTORE;
use crate::stopping::{OnePage, buttons, chip, crumbs, history};
use crate::{App, links, words};

/// One restore that two people decide.
pub(super) async fn restore(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<OnePage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let case = cases::case(tx.conn(), id).await?;
    let restore = store::restore(tx.conn(), id).await?;
    let moves = cases::moves(tx.conn(), &[id]).await?;
    let card = facts::people::card(tx.conn(), restore.person).await?;
    let own = moves.first().is_some_and(|first| first.account == Some(actor.account));
    drop(tx);
    let today = app.now().day();
    let about = format!("{}，{}", card.sex_and_age(today), app.areas().spoken(card.area));
    let (acts, mut forms) =
        buttons(&RESTORE, &case, &actor, |action| links::stops::restore_act(id, action));
    // Who proposed can take it back, and decides nothing.
    forms.retain(|(label, _)| own == (label == "撤回提出"));
    let sentence = match case.state.as_str() {
        "confirmed" => "已恢复，停发期间的由下一批发放一并补发。",
        "refused" | "withdrawn" => "没有恢复。",
        _ if own => "您提出的，须由另一人确认。",
        _ => "登记为去世的人，须由另一人核对依据后确认恢复。",
    };
    let mut links =
        vec![Link::new("看这一项的发放", links::stops::propose(card.id, &restore.item))];
    links.extend(restore.stop.map(|stop| Link::new("看停发", links::stops::stop(stop))));
    Ok(Page::new(OnePage {
        shell: shell(&app, &actor, &links::stops::list()).await?,
        crumbs: crumbs(&card, "恢复发放"),
        title: format!("{}：恢复{}", card.name, item_name(&app, &restore.item)),
        state: chip(&RESTORE, &case.state),
        sentence: sentence.to_owned(),
        links,
        acts,
        facts: vec![
            (
                "老人".to_owned(),
                Line::from(Link::new(&card.name, links::elder(card.id))).text("　").small(about),
            ),
            ("生存状态".to_owned(), Line::from(words::life_chip(card.life))),
            ("依据".to_owned(), restore.evidence.as_str().into()),
        ],
        months: Vec::new(),
        history: history(&RESTORE, &moves),
        forms,
    }))
}
