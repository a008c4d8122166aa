//! 开始本轮核验: by the county, when nobody began it in its month.

use access::Actor;
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use kernel::Trouble;
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

use super::jobs::{begin, county};
use crate::surviving::{rounds, rules};
use crate::{App, links};

/// A form with nothing to say.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// 开始本轮核验
pub(super) async fn start(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let act = async {
        if county(&app, actor.area)? != actor.area {
            return Err(Trouble::refused("生存核验由县里统一开始。", "请联系县级审批人员。"));
        }
        let mut tx = app.db().begin(&actor.scope).await?;
        let due = rules(&mut tx).await?.due(app.now().day());
        let rounds = rounds(tx.conn()).await?;
        drop(tx);
        let open = due.filter(|month| rounds.iter().all(|round| round.month != *month));
        let month =
            open.ok_or_else(|| Trouble::Conflict("这一轮已经开始了，不用再开始。".to_owned()))?;
        begin(&app, &actor, month).await
    };
    act.await
        .map_err(|trouble| Failure::from(trouble).back("回到生存核验", links::survival::now()))?;
    Ok(Redirect::to(links::survival::now().as_str()))
}
