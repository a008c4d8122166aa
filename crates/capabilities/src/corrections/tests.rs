//! Stories of a value that is wrong.

use kernel::{Now, Role};

use crate::links;
use crate::testing::{COUNTY, Client, World, day};

const VILLAGE: &str = "990121002001";

/// The address under which the village says that her day of birth is wrong.
async fn birth_is_wrong(world: &World) -> String {
    let system = world.system().await;
    let person = world.elder("周桂兰");
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let facts = facts::facts_of(tx.conn(), person).await.expect("facts");
    let birth = facts.iter().find(|fact| fact.kind == "birth_date").expect("from the register");
    let row = birth.source.as_ref().expect("a row");
    links::new_correction(person, "birth_date", row.batch, row.row_no).as_str().to_owned()
}

/// The village says what is right; a part of the address goes with the form.
async fn draft(world: &World, village: &Client, right: &str, meanwhile: &str) -> http::StatusCode {
    let address = birth_is_wrong(world).await;
    let (path, query) = address.split_once('?').expect("which fact");
    let mut fields: Vec<(&str, &str)> =
        query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    fields.extend([("right", right), ("evidence", "看了户口本"), ("meanwhile", meanwhile)]);
    village.post(path, &fields).await.status
}

#[tokio::test]
async fn what_the_village_finds_wrong_goes_to_the_sender_and_its_answer_comes_back() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let form = village.get(&birth_is_wrong(&world).await).await;
    assert!(form.ok().contains("周桂兰的出生日期不对"), "{}", form.text());
    assert_eq!(draft(&world, &village, "1945-10-18", "").await, 303);
    assert_eq!(draft(&world, &village, "1945-10-19", "").await, 409, "asked already");

    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let list = officer.get("/corrections").await;
    assert!(list.ok().contains("1 条还没有送出"), "{}", list.text());
    assert!(list.text().contains("1945-10-18"));
    let sent = officer.post("/corrections/send", &[("batch", "1")]).await;
    let slip = officer.get(sent.location()).await;
    for words in ["数据校核纠错交接单", "看了户口本", "请在", "公安户籍人口登记"]
    {
        assert!(slip.ok().contains(words), "{words}: {}", slip.text());
    }
    let again = officer.post("/corrections/send", &[("batch", "1")]).await;
    assert_eq!(again.status, 409, "nothing is left to send");

    let silent = officer.post("/corrections/1/answer", &[("outcome", "refused")]).await;
    assert!(silent.text().contains("要写明理由"), "{}", silent.text());
    let early = officer.post("/corrections/1/close", &[]).await;
    assert_eq!(early.status, 409, "it is not answered");
    let answer = [("outcome", "refused"), ("reason", "户口底册就是 17 日")];
    assert_eq!(officer.post("/corrections/1/answer", &answer).await.status, 303);
    let page = officer.get("/corrections/1").await;
    assert!(page.ok().contains("户口底册就是 17 日"), "{}", page.text());
    assert_eq!(officer.post("/corrections/1/close", &[]).await.status, 303);
    assert!(officer.get("/corrections?state=closed").await.ok().contains("第 1 号"));
    assert_eq!(officer.get("/corrections.xlsx").await.status, 200);
}

#[tokio::test]
async fn the_right_value_may_stand_meanwhile_as_a_persons_word() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    assert_eq!(draft(&world, &village, "昨天", "1").await, 422, "no day");
    assert_eq!(draft(&world, &village, "1945-09-17", "1").await, 303);
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let facts = facts::facts_of(tx.conn(), world.elder("周桂兰")).await.expect("facts");
    let best = facts.iter().find(|fact| fact.kind == "birth_date").expect("a day");
    assert_eq!((best.supplier.as_str(), best.value.to_string().as_str()), ("", "1945-09-17"));
    let page = village.get(links::elder(world.elder("周桂兰")).as_str()).await;
    assert!(page.ok().contains("人工核实"), "it says whose word it is");
}

#[tokio::test]
async fn a_sender_that_is_silent_past_its_day_is_a_duty_of_the_data_officer() {
    let world = World::new().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    assert_eq!(draft(&world, &village, "1945-10-18", "").await, 303);
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    assert_eq!(officer.post("/corrections/send", &[("batch", "1")]).await.status, 303);
    let owed = async || {
        super::reconcile_everywhere(&world.app).await.expect("reconciled");
        let system = world.system().await;
        let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
        let standing = duties::standing(tx.conn(), &[super::duty_kinds::UNANSWERED.id]).await;
        standing.expect("duties").len()
    };
    assert_eq!(owed().await, 0, "there is time");
    world.hands.turn(Now::new(day("2026-06-24"), 9, 0).expect("a time"));
    assert_eq!(owed().await, 1);
    assert_eq!(owed().await, 1, "twice changes nothing");
}
