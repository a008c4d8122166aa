//! 老人联系卡: what the elder gets, from whom, and whom to call; for a purse.

use access::{Actor, last_signs};
use axum::Extension;
use axum::extract::State;
use facts::population::subjects_of;
use findings::{ACCOUNT, award_kind, standing};
use kernel::{AreaLevel, FactValue, Fen, PersonId, Trouble};
use webkit::{Answer, Link, Page};

use crate::links::{self, At};
use crate::sheets::CardPaper;
use crate::{App, shell};

/// No register of telephone numbers yet: the line is filled in by hand.
const BY_HAND: &str = "＿＿＿＿＿＿＿＿＿＿";

pub(super) async fn card(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<CardPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let subject = subjects_of(tx.conn(), &[card.id]).await?.pop();
    drop(tx);
    let (areas, today) = (app.areas(), app.now().day());
    let account = subject.as_ref().and_then(|it| standing(it, ACCOUNT, today));
    let account = match account.map(|said| &said.value) {
        Some(FactValue::Text(token)) => {
            let clear = app.vault().open_text(ACCOUNT, token).map_err(Trouble::fault)?;
            format!("发到本人账户，尾号 {}", last_signs(&clear))
        }
        _ => "还没有收款账户".to_owned(),
    };
    let gets = app.paid_items(card.area, today.month()).into_iter().filter_map(|item| {
        let said = standing(subject.as_ref()?, award_kind(item)?, today)?;
        match said.value {
            FactValue::Fen(fen) if fen > Fen::ZERO => {
                Some((item.name.clone(), format!("每月 {fen} 元"), account.clone()))
            }
            _ => None,
        }
    });
    let village = areas.node(card.area).map_or_else(String::new, |node| node.name.clone());
    let county = areas.at_level(card.area, AreaLevel::County);
    let county = county.map_or_else(String::new, |node| node.name.clone());
    let phone = app.list_for(card.area, today.month()).and_then(|list| list.head.phone.clone());
    Ok(Page::new(CardPaper {
        paper: shell::paper(&app, &actor, Link::new("回到档案", links::elder(card.id))),
        gets: gets.collect(),
        calls: vec![
            (format!("{village}养老专干"), BY_HAND.to_owned()),
            (format!("{county}民政局"), phone.unwrap_or_else(|| BY_HAND.to_owned())),
        ],
        issuer: format!("{county}民政局　{}", today.chinese()),
        name: card.name,
    }))
}
