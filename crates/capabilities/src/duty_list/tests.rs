//! Stories of the list of duties.

use kernel::Role;

use crate::reconcile_all;
use crate::testing::{COUNTY, World, undecided};

#[tokio::test]
async fn a_list_is_filtered_ordered_searched_and_says_so_and_no_name_stands_in_an_address() {
    let world = World::of(undecided()).await;
    reconcile_all(world.app.clone()).await.expect("reconciled");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let moved = county.get("/?kind=class_change").await;
    assert_eq!(moved.location(), "/duties?kind=class_change");
    let village = world.area("990121002001");
    let page = county.get(&format!("/duties?area={village}&order=age")).await;
    assert!(page.ok().contains("云溪镇溪尾村，年龄大的在前"), "{}", page.text());
    let place = |name: &str| page.text().find(name).unwrap_or(usize::MAX);
    assert!(place("李秀英") < place("周桂兰"), "the oldest first");
    assert!(!page.text().contains("卫东升"), "another village");

    let found = county.post("/duties", &[("q", "周"), ("kind", "unclaimed_entitlement")]).await;
    assert!(found.ok().contains("周桂兰") && !found.text().contains("卫东升"), "{}", found.text());
    assert!(found.text().contains("姓名以“周”开头，应享未享"), "{}", found.text());
    let by_village = county.post("/duties", &[("q", "溪尾村")]).await;
    assert_eq!(by_village.location(), format!("/duties?area={village}"));
    let worker = world.sign_in_as(Role::VillageWorker, "990121001001").await;
    assert_eq!(worker.get(&format!("/duties?area={village}")).await.status, 404);
}
