//! 社会救助转办单

use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::{CaseId, Trouble};
use webkit::{Answer, Link, Page};

use super::handing::find_row;
use super::views::SlipPaper;
use crate::links::{At, relief as here};
use crate::{App, shell};

/// The paper that goes with a hand-over. The number stays masked: who receives it asks the elder.
pub(super) async fn slip(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(case): At<CaseId>,
) -> Answer<Page<SlipPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = find_row(&mut tx, case).await?;
    drop(tx);
    let card = row.card.as_ref().ok_or(Trouble::NotFound)?;
    let handed = row.case.opened_at.day();
    let due = row.case.owner.and_then(|owner| owner.due_on);
    let until = due.map_or_else(String::new, |day| format!("，并在 {}前告知结果", day.chinese()));
    let kind = row.about.kind.chinese();
    let facts = [
        ("转办单号", format!("第 {} 号", row.case.number)),
        ("转办日期", handed.chinese()),
        ("姓名", card.name.clone()),
        ("性别年龄", card.sex_and_age(app.now().day())),
        ("身份证号", card.number.to_string()),
        ("户籍", app.areas().spoken(card.area)),
        ("救助种类", kind.to_owned()),
        ("转办原因", row.about.reason.clone()),
        ("转交材料", row.about.given.clone()),
    ];
    Ok(Page::new(SlipPaper {
        paper: shell::paper(&app, &actor, Link::new("回到转办", here::handover(case))),
        title: "社会救助转办单".to_owned(),
        to: row.about.receiver.clone(),
        sentence: format!("下面这位老人可能符合{kind}的条件，现转请受理{until}。"),
        facts: facts.map(|(term, text)| (term.to_owned(), text)).into(),
    }))
}
