//! 写入: a file's assertions under row-level security, against a plain COPY of the same rows.

use access::system_actor;
use db::testing::TestDb;
use facts::{Voice, assert_all};
use kernel::{
    AreaId, Assertion, AssertionState, BatchId, Day, FactValue, Now, PersonId, Role, SourceRow,
    Span, Trouble,
};

use crate::clock::Stopwatch;
use crate::store;
use crate::table::{head, note, row};

/// Facts that a register's row asserts.
const KINDS: [&str; 5] = ["name", "sex", "birth_date", "register_state", "last_seen"];
/// Rows that an import writes at a time.
const ROWS_AT_ONCE: usize = 20_000;

/// Writes so many assertions, five of each person; then says the same once more.
pub(crate) async fn run(rows: usize) -> Result<(), Trouble> {
    let people = rows / KINDS.len();
    head(&format!("{rows} assertions about {people} people into the database (without fsync)"));
    let db = TestDb::new().await;
    store::people(&db, i64::try_from(people).map_err(Trouble::fault)?).await?;
    store::bare_table(&mut db.admin().await).await?;
    let assertions: Vec<Assertion> = (0..people).flat_map(of_person).collect();
    let actor = system_actor(&db, AreaId::new(1), Role::DataOfficer).await?;

    let (mut plain, mut ours, mut again) =
        (Stopwatch::default(), Stopwatch::default(), Stopwatch::default());
    let mut tx = db.begin(&actor.scope).await?;
    plain.wait(store::copy(&mut tx, &assertions)).await?;
    plain.wait(tx.commit()).await?;
    let day: Day = "2026-06-01".parse().expect("a day");
    let known_at = Now::new(day, 8, 30).expect("a time");
    let voice = Voice { supplier: "police_register", rank: 10, as_of: Some(day), statement: None };
    for watch in [&mut ours, &mut again] {
        let mut tx = db.begin(&actor.scope).await?;
        let mut wrote = 0;
        for chunk in assertions.chunks(ROWS_AT_ONCE * KINDS.len()) {
            wrote += watch.wait(assert_all(&mut tx, voice, known_at, chunk)).await?;
        }
        watch.wait(tx.commit()).await?;
        note(&format!("{wrote} assertions written"));
    }
    row("plain COPY into a table with a key only", plain.seconds(), plain.seconds(), "");
    row("songhe: assertions and projection, guarded", ours.seconds(), plain.seconds(), "");
    row("songhe: the same once more, nothing changed", again.seconds(), plain.seconds(), "");
    Ok(())
}

fn of_person(at: usize) -> impl Iterator<Item = Assertion> {
    let person = PersonId::new(uuid::Uuid::from_u128(at as u128 + 1));
    let day: Day = "2026-06-01".parse().expect("a day");
    KINDS.iter().map(move |kind| Assertion {
        person,
        kind,
        value: match *kind {
            "birth_date" | "last_seen" => {
                FactValue::Day(day.plus_days(-i64::try_from(at % 20_000).expect("few days")))
            }
            "sex" => FactValue::Text("female".to_owned()),
            "register_state" => FactValue::Text("present".to_owned()),
            _ => FactValue::Text(format!("张{}", at % 3_000)),
        },
        valid: Span::from(day),
        source: SourceRow::File(BatchId::new(1), u32::try_from(at + 2).expect("a sheet's rows")),
        state: AssertionState::Asserted,
    })
}
