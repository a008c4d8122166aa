//! Stories of a sheet from its posting to its taking down.

use axum::http::{HeaderName, StatusCode};
use kernel::{CaseId, Now, Role, Sex};

use crate::links;
use crate::testing::applied::{in_publicity, state};
use crate::testing::{COUNTY, Client, Elder, Reply, World, county, day};

const TOWN: &str = "990121002";
const OTHER_TOWN: &str = "990121001";
const TAIL: &str = "990121002001";
const HEAD: &str = "990121002002";

/// The county, and three more who are old enough and get nothing.
async fn world() -> World {
    let mut people = county();
    for (row, name, village, born) in [
        (16, "欧阳建国", TAIL, "1944-01-20"),
        (17, "张英", TAIL, "1943-11-02"),
        (24, "陈李秀英", HEAD, "1942-02-14"),
    ] {
        people.push(Elder { name, sex: Sex::Female, born, village, row, said: Vec::new() });
    }
    World::of(people).await
}

/// Four applications in two villages of the town, and the sheets put up for them.
async fn posted(world: &World) -> (Client, Vec<CaseId>) {
    let mut cases = Vec::new();
    for name in ["周桂兰", "欧阳建国", "张英", "陈李秀英"] {
        cases.push(in_publicity(world, name).await);
    }
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let waits = town.get("/publicity").await;
    assert!(waits.ok().contains("张贴 2 个村的公示"), "{}", waits.text());
    assert_eq!(post(&town).await.status, StatusCode::SEE_OTHER);
    (town, cases)
}

async fn post(town: &Client) -> Reply {
    let fields = [("phone", "0990-6001234"), ("posted_on", "2026-06-02")];
    town.post("/publicity/post", &fields).await
}

/// Another morning: everybody signs in anew.
async fn turn(world: &World, to: &str) -> Client {
    world.hands.turn(Now::new(day(to), 9, 0).expect("a time"));
    world.sign_in_as(Role::TownReviewer, TOWN).await
}

/// Nothing in the text may name somebody, or be a part of a number.
#[track_caller]
fn tells_nobody(world: &World, reply: &Reply) {
    let text = reply.ok();
    for elder in county().iter().map(|it| it.name).chain(["欧阳建国", "张英", "陈李秀英"])
    {
        assert!(!text.contains(elder), "{elder} stands there: {text}");
        assert!(!text.contains(&world.elder(elder).to_string()), "the id of {elder}");
    }
    for elder in county() {
        let number = elder.number().reveal().to_owned();
        // Six digits stand in the county's own code, which is no secret.
        for part in number.as_bytes().windows(7) {
            let part = std::str::from_utf8(part).expect("ASCII");
            assert!(!text.contains(part), "{part} of {}'s number", elder.name);
        }
        assert!(!text.contains(elder.born), "{}'s birthday", elder.name);
    }
}

#[tokio::test]
async fn the_town_posts_all_villages_in_one_act_and_the_sheet_tells_no_more_than_it_must() {
    let world = world().await;
    let (town, _) = posted(&world).await;
    let list = town.get("/publicity").await;
    assert!(list.ok().contains("2 张正在公示"), "{}", list.text());
    let sheets = town.get("/publicity/sheets").await;
    for words in [
        "周*兰",
        "欧阳**",
        "张*",
        "陈**英",
        "高龄津贴",
        "补 7 个月 280 元",
        "0990-6001234",
        "2026 年 6 月 2 日至 2026 年 6 月 9 日（7 天",
        "张贴人签名",
        "撤下人签名",
        "云溪镇人民政府",
    ] {
        assert!(sheets.ok().contains(words), "{words}: {}", sheets.text());
    }
    tells_nobody(&world, &sheets);
    for posting in ["1", "2"] {
        tells_nobody(&world, &town.get(&format!("/publicity/{posting}/sheet")).await);
        tells_nobody(&world, &world.nobody().get(&format!("/public/notices/{posting}")).await);
    }
    tells_nobody(&world, &world.nobody().get("/public/notices").await);
    let inside = town.get("/publicity/1").await;
    assert!(inside.ok().contains("周桂兰"), "who works with it sees the name");
}

#[tokio::test]
async fn the_open_page_lives_as_long_as_its_period_and_then_was_never_there() {
    let world = world().await;
    let (_, _) = posted(&world).await;
    let nobody = world.nobody();
    let page = nobody.get("/public/notices/1").await;
    assert!(page.ok().contains("周*兰"), "{}", page.text());
    assert!(page.header(HeaderName::from_static("x-robots-tag")).contains("noindex"));
    assert!(nobody.get("/public/notices").await.ok().contains("云溪镇溪尾村"));
    turn(&world, "2026-06-09").await;
    assert_eq!(nobody.get("/public/notices/1").await.status, StatusCode::OK, "the last day");
    turn(&world, "2026-06-10").await;
    let dead = nobody.get("/public/notices/1").await;
    let never = nobody.get("/public/notices/777").await;
    assert_eq!((dead.status, &dead.body), (StatusCode::NOT_FOUND, &never.body));
    assert_eq!(never.status, StatusCode::NOT_FOUND);
    assert!(nobody.get("/public/notices").await.ok().contains("没有正在公示的名单"));
}

#[tokio::test]
async fn an_objection_freezes_its_line_alone_and_the_rest_moves_on_when_the_sheet_comes_down() {
    let world = world().await;
    let (town, cases) = posted(&world).await;
    let village = world.sign_in_as(Role::VillageWorker, TAIL).await;
    let object = links::complaints::new(world.elder("周桂兰"));
    let about = format!("case/{}", cases[0]);
    let fields = [
        ("kind", "entitlement"),
        ("channel", "publicity"),
        ("about", about.as_str()),
        ("words", "她户口早迁到市里了"),
    ];
    assert_eq!(village.post(object.as_str(), &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(state(&world, cases[0]).await, "objected");
    assert_eq!(state(&world, cases[1]).await, "in_publicity");
    let page = town.get("/publicity/1").await;
    assert!(page.ok().contains("有异议"), "{}", page.text());

    let town = turn(&world, "2026-06-10").await;
    let fields = [("on", "2026-06-10"), ("hand", "李村长")];
    let down = town.post("/publicity/1/take-down", &fields).await;
    assert_eq!(down.status, StatusCode::SEE_OTHER, "{}", down.text());
    assert_eq!(state(&world, cases[0]).await, "objected");
    for case in &cases[1..3] {
        assert_eq!(state(&world, *case).await, "in_approval");
    }
    assert_eq!(state(&world, cases[3]).await, "in_publicity", "another sheet, still up");
    let page = town.get("/publicity/1").await;
    assert!(page.ok().contains("李村长撤下"), "{}", page.text());
}

#[tokio::test]
async fn what_hangs_too_long_is_overdue_and_its_applications_do_not_wait_for_it() {
    let world = world().await;
    let (_, cases) = posted(&world).await;
    turn(&world, "2026-06-09").await;
    super::reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(state(&world, cases[0]).await, "in_publicity", "somebody may still object");
    let town = turn(&world, "2026-06-12").await;
    super::reconcile_everywhere(&world.app).await.expect("reconciled");
    super::reconcile_everywhere(&world.app).await.expect("twice changes nothing");
    assert_eq!(state(&world, cases[0]).await, "in_approval");
    let list = town.get("/publicity?state=overdue").await;
    assert!(list.ok().contains("期满待撤，已超期 3 天"), "{}", list.text());
    let fields = [("on", "2026-06-12"), ("hand", "李村长")];
    assert_eq!(town.post("/publicity/1/take-down", &fields).await.status, 303);
}

#[tokio::test]
async fn two_clerks_post_and_take_down_once() {
    let world = world().await;
    let (town, _) = posted(&world).await;
    assert_eq!(post(&town).await.status, StatusCode::CONFLICT, "nothing waits any more");
    let town = turn(&world, "2026-06-10").await;
    let fields = [("on", "2026-06-10"), ("hand", "李村长")];
    let village = world.sign_in_as(Role::VillageWorker, TAIL).await;
    assert_eq!(village.post("/publicity/1/take-down", &fields).await.status, 303);
    let second = town.post("/publicity/1/take-down", &fields).await;
    assert_eq!(second.status, StatusCode::CONFLICT, "{}", second.text());
}

#[tokio::test]
async fn a_sheet_that_comes_down_early_proves_nothing_and_is_posted_again() {
    let world = world().await;
    let (_, cases) = posted(&world).await;
    let town = turn(&world, "2026-06-04").await;
    let silent = [("on", "2026-06-04"), ("hand", "李村长")];
    let refused = town.post("/publicity/1/take-down", &silent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("提前撤下要写原因"), "{}", refused.text());
    let fields = [("on", "2026-06-04"), ("hand", "李村长"), ("reason", "贴错了地方")];
    assert_eq!(town.post("/publicity/1/take-down", &fields).await.status, 303);
    assert_eq!(state(&world, cases[0]).await, "in_publicity");
    let gone = world.nobody().get("/public/notices/1").await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert!(town.get("/publicity").await.ok().contains("张贴 1 个村的公示"));
}

#[tokio::test]
async fn another_town_sees_no_sheet_of_this_one_and_cannot_touch_it() {
    let world = world().await;
    let (_, _) = posted(&world).await;
    let other = world.sign_in_as(Role::TownReviewer, OTHER_TOWN).await;
    assert!(other.get("/publicity").await.ok().contains("也没有正在公示的"));
    for path in ["/publicity/1", "/publicity/1/sheet"] {
        assert_eq!(other.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/publicity/1/print", "/publicity/1/take-down"] {
        assert_eq!(other.post(path, &[("on", "2026-06-02")]).await.status, 404, "{path}");
    }
    let auditor = world.sign_in_as(Role::Auditor, COUNTY).await;
    assert_eq!(auditor.get("/publicity/1").await.status, StatusCode::OK);
    assert_eq!(auditor.post("/publicity/1/print", &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_print_is_counted_and_the_sheet_says_which_one_it_is() {
    let world = world().await;
    let (town, _) = posted(&world).await;
    let sheet = town.get("/publicity/1/sheet").await;
    assert!(sheet.ok().contains("还没有登记打印"), "looking is not printing");
    for no in ["第 1 次打印", "第 2 次打印"] {
        let printed = town.post("/publicity/1/print", &[]).await;
        let sheet = town.get(printed.location()).await;
        assert!(sheet.ok().contains(no), "{no}: {}", sheet.text());
        tells_nobody(&world, &sheet);
    }
    assert!(town.get("/publicity/1").await.ok().contains("第 2 次打印"));
}

#[tokio::test]
async fn a_sheet_without_a_telephone_or_with_a_resident_number_for_one_is_not_put_up() {
    let world = world().await;
    in_publicity(&world, "周桂兰").await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    for phone in ["", "找村长", "990121194510170021"] {
        let fields = [("phone", phone), ("posted_on", "2026-06-02")];
        let refused = town.post("/publicity/post", &fields).await;
        assert!(refused.text().contains("能打通的异议电话"), "{phone}: {}", refused.text());
    }
    for on in ["2026-06-03", "2026-05-20", "昨天"] {
        let fields = [("phone", "12345"), ("posted_on", on)];
        let refused = town.post("/publicity/post", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{on}");
    }
    assert_eq!(town.get("/publicity.xlsx").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_would_get_nothing_by_now_is_shown_with_the_reason_and_does_not_hang() {
    let world = world().await;
    let case = in_publicity(&world, "褚有田").await;
    in_publicity(&world, "周桂兰").await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let list = town.get("/publicity").await;
    assert!(list.ok().contains("张贴 1 个村的公示"), "{}", list.text());
    let left_out = list.text().split("现在不能张贴的").nth(1).expect("the list of those");
    assert!(left_out.contains("褚有田") && left_out.contains("未满 80 周岁"), "{left_out}");
    assert!(left_out.contains(links::applications::one(case).as_str()));
    post(&town).await;
    let sheets = town.get("/publicity/sheets").await;
    assert!(sheets.ok().contains("周*兰") && !sheets.text().contains("褚"), "{}", sheets.text());
    assert!(town.get("/publicity").await.ok().contains("褚有田"), "he is still asked about");
    let other = world.sign_in_as(Role::TownReviewer, OTHER_TOWN).await;
    assert!(!other.get("/publicity").await.ok().contains("褚有田"));
}
