//! The reconciler: what nobody has objected to moves on when its period is over, whether or not
//! somebody has taken the sheet down.

use kernel::{AreaLevel, Role, Trouble};

use super::waiting;
use crate::{App, commit};

/// Runs for every county, as the system. Run twice it changes nothing.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let areas = app.areas();
    for county in areas.iter().filter(|node| node.level == AreaLevel::County) {
        let actor = access::system_actor(app.db(), county.id, Role::TownReviewer).await?;
        let mut tx = app.db().begin(&actor.scope).await?;
        let effects = waiting::over(app, &mut tx, None).await?;
        if effects.moves.is_empty() {
            continue;
        }
        let note = format!("{} 件", effects.moves.len());
        let object = format!("area/{}", county.id);
        commit(tx, &actor, app.now(), &effects, "公示期满", object, &note).await?;
    }
    Ok(())
}
