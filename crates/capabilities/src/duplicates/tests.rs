//! Stories of two files that are one person.

use axum::http::StatusCode;
use facts::people::{self, Find};
use kernel::{FactValue, Fen, PersonId, Role};

use crate::testing::{COUNTY, Elder, Said, World, county};

const TOWN: &str = "990121002";

/// The county with a second 周桂兰 of the same birth and village, who is on the roster.
async fn twice() -> (World, Elder, PersonId, PersonId) {
    let mut elders = county();
    let twin = Elder { row: 16, said: vec![Said::Paid(40, "2025-11")], ..elders[0].clone() };
    elders.push(twin.clone());
    let world = World::of(elders).await;
    let first = world.elder("周桂兰");
    let second = by_number(&world, &twin).await;
    (world, twin, first, second)
}

async fn by_number(world: &World, elder: &Elder) -> PersonId {
    let actor = world.system().await;
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    let find = Find::Number(elder.number());
    let found = people::find(tx.conn(), world.app.vault(), &world.app.areas(), &find, 5, 0).await;
    found.expect("the database").first().expect("somebody").id
}

async fn facts_of(world: &World, person: PersonId) -> Vec<facts::Fact> {
    let actor = world.system().await;
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    facts::facts_of(tx.conn(), person).await.expect("facts")
}

fn path(a: PersonId, b: PersonId, part: &str) -> String {
    format!("/duplicates/{a}/{b}{part}")
}

#[tokio::test]
async fn two_of_one_name_birth_and_village_are_listed_until_somebody_says_that_they_are_two() {
    let (world, _, first, second) = twice().await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let (a, b) = (first.min(second), first.max(second));
    let list = clerk.get("/duplicates").await;
    assert!(list.ok().contains(&path(a, b, "")), "{}", list.text());
    let page = clerk.get(&path(a, b, "")).await;
    assert!(page.ok().contains("是不是同一人") && page.text().contains("不一致"));
    let reply = clerk.post(&path(a, b, "/clear"), &[("ground", "村里说是两姐妹")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert!(!clerk.get("/duplicates").await.ok().contains(&path(a, b, "")));
    let page = clerk.get(&path(a, b, "")).await;
    assert!(page.ok().contains("已认定不是同一人") && page.text().contains("村里说是两姐妹"));
    clerk.post(&path(a, b, "/unclear"), &[("ground", "看错了")]).await;
    assert!(clerk.get("/duplicates").await.ok().contains(&path(a, b, "")));
}

#[tokio::test]
async fn a_merge_needs_a_second_person_joins_both_files_and_comes_apart_exactly() {
    let (world, twin, first, second) = twice().await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let before = (facts_of(&world, first).await, facts_of(&world, second).await);
    let keep = first.to_string();
    let fields = [("keep", keep.as_str()), ("reason", "身份证换过号")];
    let reply = clerk.post(&path(first, second, "/propose"), &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let alone = clerk.post(&path(first, second, "/confirm"), &[("reason", "是")]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(alone.text().contains("另一人"), "{}", alone.text());
    assert_eq!(facts_of(&world, second).await, before.1, "a proposal changes nothing");
    let reply = county.post(&path(first, second, "/confirm"), &[("reason", "户口页一致")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let award = facts_of(&world, first).await;
    let award = award.iter().find(|fact| fact.kind == "award.old_age_allowance");
    assert_eq!(award.expect("hers now").value, FactValue::Fen(Fen::from_yuan(40)));
    assert_eq!(by_number(&world, &twin).await, first, "the other number finds her");
    let page = county.get(&format!("/elders/{second}")).await;
    assert!(page.ok().contains("正在享受") && page.text().contains("40.00 元/月"));
    assert!(page.text().contains(&format!("/elders/{first}/")), "{}", page.text());
    let row = county.get("/files/3/rows/16").await;
    assert!(row.ok().contains(&format!("/elders/{first}")), "the row leads to the kept file");
    let reply = county.post(&path(first, second, "/undo"), &[("reason", "合错了")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert_eq!((facts_of(&world, first).await, facts_of(&world, second).await), before);
    assert_eq!(by_number(&world, &twin).await, second);
}

#[tokio::test]
async fn a_refused_proposal_changes_nothing_and_can_be_made_again() {
    let (world, _, first, second) = twice().await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let keep = first.to_string();
    let fields = [("keep", keep.as_str()), ("reason", "看起来一样")];
    clerk.post(&path(first, second, "/propose"), &fields).await;
    let twice = clerk.post(&path(second, first, "/propose"), &fields).await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "nobody proposes it twice");
    let reply = county.post(&path(first, second, "/refuse"), &[("ground", "照片不同")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let late = county.post(&path(first, second, "/confirm"), &[("reason", "同意")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_ne!(first, second);
    let again = clerk.post(&path(first, second, "/propose"), &fields).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text());
}

#[tokio::test]
async fn a_reason_is_needed_and_people_elsewhere_are_not_found() {
    let (world, _, first, second) = twice().await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let keep = first.to_string();
    let fields = [("keep", keep.as_str()), ("reason", " ")];
    let reply = clerk.post(&path(first, second, "/propose"), &fields).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("还没有写理由"));
    let town = world.sign_in_as(Role::CountyApprover, TOWN).await;
    let elsewhere = world.elder("卫东升");
    let reply = town.get(&path(first, elsewhere, "")).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn undoing_a_file_leaves_a_merged_person_out_of_the_lists() {
    let (world, twin, first, second) = twice().await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let keep = first.to_string();
    clerk.post(&path(first, second, "/propose"), &[("keep", &keep), ("reason", "同一人")]).await;
    county.post(&path(first, second, "/confirm"), &[("reason", "同意")]).await;
    let undo = clerk.post("/files/3/undo", &[("reason", "传错了")]).await;
    assert_eq!(undo.status, StatusCode::SEE_OTHER, "{}", undo.text());
    let kinds: Vec<String> =
        facts_of(&world, first).await.into_iter().map(|fact| fact.kind).collect();
    assert!(!kinds.contains(&"award.old_age_allowance".to_owned()), "{kinds:?}");
    assert!(kinds.contains(&"birth_date".to_owned()), "{kinds:?}");
    assert_eq!(by_number(&world, &twin).await, first);
    assert!(facts_of(&world, second).await.is_empty());
}

#[tokio::test]
async fn what_was_decided_about_the_merged_file_stands_on_the_kept_one_with_her_facts() {
    let mut elders = county();
    let open = Said::Owes("class_change", "档次不符", "2026-06-05", 40);
    let twin = Elder { row: 16, said: vec![Said::Paid(40, "2025-11"), open], ..elders[0].clone() };
    elders.push(twin.clone());
    let world = World::of(elders).await;
    let (first, second) = (world.elder("周桂兰"), by_number(&world, &twin).await);
    let actor = world.system().await;
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    let owed = duties::duties_of(tx.conn(), second).await.expect("duties");
    drop(tx);
    let [duty] = owed.as_slice() else { panic!("one duty: {owed:?}") };
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let outcome = format!("/duties/{}/outcome", duty.id);
    let reply = county.post(&outcome, &[("outcome", "confirmed")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let keep = first.to_string();
    clerk.post(&path(first, second, "/propose"), &[("keep", &keep), ("reason", "同一人")]).await;
    county.post(&path(first, second, "/confirm"), &[("reason", "同意")]).await;

    let page = county.get(&format!("/elders/{first}")).await;
    assert!(page.ok().contains("档次变化：已确认，转调整"), "{}", page.text());
    let why = county.get(&format!("/duties/{}", duty.id)).await;
    assert!(why.ok().contains("公安户籍人口登记 2026-06-01 第"), "a row: {}", why.text());
    assert!(why.text().contains(&format!("/elders/{first}")), "{}", why.text());
}
