//! 停发告知书: the notice that the elder or the family gets.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::{AreaLevel, CaseId, Trouble};
use policy::Item;
use webkit::{Answer, Link, Page};

use super::deciding::stopped;
use crate::links::At;
use crate::stopping::{Reason, SheetPaper, store};
use crate::{App, links, shell};

/// 停发告知书: what it says.
pub(crate) struct StopNotice {
    /// Name.
    pub(crate) name: String,
    /// Whether it goes to the family.
    pub(crate) to_family: bool,
    /// Item.
    pub(crate) item: String,
    /// 停发月份
    pub(crate) from: kernel::Month,
    /// Why.
    pub(crate) reason: &'static str,
    /// What can be done about it.
    pub(crate) remedy: &'static str,
    /// Clauses: where, and what they say.
    pub(crate) basis: Vec<(String, String)>,
    /// Where to object, and who issues it.
    pub(crate) town: String,
    pub(crate) issuer: String,
}

/// The notice of a stop that was approved, if it lies in the scope.
pub(crate) async fn stop_notice(
    app: &App,
    actor: &Actor,
    id: CaseId,
) -> Result<StopNotice, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let stop = store::stop(tx.conn(), id).await?;
    let (item, payee) = stopped(app, &mut tx, &stop).await?;
    drop(tx);
    let from = stop.from_month.ok_or(Trouble::NotFound)?;
    let reason = Reason::from_code(&stop.reason).ok_or(Trouble::NotFound)?;
    let areas = app.areas();
    let name = |level| areas.at_level(payee.card.area, level).map_or("", |node| &node.name);
    Ok(StopNotice {
        name: payee.card.name.clone(),
        to_family: reason == Reason::Death,
        item: item.name.clone(),
        from,
        reason: reason.chinese(),
        remedy: reason.remedy(),
        basis: clauses(item, reason),
        town: name(AreaLevel::Township).to_owned(),
        issuer: format!("{}民政局", name(AreaLevel::County)),
    })
}

/// The clauses that speak of the reason; where none does, the first.
fn clauses(item: &Item, reason: Reason) -> Vec<(String, String)> {
    let speaks = |says: &str| reason.clause_words().iter().any(|word| says.contains(word));
    let all = || item.basis.iter();
    let mut chosen: Vec<_> = all().filter(|it| speaks(&it.citation.says)).collect();
    if chosen.is_empty() {
        chosen = all().take(1).collect();
    }
    let line = |it: &policy::Basis| {
        (format!("《{}》{}", it.title, it.citation.clause), it.citation.says.clone())
    };
    chosen.into_iter().map(line).collect()
}

/// 停发告知书, on paper in large type.
pub(super) async fn notice(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<SheetPaper>> {
    let it = stop_notice(&app, &actor, id).await?;
    let to = if it.to_family {
        format!("{}的家属", it.name)
    } else {
        format!("{} 老人家", it.name)
    };
    Ok(Page::new(SheetPaper {
        paper: shell::paper(&app, &actor, Link::new("回到这件停发", links::stops::stop(id))),
        title: "停发告知书".to_owned(),
        to,
        body: vec![
            format!("{}从 {}起不再发放。", it.item, it.from.chinese()),
            format!("原因：{}。", it.reason),
        ],
        heading: "规定".to_owned(),
        basis: it.basis,
        after: vec![
            it.remedy.to_owned(),
            format!(
                "觉得不对的，可以向{}或者{}提出，请他们核对并答复；也可以依法申请行政复议或者提起行政诉讼。",
                it.town, it.issuer
            ),
            "电话：＿＿＿＿＿＿＿＿＿＿".to_owned(),
        ],
        issuer: it.issuer,
        day: app.now().day().chinese(),
    }))
}
