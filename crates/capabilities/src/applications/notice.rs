//! 不予批准告知书: why, by which clause, and what would change the answer; from what the decider
//! saw, so that it reads the same in ten years.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use kernel::{AreaLevel, CaseId, Trouble};
use webkit::{Answer, Link, Page};

use super::desk;
use super::views::{RefusalNotice, RefusalPaper};
use crate::applying::{self, FLOW, REFUSED};
use crate::links::{self, At};
use crate::{App, shell};

/// The paper.
pub(crate) async fn paper(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<RefusalPaper>> {
    let notice = refusal(&app, &actor, id).await?;
    let back = Link::new("回到这件申领", links::applications::one(id));
    Ok(Page::new(RefusalPaper { paper: shell::paper(&app, &actor, back), notice }))
}

/// What the notice of a refused application says.
pub(crate) async fn refusal(
    app: &App,
    actor: &Actor,
    id: CaseId,
) -> Result<RefusalNotice, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::row(app, &mut tx, actor, id).await?;
    if row.case.state != REFUSED {
        return Err(Trouble::refused(
            "这件申领没有被不予批准，没有告知书。",
            "请看这件申领办到哪一步了。",
        ));
    }
    let kept = applying::kept(app, tx.conn(), id).await?;
    drop(tx);
    let decided = row.moves.last().ok_or(Trouble::NotFound)?;
    let def = FLOW.move_by_id(&decided.action);
    let codes = decided.codes.iter().filter_map(|code| def.and_then(|def| def.code(code)));
    let mut reasons: Vec<String> = codes.map(|label| format!("{label}。")).collect();
    if !decided.note.is_empty() {
        reasons.push(decided.note.clone());
    }
    let areas = app.areas();
    let name = |level| areas.at_level(row.card.area, level).map_or("", |node| node.name.as_str());
    let (county, town) = (name(AreaLevel::County), name(AreaLevel::Township));
    let failed = kept.iter().flat_map(|it| &it.conditions).filter(|it| it.mark != '✓');
    Ok(RefusalNotice {
        number: row.case.number.to_string(),
        to: row.card.name.clone(),
        applied: format!("您于{}申请{}，", row.case.opened_at.day().chinese(), row.item),
        reasons,
        conditions: failed.map(|it| (it.asked.clone(), it.found.clone())).collect(),
        basis: kept.as_ref().map_or_else(Vec::new, |it| it.basis.clone()),
        remedies: kept.map_or_else(Vec::new, |it| it.changes),
        objection: format!(
            "对本告知有不同意见的，可以在收到之日起六十日内向{county}人民政府申请行政复议，\
             也可以先向{town}或{county}民政局提出，请求核对。"
        ),
        issuer: format!("{county}民政局"),
        day: decided.at.day().chinese(),
    })
}
