//! 答复书, on paper.

use access::{Actor, AreaTree};
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::{AreaId, AreaLevel, CaseId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Link, Page, Posted};

use super::domain::Finding;
use super::flow::REVIEW_DAYS;
use super::one::{self, reply};
use super::pages::content;
use super::store;
use super::views::ReplyPaper;
use crate::links::{self, At};
use crate::{App, print_trace, shell};

/// The form's stored word in the trace of prints.
const FORM: &str = "答复书";

/// A form with nothing to say.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

fn object(case: CaseId) -> String {
    format!("case/{case}")
}

fn bureau(areas: &AreaTree, area: AreaId) -> String {
    let county = areas.at_level(area, AreaLevel::County).or_else(|| areas.node(area));
    format!("{}民政局", county.map_or("", |node| node.name.as_str()))
}

/// The last answer on paper.
pub(crate) async fn paper(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<ReplyPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = one::find(&app, &mut tx, id).await?;
    let answers = store::answers(tx.conn(), id).await?;
    let last = answers.last().ok_or(Trouble::NotFound)?;
    let prints = print_trace::prints(&mut tx, &object(id), FORM).await?;
    drop(tx);
    let said = content(&app, &it.stored)?;
    let answer = reply(&app, id, last)?;
    let first = last.no == 1;
    let issuer = bureau(&app.areas(), it.card.area);
    let remedy = if first {
        format!(
            "不同意的，可以在收到之日起 {REVIEW_DAYS} 天内向{issuer}提出复查，由另一人重新核对。\
             对书面决定不服的，也可以依法申请行政复议或者提起行政诉讼。"
        )
    } else {
        "对书面决定不服的，可以依法申请行政复议或者提起行政诉讼，期限以决定书上写的为准。"
            .to_owned()
    };
    let finding = Finding::from_code(&last.finding).map_or("", Finding::chinese);
    let back = Link::new("回到这一件", links::complaints::complaint(id));
    Ok(Page::new(ReplyPaper {
        paper: shell::paper(&app, &actor, back),
        heading: if first { "答复书" } else { "复查答复书" }.to_owned(),
        number: format!("第 {} 号", it.stored.number),
        to: match said.by.as_str() {
            "" => format!("{} 老人家", it.card.name),
            by => by.to_owned(),
        },
        asked: format!(
            "{}反映的关于{}的事（“{}”），我们已经核实。",
            it.stored.opened_at.day().chinese(),
            it.card.name,
            said.words
        ),
        finding: finding.to_owned(),
        words: answer.words,
        trace: if said.own { answer.trace } else { Vec::new() },
        remedy,
        issuer,
        day: last.at.day().chinese(),
        printed: prints.first().map_or_else(String::new, print_trace::Print::chinese),
    }))
}

/// Notes one print of the last answer, and shows it.
pub(crate) async fn print(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = one::find(&app, &mut tx, id).await?;
    if store::answers(tx.conn(), id).await?.is_empty() {
        return Err(Trouble::refused("还没有答复，不能打印。", "先记下答复。").into());
    }
    print_trace::note(&app, &mut tx, &actor, &object(id), FORM, it.card.area).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::complaints::part(id, "reply").as_str()))
}
