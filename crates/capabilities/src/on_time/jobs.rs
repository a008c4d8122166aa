//! Counts months: everybody who is entitled, against what went out. Counting twice gives the same.

use std::collections::HashMap;
use std::sync::Arc;

use access::Actor;
use facts::population::{self, ClosedWorld, EngineTree, Subject, engine_facts};
use findings::{award_kind, standing};
use kernel::{AreaId, AreaLevel, FactValue, Fen, Month, PersonId, Role, Trouble};
use policy::{Form, Given, Item, Verdict};

use super::domain::{Known, deadline, outcome};
use super::store::{self, Line};
use crate::App;

/// How many months back a run is still watched.
const WATCHED_MONTHS: i32 = 12;

/// The items of a list that pay runs pay.
pub(super) fn paid_items(app: &App, area: AreaId, month: Month) -> Vec<&Item> {
    let list = app.list_for(area, month);
    let items = list.into_iter().flat_map(|list| &list.items);
    let is_paid = |item: &&Item| {
        item.form == Form::Cash && item.pay.given == Given::Cash && award_kind(item).is_some()
    };
    items.filter(is_paid).filter(|item| !item.bands.is_empty()).collect()
}

/// Counts the months whose runs have moved, for every county, as the system.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let areas = app.areas();
    let since = app.now().day().month().plus(-WATCHED_MONTHS);
    for county in areas.iter().filter(|node| node.level == AreaLevel::County) {
        let actor = access::system_actor(app.db(), county.id, Role::FinanceOfficer).await?;
        let mut tx = app.db().begin(&actor.scope).await?;
        let stale = store::stale(tx.conn(), county.id, since).await?;
        drop(tx);
        count(app, &actor, county.id, &stale).await?;
    }
    Ok(())
}

/// Counts these months of these items anew, for the whole county.
pub(super) async fn count(
    app: &App,
    actor: &Actor,
    county: AreaId,
    which: &[(String, Month)],
) -> Result<(), Trouble> {
    if which.is_empty() {
        return Ok(());
    }
    let everybody = Arc::new(Everybody::load(app, county).await?);
    for (item, month) in which {
        let mut tx = app.db().begin(&actor.scope).await?;
        let known = store::known(tx.conn(), item, *month).await?;
        let (all, id, month) = (Arc::clone(&everybody), item.clone(), *month);
        let judge = move || all.judge(&id, month, &known);
        let lines = tokio::task::spawn_blocking(judge).await.map_err(Trouble::fault)??;
        store::write(tx.conn(), (item, month, county), &lines, app.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Everybody of a county, and what they are judged by.
struct Everybody {
    app: App,
    county: AreaId,
    subjects: Vec<Subject>,
    closed: ClosedWorld,
}

impl Everybody {
    async fn load(app: &App, county: AreaId) -> Result<Self, Trouble> {
        let areas = app.areas();
        let node = areas.node(county).ok_or(Trouble::NotFound)?;
        let mut engine = app.db().begin_engine().await?;
        let closed = app.closed_world(engine.conn()).await?;
        let subjects = population::subjects(engine.conn(), node.lo, node.hi).await?;
        Ok(Self { app: app.clone(), county, subjects, closed })
    }

    /// Who was entitled to the item in the month, and what became of it.
    fn judge(
        &self,
        item: &str,
        month: Month,
        known: &HashMap<PersonId, Known>,
    ) -> Result<Vec<Line>, Trouble> {
        let list = self.app.list_for(self.county, month);
        let Some(item) = list.and_then(|list| list.item(item)) else { return Ok(Vec::new()) };
        let (areas, award) = (self.app.areas(), award_kind(item));
        let today = self.app.now().day();
        let until = deadline(item.pay.cycle, month);
        let mut lines = Vec::new();
        for subject in &self.subjects {
            let facts = engine_facts(subject, &areas, &self.closed)?;
            let verdict = policy::evaluate(item, &facts, month, &EngineTree(&areas));
            let Verdict::Entitled { amount: due, .. } = verdict else { continue };
            let Some(node) = areas.node(subject.area).filter(|_| due > Fen::ZERO) else { continue };
            let paid = award.and_then(|kind| standing(subject, kind, today));
            let awarded = paid.is_some_and(|said| said.value != FactValue::Fen(Fen::ZERO));
            let known = known.get(&subject.id).cloned().unwrap_or_default();
            let outcome = outcome(due, until, &Known { awarded, ..known });
            lines.push(Line { person: subject.id, area_pos: node.lo, due, outcome });
        }
        Ok(lines)
    }
}
