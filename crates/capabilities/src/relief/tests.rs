//! 社会救助衔接: stories of the little county.

use facts::Voice;
use facts::batches::{BatchState, NewBatch};
use kernel::{Assertion, AssertionState, Day, FactValue, Role, SourceRow, Span};

use super::reconcile_everywhere;
use crate::testing::{COUNTY, Client, World, day, undecided};

const VILLAGE: &str = "990121002001";
const TOWN: &str = "990121002";
const ROSTER: &str = "low_income_roster";

/// A low-income roster: who is on it in which category, and who is on it no more.
async fn roster(world: &World, as_of: &str, on: &[(&str, &str)], gone: &[(&str, &str)]) {
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let areas = world.app.areas();
    let county = areas.with_code(COUNTY).expect("the county");
    let new = NewBatch {
        supplier: ROSTER,
        as_of: day(as_of),
        file_name: "低收入.xlsx",
        file_sm3: [8; 32],
        file_bytes: 1,
        area: county.id,
        area_pos: county.lo,
        received_at: world.app.now(),
        received_by: None,
    };
    let batch = facts::batches::receive(tx.conn(), &new).await.expect("a batch");
    let mut said = Vec::new();
    for (place, (name, word)) in (2_u32..).zip(on) {
        let valid = Span::from(day(as_of));
        let facts = [
            ("relief_category", FactValue::Text((*word).to_owned())),
            ("low_income", FactValue::Bool(true)),
        ];
        said.extend(
            facts.map(|(kind, value)| assertion(world, name, kind, value, valid, (batch, place))),
        );
    }
    for (name, word) in gone {
        let valid = Span::between(day("2026-01-01"), day(as_of)).expect("a span");
        let facts = [
            ("relief_category", FactValue::Text((*word).to_owned())),
            ("low_income", FactValue::Bool(true)),
        ];
        said.extend(
            facts.map(|(kind, value)| assertion(world, name, kind, value, valid, (batch, 0))),
        );
    }
    let voice = Voice { supplier: ROSTER, rank: 5, as_of: Some(day(as_of)), statement: None };
    facts::assert_all(&mut tx, voice, world.app.now(), &said).await.expect("facts");
    let decided = Some((world.app.now(), None));
    facts::batches::move_on(tx.conn(), batch, BatchState::Applied, None, decided, None)
        .await
        .expect("applied");
    facts::population::note_source_file(tx.conn(), ROSTER, county.id).await.expect("noted");
    tx.commit().await.expect("written");
}

fn assertion(
    world: &World,
    name: &str,
    kind: &'static str,
    value: FactValue,
    valid: Span,
    (batch, row): (kernel::BatchId, u32),
) -> Assertion {
    Assertion {
        person: world.elder(name),
        kind,
        value,
        valid,
        source: SourceRow::File(batch, row),
        state: AssertionState::Asserted,
    }
}

async fn changes(world: &World) -> Vec<(String, String, Day)> {
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let filter =
        duties::Filter { kind: Some("relief_change".to_owned()), ..duties::Filter::default() };
    let open = duties::open_duties(tx.conn(), &filter, 100, 0).await.expect("duties");
    let mut all: Vec<_> =
        open.into_iter().map(|duty| (duty.cause_code, duty.cause, duty.due_on)).collect();
    all.sort();
    all
}

#[tokio::test]
async fn the_first_roster_changes_nobody_and_every_later_one_who_is_new_gone_or_moved() {
    let world = World::of(undecided()).await;
    roster(
        &world,
        "2026-05-01",
        &[("王德福", "minimum_living"), ("李秀英", "minimum_living"), ("周桂兰", "destitute")],
        &[],
    )
    .await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert_eq!(changes(&world).await, [], "there is nothing to compare it with");
    roster(
        &world,
        "2026-06-01",
        &[("王德福", "destitute"), ("周桂兰", "destitute"), ("卫东升", "minimum_living")],
        &[("李秀英", "minimum_living")],
    )
    .await;
    for _ in 0..2 {
        reconcile_everywhere(&world.app).await.expect("reconciled");
    }
    let all = changes(&world).await;
    let ways: Vec<&str> = all.iter().map(|(way, ..)| way.as_str()).collect();
    assert_eq!(ways, ["entered", "left", "moved"], "{all:?}");
    let said = |at: usize| all[at].1.as_str();
    assert!(said(0).contains("新列入；2026 年 7 月起可以享受："), "{}", said(0));
    assert!(said(0).contains("养老服务补贴每月 60.00 元"), "{}", said(0));
    assert!(said(1).contains("里已没有；2026 年 7 月起不再符合："), "{}", said(1));
    assert!(said(2).contains("养老服务补贴由每月 60.00 元改为 100.00 元"), "{}", said(2));
    assert!(all.iter().all(|it| it.2 == day("2026-06-09")), "five working days: {all:?}");
}

#[tokio::test]
async fn a_change_is_listed_where_the_elder_lives_and_leads_to_what_can_be_done() {
    let world = World::of(undecided()).await;
    roster(&world, "2026-05-01", &[("王德福", "minimum_living")], &[]).await;
    let both =
        [("王德福", "minimum_living"), ("卫东升", "minimum_living"), ("周桂兰", "destitute")];
    roster(&world, "2026-06-01", &both, &[]).await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let page = county.get("/relief/changes?way=entered").await;
    assert!(page.ok().contains("卫东升") && page.text().contains("周桂兰"), "{}", page.text());
    assert!(page.text().contains("2 人的低收入身份有变化"), "{}", page.text());
    assert!(!page.text().contains("王德福"), "nothing has changed about this one");
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let page = town.get("/relief/changes").await;
    assert!(page.ok().contains("周桂兰") && !page.text().contains("卫东升"), "{}", page.text());
    assert_eq!(town.get("/relief/changes.xlsx").await.status.as_u16(), 200);
}

const HANDED: [(&str, &str); 4] = [
    ("kind", "minimum_living"),
    ("reason", "子女都不在身边，没有收入"),
    ("given", "申请书、户口簿复印件"),
    ("receiver", "云溪镇社会事务办 王某"),
];

async fn hand_over(world: &World, client: &Client, name: &str) -> String {
    let form = format!("/elders/{}/relief", world.elder(name));
    let reply = client.post(&form, &HANDED).await;
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text());
    reply.location().to_owned()
}

#[tokio::test]
async fn an_elder_is_handed_over_with_a_slip_that_does_not_show_the_number() {
    let world = World::of(undecided()).await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let found = village.post("/relief/find", &[("q", "王德福")]).await;
    assert_eq!(found.location(), format!("/elders/{}/relief", world.elder("王德福")));
    let nobody = village.post("/relief/find", &[("q", "卫东升")]).await;
    assert!(nobody.ok().contains("没有找到"), "another village's: {}", nobody.text());
    let here = hand_over(&world, &village, "王德福").await;
    let page = village.get(&here).await;
    for word in ["王德福转办最低生活保障", "已转办", "2026-06-16 前问结果", "申请书"]
    {
        assert!(page.ok().contains(word), "{word}: {}", page.text());
    }
    let slip = village.get(&format!("{here}/slip")).await;
    let number = undecided().into_iter().find(|it| it.name == "王德福").expect("he").number();
    assert!(slip.ok().contains("社会救助转办单") && slip.text().contains("云溪镇社会事务办"));
    assert!(slip.text().contains(&number.masked().to_string()));
    assert!(!slip.text().contains(number.reveal()));
    let other = world.sign_in_as(Role::VillageWorker, "990121001001").await;
    assert_eq!(other.get(&here).await.status.as_u16(), 404);
    let list = village.get("/relief?state=handed&kind=minimum_living").await;
    assert!(list.ok().contains("1 件等救助部门答复"), "{}", list.text());
    assert_eq!(village.get("/relief.xlsx").await.status.as_u16(), 200);
}

#[tokio::test]
async fn the_answer_comes_back_with_its_day_and_a_refusal_with_its_reason() {
    let world = World::of(undecided()).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let here = hand_over(&world, &town, "王德福").await;
    let step = format!("{here}/step");
    let say = |action: &'static str, on: &'static str, note: &'static str, seen: &'static str| {
        let (town, step) = (&town, &step);
        async move {
            let fields = [("action", action), ("on", on), ("note", note), ("seen", seen)];
            town.post(step, &fields).await
        }
    };
    let early = say("accept", "2026-06-01", "", "0").await;
    assert!(early.text().contains("早于转办日期"), "{}", early.text());
    let later = say("accept", "2026-06-03", "", "0").await;
    assert!(later.text().contains("不能晚于今天"), "{}", later.text());
    assert_eq!(say("accept", "2026-06-02", "", "0").await.status.as_u16(), 303);
    let twice = say("accept", "2026-06-02", "", "0").await;
    assert!(!twice.status.is_redirection(), "it stands elsewhere now: {}", twice.status);
    let silent = say("refuse", "2026-06-02", "", "1").await;
    assert!(silent.text().contains("还没有写说明"), "{}", silent.text());
    assert_eq!(say("refuse", "2026-06-02", "家庭收入超过标准", "1").await.status.as_u16(), 303);
    let page = town.get(&here).await;
    assert!(page.ok().contains("不予救助：2026-06-02，家庭收入超过标准"), "{}", page.text());
    assert!(!page.text().contains("记下"), "there is nothing left to do");
}

#[tokio::test]
async fn a_later_roster_that_lists_the_elder_in_the_category_is_the_answer() {
    let world = World::of(undecided()).await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    roster(&world, "2026-05-01", &[("周桂兰", "minimum_living")], &[]).await;
    let wang = hand_over(&world, &village, "王德福").await;
    let zhou = hand_over(&world, &village, "周桂兰").await;
    reconcile_everywhere(&world.app).await.expect("reconciled");
    assert!(village.get(&zhou).await.ok().contains("已转办"), "the roster is from before");
    world.hands.turn(kernel::Now::new(day("2026-07-02"), 9, 0).expect("a time"));
    let both = [("周桂兰", "minimum_living"), ("王德福", "minimum_living")];
    roster(&world, "2026-07-01", &both, &[]).await;
    for _ in 0..2 {
        reconcile_everywhere(&world.app).await.expect("reconciled");
    }
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let page = village.get(&wang).await;
    assert!(
        page.ok().contains("低收入名册（截至 2026-07-01）已列入最低生活保障"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("已救助"), "{}", page.text());
}
