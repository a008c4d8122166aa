//! Stories of opening and ending accounts, and of passwords.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use kernel::{AccountId, Role};

use crate::testing::{COUNTY, Client, PASSWORD, Reply, World};

const TOWN: &str = "990121002";
const VILLAGE: &str = "990121002001";

const FIRST: &str = "first-password";

/// A form that opens an account, with some fields changed.
fn opening<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("name", "何新来"),
        ("login", "he.xinlai"),
        ("role", "village_worker"),
        ("area", "溪尾村"),
        ("until", "2026-12-31"),
        ("password", FIRST),
        ("again", FIRST),
    ];
    for (name, value) in changed {
        fields.iter_mut().find(|(field, _)| field == name).expect("a field").1 = value;
    }
    fields
}

/// Signs in by the form, as a browser does.
async fn enter(world: &World, login: &str, password: &str) -> Reply {
    world.nobody().post("/sign-in", &[("login_name", login), ("password", password)]).await
}

/// The page that somebody gets who carries the cookie of this sign-in.
async fn page_of(world: &World, entered: &Reply, path: &str) -> Reply {
    let cookie = entered.header(header::SET_COOKIE).split(';').next().unwrap_or_default();
    let request =
        Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
    world.nobody().send(request).await
}

/// The number of the account that a page leads to beside this name.
fn account_of(page: &str, name: &str) -> String {
    let before = page.split(&format!("\">{name}</a>")).next().expect("the name");
    before.rsplit("/accounts/").next().expect("a link").to_owned()
}

async fn audited(world: &World, object: &str, action: &str) -> i64 {
    let system = world.system().await;
    let mut tx = world.db.begin(&system.scope).await.expect("the database");
    access::seen(tx.conn(), object, action).await.expect("a count")
}

async fn refused(administrator: &Client, changed: &[(&str, &str)]) -> Reply {
    let reply = administrator.post("/accounts", &opening(changed)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{changed:?}");
    reply
}

#[tokio::test]
async fn a_new_village_worker_signs_in_and_sees_the_own_village() {
    let world = World::new().await;
    let administrator = world.sign_in_as(Role::Administrator, COUNTY).await;
    assert!(administrator.get("/accounts").await.ok().contains("现有 1 个有效账号"));
    let form = administrator.get("/accounts/new").await;
    assert!(form.ok().contains("value=\"2027-06-02\""), "a year is the usual time");
    let reply = administrator.post("/accounts", &opening(&[])).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let own_page = reply.location().to_owned();
    assert!(administrator.get(&own_page).await.ok().contains("2026-06-02 至 2026-12-31"));
    let list = administrator.get("/accounts").await;
    assert!(list.ok().contains("现有 2 个有效账号"));
    assert!(list.text().contains("云溪镇溪尾村"));
    let object = own_page.trim_start_matches('/').replace("accounts", "account");
    assert_eq!(audited(&world, &object, "开立账号").await, 1);

    let entered = enter(&world, "he.xinlai", FIRST).await;
    assert_eq!(entered.location(), "/");
    let village = format!("/elders?area={}", world.area(VILLAGE));
    assert!(page_of(&world, &entered, &village).await.ok().contains("周桂兰"));
    let today = page_of(&world, &entered, "/").await;
    assert!(today.ok().contains("何新来"));
    assert!(!today.text().contains("卫东升"), "that is another village");
}

#[tokio::test]
async fn whoever_is_ended_is_out_at_the_next_click_and_cannot_come_back() {
    let world = World::new().await;
    let administrator = world.sign_in_as(Role::Administrator, TOWN).await;
    administrator.post("/accounts", &opening(&[])).await;
    let entered = enter(&world, "he.xinlai", FIRST).await;
    let account = account_of(administrator.get("/accounts").await.ok(), "何新来");
    let end = format!("/accounts/{account}/end");

    let reply = administrator.post(&end, &[("reason", " ")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("还没有写停用原因"));
    page_of(&world, &entered, "/elders").await.ok();

    let reply = administrator.post(&end, &[("reason", "调离")]).await;
    assert_eq!(
        (reply.status, reply.location()),
        (StatusCode::SEE_OTHER, &*end.replace("/end", ""))
    );
    let page = administrator.get(reply.location()).await;
    assert!(page.ok().contains("已结束"));
    assert!(!page.text().contains("停用原因"), "there is nothing left to end");
    assert_eq!(page_of(&world, &entered, "/elders").await.location(), "/sign-in");
    assert!(page_of(&world, &entered, "/sign-in").await.ok().contains("授权有变动"));
    let again = enter(&world, "he.xinlai", FIRST).await;
    assert!(again.text().contains("目前没有任何岗位"), "{}", again.text());
    // The second time changes and records nothing.
    administrator.post(&end, &[("reason", "调离")]).await;
    assert_eq!(audited(&world, &format!("account/{account}"), "停用账号").await, 1);
}

#[tokio::test]
async fn an_administrator_of_a_town_lets_nobody_in_elsewhere_and_sees_nobody_there() {
    let world = World::new().await;
    world.sign_in_as(Role::TownReviewer, "990121001").await;
    let county = world.sign_in_as(Role::Administrator, COUNTY).await;
    let town = world.sign_in_as(Role::Administrator, TOWN).await;
    for area in ["城关镇", "城关镇东门社区", "990121001001", "松河县", "990121", "青屏市", ""]
    {
        let reply = refused(&town, &[("area", area)]).await;
        assert!(reply.text().contains("您的辖区里没有这个地方"), "{area}");
        assert!(reply.text().contains(&format!("value=\"{area}\"")), "what was typed is kept");
        assert!(reply.text().contains("value=\"he.xinlai\""));
        assert!(!reply.text().contains(FIRST), "a password is never sent back");
    }
    let page = county.get("/accounts").await;
    let foreign = account_of(page.ok(), "测试乡镇审核");
    assert!(!town.get("/accounts").await.ok().contains("测试乡镇审核"));
    let path = format!("/accounts/{foreign}");
    county.get(&path).await.ok();
    assert_eq!(town.get(&path).await.status, StatusCode::NOT_FOUND);
    let reply = town.post(&format!("{path}/end"), &[("reason", "试试")]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    let fields = [("until", "2030-01-01"), ("password", FIRST), ("again", FIRST)];
    assert_eq!(town.post(&path, &fields).await.status, StatusCode::NOT_FOUND);
    assert!(county.get(&path).await.ok().contains(">有效<"));
    assert_eq!(town.post("/accounts", &opening(&[])).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_wrong_field_is_named_and_a_taken_login_tells_nothing() {
    let world = World::new().await;
    world.sign_in_as(Role::TownReviewer, "990121001").await;
    let administrator = world.sign_in_as(Role::Administrator, TOWN).await;
    for (field, value, about) in [
        ("name", " ", "请填写姓名"),
        ("login", "何", "2 至 32 个字母或数字"),
        ("login", "he xinlai", "2 至 32 个字母或数字"),
        ("role", "", "请选择岗位"),
        ("role", "emperor", "请选择岗位"),
        ("until", "2026-06-01", "已经过去"),
        ("until", "明年", "不是日期"),
        ("again", "another-password", "两次输入的密码不一样"),
        ("login", "town_reviewer.990121001", "这个登录名不能用"),
    ] {
        let reply = refused(&administrator, &[(field, value)]).await;
        assert!(reply.text().contains(about), "{field}={value}: {}", reply.text());
        assert!(reply.text().contains("有 1 处需要改正"), "{field}={value}");
    }
    let short = refused(&administrator, &[("password", "1234567"), ("again", "1234567")]).await;
    assert!(short.text().contains("至少 8 个字符"));
    assert!(administrator.get("/accounts").await.ok().contains("现有 1 个有效账号"));
}

#[tokio::test]
async fn who_comes_back_is_renewed_with_another_password_and_what_was_stays_as_it_was() {
    let world = World::new().await;
    let administrator = world.sign_in_as(Role::Administrator, TOWN).await;
    administrator.post("/accounts", &opening(&[])).await;
    let page =
        format!("/accounts/{}", account_of(administrator.get("/accounts").await.ok(), "何新来"));
    let entered = enter(&world, "he.xinlai", FIRST).await;
    let change = |until: &'static str, password: &'static str, again: &'static str| {
        [("until", until), ("password", password), ("again", again)]
    };
    for (fields, about) in [
        (change("2026-06-01", "", ""), "已经过去"),
        (change("2026-12-30", "", ""), "比现在的有效期早"),
        (change("2027-12-31", "short", "short"), "至少 8 个字符"),
        (change("2027-12-31", "a-new-password", "another-one"), "不一样"),
    ] {
        let reply = administrator.post(&page, &fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{about}");
        assert!(reply.text().contains(about), "{about}: {}", reply.text());
        assert!(reply.text().contains(fields[0].1), "what was typed is kept");
    }
    page_of(&world, &entered, "/elders").await.ok();
    assert!(!administrator.get(&page).await.ok().contains("2027-12-31"), "all or nothing");

    administrator.post(&page, &change("2026-12-31", "a-new-password", "a-new-password")).await;
    assert_eq!(page_of(&world, &entered, "/elders").await.location(), "/sign-in");
    assert_eq!(enter(&world, "he.xinlai", "a-new-password").await.location(), "/");

    administrator.post(&format!("{page}/end"), &[("reason", "外出学习")]).await;
    assert!(administrator.get(&page).await.ok().contains("续期后恢复"));
    administrator.post(&page, &change("2027-12-31", "", "")).await;
    assert_eq!(enter(&world, "he.xinlai", "a-new-password").await.location(), "/");
    let shown = administrator.get(&page).await;
    assert!(shown.ok().contains("2026-06-02 至 2027-12-31"));
    assert!(shown.text().contains("已结束"), "the grant before is still told");
    let object = page.trim_start_matches('/').replace("accounts", "account");
    assert_eq!(audited(&world, &object, "改账号").await, 2);
}

#[tokio::test]
async fn nobody_lends_out_the_password_of_who_has_rights_elsewhere() {
    let world = World::new().await;
    let administrator = world.sign_in_as(Role::Administrator, TOWN).await;
    administrator.post("/accounts", &opening(&[])).await;
    let account = account_of(administrator.get("/accounts").await.ok(), "何新来");
    let mut tx = world.db.begin_unscoped().await.expect("the database");
    let elsewhere = access::Grant {
        account: account.parse().expect("an id"),
        role: Role::TownReviewer,
        area: world.area("990121001"),
        purpose: access::purpose_of(Role::TownReviewer),
        valid_from: world.app.now().day(),
        valid_to: world.app.now().day().plus_years(1),
    };
    access::grant(tx.conn(), &elsewhere).await.expect("a grant");
    tx.commit().await.expect("the database");
    let new = "a-new-password";
    let fields = [("until", "2026-12-31"), ("password", new), ("again", new)];
    let reply = administrator.post(&format!("/accounts/{account}"), &fields).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("辖区以外也有授权"));
    assert_eq!(enter(&world, "he.xinlai", FIRST).await.location(), "/");
    // The page tells of the own area's grant only, and ends that one only.
    let page = administrator.get(&format!("/accounts/{account}")).await;
    assert!(!page.ok().contains("城关镇"));
    administrator.post(&format!("/accounts/{account}/end"), &[("reason", "调离")]).await;
    let entered = enter(&world, "he.xinlai", FIRST).await;
    assert!(page_of(&world, &entered, "/").await.ok().contains("城关镇"));
}

#[tokio::test]
async fn nobody_ends_or_renews_the_own_account() {
    let world = World::new().await;
    let administrator = world.sign_in_as(Role::Administrator, COUNTY).await;
    let own = account_of(administrator.get("/accounts").await.ok(), "测试系统管理");
    let page = administrator.get(&format!("/accounts/{own}")).await;
    assert!(page.ok().contains("您自己的账号"));
    assert!(!page.text().contains(&format!("/accounts/{own}/end")));
    let reply = administrator.post(&format!("/accounts/{own}/end"), &[("reason", "退休")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("until", "2030-01-01"), ("password", ""), ("again", "")];
    let reply = administrator.post(&format!("/accounts/{own}"), &fields).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!administrator.get("/accounts").await.ok().contains("2030"));
}

#[tokio::test]
async fn a_new_password_holds_and_signs_the_other_places_out() {
    let world = World::new().await;
    let here = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let elsewhere = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let typed = [("old", PASSWORD), ("new", "another-one"), ("again", "another-one")];
    let reply = here.post("/password", &typed).await;
    assert_eq!((reply.status, reply.location()), (StatusCode::SEE_OTHER, "/password?changed=1"));
    assert!(here.get(reply.location()).await.ok().contains("密码已经改好"));
    assert_eq!(elsewhere.get("/elders").await.location(), "/sign-in");
    let login = format!("village_worker.{VILLAGE}");
    assert_eq!(enter(&world, &login, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(enter(&world, &login, "another-one").await.location(), "/");
    let account = AccountId::new(1);
    assert_eq!(audited(&world, &format!("account/{account}"), "改密码").await, 1);
}

#[tokio::test]
async fn a_wrong_old_password_changes_nothing_and_after_five_one_has_to_wait() {
    let world = World::new().await;
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let new = [("new", "another-one"), ("again", "another-one")];
    for (fields, about) in [
        ([("old", PASSWORD), ("new", "short"), ("again", "short")], "至少 8 个字符"),
        ([("old", PASSWORD), ("new", "another-one"), ("again", "anothre-one")], "不一样"),
    ] {
        let reply = worker.post("/password", &fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains(about), "{about}");
    }
    for _ in 0..5 {
        let reply = worker.post("/password", &[("old", "guessed-one"), new[0], new[1]]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.text().contains("原密码不对"));
    }
    let reply = worker.post("/password", &[("old", PASSWORD), new[0], new[1]]).await;
    assert!(reply.text().contains("连续输错次数较多"));
    world.hands.turn(world.app.now().plus_seconds(61));
    assert_eq!(enter(&world, &format!("village_worker.{VILLAGE}"), PASSWORD).await.location(), "/");
}
