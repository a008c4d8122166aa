//! Stories of whoever asks another system about an elder.

use kernel::Role;
use serde_json::json;

use crate::links;
use crate::testing::{COUNTY, World};
use signed_http::testing::{Manner, Platform};

const TOWN: &str = "990121002";
const PLATFORM: &str = "provincial_platform";
const QUERY: &str = "/v1/persons/query";

#[tokio::test]
async fn a_town_asks_about_its_elder_once_and_sees_what_differs() {
    let platform = Platform::start().await;
    platform.knows("2");
    let world = World::connected_to(&platform).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let person = world.elder("周桂兰");
    let page = links::elder_lookups(person);
    assert!(town.get(page.as_str()).await.ok().contains("没有核验过"));
    let ask = links::look_up(person, PLATFORM);
    let reply = town.post(ask.as_str(), &[("why", "death")]).await;
    assert_eq!(reply.location(), page.as_str());
    let reply = town.get(page.as_str()).await;
    for words in ["已核验", "不一致", "死亡已确认", "死亡信息核实", "测试乡镇"]
    {
        assert!(reply.ok().contains(words), "{words}");
    }
    // A young answer is not asked for again: the number does not leave twice.
    town.post(ask.as_str(), &[("why", "death")]).await;
    assert_eq!(platform.asked(QUERY), 1);
    let auditor = world.sign_in_as(Role::Auditor, COUNTY).await;
    let trail = auditor.get(links::audit().as_str()).await;
    assert_eq!(trail.ok().matches("省民政一体化平台，死亡信息核实").count(), 2);
}

#[tokio::test]
async fn when_it_does_not_answer_the_page_says_what_holds_and_why() {
    let platform = Platform::start().await;
    platform.knows("1");
    let world = World::connected_to(&platform).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let person = world.elder("周桂兰");
    let (page, ask) = (links::elder_lookups(person), links::look_up(person, PLATFORM));
    platform.behave(Manner::WrongSecret);
    county.post(ask.as_str(), &[("why", "entitlement")]).await;
    let reply = county.get(page.as_str()).await;
    assert!(reply.ok().contains("签名不对），算不知道"), "{}", reply.text());
    platform.behave(Manner::Well);
    county.post(ask.as_str(), &[("why", "entitlement")]).await;
    world.hands.turn(world.app.now().plus_seconds(2 * 86_400));
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    platform.behave(Manner::WrongSecret);
    county.post(ask.as_str(), &[("why", "entitlement")]).await;
    let reply = county.get(page.as_str()).await;
    assert!(reply.ok().contains("按约定用 2026-06-02 08:30 的应答"), "{}", reply.text());
}

#[tokio::test]
async fn nobody_is_asked_about_without_a_purpose_or_outside_of_the_area() {
    let platform = Platform::start().await;
    platform.knows("1");
    let world = World::connected_to(&platform).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let inside = links::look_up(world.elder("周桂兰"), PLATFORM);
    assert!(town.post(inside.as_str(), &[]).await.text().contains("没有选为什么核验"));
    let outside = links::look_up(world.elder("卫东升"), PLATFORM);
    assert_eq!(town.post(outside.as_str(), &[("why", "death")]).await.status.as_u16(), 404);
    assert_eq!(platform.asked(QUERY), 0);
}

#[tokio::test]
async fn an_elder_is_found_by_number_and_the_number_does_not_come_back() {
    let world = World::new().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let number = crate::testing::county()
        .into_iter()
        .find(|elder| elder.name == "周桂兰")
        .expect("she lives there")
        .number();
    let reply = town.post(links::lookups().as_str(), &[("q", number.reveal())]).await;
    let leads = links::elder_lookups(world.elder("周桂兰"));
    assert!(reply.ok().contains(leads.as_str()));
    assert!(!reply.text().contains(number.reveal()));
}

#[tokio::test]
async fn a_pulled_batch_goes_the_way_of_every_file() {
    let platform = Platform::start().await;
    let world = World::connected_to(&platform).await;
    let supplier = "provincial_leads";
    platform.say("/v1/leads/batch", json!("身份证号,线索\r\n"));
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let pull = links::pull(PLATFORM, supplier);
    let reply = officer.post(pull.as_str(), &[("as_of", "2026-06-01")]).await;
    assert!(reply.location().starts_with("/files/"), "{}", reply.text());
    let files = officer.get(links::files().as_str()).await;
    assert!(files.ok().contains("省民政一体化平台"), "named after where it came from");
    let trace = officer.get(links::lookups().as_str()).await;
    assert!(trace.ok().contains("拉取一批"), "{}", trace.text());
}

#[tokio::test]
async fn a_read_that_was_tried_again_is_traced_once_with_its_tries() {
    let platform = Platform::start().await;
    platform.knows("1");
    let world = World::connected_to(&platform).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let person = world.elder("周桂兰");
    platform.behave(Manner::Fails(503, 2));
    county.post(links::look_up(person, PLATFORM).as_str(), &[("why", "entitlement")]).await;
    assert_eq!(platform.asked(QUERY), 3);
    let page = county.get(links::elder_lookups(person).as_str()).await;
    assert_eq!(page.ok().matches("试了 3 次").count(), 1, "{}", page.text());
}
