//! The reconciler: a correction that its sender has not answered in time is a duty.

use duties::duty_id;
use kernel::{AreaLevel, DutyOpening, Effects, Fen, Role, Trouble};
use sm3::{Digest, Sm3};

use super::duty_kinds::UNANSWERED;
use super::store;
use crate::{App, commit};

/// Runs for every county, as the system. Run twice it changes nothing.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let areas = app.areas();
    for county in areas.iter().filter(|node| node.level == AreaLevel::County) {
        let actor = access::system_actor(app.db(), county.id, Role::DataOfficer).await?;
        let today = app.now().day();
        let mut tx = app.db().begin(&actor.scope).await?;
        duties::lock(tx.conn(), county.id).await?;
        let late = store::unanswered(tx.conn(), today).await?;
        let standing = duties::standing(tx.conn(), &[UNANSWERED.id]).await?;
        if late.is_empty() && standing.is_empty() {
            continue;
        }
        let window = UNANSWERED.window_working_days.unwrap_or(0);
        let due_on = app.calendar().due(today, window)?;
        let found = late.into_iter().map(|(id, person, supplier, due)| {
            let basis: [u8; 32] = Sm3::digest(format!("correction/{id}").as_bytes()).into();
            DutyOpening {
                id: duty_id(UNANSWERED.id, person, None, &basis),
                kind: UNANSWERED.id,
                person,
                item: None,
                cause_code: supplier.clone(),
                cause: format!("第 {id} 号纠错，{}应在 {due} 前答复", app.department(&supplier)),
                owner_role: UNANSWERED.owner,
                owner_area: county.id,
                opened_on: today,
                due_on,
                amount_fen: Fen::ZERO,
                monthly_fen: Fen::ZERO,
                basis,
            }
        });
        let changes = duties::reconcile(&standing, found.collect());
        if changes.is_empty() {
            continue;
        }
        let effects = Effects { duties: changes, ..Effects::default() };
        let object = format!("area/{}", county.id);
        commit(tx, &actor, app.now(), &effects, "纠错催办", object, "").await?;
    }
    Ok(())
}
