//! Stories of the match desk.

use axum::http::StatusCode;
use facts::batches::{self, BatchState, NewBatch, RowOutcome};
use facts::desk::{self, Cell, Content, NewRow, Newcomer, StoredFact};
use facts::{Fact, Voice};
use kernel::{Assertion, AssertionState, BatchId, FactValue, Fen, PersonId, Role, SourceRow, Span};
use uuid::Uuid;

use crate::testing::{COUNTY, Client, World, day};

const VILLAGE: &str = "990121002001";
const AWARD: &str = "award.old_age_allowance";

/// A row without a number that names somebody and pays 40 yuan since November.
fn unnumbered(world: &World, row_no: u32, name: &str, candidates: &[PersonId]) -> NewRow {
    row(world, "legacy_roster", row_no, "no_number", &[("name", name), ("village", "溪尾村")])
        .about(candidates)
}

struct Row(NewRow);

impl Row {
    fn about(mut self, candidates: &[PersonId]) -> NewRow {
        self.0.content.candidates = candidates.to_vec();
        self.0
    }
}

fn row(
    world: &World,
    supplier: &str,
    row_no: u32,
    reason: &'static str,
    cells: &[(&str, &str)],
) -> Row {
    let cell =
        |(field, raw): &(&str, &str)| Cell { field: (*field).to_owned(), raw: (*raw).to_owned() };
    let cells: Vec<Cell> = cells.iter().map(cell).collect();
    let award = Assertion {
        person: PersonId::new(Uuid::nil()),
        kind: AWARD,
        value: FactValue::Fen(Fen::from_yuan(40)),
        valid: Span::from(day("2025-11-01")),
        source: SourceRow::Statement,
        state: AssertionState::Asserted,
    };
    Row(NewRow {
        row_no,
        reason,
        question: desk::question(world.app.vault(), supplier, reason, &cells),
        content: Content {
            words: "没有身份证号，只能按姓名等比对。".to_owned(),
            cells,
            facts: vec![StoredFact::of(&award)],
            newcomer: None,
            candidates: Vec::new(),
        },
    })
}

/// Applies a file whose rows all go to the desk; gives how many were decided as before.
async fn apply(world: &World, supplier: &str, as_of: &str, rows: &[NewRow]) -> (BatchId, u32) {
    let actor = world.system().await;
    let areas = world.app.areas();
    let county = areas.with_code(COUNTY).expect("the county");
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    let new = NewBatch {
        supplier,
        as_of: day(as_of),
        file_name: "名册.csv",
        file_sm3: [5; 32],
        file_bytes: 1,
        area: county.id,
        area_pos: county.lo,
        received_at: world.app.now(),
        received_by: None,
    };
    let id = batches::receive(tx.conn(), &new).await.expect("a batch");
    let outcomes: Vec<RowOutcome> = rows
        .iter()
        .map(|row| RowOutcome {
            row_no: row.row_no,
            outcome: "desk",
            person: None,
            area_pos: county.lo,
            row_key: [1; 16],
            row_hash: [2; 16],
            note: None,
            candidates: row.content.candidates.clone(),
        })
        .collect();
    batches::put_rows(&mut tx, id, &outcomes).await.expect("rows");
    let place = (id, county.lo);
    desk::put(&mut tx, world.app.vault(), place, rows).await.expect("desk rows");
    let voice = Voice { supplier, rank: 30, as_of: Some(day(as_of)), statement: None };
    let followed =
        desk::follow(&mut tx, place, voice, world.app.now(), rows).await.expect("followed");
    let before = batches::last_applied(tx.conn(), supplier, county.id).await.expect("a batch");
    let decided = Some((world.app.now(), None));
    let before = before.map(|batch| batch.id);
    batches::move_on(tx.conn(), id, BatchState::Applied, None, decided, before)
        .await
        .expect("applied");
    tx.commit().await.expect("the database");
    (id, followed)
}

async fn facts_of(world: &World, person: PersonId, kind: &str) -> Vec<Fact> {
    let actor = world.system().await;
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    let facts = facts::facts_of(tx.conn(), person).await.expect("facts");
    facts.into_iter().filter(|fact| fact.kind == kind).collect()
}

async fn waiting(world: &World) -> Vec<PersonId> {
    let actor = world.system().await;
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    batches::waiting_on_desk(tx.conn(), "legacy_roster").await.expect("people")
}

async fn decide(
    clerk: &Client,
    (batch, row): (BatchId, u32),
    fields: &[(&str, &str)],
) -> crate::testing::Reply {
    clerk.post(&format!("/desk/{batch}/{row}/decision"), fields).await
}

#[tokio::test]
async fn one_pair_stands_side_by_side_with_what_differs_and_what_each_choice_does() {
    let world = World::new().await;
    let zhou = world.elder("周桂兰");
    let rows = [unnumbered(&world, 140, "周桂花", &[zhou])];
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &rows).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let list = clerk.get("/desk").await;
    assert!(list.ok().contains("还有 1 行分不清是谁") && list.text().contains("没有号码"));
    let page = clerk.get(&format!("/desk/{batch}/140")).await;
    for words in [
        "第 140 行：周桂花",
        "不一致",
        "已比对 0 / 1",
        "data-key=\"1\"",
        "是同一人（1）",
        "都不是（2）",
        "请村里核实（3）",
        "40.00 元/月",
        "撤销时一并收回",
    ] {
        assert!(page.ok().contains(words), "{words}: {}", page.text());
    }
    let own = crate::testing::county().into_iter().find(|it| it.name == "周桂兰").expect("she");
    assert!(!page.text().contains(own.number().reveal()), "no whole number stands there");
}

#[tokio::test]
async fn the_same_person_gets_what_the_row_says_and_the_next_pair_comes_at_once() {
    let world = World::new().await;
    let (zhou, wang) = (world.elder("周桂兰"), world.elder("王德福"));
    let rows =
        [unnumbered(&world, 140, "周桂花", &[zhou]), unnumbered(&world, 141, "王得福", &[wang])];
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &rows).await;
    assert_eq!(waiting(&world).await.len(), 2);
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let person = zhou.to_string();
    let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "0")];
    let reply = decide(&clerk, (batch, 140), &fields).await;
    assert_eq!(reply.location(), format!("/desk/{batch}/141"));
    let fact = facts_of(&world, zhou, AWARD).await.pop().expect("an award");
    assert_eq!(fact.value, FactValue::Fen(Fen::from_yuan(40)));
    let source = fact.source.expect("a row");
    assert_eq!((source.batch, source.row_no), (batch, 140));
    assert_eq!(waiting(&world).await, [wang], "findings about her wait no more");
    let next = clerk.get(reply.location()).await;
    assert!(next.ok().contains("已比对 1 / 2") && next.text().contains("我最近的比对"));
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    let original = worker.get(&format!("/files/{batch}/rows/140")).await;
    assert!(original.ok().contains("周桂兰"), "the row of her fact opens for her village");
}

#[tokio::test]
async fn decisions_are_taken_back_in_any_order_and_the_person_is_as_before() {
    let world = World::new().await;
    let (zhou, wang) = (world.elder("周桂兰"), world.elder("王德福"));
    let rows =
        [unnumbered(&world, 140, "周桂花", &[zhou]), unnumbered(&world, 141, "王得福", &[wang])];
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &rows).await;
    let before = facts_of(&world, wang, AWARD).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    for (row, person) in [(140, zhou), (141, wang)] {
        let person = person.to_string();
        let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "0")];
        decide(&clerk, (batch, row), &fields).await;
    }
    assert_ne!(facts_of(&world, wang, AWARD).await, before);
    let batch_text = batch.to_string();
    for row in ["140", "141"] {
        let fields = [("batch", batch_text.as_str()), ("row", row), ("seq", "1")];
        let reply = clerk.post("/desk/undo", &fields).await;
        assert_eq!(reply.location(), format!("/desk/{batch}/{row}"), "{}", reply.text());
    }
    assert_eq!(facts_of(&world, zhou, AWARD).await, []);
    assert_eq!(facts_of(&world, wang, AWARD).await, before);
    assert_eq!(waiting(&world).await.len(), 2);
    let fields = [("batch", batch_text.as_str()), ("row", "140"), ("seq", "1")];
    let again = clerk.post("/desk/undo", &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    let person = zhou.to_string();
    let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "2")];
    decide(&clerk, (batch, 140), &fields).await;
    assert_eq!(facts_of(&world, zhou, AWARD).await.len(), 1, "and can be decided anew");
}

#[tokio::test]
async fn the_second_of_two_clerks_is_told_who_was_faster() {
    let world = World::new().await;
    let zhou = world.elder("周桂兰");
    let rows = [unnumbered(&world, 140, "周桂花", &[zhou])];
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &rows).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    decide(&clerk, (batch, 140), &[("decision", "none"), ("seq", "0")]).await;
    let person = zhou.to_string();
    let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "0")];
    let late = decide(&clerk, (batch, 140), &fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text().contains("测试数据专管") && late.text().contains("都不是"));
    assert_eq!(facts_of(&world, zhou, AWARD).await, []);
}

#[tokio::test]
async fn undoing_the_file_takes_back_what_was_decided_at_the_desk() {
    let world = World::new().await;
    let zhou = world.elder("周桂兰");
    let rows = [unnumbered(&world, 140, "周桂花", &[zhou])];
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &rows).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let person = zhou.to_string();
    let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "0")];
    decide(&clerk, (batch, 140), &fields).await;
    let reply = clerk.post(&format!("/files/{batch}/undo"), &[("reason", "传错了月份")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert_eq!(facts_of(&world, zhou, AWARD).await, []);
    assert!(clerk.get("/desk").await.ok().contains("没有要比对的行"));
    let late = decide(&clerk, (batch, 140), &[("decision", "none"), ("seq", "1")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_village_is_asked_and_its_answer_comes_back_before_all_others() {
    let world = World::new().await;
    let (zhou, wang) = (world.elder("周桂兰"), world.elder("王德福"));
    let rows =
        [unnumbered(&world, 140, "周桂花", &[zhou]), unnumbered(&world, 141, "王得福", &[wang])];
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &rows).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let person = zhou.to_string();
    let fields = [("decision", "ask"), ("person", person.as_str()), ("seq", "0")];
    decide(&clerk, (batch, 140), &fields).await;
    let page = clerk.get(&format!("/desk/{batch}/140")).await;
    assert!(page.ok().contains("等村里答复"), "{}", page.text());
    let actor = world.system().await;
    let mut tx = world.db.begin(&actor.scope).await.expect("the database");
    let duties = duties::duties_of(tx.conn(), zhou).await.expect("duties");
    drop(tx);
    let duty = duties.iter().find(|it| it.kind == "match_check").expect("a duty of the village");
    assert!(duty.cause.contains("第 140 行写的“周桂花”"), "{}", duty.cause);
    let worker = world.sign_in_as(Role::VillageWorker, VILLAGE).await;
    assert!(worker.get(&format!("/duties/{}", duty.id)).await.ok().contains("是不是周桂兰本人"));
    let path = format!("/duties/{}/outcome", duty.id);
    let reply = worker.post(&path, &[("outcome", "same"), ("reason", "")]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let list = clerk.get("/desk").await;
    assert!(list.ok().contains(&format!("href=\"/desk/{batch}/140\">开始比对")), "{}", list.text());
    let page = clerk.get(&format!("/desk/{batch}/140")).await;
    assert!(page.ok().contains("村里已答复") && page.text().contains("是同一人。"));
    let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "1")];
    decide(&clerk, (batch, 140), &fields).await;
    assert_eq!(facts_of(&world, zhou, AWARD).await.len(), 1);
}

#[tokio::test]
async fn a_question_that_was_answered_is_not_asked_again_with_the_next_file() {
    let world = World::new().await;
    let (zhou, wang, li) = (world.elder("周桂兰"), world.elder("王德福"), world.elder("李秀英"));
    let may = [
        unnumbered(&world, 140, "周桂花", &[zhou, li]),
        unnumbered(&world, 141, "王得福", &[wang]),
    ];
    let (batch, followed) = apply(&world, "legacy_roster", "2026-05-31", &may).await;
    assert_eq!(followed, 0);
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let person = zhou.to_string();
    let fields = [("decision", "same"), ("person", person.as_str()), ("seq", "0")];
    decide(&clerk, (batch, 140), &fields).await;
    decide(&clerk, (batch, 141), &[("decision", "none"), ("seq", "0")]).await;
    let june =
        [unnumbered(&world, 7, "周桂花", &[li, zhou]), unnumbered(&world, 8, "王得福", &[wang])];
    let (june_batch, followed) = apply(&world, "legacy_roster", "2026-06-01", &june).await;
    assert_eq!(followed, 2);
    assert!(clerk.get("/desk").await.ok().contains("没有要比对的行"));
    let page = clerk.get(&format!("/desk/{june_batch}/7")).await;
    assert!(page.ok().contains("是同一人") && page.text().contains("周桂兰"));
    let july = [unnumbered(&world, 9, "王得福", &[wang, li])];
    let (july_batch, followed) = apply(&world, "legacy_roster", "2026-06-02", &july).await;
    assert_eq!(followed, 0, "somebody new is among them");
    let page = clerk.get(&format!("/desk/{july_batch}/9")).await;
    assert!(page.ok().contains("李秀英") && !page.text().contains("王德福"), "{}", page.text());
}

#[tokio::test]
async fn a_ticked_number_finds_the_person_and_an_unticked_one_does_not() {
    let world = World::new().await;
    let zhou = world.elder("周桂兰");
    let number =
        crate::testing::Elder { name: "周桂兰", row: 77, ..crate::testing::county().remove(0) }
            .number();
    let cells = [("name", "周桂兰"), ("resident_number", number.reveal())];
    let new = row(&world, "legacy_roster", 140, "number_changed", &cells).about(&[zhou]);
    let (batch, _) = apply(&world, "legacy_roster", "2026-06-01", &[new]).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let page = clerk.get(&format!("/desk/{batch}/140")).await;
    assert!(page.ok().contains("作为本人的另一个号码"));
    assert!(!page.text().contains(number.reveal()));
    let person = zhou.to_string();
    let base = [("decision", "same"), ("person", person.as_str())];
    let find = async || clerk.post("/elders", &[("q", number.reveal())]).await;
    decide(&clerk, (batch, 140), &[base[0], base[1], ("seq", "0")]).await;
    assert!(find().await.ok().contains("辖区内没有找到"));
    let batch_text = batch.to_string();
    let undo = async |seq: &str| {
        let fields = [("batch", batch_text.as_str()), ("row", "140"), ("seq", seq)];
        clerk.post("/desk/undo", &fields).await
    };
    undo("1").await;
    decide(&clerk, (batch, 140), &[base[0], base[1], ("seq", "2"), ("note_number", "1")]).await;
    assert_eq!(find().await.location(), format!("/elders/{zhou}"));
    undo("3").await;
    assert!(find().await.ok().contains("辖区内没有找到"));
}

#[tokio::test]
async fn a_register_row_about_nobody_known_makes_a_new_person_only_with_the_tick() {
    let world = World::new().await;
    let zhou = world.elder("周桂兰");
    let own = crate::testing::Elder { row: 78, ..crate::testing::county().remove(0) };
    let number = own.number();
    let cells = [("name", "周桂兰"), ("resident_number", number.reveal())];
    let mut new = row(&world, "police_register", 140, "number_changed", &cells).about(&[zhou]);
    new.content.newcomer = Some(Newcomer {
        name: "周桂兰".to_owned(),
        number: number.reveal().to_owned(),
        area: world.area(VILLAGE),
    });
    let (batch, _) = apply(&world, "police_register", "2026-06-02", &[new]).await;
    let clerk = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let page = clerk.get(&format!("/desk/{batch}/140")).await;
    assert!(page.ok().contains("这是新的人"));
    let fields = [("decision", "none"), ("newcomer", "1"), ("seq", "0")];
    let reply = decide(&clerk, (batch, 140), &fields).await;
    assert_eq!(reply.location(), "/desk", "{}", reply.text());
    let found = clerk.post("/elders", &[("q", number.reveal())]).await;
    assert!(found.location().starts_with("/elders/"));
    assert_ne!(found.location(), format!("/elders/{zhou}"));
    let batch_text = batch.to_string();
    let fields = [("batch", batch_text.as_str()), ("row", "140"), ("seq", "1")];
    clerk.post("/desk/undo", &fields).await;
    let gone = clerk.post("/elders", &[("q", number.reveal())]).await;
    assert!(gone.ok().contains("辖区内没有找到"));
}
