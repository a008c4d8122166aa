//! Stories of files, as far as they need no reader in a process of its own; the others are told by
//! the program itself, in `crates/songhe/tests`.

use facts::batches::{self, NewBatch};
use kernel::{BatchId, Role};

use crate::links;
use crate::testing::{COUNTY, World, day};

async fn received(world: &World) -> BatchId {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let batch = NewBatch {
        supplier: "police_register",
        as_of: day("2026-06-01"),
        file_name: "停在半路的一份.xlsx",
        file_sm3: [3; 32],
        file_bytes: 1,
        area: system.area,
        area_pos: system.scope.lo(),
        received_at: world.app.now(),
        received_by: None,
    };
    let id = batches::receive(tx.conn(), &batch).await.expect("received");
    tx.commit().await.expect("committed");
    id
}

#[tokio::test]
async fn a_file_whose_reading_was_stopped_can_be_read_again() {
    let world = World::new().await;
    let batch = received(&world).await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let page = officer.get(links::file(batch).as_str()).await;
    assert!(page.ok().contains("重新读取"), "{}", page.text());
    let object = format!("batch/{batch}");
    assert!(world.app.parts().works.on(&object).is_none());
    let reply = officer.post(links::file_part(batch, "mapping").as_str(), &[]).await;
    assert_eq!(reply.status, 303);
    assert!(world.app.parts().works.on(&object).is_some(), "it is being read");
}
