//! Applications that stand where a story needs them, brought there by the flow itself.

use cases::{Opening, Said, case_id};
use kernel::{CaseChange, CaseId, Effects, Role};

use super::{World, people::ITEM};
use crate::applying::{self, FLOW};
use crate::commit;

/// An application of the elder for the allowance, submitted and reviewed: it waits for its sheet.
pub(crate) async fn in_publicity(world: &World, name: &str) -> CaseId {
    let (app, person, now) = (&world.app, world.elder(name), world.app.now());
    let actor = world.system().await;
    let case = case_id(FLOW.id, person, ITEM);
    let mut tx = app.db().begin(&actor.scope).await.expect("a transaction");
    let card = facts::people::card(tx.conn(), person).await.expect("a card");
    let opening = FLOW.opening(Opening {
        id: case,
        person,
        item: Some(ITEM.to_owned()),
        about: String::new(),
        owner_area: card.area,
        due_on: None,
        note: String::new(),
        hand: None,
    });
    let effects = Effects { moves: vec![CaseChange::Open(opening)], ..Effects::default() };
    commit(tx, &actor, now, &effects, "测试", "test".to_owned(), "").await.expect("opened");
    for how in [("submit", Role::VillageWorker), ("pass_to_publicity", Role::TownReviewer)] {
        let mut tx = app.db().begin(&actor.scope).await.expect("a transaction");
        let stands = cases::case(tx.conn(), case).await.expect("a case");
        let step = applying::step(app, tx.conn(), &stands, how, Said::default()).await;
        let moves = vec![CaseChange::Step(step.expect("a move of the flow"))];
        let effects = Effects { moves, ..Effects::default() };
        commit(tx, &actor, now, &effects, "测试", "test".to_owned(), "").await.expect("moved");
    }
    case
}

/// The state in which a case stands.
pub(crate) async fn state(world: &World, case: CaseId) -> String {
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    cases::case(tx.conn(), case).await.expect("a case").state
}
