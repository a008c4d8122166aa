//! Stories of the difference ledger, in the bureau's words.

use duties::{Duty, DutyState};
use facts::{STATEMENT_RANK, Voice};
use kernel::{Assertion, AssertionState, FactValue, Fen, Life, Now, Role, SourceRow, Span};

use super::{Reconciled, determine, reconcile};
use crate::links;
use crate::testing::{COUNTY, World, day, undecided};

async fn world() -> World {
    World::of(undecided()).await.with_parts(|parts| parts.after_facts = crate::reconcile_all).await
}

async fn run(world: &World) -> Reconciled {
    reconcile(&world.app, &world.system().await).await.expect("reconciled")
}

async fn duty_of(world: &World, name: &str, kind: &str) -> Option<Duty> {
    world.duty_of(name, kind).await
}

/// Somebody states a fact, on duty, at this hour.
async fn state(world: &World, name: &str, kind: &'static str, value: FactValue) {
    let system = world.system().await;
    let now = world.app.now();
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let entry = access::AuditEntry::new(&system, now, "更正", "test".to_owned());
    let statement = access::record(tx.conn(), &entry).await.expect("an entry");
    let voice =
        Voice { supplier: "", rank: STATEMENT_RANK, as_of: None, statement: Some(statement) };
    let assertion = Assertion {
        person: world.elder(name),
        kind,
        value,
        valid: Span::from(now.day()),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    };
    facts::assert_all(&mut tx, voice, now, &[assertion]).await.expect("asserted");
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn who_is_owed_and_who_is_paid_too_much_is_found_with_cause_owner_and_deadline() {
    let world = world().await;
    run(&world).await;
    let owed = duty_of(&world, "周桂兰", "unclaimed_entitlement").await.expect("found");
    assert_eq!(owed.cause, "2025 年 10 月 17 日满 80 周岁，至今未申请高龄津贴");
    assert_eq!((owed.amount_fen, owed.monthly_fen), (Fen::from_yuan(280), Fen::from_yuan(40)));
    assert_eq!((owed.owner_role, owed.due_on), (Role::VillageWorker, day("2026-06-05")));
    assert_eq!(owed.owner_area, world.area("990121002001"));

    let class = duty_of(&world, "李秀英", "class_change").await.expect("found");
    assert_eq!((class.cause_code.as_str(), class.monthly_fen), ("age_90", Fen::from_yuan(80)));
    let dead = duty_of(&world, "吴长根", "award_after_death").await.expect("found");
    assert_eq!((dead.cause_code.as_str(), dead.amount_fen), ("stop_in_time", Fen::ZERO));
    assert_eq!((dead.owner_role, dead.owner_area), (Role::TownReviewer, world.area("990121002")));
    assert!(duty_of(&world, "吴长根", "death_not_deregistered").await.is_some());
    assert!(duty_of(&world, "陈国栋", "entitled_soon").await.is_some());
    let late = duty_of(&world, "郑玉梅", "contradicted_death").await.expect("found");
    assert_eq!(late.due_on, day("2026-06-02"), "it is looked at today");
    for (name, kind) in [("王德福", "unclaimed_entitlement"), ("褚有田", "entitled_soon")] {
        assert!(duty_of(&world, name, kind).await.is_none(), "{name} {kind}");
    }
    assert!(duty_of(&world, "郑玉梅", "award_after_death").await.is_none(), "nobody knows yet");
}

#[tokio::test]
async fn running_it_twice_changes_nothing() {
    let world = world().await;
    assert!(run(&world).await.opened > 0);
    assert_eq!(run(&world).await, Reconciled::default());
}

#[tokio::test]
async fn a_month_later_the_arrears_grow_and_the_duty_and_its_deadline_stay() {
    let world = world().await;
    run(&world).await;
    let june = duty_of(&world, "周桂兰", "unclaimed_entitlement").await.expect("found");
    world.hands.turn(Now::new(day("2026-07-01"), 8, 30).expect("a time"));
    run(&world).await;
    let july = duty_of(&world, "周桂兰", "unclaimed_entitlement").await.expect("still open");
    assert_eq!(july.amount_fen, Fen::from_yuan(320));
    assert_eq!((july.id, july.due_on), (june.id, june.due_on));
}

#[tokio::test]
async fn a_refusal_of_the_elder_holds_until_the_facts_change() {
    let world = world().await;
    run(&world).await;
    let duty = duty_of(&world, "卫东升", "unclaimed_entitlement").await.expect("found");
    let village = world.sign_in_as(Role::VillageWorker, "990121001001").await;
    let path = links::decide(duty.id);
    let without = village.post(path.as_str(), &[("outcome", "declined"), ("reason", " ")]).await;
    assert!(without.text().contains("还没有写原因"), "{}", without.text());
    village.post(path.as_str(), &[("outcome", "declined"), ("reason", "儿女供养")]).await;
    run(&world).await;
    assert!(duty_of(&world, "卫东升", "unclaimed_entitlement").await.is_none());

    state(&world, "卫东升", "birth_date", FactValue::Day(day("1942-09-09"))).await;
    run(&world).await;
    let anew = duty_of(&world, "卫东升", "unclaimed_entitlement").await.expect("asked again");
    assert_ne!(anew.id, duty.id, "new facts make a new duty");
}

#[tokio::test]
async fn a_death_that_the_village_finds_untrue_pays_on_and_is_not_asked_again() {
    let world = world().await;
    run(&world).await;
    let duty = duty_of(&world, "郑玉梅", "contradicted_death").await.expect("found");
    let village = world.sign_in_as(Role::VillageWorker, "990121002002").await;
    let said = [("outcome", "alive"), ("reason", "上门见到本人")];
    let reply = village.post(links::decide(duty.id).as_str(), &said).await;
    assert_eq!(reply.status, 303);
    assert!(duty_of(&world, "郑玉梅", "contradicted_death").await.is_none());
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let card = facts::people::card(tx.conn(), world.elder("郑玉梅")).await.expect("a card");
    assert_eq!(card.life, Life::Living);
    let closed = duties::duty(tx.conn(), duty.id).await.expect("the duty");
    assert!(matches!(closed.state, DutyState::Decided { .. }), "{:?}", closed.state);
}

#[tokio::test]
async fn nobody_records_what_is_on_somebody_elses_desk_and_the_second_hears_who_was_first() {
    let world = world().await;
    run(&world).await;
    let duty = duty_of(&world, "吴长根", "award_after_death").await.expect("found");
    let path = links::decide(duty.id);
    let village = world.sign_in_as(Role::VillageWorker, "990121002001").await;
    let reply = village.post(path.as_str(), &[("outcome", "to_stop")]).await;
    assert!(reply.text().contains("由乡镇审核办理"), "{}", reply.text());

    let town = world.sign_in_as(Role::TownReviewer, "990121002").await;
    assert_eq!(town.post(path.as_str(), &[("outcome", "to_stop")]).await.status, 303);
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let second = county.post(path.as_str(), &[("outcome", "to_stop")]).await;
    assert_eq!(second.status, 409);
    assert!(second.text().contains("测试乡镇审核"), "{}", second.text());
}

#[tokio::test]
async fn a_year_without_holidays_is_an_error_and_no_guess() {
    let world = world().await;
    world.hands.turn(Now::new(day("2027-01-04"), 8, 30).expect("a time"));
    let refused = reconcile(&world.app, &world.system().await).await.expect_err("no table");
    assert!(refused.to_string().contains("2027 年的工作日安排"), "{refused}");
}

#[tokio::test]
async fn a_lead_found_untrue_stays_cleared_and_one_found_true_is_stated_with_its_reason() {
    let world = world().await;
    let yuan = |sum| FactValue::Fen(Fen::from_yuan(sum));
    let place = FactValue::Text("清河县".to_owned());
    state(&world, "王德福", "lead.elsewhere_area", place).await;
    state(&world, "王德福", "lead.elsewhere_fen", yuan(50)).await;
    run(&world).await;
    let first = duty_of(&world, "王德福", "two_counties").await.expect("found");
    assert!(first.cause.contains("建议保留清河县"), "{}", first.cause);
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let page = county.get(links::duty(first.id).as_str()).await;
    assert!(page.ok().contains("相差") && page.text().contains("10.00 / 月"), "{}", page.text());
    let said = [("outcome", "untrue"), ("reason", "同名同姓，不是一个人")];
    county.post(links::decide(first.id).as_str(), &said).await;
    run(&world).await;
    assert!(duty_of(&world, "王德福", "two_counties").await.is_none(), "cleared");

    state(&world, "王德福", "lead.elsewhere_fen", yuan(60)).await;
    run(&world).await;
    let anew = duty_of(&world, "王德福", "two_counties").await.expect("new facts");
    let said = [("outcome", "elsewhere"), ("reason", "已迁居清河县，那边在发")];
    assert_eq!(county.post(links::decide(anew.id).as_str(), &said).await.status, 303);
    assert!(duty_of(&world, "王德福", "two_counties").await.is_none());
    let stop = duty_of(&world, "王德福", "award_without_entitlement").await.expect("to stop");
    assert_eq!(stop.monthly_fen, Fen::from_yuan(40));
}

#[tokio::test]
async fn a_visit_that_is_recorded_is_not_due_again_in_its_month_and_is_in_the_next() {
    let world = world().await;
    let alone = FactValue::Text("alone".to_owned());
    state(&world, "褚有田", "living_arrangement", alone).await;
    run(&world).await;
    let due = duty_of(&world, "褚有田", "visit_due").await.expect("found");
    assert_eq!((due.due_on, due.cause_code.as_str()), (day("2026-06-30"), "alone"));
    let village = world.sign_in_as(Role::VillageWorker, "990121002002").await;
    village.post(links::decide(due.id).as_str(), &[("outcome", "visited")]).await;
    run(&world).await;
    assert!(duty_of(&world, "褚有田", "visit_due").await.is_none());
    world.hands.turn(Now::new(day("2026-07-02"), 8, 30).expect("a time"));
    run(&world).await;
    let again = duty_of(&world, "褚有田", "visit_due").await.expect("a new month");
    assert!(again.cause.contains("上次 2026-06-02"), "{}", again.cause);
}

#[tokio::test]
async fn a_determination_counts_what_it_judges_and_nothing_else() {
    let world = world().await;
    let (area, month) = (world.area(COUNTY), day("2026-06-02").month());
    let determined = determine(&world.app, area, month).await.expect("determined");
    let list = world.app.list_for(area, month).expect("a list");
    let judged = list.items.iter().filter(|item| item.is_judged()).map(|item| &item.id);
    assert!(determined.items.iter().map(|item| &item.id).eq(judged));
    assert!(list.items.len() > determined.items.len(), "the list names what others administer");
}
