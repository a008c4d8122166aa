use db::{CopyRows, Tx};
use kernel::{
    AreaId, Assertion, AssertionState, BatchId, Day, FactValue, Life, Now, PersonId, SourceRow,
    Trouble,
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::store;

/// Whose word an assertion is, and how it ranks: readers take the lowest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice<'a> {
    /// Id of the supplier; empty for a person's statement.
    pub supplier: &'a str,
    /// 0 is a person's decision, then departments by how much they are to be trusted.
    pub rank: i16,
    /// The day from which its facts hold when it does not say since when: the file's as-of day.
    pub as_of: Option<Day>,
    /// The audit entry behind a statement.
    pub statement: Option<Uuid>,
}

/// The row of what a full file does not contain any more: it has no row.
pub const GONE_ROW: u32 = 0;

/// The word of a person on duty outranks every file.
pub const STATEMENT_RANK: i16 = 0;

/// Writes assertions of one source and projects them. What the source said before, it does not
/// say again: an unchanged value writes nothing. Gives the number of assertions written.
pub async fn assert_all(
    tx: &mut Tx,
    voice: Voice<'_>,
    known_at: Now,
    assertions: &[Assertion],
) -> Result<u64, Trouble> {
    if assertions.is_empty() {
        return Ok(0);
    }
    store::make_assertion_stage(tx.conn()).await?;
    let mut rows = assertions.iter();
    let mut copy = CopyRows::new(10);
    tx.copy_in(store::COPY_ASSERTIONS, |buffer| {
        let Some(assertion) = rows.next() else {
            copy.end(buffer);
            return Ok(false);
        };
        append(&mut copy, buffer, assertion)?;
        Ok(true)
    })
    .await?;
    store::insert_changed_assertions(tx.conn(), voice, known_at).await
}

fn append(copy: &mut CopyRows, buffer: &mut Vec<u8>, it: &Assertion) -> Result<(), Trouble> {
    let (text, int, day, area) = columns(&it.value);
    let (batch, row) = match it.source {
        SourceRow::File(batch, row) => {
            (Some(batch), Some(i32::try_from(row).map_err(Trouble::fault)?))
        }
        SourceRow::Statement => (None, None),
    };
    if it.state != AssertionState::Asserted {
        return Err(Trouble::fault("a retraction is written one by one"));
    }
    copy.row(buffer);
    copy.field(buffer, &it.person)?;
    copy.field(buffer, &it.kind)?;
    copy.field(buffer, &text)?;
    copy.field(buffer, &int)?;
    copy.field(buffer, &day)?;
    copy.field(buffer, &area)?;
    copy.field(buffer, &it.valid.from)?;
    copy.field(buffer, &it.valid.to)?;
    copy.field(buffer, &batch)?;
    copy.field(buffer, &row)
}

type Columns = (Option<String>, Option<i64>, Option<Day>, Option<AreaId>);

fn columns(value: &FactValue) -> Columns {
    match value {
        FactValue::Text(text) => (Some(text.clone()), None, None, None),
        FactValue::Int(number) => (None, Some(*number), None, None),
        FactValue::Bool(yes) => (None, Some(i64::from(*yes)), None, None),
        FactValue::Fen(fen) => (None, Some(fen.get()), None, None),
        FactValue::Day(day) => (None, None, Some(*day), None),
        FactValue::Area(area) => (None, None, None, Some(*area)),
        FactValue::Person(person) => (Some(person.get().to_string()), None, None, None),
    }
}

/// Takes back everything that a file asserted, and projects what its source said before.
pub async fn retract_batch(
    conn: &mut PgConnection,
    batch: BatchId,
    rank: i16,
    statement: Uuid,
    known_at: Now,
) -> Result<u64, Trouble> {
    let retracted = store::retract_batch(conn, batch, statement, known_at).await?;
    store::forget_retracted(conn, batch).await?;
    store::project_earlier(conn, batch, rank).await?;
    Ok(retracted)
}

/// 事实: one fact as it stands, with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Whom it is about.
    pub person: PersonId,
    /// Id of the kind.
    pub kind: String,
    /// Supplier id; empty for a person's statement.
    pub supplier: String,
    /// What is said.
    pub value: FactValue,
    /// When it is true from.
    pub valid_from: Day,
    /// When it ends.
    pub valid_to: Option<Day>,
    /// When we learned it.
    pub known_at: Now,
    /// The file and row, when it comes from one.
    pub source: Option<FileRow>,
    /// Whether a later assertion took it back (time lines only).
    pub retracted: bool,
}

/// A row of a file as a person would name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// The batch.
    pub batch: BatchId,
    /// As of when the file speaks.
    pub as_of: Day,
    /// Row, counted as the spreadsheet counts.
    pub row_no: u32,
}

/// What stands about one person, best source of each kind first.
pub async fn facts_of(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Fact>, Trouble> {
    store::current_facts(conn, person).await
}

/// Everything that was ever asserted about one person, newest first.
pub async fn timeline_of(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Fact>, Trouble> {
    store::timeline(conn, person).await
}

/// How many people of the scope have a standing fact of this kind on the day. An award that a
/// person has put to nothing (a stop) does not stand, whatever a roster says.
pub async fn count_standing(conn: &mut PgConnection, kind: &str, day: Day) -> Result<i64, Trouble> {
    store::count_standing(conn, kind, day).await
}

/// The claims of death in the scope and the last trace of life beside each.
pub async fn death_claims(conn: &mut PgConnection) -> Result<Vec<DeathClaims>, Trouble> {
    store::death_claims(conn).await
}

/// What the sources say about one person's death.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeathClaims {
    /// Whom.
    pub person: PersonId,
    /// Suppliers that claim a death, with the day that each gives.
    pub claims: Vec<(String, Day)>,
    /// When the latest of the claims became known.
    pub claimed_at: Option<Now>,
    /// Last trace of life.
    pub last_seen: Option<Day>,
    /// What a person on duty has established, and when.
    pub established: Option<(Life, Now)>,
    /// What the projection shows now.
    pub shown: Life,
}
