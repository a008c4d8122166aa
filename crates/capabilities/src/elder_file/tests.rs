//! Stories of reading an elder's file.

use axum::http::{StatusCode, header};
use kernel::Role;

use crate::testing::{COUNTY, Said, World, county};

const TOWN: &str = "990121002";
const VILLAGE: &str = "990121002001";

fn number_of(name: &str) -> String {
    let elder = county().into_iter().find(|it| it.name == name).expect("somebody of that name");
    elder.number().reveal().to_owned()
}

#[tokio::test]
async fn the_page_says_what_she_could_get_since_when_and_what_is_owed() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let elder = world.elder("周桂兰");
    let page = worker.get(&format!("/elders/{elder}")).await;
    let could = page.ok().split("还可能享受").nth(1).expect("the part");
    assert!(could.contains("40.00 元/月"), "{could}");
    assert!(could.contains("2025 年 11 月"), "{could}");
    assert!(could.contains("以前 7 个月应补 280.00 元"), "{could}");
    assert!(page.text().contains(&format!("/elders/{elder}/why/old_age_allowance")));
    assert!(page.text().contains("公安户籍人口登记 2026-06-01 第 11 行"));
    assert!(page.text().contains("/files/1/rows/11"));
    assert!(page.text().contains("还有 1 天"));
    // No department has told about incomes yet.
    assert!(page.text().contains("低收入家庭"), "{}", page.text());
    assert!(!could.contains("/why/nursing_subsidy"), "nothing is known that speaks for it");
}

#[tokio::test]
async fn what_is_paid_what_was_stopped_and_what_is_paid_against_the_facts_are_told_apart() {
    let world = World::new().await;
    let reviewer = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let paid = reviewer.get(&format!("/elders/{}", world.elder("王德福"))).await;
    assert!(paid.ok().contains("从 2024 年 4 月起，见高龄津贴发放名册"), "{}", paid.text());
    assert!(!paid.text().contains("按现有事实，2026"));
    let stopped = reviewer.get(&format!("/elders/{}", world.elder("蒋素芬"))).await;
    assert!(stopped.ok().contains("2026-05-01 起停发"), "{}", stopped.text());
    assert!(stopped.text().contains("以前 1 个月应补 40.00 元"), "{}", stopped.text());
    let dead = reviewer.get(&format!("/elders/{}", world.elder("吴长根"))).await;
    assert!(dead.ok().contains("死亡待核") && dead.text().contains("第 15 行"));
    assert!(dead.text().contains("按现有事实，2026 年 6 月不符合"), "{}", dead.text());
}

#[tokio::test]
async fn contradicting_sources_leave_the_verdict_open_and_name_what_is_missing() {
    let world = World::new().await;
    let reviewer = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let page = reviewer.get(&format!("/elders/{}", world.elder("郑玉梅"))).await;
    assert!(page.ok().contains("死亡信息矛盾"));
    assert!(page.text().contains("死亡日期 2026-05-03"), "{}", page.text());
    // When she was at the hospital is sensitive: that she was seen is enough here.
    assert!(page.text().contains("医保最近就诊信息") && !page.text().contains("2026-05-22"));
    assert!(page.text().contains("影响") && page.text().contains("高龄津贴"), "{}", page.text());
}

#[tokio::test]
async fn the_whole_number_needs_a_reason_leaves_an_entry_and_is_not_kept() {
    let world = World::new().await;
    let reviewer = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let elder = world.elder("周桂兰");
    let number = number_of("周桂兰");
    let path = format!("/elders/{elder}/number");
    assert!(!reviewer.get(&format!("/elders/{elder}")).await.ok().contains(&number));
    let seen = async || {
        let system = world.system().await;
        let mut tx = world.db.begin(&system.scope).await.expect("the database");
        access::seen(tx.conn(), &format!("person/{elder}"), "看证件号").await.expect("a count")
    };
    let refused = reviewer.post(&path, &[("reason", "  ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.text().contains(&number));
    assert_eq!(seen().await, 0);
    let shown = reviewer.post(&path, &[("reason", "核对社保卡")]).await;
    assert!(shown.ok().contains(&number));
    assert_eq!(shown.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(seen().await, 1);
    assert!(!reviewer.get(&format!("/elders/{elder}")).await.ok().contains(&number));
    let elsewhere = format!("/elders/{}/number", world.elder("卫东升"));
    let outside = reviewer.post(&elsewhere, &[("reason", "核对")]).await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_village_worker_is_not_offered_the_whole_number() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let page = worker.get(&format!("/elders/{}", world.elder("周桂兰"))).await;
    assert!(!page.ok().contains("查看完整号码"));
}

#[tokio::test]
async fn the_notice_tells_the_elder_what_she_can_get_and_what_to_do() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let sheet = worker.get(&format!("/elders/{}/notice", world.elder("周桂兰"))).await;
    for words in [
        "周桂兰 老人家",
        "您可以领取高龄津贴",
        "每月 40 元",
        "以前没有领的 7 个月一起补，共 280 元。",
        "告诉溪尾村养老专干",
        "公示 7 天",
        "松河县民政局",
        "2026 年 6 月 2 日",
        "电话：＿",
    ] {
        assert!(sheet.ok().contains(words), "{words}: {}", sheet.text());
    }
    assert!(!sheet.text().contains(&number_of("周桂兰")));
    let paid = worker.get(&format!("/elders/{}/notice", world.elder("王德福"))).await;
    assert!(paid.ok().contains("您现在享受") && !paid.text().contains("您可以领"));
}

#[tokio::test]
async fn no_notice_goes_to_somebody_who_may_be_dead() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let elder = world.elder("吴长根");
    assert!(!worker.get(&format!("/elders/{elder}")).await.ok().contains("打印一页告知"));
    let reply = worker.get(&format!("/elders/{elder}/notice")).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("死亡待核"));
}

#[tokio::test]
async fn a_name_that_is_markup_stays_a_name() {
    let mut elders = county();
    elders[0].name = "周<b>桂兰";
    elders[0].said = vec![Said::Seen("2026-05-01")];
    let world = World::of(elders).await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let page = worker.get(&format!("/elders/{}", world.elder("周<b>桂兰"))).await;
    assert!(!page.ok().contains("周<b>"));
}
