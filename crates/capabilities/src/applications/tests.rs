//! Stories of applications, in the bureau's words.

use axum::http::StatusCode;
use cases::Case;
use findings::ACCOUNT;
use kernel::{
    Assertion, AssertionState, CaseChange, CaseId, Effects, FactValue, Fen, Life, Role, SourceRow,
    Span, Trouble,
};

use crate::applying::{
    self, APPROVED, IN_APPROVAL, IN_PUBLICITY, IN_REVIEW, OBJECTED, REFUSED, RETURNED,
    WAITING_ACCOUNT, WITHDRAWN,
};
use crate::testing::{COUNTY, Client, Reply, World, day, undecided};
use crate::{commit, links};

const ITEM: &str = "old_age_allowance";
const VILLAGE: &str = "990121002001";
const TOWN: &str = "990121002";

/// The county with reconcilers; whom the stories are about have an account.
async fn world() -> World {
    let world =
        World::of(undecided()).await.with_parts(|it| it.after_facts = crate::reconcile_all).await;
    for (name, number) in [("周桂兰", "6217000000001234"), ("卫东升", "6217000000005678")] {
        let token = world.app.vault().seal_text(ACCOUNT, number).expect("sealed");
        state(&world, name, ACCOUNT, FactValue::Text(token)).await;
    }
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    world
}

/// Somebody states a fact.
async fn state(world: &World, name: &str, kind: &'static str, value: FactValue) {
    let system = world.system().await;
    let assertion = Assertion {
        person: world.elder(name),
        kind,
        value,
        valid: Span::from(world.app.now().day()),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    };
    let effects = Effects { assertions: vec![assertion], ..Effects::default() };
    let tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let object = "test".to_owned();
    commit(tx, &system, world.app.now(), &effects, "更正", object, "").await.expect("stated");
}

/// What the claims amount to, as the intake shows it on the card.
async fn show_life(world: &World, name: &str, life: Life) {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let shown = facts::people::show_lives(tx.conn(), &[(world.elder(name), life)]).await;
    shown.expect("shown");
    tx.commit().await.expect("the database");
}

const USUAL: [(&str, &str); 4] = [
    ("channel", "found"),
    ("consent", "signed"),
    ("consent_on", "2026-06-02"),
    ("account", "known"),
];

async fn apply(world: &World, client: &Client, name: &str, more: &[(&str, &str)]) -> Reply {
    let mut fields: Vec<(&str, &str)> =
        USUAL.into_iter().filter(|(it, _)| more.iter().all(|(other, _)| other != it)).collect();
    fields.extend(more);
    client.post(links::applications::apply(world.elder(name), ITEM).as_str(), &fields).await
}

/// The application that an answer leads to.
#[track_caller]
fn id_of(reply: &Reply) -> CaseId {
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let id = reply.location().strip_prefix("/applications/").expect("an application");
    id.parse().expect("its id")
}

async fn case(world: &World, id: CaseId) -> Case {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    cases::case(tx.conn(), id).await.expect("the case")
}

async fn act(client: &Client, id: CaseId, part: &'static str, said: &[(&str, &str)]) -> Reply {
    client.post(links::applications::part(id, part).as_str(), said).await
}

/// The period of publicity ends, and nobody has objected.
async fn publicity_ends(world: &World, id: CaseId) {
    let county = world.area(COUNTY);
    let system = access::system_actor(&world.db, county, Role::TownReviewer).await.expect("one");
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let case = cases::case(tx.conn(), id).await.expect("the case");
    let effects = applying::publicity_over(&world.app, &mut tx, &case, Role::TownReviewer)
        .await
        .expect("it goes on");
    let (now, object) = (world.app.now(), format!("case/{id}"));
    commit(tx, &system, now, &effects, "公示期满", object, "").await.expect("it went on");
}

async fn fact(world: &World, name: &str, kind: &str) -> Option<facts::Fact> {
    let system = world.system().await;
    let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
    let facts = facts::facts_of(tx.conn(), world.elder(name)).await.expect("facts");
    facts.into_iter().find(|it| it.kind == kind)
}

#[tokio::test]
async fn an_elder_who_never_applied_gets_the_allowance_from_the_first_month_owed() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let duty = world.duty_of("周桂兰", "unclaimed_entitlement").await.expect("she is found");
    let why = village.get(links::duty(duty.id).as_str()).await;
    let form = links::applications::apply(world.elder("周桂兰"), ITEM);
    assert!(why.ok().contains(form.as_str()), "the way to the form stands on the why page");

    let shown = village.get(form.as_str()).await;
    assert!(shown.ok().contains("部门登记的账户，尾号 1234"), "the account is filled in");
    assert!(shown.text().contains("每月 40 元，从 2025 年 11 月起，补发 7 个月 280 元"));
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    assert!(world.duty_of("周桂兰", "unclaimed_entitlement").await.is_none(), "it is done");
    let again = village.get(form.as_str()).await;
    assert_eq!(again.location(), links::applications::one(id).as_str(), "one at a time");

    let queue = town.get(links::applications::queue().as_str()).await;
    assert!(queue.ok().contains("周桂兰") && queue.text().contains("全部有据"), "{}", queue.text());
    let one = town.get(links::applications::one(id).as_str()).await;
    assert!(one.ok().contains("审核通过，看下一件") && one.text().contains("第 11 行"));
    assert_eq!(act(&town, id, "pass", &[("seen", "1")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(case(&world, id).await.state, IN_PUBLICITY);
    publicity_ends(&world, id).await;
    let waits = case(&world, id).await;
    assert_eq!(
        (waits.state.as_str(), waits.owner.expect("one").role),
        (IN_APPROVAL, Role::CountyApprover)
    );
    assert_eq!(waits.owner.expect("one").due_on, Some(day("2026-06-05")));

    let reply = act(&county, id, "approve", &[]).await;
    assert_eq!(reply.location(), links::applications::queue().as_str(), "{}", reply.text());
    assert_eq!(case(&world, id).await.state, APPROVED);
    let award = fact(&world, "周桂兰", "award.old_age_allowance").await.expect("an award");
    assert_eq!(award.value, FactValue::Fen(Fen::from_yuan(40)));
    assert_eq!((award.valid_from, award.supplier.as_str()), (day("2025-11-01"), ""));
    assert!(world.duty_of("周桂兰", "unclaimed_entitlement").await.is_none(), "nothing is open");
    let told = apply(&world, &village, "周桂兰", &[]).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(told.text().contains("已经在享受高龄津贴"), "{}", told.text());
}

#[tokio::test]
async fn what_is_returned_comes_again_and_a_second_return_needs_a_call() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    let silent = act(&town, id, "return", &[("note", "缺")]).await;
    assert!(silent.text().contains("还没有勾选"), "a return gives a reason: {}", silent.text());
    let why = [("code-consent", "1"), ("note", "同意书没有手印")];
    assert_eq!(act(&town, id, "return", &why).await.status, StatusCode::SEE_OTHER);
    assert_eq!(case(&world, id).await.state, RETURNED);

    let shown = village.get(links::applications::one(id).as_str()).await;
    assert!(shown.ok().contains("没有本人同意或代办委托。同意书没有手印"), "{}", shown.text());
    let again = [USUAL[0], ("consent", "fingerprint"), USUAL[2], USUAL[3]];
    assert_eq!(act(&village, id, "form", &again).await.status, StatusCode::SEE_OTHER);
    let second = act(&town, id, "return", &why).await;
    assert!(second.text().contains("先打电话"), "{}", second.text());
    let called = [why[0], why[1], ("called", "1")];
    assert_eq!(act(&town, id, "return", &called).await.status, StatusCode::SEE_OTHER);
    assert_eq!(case(&world, id).await.state, RETURNED);
    let gone = act(&village, id, "withdraw", &[("note", "本人不申请了")]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(case(&world, id).await.state, WITHDRAWN);
    id_of(&apply(&world, &village, "周桂兰", &[]).await);
}

#[tokio::test]
async fn who_took_it_in_does_not_review_it_and_is_told_who_may() {
    let world = world().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let other = world.sign_in_as(Role::TownReviewer, COUNTY).await;
    let id = id_of(&apply(&world, &town, "周桂兰", &[("channel", "oneself")]).await);
    let page = town.get(links::applications::one(id).as_str()).await;
    assert!(page.ok().contains("您受理的") && !page.text().contains("看下一件"));
    let own = act(&town, id, "pass", &[]).await;
    assert!(own.text().contains("不能再由您审核") && own.text().contains("请由测试乡镇审核办理"));
    let batch = [("case", id.to_string())];
    let batch: Vec<(&str, &str)> = batch.iter().map(|(name, id)| (*name, id.as_str())).collect();
    let left = town.post(links::applications::batch("pass").as_str(), &batch).await;
    assert_eq!(left.location(), "/applications?done=0&left=1");
    assert_eq!(case(&world, id).await.state, IN_REVIEW);
    assert_eq!(act(&other, id, "pass", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_declared_relative_is_left_to_somebody_else() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let kin = links::applications::declare_kin(world.elder("周桂兰"));
    assert_eq!(
        town.post(kin.as_str(), &[("relation", "parent")]).await.location(),
        links::applications::kin().as_str()
    );
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    let page = town.get(links::applications::one(id).as_str()).await;
    assert!(page.ok().contains("亲属关系（父母）"), "{}", page.text());
    assert!(act(&town, id, "pass", &[]).await.text().contains("应当回避"));
    let queue = town.get(links::applications::queue().as_str()).await;
    assert!(queue.ok().contains("您备案的亲属，应当回避"));

    let list = town.get(links::applications::kin().as_str()).await;
    assert!(list.ok().contains("回避中") && !list.text().contains("解除备案"), "not by oneself");
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let end = links::applications::end_kin(1);
    assert!(county.post(end.as_str(), &[]).await.text().contains("写明原因"));
    let ended = county.post(end.as_str(), &[("reason", "核实是同名")]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(act(&town, id, "pass", &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn without_an_account_it_waits_and_another_account_is_seen_by_a_second_person() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[("account", "none")]).await);
    assert_eq!(case(&world, id).await.state, WAITING_ACCOUNT);
    assert!(world.duty_of("周桂兰", "unclaimed_entitlement").await.is_some(), "still owed");
    let new = [
        USUAL[0],
        USUAL[1],
        USUAL[2],
        ("account", "new"),
        ("account_number", "6217 9999 0000 4321"),
        ("account_holder", "spouse"),
        ("account_name", "王德福"),
    ];
    assert_eq!(act(&village, id, "form", &new).await.status, StatusCode::SEE_OTHER);
    let page = town.get(links::applications::one(id).as_str()).await;
    assert!(page.ok().contains("配偶的账户，尾号 4321，户名 王德福"), "{}", page.text());
    assert!(!page.text().contains("6217999900004321"), "an account is shown by its last signs");
    assert!(act(&town, id, "pass", &[]).await.text().contains("已核对存折或社保卡原件"));
    let checked = act(&town, id, "pass", &[("account_checked", "1")]).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
    publicity_ends(&world, id).await;
    act(&county, id, "approve", &[]).await;
    let account = fact(&world, "周桂兰", ACCOUNT).await.expect("an account");
    let FactValue::Text(token) = account.value else { panic!("an account is text") };
    let clear = world.app.vault().open_text(ACCOUNT, &token).expect("it opens");
    assert_eq!(clear, "6217999900004321");
}

#[tokio::test]
async fn who_died_between_review_and_approval_is_refused_with_the_condition_and_its_clause() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    act(&town, id, "pass", &[]).await;
    publicity_ends(&world, id).await;
    state(&world, "周桂兰", "life", FactValue::Text(Life::Confirmed.code().to_owned())).await;
    state(&world, "周桂兰", "death_date", FactValue::Day(day("2025-10-20"))).await;
    show_life(&world, "周桂兰", Life::Confirmed).await;
    let tried = act(&county, id, "approve", &[]).await;
    assert!(tried.text().contains("不符合高龄津贴的条件"), "{}", tried.text());
    assert!(fact(&world, "周桂兰", "award.old_age_allowance").await.is_none(), "no award");
    let page = county.get(links::applications::one(id).as_str()).await;
    assert!(page.ok().contains("按现在的事实不符合条件") && !page.text().contains("批准，看"));
    act(&county, id, "refuse", &[("code-deceased", "1")]).await;
    assert_eq!(case(&world, id).await.state, REFUSED);
    let paper = county.get(links::applications::part(id, "notice").as_str()).await;
    let paper = paper.ok();
    assert!(paper.contains("不予批准告知书") && paper.contains("申请人已去世"), "{paper}");
    assert!(paper.contains("规定出处") && paper.contains("行政复议"), "{paper}");
}

#[tokio::test]
async fn of_two_reviewers_the_late_one_is_told_who_was_faster() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let other = world.sign_in_as(Role::TownReviewer, COUNTY).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    let back = [("seen", "1"), ("code-account", "1")];
    let (one, two) =
        tokio::join!(act(&town, id, "pass", &back[..1]), act(&other, id, "return", &back));
    let statuses = [one.status, two.status];
    assert!(statuses.contains(&StatusCode::SEE_OTHER), "{statuses:?}");
    let late = if one.status == StatusCode::SEE_OTHER { &two } else { &one };
    assert_ne!(late.status, StatusCode::SEE_OTHER, "one of two wins");
    assert!(late.text().contains("先办了一步"), "{}", late.text());
    assert_eq!(case(&world, id).await.moves, 2, "one move beside the submission");
}

#[tokio::test]
async fn an_application_of_another_town_does_not_exist_for_the_reader() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let far = world.sign_in_as(Role::TownReviewer, "990121001").await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    let page = far.get(links::applications::one(id).as_str()).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(act(&far, id, "pass", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(apply(&world, &far, "周桂兰", &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!far.get(links::applications::queue().as_str()).await.ok().contains("周桂兰"));
    assert_eq!(case(&world, id).await.state, IN_REVIEW);
}

#[tokio::test]
async fn an_empty_form_and_a_huge_one_come_back_with_what_was_typed() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let form = links::applications::apply(world.elder("周桂兰"), ITEM);
    let empty = village.post(form.as_str(), &[]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().contains("处需要改正"), "{}", empty.text());
    let huge = "很".repeat(20_000);
    let reply = apply(&world, &village, "周桂兰", &[("note", &huge)]).await;
    assert!(reply.text().contains("最多 500 个字") && reply.text().contains("很很很"));
    let nobody = world.duty_of("周桂兰", "unclaimed_entitlement").await;
    assert!(nobody.is_some(), "nothing was written");
    let wild = "/elders/00000000-0000-0000-0000-000000000000/apply/old_age_allowance";
    assert_eq!(village.get(wild).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_proved_passes_in_one_act_and_the_rest_stays_with_its_reason() {
    let world = world().await;
    let clerk = world.sign_in_as(Role::VillageWorker, COUNTY).await;
    let town = world.sign_in_as(Role::TownReviewer, COUNTY).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let new =
        [("account", "new"), ("account_number", "62179999000"), ("account_holder", "oneself")];
    let one = id_of(&apply(&world, &clerk, "周桂兰", &[]).await).to_string();
    let two = id_of(&apply(&world, &clerk, "卫东升", &new).await).to_string();
    let queue = town.get(links::applications::queue().as_str()).await;
    assert!(queue.ok().contains("共 2 件，其中 1 件每个条件都有据，1 件需要看一眼"));
    assert!(queue.text().contains("有 1 件不能批量审核"));
    let both = [("case", one.as_str()), ("case", two.as_str())];
    let passed = town.post(links::applications::batch("pass").as_str(), &both).await;
    assert_eq!(passed.location(), "/applications?done=1&left=1");
    let told = town.get(passed.location()).await;
    assert!(told.ok().contains("已审核 1 件。有 1 件不能批量审核"), "{}", told.text());
    let id: CaseId = one.parse().expect("an id");
    publicity_ends(&world, id).await;
    let nothing = county.post(links::applications::batch("approve").as_str(), &[]).await;
    assert!(nothing.text().contains("请选 1 到 500 件"), "{}", nothing.text());
    let approved = county.post(links::applications::batch("approve").as_str(), &both).await;
    assert_eq!(approved.location(), "/applications?done=1&left=1");
    assert!(fact(&world, "周桂兰", "award.old_age_allowance").await.is_some());
    assert!(fact(&world, "卫东升", "award.old_age_allowance").await.is_none());
    let sheet = county.get(links::applications::sheet("open").as_str()).await;
    assert_eq!(sheet.status, StatusCode::OK);
}

#[tokio::test]
async fn an_objection_freezes_the_application_and_when_it_is_dismissed_it_goes_on() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    act(&town, id, "pass", &[]).await;
    for (action, state) in [("object", OBJECTED), ("object_dismissed", IN_PUBLICITY)] {
        let county = world.area(COUNTY);
        let system =
            access::system_actor(&world.db, county, Role::TownReviewer).await.expect("one");
        let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
        let case_now = cases::case(tx.conn(), id).await.expect("the case");
        let said = cases::Said { codes: Vec::new(), note: "邻居反映".to_owned() };
        let turn = (action, Role::TownReviewer);
        let step = applying::step(&world.app, tx.conn(), &case_now, turn, said).await;
        let moves = vec![CaseChange::Step(step.expect("a step"))];
        let effects = Effects { moves, ..Effects::default() };
        let (now, object) = (world.app.now(), format!("case/{id}"));
        commit(tx, &system, now, &effects, "异议", object, "").await.expect("it moved");
        assert_eq!(case(&world, id).await.state, state);
        if state == OBJECTED {
            let over = {
                let mut tx = world.app.db().begin(&system.scope).await.expect("a transaction");
                let case = cases::case(tx.conn(), id).await.expect("the case");
                applying::publicity_over(&world.app, &mut tx, &case, Role::TownReviewer).await
            };
            assert!(matches!(over, Err(Trouble::Refused(_))), "it is frozen");
        }
    }
}

#[test]
fn every_flow_reaches_every_state_and_leaves_every_state_that_is_no_end() {
    let faults: Vec<String> = crate::flows().iter().flat_map(|flow| flow.check()).collect();
    assert_eq!(faults, Vec::<String>::new());
    let mut ids: Vec<&str> = crate::flows().iter().map(|flow| flow.id).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "every flow has a word of its own");
}

#[tokio::test]
async fn nobody_is_asked_to_apply_again_while_the_application_is_decided() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    state(&world, "周桂兰", "birth_date", FactValue::Day(day("1945-10-18"))).await;
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    let asked = world.duty_of("周桂兰", "unclaimed_entitlement").await;
    assert!(asked.is_none(), "the facts are new, the application is open");
    act(&village, id, "withdraw", &[("note", "先不申请")]).await;
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    assert!(world.duty_of("周桂兰", "unclaimed_entitlement").await.is_some());
}

/// Where no six signs of the number stand in a row.
#[track_caller]
fn hides_the_number(page: &str, name: &str) {
    let elder = undecided().into_iter().find(|it| it.name == name).expect("an elder");
    let number = elder.number();
    let number = number.reveal();
    for from in 0..=number.len() - 6 {
        assert!(!page.contains(&number[from..from + 6]), "{}", &number[from..from + 6]);
    }
    assert!(page.contains(&number[16..]), "the last two signs are shown");
}

#[tokio::test]
async fn the_sheet_carries_what_is_known_and_what_was_said_and_counts_its_prints() {
    let world = world().await;
    let village = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let id = id_of(&apply(&world, &village, "周桂兰", &[]).await);
    let sheet = links::applications::part(id, "sheet");
    let seen = village.get(sheet.as_str()).await;
    let seen = seen.ok();
    assert!(seen.contains("<h1>高龄津贴申请审批表</h1>") && seen.contains("预览，还没有登记打印"));
    assert!(seen.contains("☑ 80—89 周岁") && seen.contains("□ 90—99 周岁"), "{seen}");
    assert!(seen.contains("核查授权：本人同意") && seen.contains("申请人（签名或指印）"));
    assert!(seen.contains("公安") && seen.contains("第 11 行"), "every condition says its source");
    assert!(seen.contains("2025 年 11 月") && seen.contains("7 个月，280 元"), "{seen}");
    assert!(seen.contains("尾号 1234") && !seen.contains("6217000000001234"));
    hides_the_number(seen, "周桂兰");

    let why = [("code-consent", "1"), ("note", "同意书没有手印")];
    act(&town, id, "return", &why).await;
    assert!(village.get(sheet.as_str()).await.ok().contains("同意书没有手印"));
    act(&village, id, "form", &USUAL).await;
    let again = village.get(sheet.as_str()).await;
    assert!(!again.ok().contains("同意书没有手印"), "what was said of the former form");
    for no in 1..=2 {
        let printed = act(&village, id, "print", &[]).await;
        assert_eq!(printed.location(), sheet.as_str());
        let shown = village.get(sheet.as_str()).await;
        assert!(shown.ok().contains(&format!("第 {no} 次打印")), "{}", shown.text());
    }
    act(&town, id, "pass", &[]).await;
    publicity_ends(&world, id).await;
    act(&county, id, "approve", &[]).await;
    let approved = county.get(sheet.as_str()).await;
    let approved = approved.ok();
    assert!(approved.contains("测试乡镇审核（") && approved.contains("测试县级审批（"));
    assert!(
        approved.contains("<p>批准。</p>") && approved.contains("7 个月，280 元"),
        "{approved}"
    );
    let page = county.get(links::applications::one(id).as_str()).await;
    assert!(page.ok().contains("打印申请审批表"));
}

#[tokio::test]
async fn sheets_are_printed_one_person_a_page_and_only_of_the_readers_area() {
    let world = world().await;
    let clerk = world.sign_in_as(Role::VillageWorker, COUNTY).await;
    let county = world.sign_in_as(Role::TownReviewer, COUNTY).await;
    let near = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let far = world.sign_in_as(Role::TownReviewer, "990121001").await;
    let nothing = county.get(links::applications::papers(IN_REVIEW).as_str()).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND, "there is nothing to print");
    let id = id_of(&apply(&world, &clerk, "周桂兰", &[]).await);
    id_of(&apply(&world, &clerk, "卫东升", &[]).await);
    let sheets = |reply: &Reply| reply.ok().matches("class=\"a4 form\"").count();
    let papers = links::applications::papers(IN_REVIEW);
    let queue = county.get(links::applications::queue().as_str()).await;
    assert!(queue.ok().contains("打印申请审批表（2 份）"), "{}", queue.text());
    let printed = near.post(links::applications::print_papers().as_str(), &[]).await;
    assert_eq!(printed.location(), papers.as_str());
    assert_eq!(sheets(&near.get(papers.as_str()).await), 1);
    let all = county.get(papers.as_str()).await;
    assert_eq!(sheets(&all), 2);
    assert_eq!(all.text().matches("第 1 次打印").count(), 1, "that of the town which printed");
    assert!(!near.get(papers.as_str()).await.ok().contains("卫东升"));
    let one = far.get(links::applications::part(id, "sheet").as_str()).await;
    assert_eq!(one.status, StatusCode::NOT_FOUND);
    assert_eq!(act(&far, id, "print", &[]).await.status, StatusCode::NOT_FOUND);
}
