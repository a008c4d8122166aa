//! Stories of somebody who says that it is wrong.

use axum::http::StatusCode;
use kernel::{CaseId, FactValue, Role};

use super::one::HOLD;
use crate::links;
use crate::testing::applied::{in_publicity, state};
use crate::testing::{COUNTY, Client, Reply, World, day};

const TOWN: &str = "990121002";
const OTHER_TOWN: &str = "990121001";
const VILLAGE: &str = "990121002001";

/// Takes a complaint in; gives where it lies.
async fn complain(world: &World, by: &Client, name: &str, kind: &str, about: &str) -> String {
    let form = links::complaints::new(world.elder(name));
    let fields = [
        ("kind", kind),
        ("channel", "window"),
        ("about", about),
        ("words", "上个月的钱没有到"),
        ("by", "女儿"),
        ("own", "1"),
    ];
    let reply = by.post(form.as_str(), &fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.location().to_owned()
}

async fn answer(by: &Client, at: &str, part: &str, finding: &str, application: &str) -> Reply {
    let fields = [
        ("finding", finding),
        ("words", "我们查了名册和户口，写给您看。"),
        ("application", application),
    ];
    by.post(&format!("{at}/{part}"), &fields).await
}

async fn settle(by: &Client, at: &str, outcome: &str) -> Reply {
    let fields = [("outcome", outcome), ("note", "还是觉得不对")];
    by.post(&format!("{at}/settle"), &fields).await
}

fn case_of(at: &str) -> CaseId {
    at.rsplit('/').next().expect("a part").parse().expect("an id")
}

async fn held(world: &World, name: &str) -> Option<FactValue> {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let facts = facts::facts_of(tx.conn(), world.elder(name)).await.expect("facts");
    facts.into_iter().find(|fact| fact.kind == HOLD).map(|fact| fact.value)
}

#[tokio::test]
async fn a_complaint_has_a_number_an_owner_and_a_deadline_and_says_why_at_once() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let found = village.post("/complaints/new", &[("q", "王德福")]).await;
    assert!(found.ok().contains("溪尾村"), "{}", found.text());
    let at = complain(&world, &village, "王德福", "payment", "").await;
    let page = village.get(&at).await;
    for words in ["受理编号", "第 1 号", "资金发放", "2026 年 6 月 5 日", "高龄津贴", "40", "女儿"]
    {
        assert!(page.ok().contains(words), "{words}: {}", page.text());
    }
    let list = village.get("/complaints?kind=payment").await;
    assert!(list.ok().contains("1 件待答复"), "{}", list.text());
    assert_eq!(village.get("/complaints.xlsx").await.status, StatusCode::OK);
    let other = world.sign_in_as(Role::TownReviewer, OTHER_TOWN).await;
    assert_eq!(other.get(&at).await.status, StatusCode::NOT_FOUND, "another area");
    assert_eq!(answer(&other, &at, "answer", "founded", "").await.status, 404);
}

#[tokio::test]
async fn the_same_form_sent_twice_is_one_complaint() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let first = complain(&world, &village, "王德福", "payment", "").await;
    let second = complain(&world, &village, "王德福", "payment", "").await;
    assert_eq!(first, second);
    assert!(village.get("/complaints").await.ok().contains("1 件待答复"));
}

#[tokio::test]
async fn what_is_late_comes_first() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    complain(&world, &village, "王德福", "service", "").await;
    complain(&world, &village, "李秀英", "payment", "").await;
    world.hands.turn(kernel::Now::new(day("2026-06-08"), 9, 0).expect("a time"));
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let list = village.get("/complaints").await;
    assert!(list.ok().contains("1 件已超期"), "{}", list.text());
    let place = |words: &str| list.text().find(words).expect("it stands there");
    assert!(place("第 2 号") < place("第 1 号"), "{}", list.text());
    let late = village.get("/complaints?state=late").await;
    assert!(late.ok().contains("第 2 号") && !late.text().contains("第 1 号"));
}

#[tokio::test]
async fn an_unfounded_objection_lets_the_application_go_on_from_where_it_was_stopped() {
    let world = World::new().await;
    let application = in_publicity(&world, "周桂兰").await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let about = format!("case/{application}");
    let at = complain(&world, &village, "周桂兰", "payment", &about).await;
    assert_eq!(state(&world, application).await, "objected");
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let page = town.get(&at).await;
    assert!(page.ok().contains("乡镇审核"), "the town owes it, whatever its kind");
    assert_eq!(answer(&town, &at, "answer", "unfounded", "").await.status, 303);
    assert_eq!(state(&world, application).await, "in_publicity");
    let again = answer(&town, &at, "answer", "founded", "upheld").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "it is answered");
}

#[tokio::test]
async fn a_second_objection_keeps_the_application_stopped_until_both_are_answered() {
    let world = World::new().await;
    let application = in_publicity(&world, "周桂兰").await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let about = format!("case/{application}");
    let one = complain(&world, &village, "周桂兰", "entitlement", &about).await;
    let two = complain(&world, &village, "周桂兰", "level", &about).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    assert_eq!(answer(&town, &one, "answer", "unfounded", "").await.status, 303);
    assert_eq!(state(&world, application).await, "objected");
    assert_eq!(answer(&town, &two, "answer", "unfounded", "").await.status, 303);
    assert_eq!(state(&world, application).await, "in_publicity");
}

#[tokio::test]
async fn a_founded_objection_needs_a_word_about_the_application_and_ends_or_returns_it() {
    for (application, becomes) in [("upheld", "refused"), ("returned", "returned")] {
        let world = World::new().await;
        let case = in_publicity(&world, "周桂兰").await;
        let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
        let about = format!("case/{case}");
        let at = complain(&world, &village, "周桂兰", "entitlement", &about).await;
        let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
        let silent = answer(&town, &at, "answer", "founded", "").await;
        assert!(silent.text().contains("这件申领怎么办"), "{}", silent.text());
        assert_eq!(answer(&town, &at, "answer", "founded", application).await.status, 303);
        assert_eq!(state(&world, case).await, becomes);
    }
}

#[tokio::test]
async fn an_objection_that_is_withdrawn_lets_the_application_go_on() {
    let world = World::new().await;
    let application = in_publicity(&world, "周桂兰").await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let about = format!("case/{application}");
    let at = complain(&world, &village, "周桂兰", "entitlement", &about).await;
    let silent = village.post(&format!("{at}/withdraw"), &[("note", "")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("note", "打电话来说看错人了")];
    assert_eq!(village.post(&format!("{at}/withdraw"), &fields).await.status, 303);
    assert_eq!(state(&world, application).await, "in_publicity");
    assert_eq!(state(&world, case_of(&at)).await, "withdrawn");
}

#[tokio::test]
async fn who_is_alive_is_answered_today_by_the_county_and_never_held() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let at = complain(&world, &village, "吴长根", "alive", "").await;
    let page = village.get(&at).await;
    assert!(page.ok().contains("县级审批") && page.text().contains("今天"), "{}", page.text());
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    assert!(!county.get(&at).await.ok().contains("决定暂缓"));
    let fields = [("held", "1"), ("reason", "先停")];
    let refused = county.post(&format!("{at}/hold"), &fields).await;
    assert!(refused.text().contains("不能因此暂缓发放"), "{}", refused.text());
    assert_eq!(held(&world, "吴长根").await, None);
}

#[tokio::test]
async fn a_running_payment_is_held_by_a_decision_and_let_go_by_the_answer() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let at = complain(&world, &village, "王德福", "entitlement", "").await;
    assert_eq!(held(&world, "王德福").await, None, "nothing stops by itself");
    let hold = [("held", "1"), ("reason", "村里说他户口已迁出，先核")];
    let path = format!("{at}/hold");
    assert_eq!(village.post(&path, &hold).await.status, StatusCode::FORBIDDEN);
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let silent = county.post(&path, &[("held", "1"), ("reason", " ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(county.post(&path, &hold).await.status, 303);
    assert_eq!(held(&world, "王德福").await, Some(FactValue::Bool(true)));
    assert_eq!(county.post(&path, &hold).await.status, StatusCode::CONFLICT, "twice");
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    assert!(town.get(&at).await.ok().contains("因异议暂缓"));
    assert_eq!(answer(&town, &at, "answer", "unfounded", "").await.status, 303);
    assert_eq!(held(&world, "王德福").await, Some(FactValue::Bool(false)));
}

#[tokio::test]
async fn a_relative_of_the_elder_does_not_answer() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let at = complain(&world, &village, "王德福", "service", "").await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    declare(&world, "town_reviewer.990121002", "王德福").await;
    let page = town.get(&at).await;
    assert!(page.ok().contains("亲属关系"), "{}", page.text());
    let refused = answer(&town, &at, "answer", "explained", "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("应当回避"), "{}", refused.text());
    assert_eq!(state(&world, case_of(&at)).await, "received");
}

/// The account has declared the elder a relative.
async fn declare(world: &World, login: &str, name: &str) {
    let (system, person) = (world.system().await, world.elder(name));
    let now = world.app.now();
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let all = access::accounts_within(tx.conn(), &system, now.day(), 100, 0).await;
    let all = all.expect("accounts");
    let clerk = all.iter().find(|it| it.login == login).expect("an account").account;
    let clerk = access::Actor { account: clerk, ..system };
    let relation = cases::kin::Relation::Child;
    cases::kin::declare(tx.conn(), &clerk, person, relation, now).await.expect("declared");
    tx.commit().await.expect("the database");
}

#[tokio::test]
async fn a_review_is_another_persons() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let at = complain(&world, &village, "吴长根", "alive", "").await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    assert_eq!(answer(&county, &at, "answer", "founded", "").await.status, 303);
    assert_eq!(settle(&village, &at, "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(settle(&village, &at, "dissatisfied").await.status, 303);
    let page = county.get(&at).await;
    assert!(page.ok().contains("还有 30 天"), "{}", page.text());
    let refused = answer(&county, &at, "review", "unfounded", "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert_eq!(state(&world, case_of(&at)).await, "in_review");
    let another = world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
    assert_eq!(answer(&another, &at, "review", "founded", "").await.status, 303);
    assert_eq!(state(&world, case_of(&at)).await, "reviewed");
    let page = village.get(&at).await;
    assert!(page.ok().contains("复查答复"), "{}", page.text());
}

#[tokio::test]
async fn the_answer_goes_out_on_paper_with_what_the_rules_say() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let at = complain(&world, &village, "李秀英", "level", "").await;
    let reply = format!("{at}/reply");
    assert_eq!(village.get(&reply).await.status, StatusCode::NOT_FOUND, "nothing is answered");
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let wordless = town.post(&format!("{at}/answer"), &[("finding", "founded")]).await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer(&town, &at, "answer", "founded", "").await.status, 303);
    let printed = town.post(&format!("{at}/print"), &[]).await;
    let paper = town.get(printed.location()).await;
    for words in
        ["答复书", "女儿", "反映属实", "高龄津贴：", "30 天内", "松河县民政局", "第 1 次打印"]
    {
        assert!(paper.ok().contains(words), "{words}: {}", paper.text());
    }
    assert_eq!(settle(&village, &at, "satisfied").await.status, 303);
    assert_eq!(state(&world, case_of(&at)).await, "closed");
}

#[tokio::test]
async fn a_neighbour_is_answered_without_a_word_of_what_the_elder_gets() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let form = links::complaints::new(world.elder("李秀英"));
    let fields =
        [("kind", "entitlement"), ("channel", "box"), ("words", "她不该有"), ("by", "邻居")];
    let at = village.post(form.as_str(), &fields).await.location().to_owned();
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    assert_eq!(answer(&town, &at, "answer", "unfounded", "").await.status, 303);
    let paper = town.get(&format!("{at}/reply")).await;
    assert!(paper.ok().contains("邻居") && !paper.text().contains("高龄津贴"), "{}", paper.text());
}
