//! Stories of the difference ledger, in the bureau's words.

use duties::{Duty, DutyState, Filter};
use facts::{STATEMENT_RANK, Voice};
use kernel::{Assertion, AssertionState, FactValue, Fen, Life, Now, Role, SourceRow, Span};

use super::{Reconciled, reconcile};
use crate::links;
use crate::testing::{COUNTY, Elder, Said, World, county, day};

/// The county without duties opened by hand.
fn people() -> Vec<Elder> {
    let mut people = county();
    for elder in &mut people {
        elder.said.retain(|said| !matches!(said, Said::Owes(..)));
    }
    people
}

async fn world() -> World {
    World::of(people()).await.with_parts(|parts| parts.after_facts = crate::reconcile_all).await
}

async fn run(world: &World) -> Reconciled {
    reconcile(&world.app, &world.system().await).await.expect("reconciled")
}

async fn open(world: &World) -> Vec<Duty> {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    duties::open_duties(tx.conn(), &Filter::default(), 100, 0).await.expect("duties")
}

async fn duty_of(world: &World, name: &str, kind: &str) -> Option<Duty> {
    let person = world.elder(name);
    open(world).await.into_iter().find(|duty| duty.person == person && duty.kind == kind)
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
async fn the_why_page_names_file_and_row_of_every_condition() {
    let world = world().await;
    run(&world).await;
    let duty = duty_of(&world, "周桂兰", "unclaimed_entitlement").await.expect("found");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let reply = county.get(links::duty(duty.id).as_str()).await;
    let page = reply.ok();
    for words in ["应该领，但还没有领", "280.00", "7 个月", "2026-06-01 第 11 行", "满 90 周岁"]
    {
        assert!(page.contains(words), "{words} is not on the page");
    }
}

#[tokio::test]
async fn a_year_without_holidays_is_an_error_and_no_guess() {
    let world = world().await;
    world.hands.turn(Now::new(day("2027-01-04"), 8, 30).expect("a time"));
    let refused = reconcile(&world.app, &world.system().await).await.expect_err("no table");
    assert!(refused.to_string().contains("2027 年的工作日安排"), "{refused}");
}
