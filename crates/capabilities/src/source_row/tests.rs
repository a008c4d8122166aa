//! Stories of a row of a file.

use axum::http::StatusCode;
use kernel::Role;

use crate::testing::{COUNTY, World};

const VILLAGE: &str = "990121002001";

#[tokio::test]
async fn a_row_tells_what_was_taken_from_it_and_leads_back_to_the_elder() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let page = worker.get("/files/1/rows/11").await;
    assert!(page.ok().contains("公安户籍人口登记 2026-06-01 第 11 行"));
    assert!(page.text().contains("<dt>出生日期</dt><dd>1945-10-17 <a"), "{}", page.text());
    assert!(page.text().contains("<dt>户籍所在地</dt><dd>云溪镇溪尾村 <a"));
    assert!(page.text().contains(&format!("/elders/{}", world.elder("周桂兰"))));
    assert!(!page.text().contains("href=\"/files/1\""), "the file itself is not for the village");
    assert_eq!(worker.get("/files/1/rows/31").await.status, StatusCode::NOT_FOUND);
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    assert!(county.get("/files/1/rows/31").await.ok().contains("href=\"/files/1\""));
}
