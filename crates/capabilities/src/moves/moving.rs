//! 迁出、迁入: a certificate of the last month that was paid goes with who leaves, and comes with
//! who arrives.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::{AreaLevel, Effects, Fen, Month, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Failure, Link, Page, Posted};

use crate::links::At;
use crate::payees::{cash_item, payee};
use crate::stopping::{SheetPaper, states};
use crate::{App, commit, links, shell};

/// 最后发放月证明: what it says.
pub(crate) struct LastPayment {
    /// Name.
    pub(crate) name: String,
    /// What may be shown of the number.
    pub(crate) number: String,
    /// Item.
    pub(crate) item: String,
    /// 最后发放月; none when nothing was ever paid.
    pub(crate) last: Option<Month>,
    /// 每月标准, while something is paid or as it was last.
    pub(crate) monthly: Option<Fen>,
    /// Whether it is still paid.
    pub(crate) running: bool,
    /// Who issues it.
    pub(crate) issuer: String,
}

/// The last month that was paid, from our own runs or from the roster that was taken over.
pub(crate) async fn last_payment_of(
    app: &App,
    actor: &Actor,
    person: PersonId,
    item: &str,
) -> Result<LastPayment, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let item = cash_item(app, &card, item)?;
    let payee = payee(app, &mut tx, item, card.id).await?;
    let monthly = payee.monthly(app.now().day());
    let areas = app.areas();
    let county = areas.at_level(card.area, AreaLevel::County).map_or("", |node| &node.name);
    Ok(LastPayment {
        name: card.name.clone(),
        number: card.number.to_string(),
        item: item.name.clone(),
        last: payee.last_paid(),
        running: monthly.is_some(),
        monthly: monthly.or_else(|| payee.roster_sum()),
        issuer: format!("{county}民政局"),
    })
}

/// 最后发放月证明, on paper.
pub(super) async fn certificate(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
) -> Answer<Page<SheetPaper>> {
    let it = last_payment_of(&app, &actor, person, &item).await?;
    let sentence = match (it.last, it.monthly) {
        (Some(last), Some(monthly)) => format!(
            "兹证明{}（身份证号 {}）在我县享受的{}，每月标准 {monthly} 元，最后一次发放的是 {}的待遇，{}以后我县不再发放。",
            it.name,
            it.number,
            it.item,
            last.chinese(),
            last.chinese()
        ),
        _ => format!("兹证明{}（身份证号 {}）没有在我县领取过{}。", it.name, it.number, it.item),
    };
    let mut body = vec![sentence];
    if it.running {
        body.push("（此件在停发手续办结后盖章有效。）".to_owned());
    }
    body.push("请新户籍地从次月起接续办理。".to_owned());
    let back = Link::new("回到停发与恢复", links::stops::propose(person, &item));
    Ok(Page::new(SheetPaper {
        paper: shell::paper(&app, &actor, back),
        title: "最后发放月证明".to_owned(),
        to: String::new(),
        body,
        heading: String::new(),
        basis: Vec::new(),
        after: vec!["联系人：＿＿＿＿＿＿＿＿　电话：＿＿＿＿＿＿＿＿＿＿".to_owned()],
        issuer: it.issuer,
        day: app.now().day().chinese(),
    }))
}

/// 迁入: what the other place's certificate says.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    place: String,
    #[serde(default)]
    until: String,
}

pub(super) async fn moved_in(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, item)): At<(PersonId, String)>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let here = links::stops::propose(person, &item);
    note(&app, &actor, person, &item, &typed).await.map_err(|trouble| {
        Failure::from(trouble)
            .typed("原户籍地", &typed.place)
            .typed("最后发放月", &typed.until)
            .back("回到停发与恢复", here)
    })?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(links::why(person, &item).as_str()))
}

async fn note(
    app: &App,
    actor: &Actor,
    person: PersonId,
    item: &str,
    typed: &Typed,
) -> Result<(), Trouble> {
    let now = app.now();
    let place = typed.place.trim();
    if place.is_empty() {
        return Err(Trouble::refused("还没有写从哪里迁来。", "请按证明写原户籍地民政部门的名称。"));
    }
    let until: Month = typed
        .until
        .trim()
        .parse()
        .map_err(|_| Trouble::refused("最后发放月读不懂。", "请按证明写月份，如 2026-05。"))?;
    if until > now.day().month() {
        return Err(Trouble::refused("最后发放月在本月之后。", "请核对证明上的月份。"));
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    let item = cash_item(app, &card, item)?;
    let value = kernel::FactValue::Day(until.last());
    let statement = states(card.id, "paid_elsewhere_until", value, until.first());
    let effects = Effects { assertions: vec![statement], ..Effects::default() };
    let words = format!("{}：{place}发到 {}", item.name, until.chinese());
    commit(tx, actor, now, &effects, "登记迁入", format!("person/{}", card.id), &words).await
}
