//! 审核与审批: what a decider does with an application, one at a time or all that are proved.

use access::Actor;
use cases::Said;
use kernel::{CaseChange, CaseId, Effects, Refusal, Trouble};

use super::desk::{self, Row};
use crate::applying::{self, FLOW, Kept};
use crate::{App, commit};

/// What somebody decides.
#[derive(Clone, Debug, Default)]
pub(super) struct Decision {
    /// Id of the move in the flow's table; `pass` and `approve` stand for the one that the item's
    /// route asks for.
    pub(super) action: &'static str,
    /// Reasons and words.
    pub(super) said: Said,
    /// 已核对存折或社保卡: a second person has seen the account.
    pub(super) account_checked: bool,
    /// 已电话说明: who returns for a second time has called.
    pub(super) called: bool,
    /// How many moves the case had on the page; none when it was not shown.
    pub(super) seen: Option<i32>,
}

/// Decides; says whether a fact was learned.
pub(super) async fn decide(
    app: &App,
    actor: &Actor,
    id: CaseId,
    decision: Decision,
) -> Result<bool, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::held(app, &mut tx, actor, id).await?;
    put(app, actor, tx, &row, decision).await
}

/// Decides an application only when every condition is proved and nothing is unusual.
pub(super) async fn decide_proved(
    app: &App,
    actor: &Actor,
    id: CaseId,
    action: &'static str,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::held(app, &mut tx, actor, id).await?;
    if let Some(gap) = row.gaps.first() {
        return Err(Trouble::refused(gap.clone(), "请打开这一件单独办理。"));
    }
    put(app, actor, tx, &row, Decision { action, ..Decision::default() }).await.map(drop)
}

async fn put(
    app: &App,
    actor: &Actor,
    mut tx: db::Tx,
    row: &Row,
    decision: Decision,
) -> Result<bool, Trouble> {
    if decision.seen.is_some_and(|seen| seen != row.case.moves) {
        return Err(late(row));
    }
    let action = action_of(app, row, decision.action)?;
    let it = FLOW.step(&row.case.state, action, actor.role)?;
    check(row, action, &decision)?;
    let turn = (action, actor.role);
    let step = applying::step_of(app, &row.case, &row.card, turn, decision.said)?;
    let mut effects = Effects::default();
    if action == "approve" {
        let about = (&row.case, &row.card);
        effects.assertions = applying::award_of(app, &mut tx, about, row.judged.as_ref()).await?;
    }
    if let Some(judged) = row.judged.as_ref().filter(|_| it.hand.is_some()) {
        applying::keep(app, tx.conn(), row.case.id, step.seen + 1, &Kept::of(judged)).await?;
    }
    let learned = !effects.assertions.is_empty();
    effects.moves.push(CaseChange::Step(step));
    let object = format!("case/{}", row.case.id);
    commit(tx, actor, app.now(), &effects, "办理申领", object, it.label).await?;
    Ok(learned)
}

/// Somebody was faster: who, and when.
pub(super) fn late(row: &Row) -> Trouble {
    let who = row.moves.last().map_or_else(String::new, |it| format!("{} 已在 {} ", it.by, it.at));
    Trouble::Conflict(format!("这件事 {who}先办了一步，您这次没有写入。"))
}

/// `pass` and `approve` as the item's route has them.
fn action_of(app: &App, row: &Row, action: &'static str) -> Result<&'static str, Trouble> {
    Ok(match action {
        "pass" => applying::after_review(applying::item_of(app, &row.case, row.card.area)?),
        "approve" => applying::approval(applying::item_of(app, &row.case, row.card.area)?),
        other => other,
    })
}

/// What the graph does not know: nobody passes what earns nothing, an account that the departments
/// do not know is looked at, and nobody returns twice without a call.
fn check(row: &Row, action: &str, decision: &Decision) -> Result<(), Refusal> {
    let forward = action.starts_with("pass_") || action.starts_with("approve");
    if forward && row.judged.as_ref().is_none_or(|it| it.terms.is_none()) {
        let why = row.judged.as_ref().map_or("", |it| it.explained.sentence.as_str());
        return Err(Refusal::new(
            format!("按现在的事实，{}不符合{}的条件：{why}", row.card.name, row.item),
            "请退回补正，或不予批准。有事实不对的，先在档案里纠错。",
        ));
    }
    let new = row.written.as_ref().and_then(|it| it.filled.account.as_ref());
    if action.starts_with("pass_") && new.is_some() && !decision.account_checked {
        return Err(Refusal::new(
            "账户与部门登记的不同，还没有勾选“已核对存折或社保卡原件”。",
            "请核对原件后勾选；对不上的退回补正。",
        ));
    }
    if action == "return" && row.returned() > 0 && !decision.called {
        return Err(Refusal::new(
            "这件已经退回过一次。第二次退回之前，要先打电话给村里说清楚缺什么。",
            "打过电话后，勾选“已电话说明”再退回。",
        ));
    }
    Ok(())
}
