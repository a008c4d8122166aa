//! 服务额度: stories of the little county, whose list gives care as a quota.

use kernel::{
    Assertion, AssertionState, Day, Effects, FactValue, Fen, Month, Now, PersonId, Role, SourceRow,
    Span,
};
use ledger::{AccountKey, AccountKind};
use policy::{Expires, Given, Item, Quota};

use super::{Draw, draw, reconcile_everywhere, store};
use crate::commit;
use crate::testing::{COUNTY, World, day, undecided};

const ITEM: &str = "care_service_subsidy";

fn quota() -> Quota {
    let most_per_day = Some(Fen::from_yuan(30));
    Quota { expires: Some(Expires::MonthEnd), percent_of_cost: 50, most_per_day }
}

/// The county, whose list gives the care subsidy as a purchased service that nobody applies for.
async fn county(quota: Quota, no_application: bool) -> World {
    let world = World::of(undecided()).await;
    world
        .with_parts(move |parts| {
            let lists = parts.lists.iter_mut().filter(|list| list.head.issuer == COUNTY);
            for item in lists.flat_map(|list| &mut list.items).filter(|item| item.id == ITEM) {
                item.pay.given = Given::Service;
                item.pay.quota = Some(quota);
                item.no_application = no_application;
            }
        })
        .await
}

fn item(world: &World) -> Item {
    let list = world.app.list_for(world.area(COUNTY), month("2026-06")).expect("a list");
    list.item(ITEM).expect("an item").clone()
}

fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn yuan(yuan: i64) -> Fen {
    Fen::from_yuan(yuan)
}

async fn say(world: &World, name: &str, kind: &'static str, value: FactValue, from: &str) {
    let actor = world.system().await;
    let tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let said = Assertion {
        person: world.elder(name),
        kind,
        value,
        valid: Span::from(day(from)),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    };
    let effects = Effects { assertions: vec![said], ..Effects::default() };
    commit(tx, &actor, world.app.now(), &effects, "测试", String::new(), "").await.expect("said");
}

async fn poor(world: &World, name: &str) {
    let category = FactValue::Text("minimum_living".to_owned());
    say(world, name, "relief_category", category, "2026-01-01").await;
}

async fn grants(world: &World) -> Vec<(PersonId, String, Fen, Fen, Option<Day>, bool)> {
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let all = store::grants(tx.conn(), &store::Which::default(), 100, 0).await.expect("grants");
    all.into_iter()
        .map(|it| {
            let left = it.left();
            (it.person, it.month.to_string(), it.amount, left, it.last_day, it.closed)
        })
        .collect()
}

async fn balance(world: &World, kind: AccountKind, person: Option<&str>) -> Fen {
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let person = person.map(|name| world.elder(name));
    let fund = item(world).pay.fund;
    let (area, item) = (world.area(COUNTY), ITEM.to_owned());
    let key = AccountKey { kind, area, fund, item, year: 2026, person };
    let account = ledger::account(tx.conn(), &key).await.expect("an account");
    ledger::balance(tx.conn(), account).await.expect("a balance").balance()
}

/// A service of this cost; gives what the quota bore and what is left to pay.
async fn serve(world: &World, name: &str, on: &str, cost: i64, about: &str) -> (Fen, Fen) {
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let item = item(world);
    let one = Draw {
        person: world.elder(name),
        item: &item,
        served_on: day(on),
        cost: yuan(cost),
        about,
    };
    let drawn = draw(&world.app, &mut tx, one, world.app.now()).await.expect("drawn");
    let effects = Effects { transfers: drawn.transfers, ..Effects::default() };
    commit(tx, &actor, world.app.now(), &effects, "上门服务", about.to_owned(), "")
        .await
        .expect("written");
    (drawn.covered, drawn.own)
}

fn turn(world: &World, to: &str) {
    world.hands.turn(Now::new(day(to), 8, 30).expect("a time"));
}

#[tokio::test]
async fn a_month_s_quota_opens_once_for_whoever_is_entitled_and_is_an_account_of_the_ledger() {
    let world = county(quota(), true).await;
    poor(&world, "王德福").await;
    poor(&world, "周桂兰").await;
    // Too young, and dead by a source.
    poor(&world, "褚有田").await;
    poor(&world, "吴长根").await;
    for _ in 0..2 {
        reconcile_everywhere(&world.app).await.expect("reconciled");
    }
    let all = grants(&world).await;
    let mut people: Vec<PersonId> = all.iter().map(|it| it.0).collect();
    people.sort_unstable();
    let mut expected = ["王德福", "周桂兰"].map(|name| world.elder(name));
    expected.sort_unstable();
    assert_eq!(people, expected);
    let last = Some(day("2026-06-30"));
    assert!(all.iter().all(|it| (&*it.1, it.2, it.4) == ("2026-06", yuan(60), last)), "{all:?}");
    assert_eq!(balance(&world, AccountKind::Quota, Some("王德福")).await, yuan(60));
    turn(&world, "2026-07-01");
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(grants(&world).await.len(), 4, "July opened");
}

#[tokio::test]
async fn without_an_award_or_on_hold_nothing_opens_until_that_has_changed() {
    let world = county(quota(), false).await;
    poor(&world, "王德福").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(grants(&world).await, [], "nobody has approved it");
    say(&world, "王德福", "award.care_service_subsidy", FactValue::Fen(yuan(60)), "2026-06-01")
        .await;
    say(&world, "王德福", "hold.objection", FactValue::Bool(true), "2026-06-01").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(grants(&world).await, [], "on hold");
    say(&world, "王德福", "hold.objection", FactValue::Bool(false), "2026-06-02").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(grants(&world).await.len(), 1);
}

#[tokio::test]
async fn a_service_draws_its_share_up_to_the_day_s_limit_and_what_is_left_and_only_once() {
    let world = county(quota(), true).await;
    poor(&world, "王德福").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    let one = |on, cost, about| serve(&world, "王德福", on, cost, about);
    assert_eq!(one("2026-06-02", 40, "order/1").await, (yuan(20), yuan(20)), "half of it");
    assert_eq!(one("2026-06-02", 40, "order/1").await, (yuan(20), yuan(20)), "the same act");
    assert_eq!(one("2026-06-02", 40, "order/2").await, (yuan(10), yuan(30)), "30 yuan a day");
    assert_eq!(one("2026-06-03", 80, "order/3").await, (yuan(30), yuan(50)), "all that is left");
    assert_eq!(one("2026-06-04", 80, "order/4").await, (Fen::ZERO, yuan(80)));
    assert_eq!(serve(&world, "周桂兰", "2026-06-04", 8, "order/5").await, (Fen::ZERO, yuan(8)));
    assert_eq!(balance(&world, AccountKind::Quota, Some("王德福")).await, Fen::ZERO);
    assert_eq!(balance(&world, AccountKind::Paid, None).await, yuan(60));
}

#[tokio::test]
async fn what_is_left_goes_back_on_the_day_after_the_last_and_cannot_be_drawn_any_more() {
    let world = county(quota(), true).await;
    poor(&world, "王德福").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    serve(&world, "王德福", "2026-06-30", 40, "order/1").await;
    turn(&world, "2026-06-30");
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert!(!grants(&world).await[0].5, "the last day still counts");
    turn(&world, "2026-07-01");
    for _ in 0..2 {
        reconcile_everywhere(&world.app).await.expect("reconciled");
    }
    let all = grants(&world).await;
    let june = all.iter().find(|it| it.1 == "2026-06").expect("June");
    assert_eq!((june.3, june.5), (Fen::ZERO, true));
    let only_july = balance(&world, AccountKind::Quota, Some("王德福")).await;
    assert_eq!(only_july, yuan(60));
    assert_eq!(
        serve(&world, "王德福", "2026-06-29", 20, "order/2").await,
        (Fen::ZERO, yuan(20)),
        "noted late, after the month was closed"
    );
    let page = world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
    let lapsed = page.get("/quotas?only=lapsed").await;
    assert!(lapsed.ok().contains("到期作废 40.00 元"), "{}", lapsed.text());
}

#[tokio::test]
async fn a_quota_that_rolls_over_keeps_what_is_left() {
    let rolls = Quota { expires: None, percent_of_cost: 100, most_per_day: None };
    let world = county(rolls, true).await;
    poor(&world, "王德福").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    turn(&world, "2026-07-01");
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(serve(&world, "王德福", "2026-07-01", 100, "order/1").await.0, yuan(100));
    let left: Vec<(String, Fen)> =
        grants(&world).await.into_iter().map(|it| (it.1, it.3)).collect();
    assert_eq!(left, [("2026-07".to_owned(), yuan(20)), ("2026-06".to_owned(), Fen::ZERO)]);
}

#[tokio::test]
async fn the_page_says_who_has_how_much_until_when_and_only_to_who_may_see_them() {
    let world = county(quota(), true).await;
    poor(&world, "王德福").await;
    poor(&world, "卫东升").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    let county = world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
    let all = county.get("/quotas").await;
    for word in ["王德福", "卫东升", "2 份额度，共 120.00 元", "2026-06-30", "抵扣服务费用的 50%"]
    {
        assert!(all.ok().contains(word), "{word}: {}", all.text());
    }
    let village = world.sign_in_as(Role::VillageWorker, "990121002001").await;
    let own = village.get("/quotas?only=left").await;
    assert!(own.ok().contains("王德福") && !own.text().contains("卫东升"), "{}", own.text());
    assert_eq!(village.get("/quotas.xlsx?month=2026-06").await.status.as_u16(), 200);
    let ended = county.get("/quotas?month=2026-05").await;
    assert!(ended.ok().contains("没有符合筛选条件的额度"), "{}", ended.text());
}

#[tokio::test]
async fn of_two_benefits_that_exclude_each_other_the_page_says_which_stays_and_by_how_much() {
    let world = World::of(undecided()).await;
    for (name, other) in [("王德福", 80), ("李秀英", 260)] {
        for (kind, value) in [
            ("low_income", FactValue::Bool(true)),
            ("disability_grade", FactValue::Int(1)),
            ("assessment_level", FactValue::Text("severe".to_owned())),
            ("award.disability_nursing", FactValue::Fen(yuan(other))),
        ] {
            say(&world, name, kind, value, "2026-01-01").await;
        }
    }
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let page = county.get("/quotas/higher").await;
    for word in [
        "2 人两项都符合：1 人保留本项，1 人保留另一项，合计比低的一项每月多 180.00 元。",
        "护理补贴不与重度残疾人护理补贴同时享受，按高的一项发",
        "120.00",
        "60.00",
    ] {
        assert!(page.ok().contains(word), "{word}: {}", page.text());
    }
    assert_eq!(county.get("/quotas/higher.xlsx").await.status.as_u16(), 200);
    let village = world.sign_in_as(Role::VillageWorker, "990121001001").await;
    assert!(village.get("/quotas/higher").await.ok().contains("没有人同时享受互斥的两项"));
}
