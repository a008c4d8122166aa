//! The county of the stories of stops, and what is asked of it.

use kernel::{FactValue, Life};

use crate::links;
use crate::testing::{Client, Elder, Reply, Said, World, undecided};

pub(crate) const TOWN: &str = "990121002";

pub(crate) const ITEM: &str = "old_age_allowance";

/// The county, whose reconcilers run after every act. The funeral home reports two deaths that
/// the police report too, and one that it reports alone.
async fn world() -> World {
    let mut elders: Vec<Elder> = undecided();
    for elder in &mut elders {
        match elder.name {
            // Both report it, in February: three months were paid after it.
            "王德福" => {
                elder.said.extend([Said::DeadByPolice("2026-02-03"), Said::Cremated("2026-02-05")]);
            }
            // Both report it, on the last day of May.
            "冯金花" => {
                elder.said.extend([Said::DeadByPolice("2026-05-31"), Said::Cremated("2026-05-31")]);
            }
            _ => {}
        }
    }
    World::of(elders).await.with_parts(|parts| parts.after_facts = crate::reconcile_all).await
}

pub(crate) async fn reconciled() -> World {
    let world = world().await;
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    world
}

/// The award that stands, as the best source says: yuan and first day.
pub(crate) async fn award(world: &World, name: &str) -> (i64, String) {
    let fact = fact(world, name, "award.old_age_allowance").await.expect("an award");
    let FactValue::Fen(fen) = fact.value else { panic!("{fact:?}") };
    (fen.get() / 100, fact.valid_from.to_string())
}

pub(crate) async fn fact(world: &World, name: &str, kind: &str) -> Option<facts::Fact> {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let facts = facts::facts_of(tx.conn(), world.elder(name)).await.expect("facts");
    facts.into_iter().find(|fact| fact.kind == kind)
}

pub(crate) async fn life(world: &World, name: &str) -> Life {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    facts::people::card(tx.conn(), world.elder(name)).await.expect("a card").life
}

/// Proposes a stop by the form, and gives the answer.
pub(crate) async fn propose(
    world: &World,
    town: &Client,
    name: &str,
    fields: &[(&str, &str)],
) -> Reply {
    let form = links::stops::propose(world.elder(name), ITEM);
    town.post(form.as_str(), fields).await
}

pub(crate) const BY_DEATH: (&str, &str) = ("reason", "death");
