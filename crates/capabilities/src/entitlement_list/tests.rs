//! Stories of reading the lists. What is expected here is what `policy/` says.

use axum::http::StatusCode;
use kernel::Role;

use crate::testing::World;

const VILLAGE: &str = "990121002001";

#[tokio::test]
async fn a_village_reads_the_list_of_its_county_and_finds_the_lists_above() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let page = worker.get("/lists").await;
    assert!(page.ok().contains("松河县基本养老服务清单（第 4 版）"));
    assert!(page.text().contains("/lists/990100-2025-10-01"));
    assert!(page.text().contains("/lists/990000-2025-07-01"));
    assert!(page.text().contains("每月 40、120、400 元，分 3 档"));
    assert!(page.text().contains("逐个核对一致"), "{}", page.text());
    let upper = worker.get("/lists/990100-2025-10-01").await;
    assert!(upper.ok().contains("青屏市基本养老服务清单"));
}

#[tokio::test]
async fn an_item_says_who_gets_how_much_by_which_text_and_how_sure_we_are() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    let page = owner.get("/lists/990121-2026-01-01/old_age_allowance").await;
    for words in [
        "年满 80 周岁",
        "90—99 周岁",
        "120.00 元/月",
        "2019-01-01 起",
        "满龄次月起",
        "去世当月照发，次月停发",
        "每月统计到 25 日",
        "公示 7 天",
        "第四条",
        "虚构（演示）",
        "没有在别处领取的记录",
        "青屏市基本养老服务清单（第 5 版） 第",
    ] {
        assert!(page.ok().contains(words), "{words}");
    }
}

#[tokio::test]
async fn an_item_that_stopped_and_changed_shows_every_amount_with_its_days() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    let page = owner.get("/lists/411300-2019-01-01/old_age_allowance").await;
    assert!(page.ok().contains("50.00 元/月"), "{}", page.text());
}

#[tokio::test]
async fn a_list_or_an_item_that_is_not_there_is_not_found() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    for path in ["/lists/990121", "/lists/990121-2026-01-01/meals"] {
        assert_eq!(owner.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
