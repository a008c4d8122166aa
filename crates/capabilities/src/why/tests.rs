//! Stories of the reasons.

use kernel::Role;

use crate::testing::{COUNTY, World, undecided};
use crate::{links, reconcile_all};

#[tokio::test]
async fn the_why_page_names_file_and_row_of_every_condition() {
    let world = World::of(undecided()).await;
    reconcile_all(world.app.clone()).await.expect("reconciled");
    let duty = world.duty_of("周桂兰", "unclaimed_entitlement").await.expect("found");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let reply = county.get(links::duty(duty.id).as_str()).await;
    let page = reply.ok();
    for words in ["应该领，但还没有领", "280.00", "7 个月", "2026-06-01 第 11 行", "满 90 周岁"]
    {
        assert!(page.contains(words), "{words} is not on the page");
    }
}

#[tokio::test]
async fn a_plain_fact_is_not_marked_as_something_that_nobody_knows() {
    let world = World::of(undecided()).await;
    reconcile_all(world.app.clone()).await.expect("reconciled");
    let duty = world.duty_of("郑玉梅", "contradicted_death").await.expect("found");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let page = county.get(links::duty(duty.id).as_str()).await;
    assert!(page.ok().contains("class=\"fact\"") && page.text().contains("登记情况"));
    assert!(!page.text().contains("class=\"unknown\""), "{}", page.text());
}
