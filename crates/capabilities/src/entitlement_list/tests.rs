//! Stories of reading the lists. What is expected here is what `policy/` says.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{Fen, Role};
use policy::List;

use super::domain::{Change, State, amount_changes, before, changes, state};
use crate::testing::{World, day};

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
async fn all_lists_stand_by_issuer_with_what_is_in_force_and_their_items_can_be_looked_for() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    let page = owner.get("/lists/all").await;
    for words in ["松河县", "青屏市", "安澜省", "南阳市", "现行", "承接《青屏市"]
    {
        assert!(page.ok().contains(words), "{words}");
    }
    let leads = owner.post("/lists/search", &[("q", " 高龄津贴 ")]).await;
    assert_eq!(leads.status, StatusCode::SEE_OTHER);
    let found = owner.get(leads.location()).await;
    assert!(found.ok().contains("/lists/990100-2025-10-01/old_age_allowance"));
    let none = owner.get("/lists/all?q=%E6%9C%88%E7%90%83").await;
    assert!(none.ok().contains("没有项目写着这些字"));
}

#[tokio::test]
async fn an_item_stands_beside_those_above_it() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    let page = owner.get("/lists/990121-2026-01-01/old_age_allowance").await;
    let table = page.ok().split("id=\"levels\"").nth(1).expect("the levels side by side");
    for words in ["松河县", "青屏市", "安澜省", "比上一级"] {
        assert!(table.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_list_leaves_as_a_workbook_and_tells_its_changes_by_day() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    let book = owner.get("/lists/990121-2026-01-01/items.xlsx").await;
    assert_eq!(book.status, StatusCode::OK);
    assert!(book.body.starts_with(b"PK"));
    let page = owner.get("/lists/990121-2026-01-01/changes").await;
    assert!(page.ok().contains("录入的第一版"));
}

fn county() -> List {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy/songhe/v4");
    List::load(&root).expect("a list")
}

/// The county's list as it might come next.
fn next_edition(change: impl FnOnce(&mut List)) -> List {
    let mut next = county();
    let mut head = (*next.head).clone();
    head.effective_from = day("2027-01-01");
    next.head = Arc::new(head);
    change(&mut next);
    next
}

#[test]
fn what_was_added_removed_and_changed_is_told_and_nothing_else() {
    assert_eq!(changes(&county(), &next_edition(|_| {})), []);
    let next = next_edition(|list| {
        let mut fresh = list.items[0].clone();
        fresh.id = "birthday_cake".to_owned();
        fresh.name = "生日蛋糕".to_owned();
        let gone = list.items.iter().position(|it| it.id != "old_age_allowance").unwrap_or(1);
        list.items.remove(gone);
        list.items.push(fresh);
        let allowance = list.items.iter_mut().find(|it| it.id == "old_age_allowance");
        let band = &mut allowance.expect("the allowance").bands[0];
        band.amounts.push((day("2027-01-01"), Some(Fen::from_yuan(50))));
    });
    let told = changes(&county(), &next);
    assert_eq!(told.len(), 3, "{told:?}");
    let changed = |it: &Change| match it {
        Change::Changed(item, what, before, after) => {
            item.contains("高龄津贴")
                && *what == "标准"
                && !before.contains("50.00")
                && after.contains("50.00 元/月（2027-01-01 起）")
        }
        _ => false,
    };
    assert!(told.iter().any(changed), "{told:?}");
    assert!(told.iter().any(|it| matches!(it, Change::Added(item) if item.contains("蛋糕"))));
    assert!(told.iter().any(|it| matches!(it, Change::Removed(_))));
    let days = amount_changes(&next);
    assert_eq!(days[0].on, day("2027-01-01"));
    assert_eq!((days[0].before.as_str(), days[0].after.as_str()), ("40.00 元/月", "50.00 元/月"));
}

#[test]
fn of_two_editions_the_later_one_is_in_force_from_its_first_day() {
    let lists = [county(), next_edition(|_| {})];
    let at = |list: &List, on: &str| state(&lists, list, day(on));
    assert_eq!(at(&lists[0], "2026-12-31"), State::InForce);
    assert_eq!(at(&lists[1], "2026-12-31"), State::Coming);
    assert_eq!(at(&lists[0], "2027-01-01"), State::Over);
    assert_eq!(at(&lists[1], "2027-01-01"), State::InForce);
    assert_eq!(before(&lists, &lists[1]).map(|it| it.head.effective_from), Some(day("2026-01-01")));
}

#[tokio::test]
async fn a_list_or_an_item_that_is_not_there_is_not_found() {
    let world = World::new().await;
    let owner = world.sign_in_as(Role::ListOwner, "990121").await;
    for path in ["/lists/990121", "/lists/990121-2026-01-01/nothing", "/lists/x/changes"] {
        assert_eq!(owner.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
