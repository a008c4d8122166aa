//! Stories of finding an elder.

use axum::http::StatusCode;
use kernel::Role;

use crate::testing::{World, county};

const TOWN: &str = "990121002";
const VILLAGE: &str = "990121002001";

fn number_of(name: &str) -> String {
    let elder = county().into_iter().find(|it| it.name == name).expect("somebody of that name");
    elder.number().reveal().to_owned()
}

#[tokio::test]
async fn an_elder_is_found_by_name_by_initials_and_by_the_whole_number() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let elder = world.elder("周桂兰");
    for q in ["周", "周桂兰", "zgl", "ZG"] {
        let page = worker.post("/elders", &[("q", q)]).await;
        assert!(page.ok().contains(&format!("/elders/{elder}")), "{q}");
        assert!(page.text().contains("女 80 岁"), "{q}");
        assert!(page.text().contains("1 件待办"), "{q}");
    }
    let number = number_of("周桂兰");
    let reply = worker.post("/elders", &[("q", &number)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.location(), format!("/elders/{elder}"));
}

#[tokio::test]
async fn a_village_is_looked_up_by_its_id_and_turned_page_by_page() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let reply = worker.post("/elders", &[("q", "溪头村")]).await;
    let area = world.area("990121002002");
    assert_eq!(reply.location(), format!("/elders?area={area}&page=1"));
    let page = worker.get(reply.location()).await;
    assert!(page.ok().contains("户籍在云溪镇溪头村的老人，共 3 人"));
    assert!(page.text().contains("冯金花") && !page.text().contains("周桂兰"));
}

#[tokio::test]
async fn a_number_of_somebody_elsewhere_finds_nobody_and_stands_nowhere() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let number = number_of("卫东升");
    let page = worker.post("/elders", &[("q", &number)]).await;
    assert!(page.ok().contains("辖区内没有找到"));
    assert!(!page.text().contains(&number));
    let elsewhere = world.elder("卫东升");
    assert_eq!(worker.get(&format!("/elders/{elsewhere}")).await.status, StatusCode::NOT_FOUND);
}
