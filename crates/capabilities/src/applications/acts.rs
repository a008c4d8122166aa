//! What the buttons of an application do.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use cases::{Filter, Said};
use kernel::{CaseId, PersonId, Trouble};
use webkit::{Answer, Failure, Href, Posted};

use super::decide::{Decision, decide, decide_proved};
use super::typed::Typed;
use crate::App;
use crate::applying::{FLOW, IN_APPROVAL, IN_REVIEW};
use crate::links::{self, At};

/// Most applications that one act decides.
const MOST_AT_ONCE: usize = 500;

/// Reads what the form says of a decision: `code-<id>` for each reason, `note`, `seen`.
fn read(action: &'static str, typed: &Typed) -> Decision {
    let ticked = |name: &str| typed.get(name).is_some_and(|it| it == "1");
    let codes = typed
        .iter()
        .filter(|(_, value)| *value == "1")
        .filter_map(|(name, _)| name.strip_prefix("code-"));
    let mut codes: Vec<String> = codes.map(ToOwned::to_owned).collect();
    codes.sort();
    let note = typed.get("note").cloned().unwrap_or_default();
    Decision {
        action,
        said: Said { codes, note },
        account_checked: ticked("account_checked"),
        called: ticked("called"),
        seen: typed.get("seen").and_then(|it| it.parse().ok()),
    }
}

/// Decides one application and goes on to the next on the same desk.
async fn act(
    app: &App,
    actor: &Actor,
    id: CaseId,
    action: &'static str,
    typed: &Typed,
) -> Answer<Redirect> {
    let decision = read(action, typed);
    let note = decision.said.note.clone();
    let learned = decide(app, actor, id, decision).await.map_err(|trouble| {
        Failure::from(trouble)
            .typed("说明", &note)
            .back("回到这件申领", links::applications::one(id))
    })?;
    if learned {
        (app.parts().after_facts)(app.clone()).await?;
    }
    let desk = match action {
        "pass" | "return" | "reject" => IN_REVIEW,
        _ => IN_APPROVAL,
    };
    Ok(Redirect::to(next(app, actor, desk).await?.as_str()))
}

/// As many are looked through for the next one.
const LOOKED_THROUGH: i64 = 50;

/// 下一件 on a desk that the reader may decide; the list when there is none.
async fn next(app: &App, actor: &Actor, state: &str) -> Result<Href, Trouble> {
    let filter = Filter {
        flow: Some(FLOW.id.to_owned()),
        states: vec![state.to_owned()],
        ..Filter::default()
    };
    let mut tx = app.db().begin(&actor.scope).await?;
    let first = cases::cases(tx.conn(), &filter, LOOKED_THROUGH, 0).await?;
    let people: Vec<PersonId> = first.iter().map(|case| case.person).collect();
    let kin = cases::kin::among(tx.conn(), actor.account, &people).await?;
    let own = |case: &&cases::Case| {
        kin.contains(&case.person)
            || case.accepted_by == Some(actor.account)
            || (state == IN_APPROVAL && case.reviewed_by == Some(actor.account))
    };
    let next = first.iter().find(|case| !own(case));
    Ok(next.map_or_else(links::applications::queue, |case| links::applications::one(case.id)))
}

/// 审核通过
pub(crate) async fn pass(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    act(&app, &actor, id, "pass", &typed).await
}

/// 退回补正
pub(crate) async fn give_back(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    act(&app, &actor, id, "return", &typed).await
}

/// 审核不通过
pub(crate) async fn reject(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    act(&app, &actor, id, "reject", &typed).await
}

/// 批准
pub(crate) async fn approve(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    act(&app, &actor, id, "approve", &typed).await
}

/// 退回乡镇重审
pub(crate) async fn send_back(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    act(&app, &actor, id, "send_back", &typed).await
}

/// 不予批准
pub(crate) async fn refuse(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    act(&app, &actor, id, "refuse", &typed).await
}

/// 撤回申请
pub(crate) async fn withdraw(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(typed): Posted<Typed>,
) -> Answer<Redirect> {
    let decision = read("withdraw", &typed);
    let note = decision.said.note.clone();
    let here = links::applications::one(id);
    decide(&app, &actor, id, decision).await.map_err(|trouble| {
        Failure::from(trouble).typed("说明", &note).back("回到这件申领", here.clone())
    })?;
    Ok(Redirect::to(here.as_str()))
}

/// 批量审核
pub(crate) async fn pass_all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(chosen): Posted<Vec<(String, String)>>,
) -> Answer<Redirect> {
    all(&app, &actor, "pass", &chosen).await
}

/// 批量审批
pub(crate) async fn approve_all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(chosen): Posted<Vec<(String, String)>>,
) -> Answer<Redirect> {
    all(&app, &actor, "approve", &chosen).await
}

/// Decides each of the chosen that is proved, in a transaction of its own: what somebody else has
/// decided meanwhile, or what is not proved any more, stays behind and does not hold up the rest.
async fn all(
    app: &App,
    actor: &Actor,
    action: &'static str,
    chosen: &[(String, String)],
) -> Answer<Redirect> {
    let ids = chosen.iter().filter(|(name, _)| name == "case");
    let ids: Vec<CaseId> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        let why = format!("请选 1 到 {MOST_AT_ONCE} 件再办理，现在选了 {} 件。", ids.len());
        return Err(Failure::from(Trouble::refused(why, "请回到名单重新勾选。"))
            .back("回到名单", links::applications::queue()));
    }
    let (mut done, mut left) = (0, 0);
    for id in ids {
        match decide_proved(app, actor, id, action).await {
            Ok(()) => done += 1,
            Err(Trouble::Fault(cause)) => return Err(Trouble::Fault(cause).into()),
            Err(_) => left += 1,
        }
    }
    if done > 0 && action == "approve" {
        (app.parts().after_facts)(app.clone()).await?;
    }
    let queue = links::applications::queue().query("done", done).query("left", left);
    Ok(Redirect::to(queue.as_str()))
}
