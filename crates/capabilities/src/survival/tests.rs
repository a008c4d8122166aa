//! Stories of survival checks, in the bureau's words.

use kernel::{FactValue, Now, Role};

use crate::links;
use crate::testing::{COUNTY, Elder, Said, World, day, undecided};

const VILLAGE: &str = "990121002001";

/// On 2 May: 王德福 was at a clinic in April, 李秀英 and 冯金花 left no trace for long.
async fn may() -> World {
    let mut elders: Vec<Elder> = undecided();
    for elder in &mut elders {
        match elder.name {
            "王德福" => elder.said.push(Said::Seen("2026-04-11")),
            "李秀英" => elder.said.push(Said::Seen("2025-03-11")),
            "沈万年" => elder.said.push(Said::Seen("2026-01-20")),
            _ => {}
        }
    }
    let world =
        World::of(elders).await.with_parts(|parts| parts.after_facts = crate::reconcile_all).await;
    turn(&world, "2026-05-06").await;
    world
}

async fn turn(world: &World, to: &str) {
    world.hands.turn(Now::new(day(to), 8, 30).expect("a time"));
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
}

/// Whether the person is held, if anybody ever said so.
async fn held(world: &World, name: &str) -> Option<bool> {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let facts = facts::facts_of(tx.conn(), world.elder(name)).await.expect("facts");
    let fact = facts.into_iter().find(|fact| fact.kind == "hold.survival")?;
    Some(fact.value == FactValue::Bool(true))
}

async fn page(world: &World) -> String {
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    county.get(links::survival::now().as_str()).await.ok().to_owned()
}

#[tokio::test]
async fn traces_settle_silently_and_only_the_residue_goes_to_the_villages() {
    let world = may().await;
    let page = page(&world).await;
    assert!(page.contains("2026 年 5 月生存核验") && page.contains("就诊等痕迹"), "{page}");
    assert!(world.duty_of("王德福", "survival_check").await.is_none(), "the clinic knows him");
    assert!(world.duty_of("沈万年", "survival_check").await.is_none());
    let duty = world.duty_of("李秀英", "survival_check").await.expect("asked");
    assert_eq!((duty.owner_role, duty.owner_area), (Role::VillageWorker, world.area(VILLAGE)));
    assert!(duty.cause.contains("近 180 天各来源都没有记录"), "{}", duty.cause);
    assert!(world.duty_of("周桂兰", "survival_check").await.is_none(), "nobody pays her");
    assert!(
        world.duty_of("郑玉梅", "survival_check").await.is_none(),
        "a claim of death holds her"
    );
    let before = page.clone();
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    assert_eq!(
        self::page(&world).await.matches("survival_check").count(),
        before.matches("survival_check").count()
    );
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let twice = county.post(links::survival::act("begin").as_str(), &[]).await;
    assert_eq!(twice.status, 409, "{}", twice.text());
}

#[tokio::test]
async fn a_call_or_a_knock_settles_somebody_and_later_traces_do_too() {
    let world = may().await;
    let duty = world.duty_of("李秀英", "survival_check").await.expect("asked");
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let done = village.post(links::decide(duty.id).as_str(), &[("outcome", "spoken")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let page = page(&world).await;
    assert!(page.contains("电话"), "{page}");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let phoned = county.get(links::survival::filtered(1, "phone").as_str()).await;
    assert!(phoned.ok().contains("李秀英"), "{}", phoned.text());
    let sheet = county.get(links::survival::sheet(1, "all").as_str()).await;
    assert!(sheet.body.starts_with(b"PK"), "a workbook");
}

#[tokio::test]
async fn whoever_is_not_settled_by_the_end_is_held_and_let_go_when_seen() {
    let world = may().await;
    let duty = world.duty_of("李秀英", "survival_check").await.expect("asked");
    let end = duty.due_on;
    turn(&world, &end.to_string()).await;
    assert_eq!(held(&world, "李秀英").await, None, "the last day is hers");
    turn(&world, &end.plus_days(1).to_string()).await;
    assert_eq!(held(&world, "李秀英").await, Some(true));
    assert_eq!(held(&world, "王德福").await, None);
    let town = world.sign_in_as(Role::TownReviewer, "990121002").await;
    let list = town.get(links::stops::holds().as_str()).await;
    assert!(list.ok().contains("生存核验没有完成"), "{}", list.text());

    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let seen = village.post(links::decide(duty.id).as_str(), &[("outcome", "seen")]).await;
    assert_eq!(seen.status, 303, "{}", seen.text());
    assert_eq!(held(&world, "李秀英").await, Some(false), "and the next run brings the arrears");
    turn(&world, &end.plus_days(2).to_string()).await;
    assert_eq!(held(&world, "李秀英").await, Some(false), "once let go, not held again");
}

#[tokio::test]
async fn not_found_is_held_and_never_stopped_and_dead_goes_to_the_stops() {
    let world = may().await;
    let hers = world.duty_of("李秀英", "survival_check").await.expect("asked");
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let bare = village.post(links::decide(hers.id).as_str(), &[("outcome", "not_found")]).await;
    assert!(bare.text().contains("还没有写原因"), "{}", bare.text());
    let gone = [("outcome", "not_found"), ("reason", "三次上门没人，邻居说去女儿家了")];
    assert_eq!(village.post(links::decide(hers.id).as_str(), &gone).await.status, 303);
    turn(&world, &hers.due_on.plus_days(1).to_string()).await;
    assert_eq!(held(&world, "李秀英").await, Some(true));
    let other = world.sign_in_as(Role::VillageWorker, "990121002002").await;
    let page = other.get(links::survival::now().as_str()).await;
    assert!(!page.ok().contains("李秀英"), "another village: {}", page.text());
}

#[tokio::test]
async fn a_round_that_was_missed_is_begun_by_the_county_and_by_nobody_else() {
    let parts = |parts: &mut crate::AppParts| parts.after_facts = crate::reconcile_all;
    let world = World::of(undecided()).await.with_parts(parts).await;
    turn(&world, "2026-06-02").await;
    assert!(world.duty_of("李秀英", "survival_check").await.is_none(), "June begins no round");
    let town = world.sign_in_as(Role::TownReviewer, "990121002").await;
    assert_eq!(town.post(links::survival::act("begin").as_str(), &[]).await.status, 403);
    let page = page(&world).await;
    assert!(page.contains("开始 2026 年 5 月一轮核验"), "{page}");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    assert_eq!(county.post(links::survival::act("begin").as_str(), &[]).await.status, 303);
    assert!(world.duty_of("李秀英", "survival_check").await.is_some());
}
