//! Stories of signing in and out.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use kernel::Role;

use crate::DemoAccount;
use crate::testing::{COUNTY, PASSWORD, World};

const TOWN: &str = "990121002";
const VILLAGE: &str = "990121002001";

#[tokio::test]
async fn somebody_signs_in_with_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let world = World::new().await;
    world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let login = format!("village_worker.{VILLAGE}");
    let typed = [("login_name", login.as_str()), ("password", PASSWORD)];
    let reply = world.nobody().post("/sign-in", &typed).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/"));
    let cookie = reply.header(header::SET_COOKIE);
    assert!(cookie.starts_with("songhe="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_read_the_same_and_keep_what_was_typed() {
    let world = World::new().await;
    world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let known = format!("village_worker.{VILLAGE}");
    let mut pages = Vec::new();
    for login in [known.as_str(), "nobody"] {
        let typed = [("login_name", login), ("password", "wrong-password")];
        let reply = world.nobody().post("/sign-in", &typed).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains("登录名或密码不对"));
        assert!(reply.text().contains(&format!("value=\"{login}\"")));
        assert!(!reply.text().contains("wrong-password"));
        pages.push(reply.text().replace(login, "LOGIN"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn who_has_done_nothing_for_a_quarter_of_an_hour_is_told_so_at_the_door() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    worker.get("/elders").await.ok();
    world.hands.turn(world.app.now().plus_seconds(16 * 60));
    let reply = worker.get("/elders").await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    let door = worker.get("/sign-in").await;
    assert!(door.ok().contains("超过 15 分钟没有操作"));
    assert!(door.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert!(!world.nobody().get("/sign-in").await.ok().contains("没有操作"));
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let reply = worker.post("/sign-out", &[]).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/sign-in"));
    assert!(reply.header(header::SET_COOKIE).contains("Max-Age=0"));
    assert_eq!(worker.get("/elders").await.location(), "/sign-in");
    assert!(!worker.get("/sign-in").await.ok().contains("role=\"alert\""));
}

#[tokio::test]
async fn who_signs_in_as_somebody_else_is_signed_out_as_the_first() {
    let world = World::new().await;
    world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let first = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let login = format!("village_worker.{VILLAGE}");
    first.post("/sign-in", &[("login_name", login.as_str()), ("password", PASSWORD)]).await;
    assert_eq!(first.get("/elders").await.location(), "/sign-in");
}

#[tokio::test]
async fn the_demo_has_one_click_accounts_and_a_real_region_has_none() {
    let world = World::new().await;
    assert!(!world.nobody().get("/sign-in").await.ok().contains("演示账号"));
    let account = DemoAccount {
        login: "demo".to_owned(),
        password: PASSWORD.to_owned(),
        label: "村级养老专干 陈某".to_owned(),
        about: "溪尾村".to_owned(),
    };
    let demo = world.with_parts(|parts| parts.demo_accounts.push(account)).await;
    let door = demo.nobody().get("/sign-in").await;
    assert!(door.ok().contains("村级养老专干 陈某"));
    assert!(door.ok().contains("name=\"login_name\" value=\"demo\""), "{}", door.text());
}

/// The session that the page offers to end, by the account's name.
fn session_of(page: &str, login: &str) -> String {
    let row = page.split("<tr").find(|row| row.contains(login)).expect("a row");
    let (_, rest) = row.split_once("/sessions/").expect("a button");
    rest.split_once("/end").expect("a button").0.to_owned()
}

#[tokio::test]
async fn the_administrator_ends_a_session_of_the_own_area_and_it_is_kept_who_did() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let administrator = world.sign_in_as(Role::Administrator, TOWN).await;
    let page = administrator.get("/sessions").await;
    assert!(page.ok().contains("云溪镇溪尾村"));
    let session = session_of(page.text(), "village_worker.");
    let reply = administrator.post(&format!("/sessions/{session}/end"), &[]).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/sessions"));
    assert_eq!(worker.get("/elders").await.location(), "/sign-in");
    assert!(worker.get("/sign-in").await.ok().contains("您已被管理员强制下线"));
    let system = world.system().await;
    let mut tx = world.db.begin(&system.scope).await.expect("the database");
    let object = format!("session/{session}");
    assert_eq!(access::seen(tx.conn(), &object, "强制下线").await.expect("a count"), 1);
}

#[tokio::test]
async fn nobody_ends_a_session_outside_of_the_own_area_or_the_own_one() {
    let world = World::new().await;
    let outside = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let above = world.sign_in_as(Role::Administrator, COUNTY).await;
    let page = above.get("/sessions").await;
    let session = session_of(page.ok(), "county_approver.");
    let town = world.sign_in_as(Role::Administrator, TOWN).await;
    assert!(!town.get("/sessions").await.ok().contains("county_approver."));
    let end = |session: &str| format!("/sessions/{session}/end");
    assert_eq!(town.post(&end(&session), &[]).await.status, StatusCode::NOT_FOUND);
    outside.get("/elders").await.ok();
    // The own one has no button; sent all the same it is refused.
    let page = above.get("/sessions").await;
    let own: i64 = session.parse::<i64>().expect("an id") + 1;
    assert!(!page.ok().contains(&end(&own.to_string())));
    let reply = above.post(&end(&own.to_string()), &[]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("您自己的登录"));
}

#[tokio::test]
async fn the_list_of_sessions_names_browser_and_system_and_not_the_whole_agent() {
    let world = World::new().await;
    world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/93.0.4577.82";
    let form = format!("login_name=village_worker.{VILLAGE}&password={PASSWORD}");
    let nobody = world.nobody();
    let request = nobody
        .request(Method::POST, "/sign-in")
        .header(header::USER_AGENT, agent)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .expect("a request");
    assert_eq!(nobody.send(request).await.status, StatusCode::SEE_OTHER);
    let administrator = world.sign_in_as(Role::Administrator, COUNTY).await;
    let page = administrator.get("/sessions").await;
    assert!(page.ok().contains("Chrome 93，Windows"));
    assert!(!page.text().contains("AppleWebKit"));
}
