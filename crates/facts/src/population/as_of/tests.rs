use access::{AreaTree, load_areas};
use db::testing::TestDb;
use db::{Scope, Tx};
use kernel::{
    AccountId, AreaId, Assertion, AssertionId, AssertionState, BatchId, Day, FactValue, Fen, Life,
    Now, PersonId, Role, SourceRow, Span, Trouble,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use uuid::Uuid;

use super::super::{ClosedWorld, Subject, note_source_file, subjects};
use super::{high_water, subjects_as_of};
use crate::batches::{self, BatchState, NewBatch};
use crate::layout::Layout;
use crate::merge::{self, Ranks, Word};
use crate::{GONE_ROW, STATEMENT_RANK, Voice, assert_all, people, retract_batch};

const PEOPLE: usize = 6;
/// Two rosters that state an absence, one of them ranked before the other.
const SUPPLIERS: [(&str, i16); 2] = [("roster", 31), ("register", 11)];
const COUNTY: AreaId = AreaId::new(1);
const VILLAGES: [AreaId; 2] = [AreaId::new(2), AreaId::new(3)];

/// What a source says of somebody.
#[derive(Clone, Debug)]
struct Says {
    person: usize,
    kind: usize,
    value: u8,
    gone: bool,
}

/// What can happen between two looks.
#[derive(Clone, Debug)]
enum Event {
    File { supplier: usize, words: Vec<Says>, asks: Option<usize> },
    UndoNewest(usize),
    Statement(Says),
    Merge(usize, usize),
    TakeApart(usize),
    Life(usize, bool),
    Move(usize, usize),
    Decide { settles: bool },
}

fn words() -> impl Strategy<Value = Says> {
    (0..PEOPLE, 0..4_usize, 0..3_u8, prop::bool::weighted(0.2))
        .prop_map(|(person, kind, value, gone)| Says { person, kind, value, gone })
}

fn event() -> impl Strategy<Value = Event> {
    let file =
        (0..SUPPLIERS.len(), prop::collection::vec(words(), 1..8), prop::option::of(0..PEOPLE))
            .prop_map(|(supplier, words, asks)| Event::File { supplier, words, asks });
    prop_oneof![
        5 => file,
        2 => (0..SUPPLIERS.len()).prop_map(Event::UndoNewest),
        3 => words().prop_map(Event::Statement),
        2 => (0..PEOPLE, 0..PEOPLE).prop_map(|(a, b)| Event::Merge(a, b)),
        2 => (0..4_usize).prop_map(Event::TakeApart),
        1 => (0..PEOPLE, any::<bool>()).prop_map(|(who, dead)| Event::Life(who, dead)),
        1 => (0..PEOPLE, 0..2_usize).prop_map(|(who, to)| Event::Move(who, to)),
        2 => any::<bool>().prop_map(|settles| Event::Decide { settles }),
    ]
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn at() -> Now {
    Now::new(day("2026-06-02"), 8, 30).expect("a time")
}

fn person(n: usize) -> PersonId {
    PersonId::new(Uuid::from_u128(100 + n as u128))
}

fn layouts() -> Vec<Layout> {
    let text = |(id, rank): &(&str, i16)| {
        format!(
            "id = \"{id}\"\nname = \"{id}\"\ndepartment = \"{id}\"\ncoverage = \"full\"\n\
             fresh_days = 31\nrank = {rank}\ncreates_people = false\n\
             same_number_twice = \"both_to_desk\"\n\
             columns = [{{ field = \"name\", headers = [\"姓名\"], parse = \"name\" }}]\n\
             facts = [{{ kind = \"low_income\", value = true, otherwise = false }}]\n\
             [acceptance]\nshrink_percent = 40\n"
        )
    };
    let parse = |it| Layout::parse(&text(it)).unwrap_or_else(|problem| panic!("{problem:?}"));
    SUPPLIERS.iter().map(parse).collect()
}

/// What was read at a mark.
struct Look {
    mark: AssertionId,
    subjects: Vec<Subject>,
    closed: ClosedWorld,
}

/// A county of six people, and what has happened in it.
struct World {
    db: TestDb,
    scope: Scope,
    ranks: Ranks,
    layouts: Vec<Layout>,
    tree: AreaTree,
    /// Applied files by supplier, the newest last.
    applied: [Vec<BatchId>; SUPPLIERS.len()],
    merges: Vec<i64>,
    files: u8,
    looks: Vec<Look>,
}

impl World {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let insert = |n: usize| {
            let (id, village) = (person(n), VILLAGES[n % 2]);
            format!(
                "INSERT INTO person (person_id, name, name_key, initials, number_last2, life,
                                     area_id, area_pos)
                 VALUES ('{id}', '人{n}', '人{n}', 'r', '1X', 'living', {village}, {village});"
            )
        };
        let people: String = (0..PEOPLE).map(insert).collect();
        let statements = format!(
            "INSERT INTO area SELECT n, 'division' FROM generate_series(1, 3) n;
             INSERT INTO area_version VALUES (1, '990121', '县', 'county', NULL, '2020-01-01', NULL),
                 (2, '990121001001', '东', 'village', 1, '2020-01-01', NULL),
                 (3, '990121001002', '西', 'village', 1, '2020-01-01', NULL);
             INSERT INTO area_position VALUES (1, 1, 4), (2, 2, 3), (3, 3, 4);
             INSERT INTO account (login, name, password_phc, valid_from, valid_to)
             SELECT 'a' || n, '人', 'x', '2020-01-01', '2030-01-01' FROM generate_series(1, 2) n;
             {people}"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements))
            .execute(&mut db.admin().await)
            .await
            .unwrap();
        let mut tx = db.begin_unscoped().await.unwrap();
        let tree = load_areas(tx.conn(), day("2026-06-02")).await.unwrap();
        drop(tx);
        Self {
            db,
            scope: Scope::of_grant(COUNTY, 1, 4, Role::DataOfficer, AccountId::new(1)),
            ranks: Ranks::new(SUPPLIERS),
            layouts: layouts(),
            tree,
            applied: [Vec::new(), Vec::new()],
            merges: Vec::new(),
            files: 0,
            looks: Vec::new(),
        }
    }

    /// Whose file holds what is said of them now.
    async fn kept(&self, n: usize) -> PersonId {
        let who = "SELECT coalesce(merged_into, person_id) FROM person WHERE person_id = $1";
        let who: Uuid = sqlx::query_scalar(who)
            .bind(person(n).get())
            .fetch_one(&mut self.db.admin().await)
            .await
            .unwrap();
        PersonId::new(who)
    }

    async fn assertion(&self, word: &Says, source: SourceRow) -> Assertion {
        let value = i64::from(word.value);
        let (kind, value) = match word.kind {
            0 => ("low_income", FactValue::Bool(value == 1)),
            1 => ("last_seen", FactValue::Day(day("2026-05-01").plus_days(value))),
            2 => ("award.old_age_allowance", FactValue::Fen(Fen::new(4000 * value))),
            _ => ("hukou_area", FactValue::Area(VILLAGES[usize::from(word.value % 2)])),
        };
        let from = day("2026-05-01").plus_days(i64::from(word.value));
        let (source, to) = match source {
            SourceRow::File(batch, _) if word.gone => {
                (SourceRow::File(batch, GONE_ROW), Some(from.plus_days(20)))
            }
            other => (other, None),
        };
        Assertion {
            person: self.kept(word.person).await,
            kind,
            value,
            valid: Span { from, to },
            source,
            state: AssertionState::Asserted,
        }
    }

    async fn file(&mut self, supplier: usize, words: &[Says], asks: Option<usize>) {
        self.files += 1;
        let (id, rank) = SUPPLIERS[supplier];
        let as_of = day("2026-05-01").plus_days(i64::from(self.files));
        let new = NewBatch {
            supplier: id,
            as_of,
            file_name: "f",
            file_sm3: [self.files; 32],
            file_bytes: 1,
            area: COUNTY,
            area_pos: 1,
            received_at: at(),
            received_by: None,
        };
        let mut tx = self.db.begin(&self.scope).await.unwrap();
        let batch = batches::receive(tx.conn(), &new).await.unwrap();
        let mut assertions = Vec::new();
        for (row, word) in (1..).zip(words) {
            assertions.push(self.assertion(word, SourceRow::File(batch, row)).await);
        }
        let voice = Voice { supplier: id, rank, as_of: Some(as_of), statement: None };
        assert_all(&mut tx, voice, at(), &assertions).await.unwrap();
        let named: Vec<PersonId> = assertions.iter().map(|it| it.person).collect();
        people::settle(&mut tx, &named).await.unwrap();
        if let Some(asks) = asks {
            ask(&mut tx, batch, person(asks)).await;
        }
        let decided = Some((at(), None));
        batches::move_on(tx.conn(), batch, BatchState::Applied, None, decided, None).await.unwrap();
        note_source_file(tx.conn(), id, COUNTY).await.unwrap();
        tx.commit().await.unwrap();
        self.applied[supplier].push(batch);
    }

    async fn undo_newest(&mut self, supplier: usize) {
        let Some(batch) = self.applied[supplier].pop() else { return };
        let (id, rank) = SUPPLIERS[supplier];
        let mut tx = self.db.begin(&self.scope).await.unwrap();
        retract_batch(tx.conn(), batch, rank, Uuid::from_u128(9), at()).await.unwrap();
        people::list_who_has_facts(tx.conn(), batch).await.unwrap();
        merge::project_after_undo(&mut tx, batch, &self.ranks).await.unwrap();
        people::refresh_cards(&mut tx, batch).await.unwrap();
        let decided = Some((at(), None));
        batches::move_on(tx.conn(), batch, BatchState::Undone, None, decided, None).await.unwrap();
        note_source_file(tx.conn(), id, COUNTY).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn merge(&mut self, kept: usize, merged: usize) {
        let mut tx = self.db.begin(&self.scope).await.unwrap();
        let word = |by| Word { by: AccountId::new(by), at: at(), reason: "同一人" };
        let proposed = merge::propose(tx.conn(), person(kept), person(merged), word(1)).await;
        let Some(id) = may_fail(proposed) else { return };
        if may_fail(merge::answer(&mut tx, id, true, word(2), &self.ranks).await).is_some() {
            tx.commit().await.unwrap();
            self.merges.push(id);
        }
    }

    async fn take_apart(&mut self, n: usize) {
        if n >= self.merges.len() {
            return;
        }
        let id = self.merges.remove(n);
        let mut tx = self.db.begin(&self.scope).await.unwrap();
        let word = Word { by: AccountId::new(1), at: at(), reason: "不是" };
        merge::undo(&mut tx, id, word, &self.ranks).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn happen(&mut self, event: &Event) {
        match event {
            Event::File { supplier, words, asks } => self.file(*supplier, words, *asks).await,
            Event::UndoNewest(supplier) => self.undo_newest(*supplier).await,
            Event::Merge(kept, merged) => self.merge(*kept, *merged).await,
            Event::TakeApart(n) => self.take_apart(*n).await,
            Event::Statement(word) => {
                let mut tx = self.db.begin(&self.scope).await.unwrap();
                let said = self.assertion(word, SourceRow::Statement).await;
                let statement = Some(Uuid::from_u128(7));
                let (supplier, rank) = ("", STATEMENT_RANK);
                let voice = Voice { supplier, rank, as_of: None, statement };
                let whom = said.person;
                assert_all(&mut tx, voice, at(), &[said]).await.unwrap();
                people::settle(&mut tx, &[whom]).await.unwrap();
                tx.commit().await.unwrap();
            }
            Event::Life(who, dead) => {
                let mut tx = self.db.begin(&self.scope).await.unwrap();
                let life = if *dead { Life::Reported } else { Life::Living };
                people::show_lives(tx.conn(), &[(person(*who), life)]).await.unwrap();
                tx.commit().await.unwrap();
            }
            Event::Move(who, to) => {
                sqlx::query("UPDATE person SET area_id = $2, area_pos = $2 WHERE person_id = $1")
                    .bind(person(*who).get())
                    .bind(VILLAGES[*to].get())
                    .execute(&mut self.db.admin().await)
                    .await
                    .unwrap();
            }
            Event::Decide { settles } => {
                let state = if *settles { "none" } else { "waiting" };
                sqlx::query("UPDATE desk_row SET state = $1, seq = seq + 1")
                    .bind(state)
                    .execute(&mut self.db.admin().await)
                    .await
                    .unwrap();
            }
        }
    }

    /// Reads everything as it is now.
    async fn look(&mut self) {
        let mut tx = self.db.begin(&self.scope).await.unwrap();
        let mark = high_water(tx.conn()).await.unwrap();
        let closed = ClosedWorld::load(tx.conn(), &self.layouts, &self.tree).await.unwrap();
        let mut engine = self.db.begin_engine().await.unwrap();
        let subjects = subjects(engine.conn(), 1, 4).await.unwrap();
        self.looks.push(Look { mark, subjects, closed });
    }

    /// Reads again what was read at every look.
    async fn remember(&self) -> Result<(), TestCaseError> {
        for look in &self.looks {
            let mut engine = self.db.begin_engine().await.unwrap();
            let then = subjects_as_of(engine.conn(), 1, 4, look.mark, &self.ranks).await.unwrap();
            prop_assert_eq!(&then, &look.subjects, "at mark {}", look.mark);
            let mut tx = self.db.begin(&self.scope).await.unwrap();
            let (layouts, tree) = (&self.layouts, &self.tree);
            let closed =
                ClosedWorld::load_as_of(tx.conn(), layouts, tree, look.mark).await.unwrap();
            prop_assert_eq!(&closed, &look.closed, "at mark {}", look.mark);
        }
        Ok(())
    }
}

/// What was refused did not happen; a fault is one.
fn may_fail<T>(done: Result<T, Trouble>) -> Option<T> {
    match done {
        Ok(done) => Some(done),
        Err(Trouble::Fault(fault)) => panic!("{fault}"),
        Err(_) => None,
    }
}

/// A row of the file waits on the desk, and may be about this person.
async fn ask(tx: &mut Tx, batch: BatchId, whom: PersonId) {
    for statement in [
        "INSERT INTO batch_row (batch_id, row_no, outcome, area_pos, row_key, row_hash)
         VALUES ($1, 99, 'desk', 1, decode(repeat('00', 16), 'hex'),
                 decode(repeat('00', 16), 'hex'))
         RETURNING $2::uuid",
        "INSERT INTO desk_candidate (batch_id, row_no, person_id) VALUES ($1, 99, $2)
         RETURNING $2::uuid",
        "INSERT INTO desk_row (batch_id, row_no, area_pos, reason, question, content, key_version)
         VALUES ($1, 99, 1, 'name_differs', decode(repeat('00', 16), 'hex'), '', 1)
         RETURNING $2::uuid",
    ] {
        let query = sqlx::query(statement).bind(batch.get()).bind(whom.get());
        query.fetch_one(tx.conn()).await.unwrap();
    }
}

#[test]
fn whatever_happens_later_what_was_known_at_a_mark_reads_the_same() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 12, ..Config::default() });
    let histories = prop::collection::vec(event(), 1..40);
    let held = runner.run(&histories, |events| {
        runtime.block_on(async {
            let mut world = World::new().await;
            world.look().await;
            for event in &events {
                world.happen(event).await;
                world.look().await;
            }
            world.remember().await
        })
    });
    held.unwrap();
}

#[tokio::test]
async fn a_mark_waits_for_who_is_writing_and_does_not_divide_their_file() {
    let mut world = World::new().await;
    let poor = Says { person: 0, kind: 0, value: 1, gone: false };
    world.file(0, &[poor], None).await;
    let mut writing = world.db.begin(&world.scope).await.unwrap();
    let batch = world.applied[0][0];
    let seen = |value| Says { person: 1, kind: 1, value, gone: false };
    let voice = Voice { supplier: "roster", rank: 31, as_of: None, statement: None };
    let first = world.assertion(&seen(1), SourceRow::File(batch, 2)).await;
    assert_all(&mut writing, voice, at(), &[first]).await.unwrap();
    // Somebody else is done in between: their number is higher.
    world.happen(&Event::Statement(Says { person: 2, kind: 1, value: 1, gone: false })).await;
    let (db, scope) = (world.db.begin(&world.scope).await.unwrap(), world.scope.clone());
    let mut asking = db;
    let mark = tokio::spawn(async move { high_water(asking.conn()).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!mark.is_finished(), "somebody still writes");
    let second = world.assertion(&seen(2), SourceRow::File(batch, 3)).await;
    assert_all(&mut writing, voice, at(), &[second]).await.unwrap();
    writing.commit().await.unwrap();
    let mark = mark.await.unwrap().unwrap();
    let mut tx = world.db.begin(&scope).await.unwrap();
    let newest = sqlx::query_scalar("SELECT max(id) FROM assertion").fetch_one(tx.conn()).await;
    assert_eq!(newest.ok(), Some(mark.get()), "the whole file lies under it");
    let mut engine = world.db.begin_engine().await.unwrap();
    let then = subjects_as_of(engine.conn(), 1, 4, mark, &world.ranks).await.unwrap();
    assert_eq!(then, subjects(engine.conn(), 1, 4).await.unwrap());
}
