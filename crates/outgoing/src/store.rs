//! The statements over outgoing runs. Rows, moves and answers are only added.

use db::OrTrouble;
use kernel::{AccountId, AreaId, Day, Fen, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use crate::flow::{RunKind, RunState};
use crate::receipt::RowAnswer;
use crate::rows::{OutRow, Reported};

/// How many rows go in one statement.
const CHUNK_ROWS: usize = 5_000;

/// A run as it is made.
pub(crate) struct NewRun<'a> {
    pub(crate) layout: &'a str,
    pub(crate) area: AreaId,
    pub(crate) area_pos: i32,
    pub(crate) sequence: i32,
    pub(crate) kind: RunKind,
    /// First day of the month.
    pub(crate) month: Day,
    pub(crate) retries: Option<i64>,
    pub(crate) file_name: &'a str,
    pub(crate) file_sm3: [u8; 32],
    pub(crate) file_bytes: i64,
    pub(crate) row_count: i32,
    pub(crate) held_count: i32,
    pub(crate) total: Fen,
    pub(crate) notes: &'a [u8],
    pub(crate) at: Now,
    pub(crate) by: Option<AccountId>,
}

/// 上报批次: a run with how far it has come.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number here.
    pub id: i64,
    /// Id of the layout.
    pub layout: String,
    /// Who reports.
    pub area: AreaId,
    /// Which run of the layout and area it is, from 1.
    pub sequence: i32,
    /// 全量, 增量 or 退回重报.
    pub kind: RunKind,
    /// First day of the month that is reported.
    pub month: Day,
    /// The run whose refused rows go out again.
    pub retries: Option<i64>,
    /// What the file is called.
    pub file_name: String,
    /// Hash of its bytes, under which they are kept.
    pub file_sm3: [u8; 32],
    /// Its length.
    pub file_bytes: i64,
    /// Rows in it.
    pub row_count: u32,
    /// Rows that could not go out.
    pub held_count: u32,
    /// Sum of the awards in it.
    pub total: Fen,
    /// 核对情况, sealed; see [`crate::run::notes`].
    pub notes: Vec<u8>,
    /// When it was made.
    pub made_at: Now,
    /// Who made it; nobody for the program.
    pub made_by: Option<String>,
    /// How far it has come.
    pub state: RunState,
    /// Number of the last move.
    pub move_no: i32,
}

struct RunRow {
    id: i64,
    layout: String,
    area: AreaId,
    sequence: i32,
    kind: String,
    month: Day,
    retries: Option<i64>,
    file_name: String,
    file_sm3: Vec<u8>,
    file_bytes: i64,
    row_count: i32,
    held_count: i32,
    total: Fen,
    notes: Vec<u8>,
    made_at: Now,
    made_by: Option<String>,
    state: String,
    move_no: i32,
}

impl TryFrom<RunRow> for Run {
    type Error = Trouble;

    fn try_from(row: RunRow) -> Result<Self, Trouble> {
        let broken = |column: &str| Trouble::fault(format!("report_run {}: {column}", row.id));
        Ok(Self {
            id: row.id,
            layout: row.layout,
            area: row.area,
            sequence: row.sequence,
            kind: RunKind::from_code(&row.kind).ok_or_else(|| broken("kind"))?,
            month: row.month,
            retries: row.retries,
            file_name: row.file_name,
            file_sm3: row.file_sm3.try_into().map_err(|_| broken("file_sm3"))?,
            file_bytes: row.file_bytes,
            row_count: u32::try_from(row.row_count).map_err(|_| broken("row_count"))?,
            held_count: u32::try_from(row.held_count).map_err(|_| broken("held_count"))?,
            total: row.total,
            notes: row.notes,
            made_at: row.made_at,
            made_by: row.made_by,
            state: RunState::from_code(&row.state).ok_or_else(|| broken("state"))?,
            move_no: row.move_no,
        })
    }
}

pub(crate) async fn next_sequence(
    conn: &mut PgConnection,
    layout: &str,
    area: AreaId,
) -> Result<i32, Trouble> {
    query_scalar!(
        r#"SELECT coalesce(max(sequence), 0) + 1 AS "next!"
           FROM report_run WHERE layout = $1 AND area_id = $2"#,
        layout,
        area as AreaId
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn insert_run(conn: &mut PgConnection, it: &NewRun<'_>) -> Result<i64, Trouble> {
    query_scalar!(
        "INSERT INTO report_run (layout, area_id, area_pos, sequence, kind, month, retries,
             file_name, file_sm3, file_bytes, row_count, held_count, total_fen, notes, made_at,
             made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         RETURNING id",
        it.layout,
        it.area as AreaId,
        it.area_pos,
        it.sequence,
        it.kind.code(),
        it.month as Day,
        it.retries,
        it.file_name,
        it.file_sm3.as_slice(),
        it.file_bytes,
        it.row_count,
        it.held_count,
        it.total as Fen,
        it.notes,
        it.at as Now,
        it.by as Option<AccountId>
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn insert_rows(
    conn: &mut PgConnection,
    run: i64,
    rows: &[OutRow],
) -> Result<(), Trouble> {
    let mut no = 0_i32;
    for chunk in rows.chunks(CHUNK_ROWS) {
        let numbers: Vec<i32> = chunk.iter().zip(no + 1..).map(|(_, no)| no).collect();
        no += i32::try_from(chunk.len()).map_err(Trouble::fault)?;
        let people: Vec<PersonId> = chunk.iter().map(|row| row.person).collect();
        let items: Vec<String> = chunk.iter().map(|row| row.item.clone()).collect();
        let keys: Vec<Vec<u8>> = chunk.iter().map(|row| row.key.to_vec()).collect();
        let hashes: Vec<Vec<u8>> = chunk.iter().map(|row| row.hash.to_vec()).collect();
        let changes: Vec<String> = chunk.iter().map(|row| row.change.code().to_owned()).collect();
        query!(
            "INSERT INTO report_row (run_id, row_no, person_id, subject, row_key, row_hash, change)
             SELECT $1, * FROM unnest($2::integer[], $3::uuid[], $4::text[], $5::bytea[],
                                      $6::bytea[], $7::text[])",
            run,
            &numbers,
            &people as &[PersonId],
            &items,
            &keys,
            &hashes,
            &changes
        )
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    }
    Ok(())
}

/// One move.
pub(crate) struct Move<'a> {
    pub(crate) no: i32,
    pub(crate) state: RunState,
    pub(crate) at: Now,
    pub(crate) by: Option<AccountId>,
    pub(crate) note: &'a str,
}

pub(crate) async fn insert_move(
    conn: &mut PgConnection,
    run: i64,
    it: &Move<'_>,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO report_move (run_id, no, state, at, by_account, note)
         VALUES ($1, $2, $3, $4, $5, $6)",
        run,
        it.no,
        it.state.code(),
        it.at as Now,
        it.by as Option<AccountId>,
        it.note
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The run, if it lies in the scope.
pub async fn run(conn: &mut PgConnection, id: i64) -> Result<Option<Run>, Trouble> {
    let row = sqlx::query_as!(
        RunRow,
        r#"SELECT r.id, r.layout, r.area_id AS "area: AreaId", r.sequence, r.kind,
                  r.month AS "month: Day", r.retries, r.file_name, r.file_sm3, r.file_bytes,
                  r.row_count, r.held_count, r.total_fen AS "total: Fen", r.notes,
                  r.made_at AS "made_at: Now", a.name AS "made_by?", m.state, m.no AS "move_no"
           FROM report_run r
           JOIN LATERAL (SELECT state, no FROM report_move WHERE run_id = r.id
                         ORDER BY no DESC LIMIT 1) m ON true
           LEFT JOIN account a ON a.id = r.made_by
           WHERE r.id = $1"#,
        id
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(Run::try_from).transpose()
}

/// Runs of the scope, the newest first.
pub async fn runs(conn: &mut PgConnection, limit: i64, offset: i64) -> Result<Vec<Run>, Trouble> {
    let rows = sqlx::query_as!(
        RunRow,
        r#"SELECT r.id, r.layout, r.area_id AS "area: AreaId", r.sequence, r.kind,
                  r.month AS "month: Day", r.retries, r.file_name, r.file_sm3, r.file_bytes,
                  r.row_count, r.held_count, r.total_fen AS "total: Fen", r.notes,
                  r.made_at AS "made_at: Now", a.name AS "made_by?", m.state, m.no AS "move_no"
           FROM report_run r
           JOIN LATERAL (SELECT state, no FROM report_move WHERE run_id = r.id
                         ORDER BY no DESC LIMIT 1) m ON true
           LEFT JOIN account a ON a.id = r.made_by
           ORDER BY r.id DESC LIMIT $1 OFFSET $2"#,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Run::try_from).collect()
}

/// How many runs the scope has.
pub async fn count_runs(conn: &mut PgConnection) -> Result<i64, Trouble> {
    query_scalar!(r#"SELECT count(*) AS "count!" FROM report_run"#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// Runs of a layout for an area that have not ended or left, the newest first.
pub(crate) async fn unfinished(
    conn: &mut PgConnection,
    layout: &str,
    area: AreaId,
) -> Result<Vec<(i64, RunState, i32)>, Trouble> {
    let rows = query!(
        r#"SELECT r.id, m.state, m.no FROM report_run r
           JOIN LATERAL (SELECT state, no FROM report_move WHERE run_id = r.id
                         ORDER BY no DESC LIMIT 1) m ON true
           WHERE r.layout = $1 AND r.area_id = $2
             AND m.state IN ('draft', 'frozen', 'sending', 'unclear')
           ORDER BY r.id DESC"#,
        layout,
        area as AreaId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let state = RunState::from_code(&r.state);
            Ok((r.id, state.ok_or_else(|| Trouble::fault("report_move.state"))?, r.no))
        })
        .collect()
}

/// A move as it is shown.
pub struct SeenMove {
    /// Where to.
    pub state: RunState,
    /// When.
    pub at: Now,
    /// Who; nobody for the program.
    pub by: Option<String>,
    /// How, in words.
    pub note: String,
}

/// The moves of a run, the first first.
pub async fn moves(conn: &mut PgConnection, run: i64) -> Result<Vec<SeenMove>, Trouble> {
    let rows = query!(
        r#"SELECT m.state, m.at AS "at: Now", a.name AS "by?", m.note
           FROM report_move m LEFT JOIN account a ON a.id = m.by_account
           WHERE m.run_id = $1 ORDER BY m.no"#,
        run
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let state = RunState::from_code(&r.state);
            let state = state.ok_or_else(|| Trouble::fault("report_move.state"))?;
            Ok(SeenMove { state, at: r.at, by: r.by, note: r.note })
        })
        .collect()
}

/// What the receiver knows, by key: the last word of each row that left and was not refused,
/// since the last run that said everything.
pub(crate) async fn reported(
    conn: &mut PgConnection,
    layout: &str,
    area: AreaId,
) -> Result<Vec<([u8; 16], Reported)>, Trouble> {
    let rows = query!(
        r#"WITH left_run AS (
               SELECT r.id, r.sequence, r.kind FROM report_run r
               JOIN LATERAL (SELECT state FROM report_move WHERE run_id = r.id
                             ORDER BY no DESC LIMIT 1) m ON true
               WHERE r.layout = $1 AND r.area_id = $2
                 AND m.state IN ('sent', 'settled', 'partly_refused')
           ), since AS (
               SELECT coalesce(max(sequence) FILTER (WHERE kind = 'full'), 0) AS sequence
               FROM left_run
           )
           SELECT DISTINCT ON (w.row_key) w.row_key, w.row_hash, w.person_id AS "person: PersonId",
                  w.subject, w.change
           FROM report_row w JOIN left_run r ON r.id = w.run_id
           LEFT JOIN report_answer a ON a.run_id = w.run_id AND a.row_no = w.row_no
           WHERE r.sequence >= (SELECT sequence FROM since) AND a.accepted IS DISTINCT FROM false
           ORDER BY w.row_key, r.sequence DESC"#,
        layout,
        area as AreaId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let (key, hash) = (sixteen(r.row_key)?, sixteen(r.row_hash)?);
            let ended = r.change == "ended";
            Ok((key, Reported { hash, person: r.person, item: r.subject, ended }))
        })
        .collect()
}

fn sixteen(bytes: Vec<u8>) -> Result<[u8; 16], Trouble> {
    bytes.try_into().map_err(|_| Trouble::fault("report_row: a hash is cut"))
}

/// Keys of the refused rows of a run that no later run has taken along.
pub async fn refused_keys(conn: &mut PgConnection, run: i64) -> Result<Vec<[u8; 16]>, Trouble> {
    let rows = query_scalar!(
        r#"SELECT w.row_key FROM report_row w
           JOIN report_answer a ON a.run_id = w.run_id AND a.row_no = w.row_no
           JOIN report_run r ON r.id = w.run_id
           WHERE w.run_id = $1 AND NOT a.accepted
             AND NOT EXISTS (
                 SELECT 1 FROM report_run later
                 JOIN report_row again ON again.run_id = later.id AND again.row_key = w.row_key
                 JOIN LATERAL (SELECT state FROM report_move WHERE run_id = later.id
                               ORDER BY no DESC LIMIT 1) m ON true
                 WHERE later.layout = r.layout AND later.area_id = r.area_id
                   AND later.sequence > r.sequence
                   AND m.state IN ('frozen', 'sending', 'unclear', 'sent', 'settled',
                                   'partly_refused'))"#,
        run
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(sixteen).collect()
}

/// A refused row as it is shown.
pub struct Refused {
    /// Its number in the file.
    pub row_no: i32,
    /// Whom it is about.
    pub person: PersonId,
    /// Id of the item or service; empty for a person.
    pub item: String,
    /// Their code of the cause.
    pub code: String,
    /// Their words for it.
    pub cause: String,
}

/// Refused rows of a run.
pub async fn refused(
    conn: &mut PgConnection,
    run: i64,
    limit: i64,
    offset: i64,
) -> Result<Vec<Refused>, Trouble> {
    let rows = query!(
        r#"SELECT w.row_no, w.person_id AS "person: PersonId", w.subject, a.code, a.cause
           FROM report_row w JOIN report_answer a ON a.run_id = w.run_id AND a.row_no = w.row_no
           WHERE w.run_id = $1 AND NOT a.accepted ORDER BY a.code, w.row_no LIMIT $2 OFFSET $3"#,
        run,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let rows = rows.into_iter().map(|r| Refused {
        row_no: r.row_no,
        person: r.person,
        item: r.subject,
        code: r.code,
        cause: r.cause,
    });
    Ok(rows.collect())
}

/// How many rows were taken, and how many refused.
pub async fn answered(conn: &mut PgConnection, run: i64) -> Result<(u64, u64), Trouble> {
    let row = query!(
        r#"SELECT count(*) FILTER (WHERE accepted) AS "taken!",
                  count(*) FILTER (WHERE NOT accepted) AS "refused!"
           FROM report_answer WHERE run_id = $1"#,
        run
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok((row.taken.unsigned_abs(), row.refused.unsigned_abs()))
}

pub(crate) async fn insert_answers(
    conn: &mut PgConnection,
    run: i64,
    answers: &[RowAnswer],
    receipt_sm3: &[u8; 32],
) -> Result<(), Trouble> {
    for chunk in answers.chunks(CHUNK_ROWS) {
        let numbers = chunk.iter().map(|it| i32::try_from(it.row)).collect::<Result<Vec<_>, _>>();
        let numbers = numbers.map_err(Trouble::fault)?;
        let accepted: Vec<bool> = chunk.iter().map(|it| it.accepted).collect();
        let codes: Vec<String> = chunk.iter().map(|it| it.code.clone()).collect();
        let causes: Vec<String> = chunk.iter().map(|it| it.cause.clone()).collect();
        query!(
            "INSERT INTO report_answer (run_id, row_no, accepted, code, cause, receipt_sm3)
             SELECT $1, *, $6 FROM unnest($2::integer[], $3::boolean[], $4::text[], $5::text[])",
            run,
            &numbers,
            &accepted,
            &codes,
            &causes,
            receipt_sm3.as_slice()
        )
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    }
    Ok(())
}
