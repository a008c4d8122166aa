//! The statements over assertions, facts and people.

use db::OrTrouble;
use kernel::{AreaId, BatchId, Day, FactType, FactValue, Fen, Life, Now, PersonId, Trouble};
use policy::register;
use sqlx::{PgConnection, query, query_as};
use uuid::Uuid;

use crate::assertions::{DeathClaims, Fact, FileRow, Voice};

/// Fills the table of [`make_assertion_stage`].
pub(crate) const COPY_ASSERTIONS: &str =
    "COPY stage_assertion (person_id, kind, value_text, value_int, value_day, value_area,
                           valid_from, valid_to, batch_id, row_no)
     FROM STDIN (FORMAT binary)";

pub(crate) async fn make_assertion_stage(conn: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS stage_assertion (
             person_id uuid, kind text COLLATE \"C\", value_text text, value_int bigint,
             value_day date, value_area bigint, valid_from date, valid_to date,
             batch_id bigint, row_no integer
         ) ON COMMIT DROP;
         TRUNCATE stage_assertion;
         SET LOCAL work_mem = '64MB';
         SET LOCAL jit = off;
         SET LOCAL plan_cache_mode = force_custom_plan",
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Inserts what differs from the source's last word, and projects it. The last word is looked up
/// row by row: a join would read all that the source ever said, of every county. The table of
/// staged rows is temporary, so this statement is checked by the tests and not by the macro.
pub(crate) async fn insert_changed_assertions(
    conn: &mut PgConnection,
    voice: Voice<'_>,
    known_at: Now,
) -> Result<u64, Trouble> {
    let done = query(
        "WITH changed AS (
             SELECT DISTINCT ON (s.person_id, s.kind) s.*
             FROM stage_assertion s
             LEFT JOIN LATERAL (
                 SELECT * FROM fact_current c
                 WHERE c.person_id = s.person_id AND c.kind = s.kind AND c.supplier = $1 LIMIT 1
             ) c ON true
             WHERE c.person_id IS NULL
                OR (c.value_text, c.value_int, c.value_day, c.value_area, c.valid_to)
                   IS DISTINCT FROM
                   (s.value_text, s.value_int, s.value_day, s.value_area, s.valid_to)
                OR (s.valid_from <> c.valid_from AND s.valid_from IS DISTINCT FROM $5)
             ORDER BY s.person_id, s.kind, s.row_no DESC
         ), said AS (
             INSERT INTO assertion (person_id, kind, value_text, value_int, value_day, value_area,
                                    valid_from, valid_to, known_at, batch_id, row_no, statement)
             SELECT person_id, kind, value_text, value_int, value_day, value_area,
                    valid_from, valid_to, $3, batch_id, row_no, $4
             FROM changed
             RETURNING id, person_id, kind, value_text, value_int, value_day, value_area,
                       valid_from, valid_to
         )
         INSERT INTO fact_current (person_id, kind, supplier, rank, value_text, value_int,
                                   value_day, value_area, valid_from, valid_to, assertion_id)
         SELECT person_id, kind, $1, $2, value_text, value_int, value_day, value_area,
                valid_from, valid_to, id
         FROM said
         ON CONFLICT (person_id, kind, supplier) DO UPDATE
         SET rank = excluded.rank, value_text = excluded.value_text,
             value_int = excluded.value_int, value_day = excluded.value_day,
             value_area = excluded.value_area, valid_from = excluded.valid_from,
             valid_to = excluded.valid_to, assertion_id = excluded.assertion_id",
    )
    .bind(voice.supplier)
    .bind(voice.rank)
    .bind(known_at)
    .bind(voice.statement)
    .bind(voice.as_of)
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected())
}

pub(crate) async fn retract_batch(
    conn: &mut PgConnection,
    batch: BatchId,
    statement: Uuid,
    known_at: Now,
) -> Result<u64, Trouble> {
    let done = query!(
        "INSERT INTO assertion (person_id, kind, value_text, value_int, value_day, value_area,
                                valid_from, valid_to, known_at, statement, retracts)
         SELECT person_id, kind, value_text, value_int, value_day, value_area,
                valid_from, valid_to, $3, $2, id
         FROM assertion WHERE batch_id = $1",
        batch as BatchId,
        statement,
        known_at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected())
}

/// Drops the projection of what a file said.
pub(crate) async fn forget_retracted(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<(), Trouble> {
    query!(
        "DELETE FROM fact_current c USING assertion a
         WHERE a.id = c.assertion_id AND a.batch_id = $1",
        batch as BatchId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Projects again what the same source said before the file, where it said anything.
pub(crate) async fn project_earlier(
    conn: &mut PgConnection,
    batch: BatchId,
    rank: i16,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO fact_current (person_id, kind, supplier, rank, value_text, value_int,
                                   value_day, value_area, valid_from, valid_to, assertion_id)
         SELECT DISTINCT ON (a.person_id, a.kind)
                a.person_id, a.kind, b.supplier, $2, a.value_text, a.value_int, a.value_day,
                a.value_area, a.valid_from, a.valid_to, a.id
         FROM assertion undone
         JOIN batch ub ON ub.id = undone.batch_id
         JOIN assertion a ON a.person_id = undone.person_id AND a.kind = undone.kind
              AND a.batch_id <> undone.batch_id
         JOIN batch b ON b.id = a.batch_id AND b.supplier = ub.supplier
         WHERE undone.batch_id = $1
           AND NOT EXISTS (SELECT 1 FROM assertion r WHERE r.retracts = a.id)
         ORDER BY a.person_id, a.kind, a.id DESC
         ON CONFLICT (person_id, kind, supplier) DO NOTHING",
        batch as BatchId,
        rank
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The stored columns of one value.
pub(crate) struct Stored {
    pub(crate) text: Option<String>,
    pub(crate) int: Option<i64>,
    pub(crate) day: Option<Day>,
    pub(crate) area: Option<AreaId>,
}

/// The value that the columns hold for this kind, or the fault that they hold another type.
pub(crate) fn value_of(kind: &str, stored: Stored) -> Result<FactValue, Trouble> {
    let value_type = register::kind_of(kind).map(|kind| kind.value_type);
    match (value_type, stored) {
        (Some(FactType::Text | FactType::Word(_)), Stored { text: Some(text), .. }) => {
            Ok(FactValue::Text(text))
        }
        (Some(FactType::Person), Stored { text: Some(text), .. }) => {
            Ok(FactValue::Person(text.parse().map_err(Trouble::fault)?))
        }
        (Some(FactType::Int(..)), Stored { int: Some(int), .. }) => Ok(FactValue::Int(int)),
        (Some(FactType::Bool), Stored { int: Some(int), .. }) => Ok(FactValue::Bool(int != 0)),
        (Some(FactType::Fen), Stored { int: Some(int), .. }) => Ok(FactValue::Fen(Fen::new(int))),
        (Some(FactType::Day), Stored { day: Some(day), .. }) => Ok(FactValue::Day(day)),
        (Some(FactType::Area), Stored { area: Some(area), .. }) => Ok(FactValue::Area(area)),
        _ => Err(Trouble::fault(format!("fact_current of kind {kind} holds another type"))),
    }
}

struct FactRow {
    person: PersonId,
    kind: String,
    supplier: String,
    value_text: Option<String>,
    value_int: Option<i64>,
    value_day: Option<Day>,
    value_area: Option<AreaId>,
    valid_from: Day,
    valid_to: Option<Day>,
    known_at: Now,
    batch: Option<BatchId>,
    row_no: Option<i32>,
    as_of: Option<Day>,
    retracted: bool,
}

impl TryFrom<FactRow> for Fact {
    type Error = Trouble;

    fn try_from(row: FactRow) -> Result<Self, Trouble> {
        let stored = Stored {
            text: row.value_text,
            int: row.value_int,
            day: row.value_day,
            area: row.value_area,
        };
        let source = match (row.batch, row.as_of, row.row_no) {
            (Some(batch), Some(as_of), Some(row_no)) => Some(FileRow {
                batch,
                as_of,
                row_no: u32::try_from(row_no).map_err(Trouble::fault)?,
            }),
            _ => None,
        };
        Ok(Self {
            person: row.person,
            value: value_of(&row.kind, stored)?,
            kind: row.kind,
            supplier: row.supplier,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            known_at: row.known_at,
            source,
            retracted: row.retracted,
        })
    }
}

pub(crate) async fn current_facts(
    conn: &mut PgConnection,
    person: PersonId,
) -> Result<Vec<Fact>, Trouble> {
    let rows = query_as!(
        FactRow,
        r#"SELECT c.person_id AS "person: PersonId", c.kind, c.supplier, c.value_text,
                  c.value_int, c.value_day AS "value_day: Day",
                  c.value_area AS "value_area: AreaId", c.valid_from AS "valid_from: Day",
                  c.valid_to AS "valid_to: Day", a.known_at AS "known_at: Now",
                  a.batch_id AS "batch: BatchId", a.row_no, b.as_of AS "as_of?: Day",
                  false AS "retracted!"
           FROM fact_current c JOIN assertion a ON a.id = c.assertion_id
           LEFT JOIN batch b ON b.id = a.batch_id
           WHERE c.person_id = $1 ORDER BY c.kind, c.rank, c.supplier LIMIT 1000"#,
        person as PersonId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Fact::try_from).collect()
}

pub(crate) async fn timeline(
    conn: &mut PgConnection,
    person: PersonId,
) -> Result<Vec<Fact>, Trouble> {
    let rows = query_as!(
        FactRow,
        r#"SELECT a.person_id AS "person: PersonId", a.kind,
                  coalesce(b.supplier, '') AS "supplier!", a.value_text, a.value_int,
                  a.value_day AS "value_day: Day", a.value_area AS "value_area: AreaId",
                  a.valid_from AS "valid_from: Day", a.valid_to AS "valid_to: Day",
                  a.known_at AS "known_at: Now", a.batch_id AS "batch: BatchId", a.row_no,
                  b.as_of AS "as_of?: Day",
                  EXISTS (SELECT 1 FROM assertion r WHERE r.retracts = a.id) AS "retracted!"
           FROM assertion a LEFT JOIN batch b ON b.id = a.batch_id
           WHERE a.person_id IN (SELECT $1 UNION ALL
                                 SELECT p.person_id FROM person p WHERE p.merged_into = $1)
             AND a.retracts IS NULL
           ORDER BY a.known_at DESC, a.id DESC LIMIT 500"#,
        person as PersonId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Fact::try_from).collect()
}

pub(crate) async fn count_standing(
    conn: &mut PgConnection,
    kind: &str,
    day: Day,
) -> Result<i64, Trouble> {
    sqlx::query_scalar!(
        r#"SELECT count(DISTINCT c.person_id) AS "n!" FROM fact_current c
           WHERE c.kind = $1 AND (c.valid_to IS NULL OR c.valid_to > $2)
             AND NOT (starts_with($1, 'award.') AND EXISTS
                      (SELECT 1 FROM fact_current z
                       WHERE z.person_id = c.person_id AND z.kind = $1 AND z.rank = 0
                         AND z.value_int = 0 AND z.valid_from <= $2))"#,
        kind,
        day as Day
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn death_claims(conn: &mut PgConnection) -> Result<Vec<DeathClaims>, Trouble> {
    let rows = query!(
        r#"SELECT p.person_id AS "person: PersonId", p.life,
                  array_agg(c.supplier ORDER BY c.supplier)
                      FILTER (WHERE c.kind = 'death_date') AS suppliers,
                  array_agg(c.value_day ORDER BY c.supplier)
                      FILTER (WHERE c.kind = 'death_date') AS "days: Vec<Day>",
                  max(a.known_at) FILTER (WHERE c.kind = 'death_date') AS "claimed_at: Now",
                  max(c.value_day) FILTER (WHERE c.kind = 'last_seen') AS "last_seen: Day",
                  max(c.value_text) FILTER (WHERE c.kind = 'life') AS established,
                  max(a.known_at) FILTER (WHERE c.kind = 'life') AS "established_at: Now"
           FROM person p JOIN fact_current c ON c.person_id = p.person_id
           JOIN assertion a ON a.id = c.assertion_id
           WHERE c.kind IN ('death_date', 'last_seen', 'life')
             AND (p.life <> 'living' OR EXISTS (SELECT 1 FROM fact_current d
                  WHERE d.person_id = p.person_id AND d.kind IN ('death_date', 'life')))
           GROUP BY p.person_id, p.life ORDER BY p.person_id"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let life = |code: &str| {
        Life::from_code(code).ok_or_else(|| Trouble::fault(format!("life {code} is unknown")))
    };
    rows.into_iter()
        .map(|r| {
            let established = match (r.established, r.established_at) {
                (Some(code), Some(at)) => Some((life(&code)?, at)),
                _ => None,
            };
            Ok(DeathClaims {
                person: r.person,
                claims: r
                    .suppliers
                    .unwrap_or_default()
                    .into_iter()
                    .zip(r.days.unwrap_or_default())
                    .collect(),
                claimed_at: r.claimed_at,
                last_seen: r.last_seen,
                established,
                shown: life(&r.life)?,
            })
        })
        .collect()
}
