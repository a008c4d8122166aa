//! Stories of the auditor.

use axum::http::header;
use kernel::Role;

use crate::links;
use crate::testing::{COUNTY, World};

#[tokio::test]
async fn who_looked_at_a_whole_number_and_why_is_there_for_the_auditor() {
    let world = World::new().await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let person = world.elder("周桂兰");
    county.post(links::reveal(person).as_str(), &[("reason", "核对社保卡")]).await.ok();
    let auditor = world.sign_in_as(Role::Auditor, COUNTY).await;
    let reply = auditor.get(links::audit().as_str()).await;
    for words in ["看证件号", "核对社保卡", "测试县级审批", links::elder(person).as_str()]
    {
        assert!(reply.ok().contains(words), "{words}");
    }
}

#[tokio::test]
async fn an_auditor_of_one_town_does_not_see_what_the_county_did() {
    let world = World::new().await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let person = world.elder("卫东升");
    county.post(links::reveal(person).as_str(), &[("reason", "核对社保卡")]).await.ok();
    let auditor = world.sign_in_as(Role::Auditor, "990121002").await;
    assert!(!auditor.get(links::audit().as_str()).await.ok().contains("核对社保卡"));
}

#[tokio::test]
async fn the_entries_leave_as_a_workbook_named_after_the_day() {
    let world = World::new().await;
    let auditor = world.sign_in_as(Role::Auditor, COUNTY).await;
    let page = auditor.get(links::audit().as_str()).await;
    assert!(page.ok().contains(links::audit_export().as_str()));
    let reply = auditor.get(links::audit_export().as_str()).await;
    assert!(reply.body.starts_with(b"PK"), "a workbook");
    assert!(reply.header(header::CONTENT_DISPOSITION).contains("2026%2D06%2D02"));
}
