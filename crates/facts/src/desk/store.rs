//! The statements over the match desk.

use db::OrTrouble;
use kernel::{AccountId, BatchId, DutyId, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use super::queue::{Count, Recent, Show, Which};
use super::remember::Earlier;
use super::{By, Decision, DeskRow, RowState};

/// Rows to be inserted, column by column.
#[derive(Default)]
pub(super) struct NewRows {
    pub(super) row_nos: Vec<i32>,
    pub(super) reasons: Vec<String>,
    pub(super) questions: Vec<Vec<u8>>,
    pub(super) contents: Vec<Vec<u8>>,
    pub(super) key_version: i16,
}

pub(super) async fn insert_rows(
    conn: &mut PgConnection,
    batch: BatchId,
    area_pos: i32,
    rows: &NewRows,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO desk_row (batch_id, row_no, area_pos, reason, question, content, key_version)
         SELECT $1, row_no, $2, reason, question, content, $3
         FROM unnest($4::integer[], $5::text[], $6::bytea[], $7::bytea[])
              AS s (row_no, reason, question, content)",
        batch as BatchId,
        area_pos,
        rows.key_version,
        &rows.row_nos,
        &rows.reasons,
        &rows.questions,
        &rows.contents
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) struct StoredRow {
    pub(super) area_pos: i32,
    pub(super) state: RowState,
    pub(super) seq: i32,
    pub(super) content: Vec<u8>,
    pub(super) key_version: i16,
}

fn state_of(
    state: &str,
    person: Option<PersonId>,
    duty: Option<DutyId>,
) -> Result<RowState, Trouble> {
    Ok(match (state, person, duty) {
        ("waiting", ..) => RowState::Waiting,
        ("none", ..) => RowState::None,
        ("asked", Some(person), Some(duty)) => RowState::Asked(person, duty),
        ("same", Some(person), _) => RowState::Same(person),
        ("created", Some(person), _) => RowState::Created(person),
        _ => return Err(Trouble::fault(format!("desk_row.state {state} lacks its person"))),
    })
}

pub(super) async fn row(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
) -> Result<Option<StoredRow>, Trouble> {
    let row = query!(
        r#"SELECT area_pos, state, seq, person_id AS "person: PersonId",
                  duty_id AS "duty: DutyId", content, key_version
           FROM desk_row WHERE batch_id = $1 AND row_no = $2"#,
        batch as BatchId,
        row_no
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(|r| {
        Ok(StoredRow {
            area_pos: r.area_pos,
            state: state_of(&r.state, r.person, r.duty)?,
            seq: r.seq,
            content: r.content,
            key_version: r.key_version,
        })
    })
    .transpose()
}

/// Whom the row's question was cleared of in other rows.
pub(super) async fn cleared_of(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT coalesce(p.merged_into, p.person_id) AS "person!: PersonId"
           FROM desk_row mine
           JOIN desk_row r ON r.question = mine.question AND r.state = 'none'
                AND (r.batch_id, r.row_no) <> (mine.batch_id, mine.row_no)
           JOIN desk_candidate c ON c.batch_id = r.batch_id AND c.row_no = r.row_no
           JOIN person p ON p.person_id = c.person_id
           WHERE mine.batch_id = $1 AND mine.row_no = $2 ORDER BY 1 LIMIT 100"#,
        batch as BatchId,
        row_no
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Moves the row on, unless somebody else has since it was read.
pub(super) async fn move_row(
    conn: &mut PgConnection,
    row: &DeskRow,
    decision: &Decision,
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE desk_row SET state = $4, person_id = $5, duty_id = $6, seq = seq + 1
         WHERE batch_id = $1 AND row_no = $2 AND seq = $3 AND state IN ('waiting', 'asked')",
        row.batch as BatchId,
        i32::try_from(row.row_no).map_err(Trouble::fault)?,
        row.seq,
        decision.state(),
        decision.person() as Option<PersonId>,
        decision.duty() as Option<DutyId>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

/// Puts the row back on the desk, unless somebody else has decided it anew.
pub(super) async fn reopen_row(conn: &mut PgConnection, row: &DeskRow) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE desk_row SET state = 'waiting', person_id = NULL, duty_id = NULL, seq = seq + 1
         WHERE batch_id = $1 AND row_no = $2 AND seq = $3 AND state <> 'waiting'",
        row.batch as BatchId,
        i32::try_from(row.row_no).map_err(Trouble::fault)?,
        row.seq
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_decision(
    conn: &mut PgConnection,
    row: &DeskRow,
    decision: &Decision,
    by: By<'_>,
) -> Result<(), Trouble> {
    let follows = by.follows.map(|(_, row)| i32::try_from(row)).transpose();
    query!(
        "INSERT INTO desk_decision (batch_id, row_no, seq, area_pos, decision, person_id,
                                    decided_by, decided_at, reason, notes_number,
                                    follows_batch, follows_row)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.batch as BatchId,
        i32::try_from(row.row_no).map_err(Trouble::fault)?,
        row.seq + 1,
        row.area_pos,
        decision.code(),
        decision.person() as Option<PersonId>,
        by.account as Option<AccountId>,
        by.at as Now,
        by.reason,
        decision.notes_number(),
        by.follows.map(|(batch, _)| batch) as Option<BatchId>,
        follows.map_err(Trouble::fault)?
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn insert_undo(
    conn: &mut PgConnection,
    row: &DeskRow,
    by: By<'_>,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO desk_decision (batch_id, row_no, seq, area_pos, decision, decided_by,
                                    decided_at, reason)
         VALUES ($1, $2, $3, $4, 'undone', $5, $6, $7)",
        row.batch as BatchId,
        i32::try_from(row.row_no).map_err(Trouble::fault)?,
        row.seq + 1,
        row.area_pos,
        by.account as Option<AccountId>,
        by.at as Now,
        by.reason
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Whether the decision noted the row's number.
pub(super) async fn notes_number(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
    seq: i32,
) -> Result<bool, Trouble> {
    let noted = query_scalar!(
        "SELECT notes_number FROM desk_decision
         WHERE batch_id = $1 AND row_no = $2 AND seq = $3",
        batch as BatchId,
        row_no,
        seq
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(noted.unwrap_or(false))
}

fn word_of(decision: &str) -> &'static str {
    match decision {
        "same" => "是同一人",
        "none" => "都不是",
        "created" => "新建档案",
        "ask_village" => "请村里核实",
        _ => "撤销",
    }
}

/// Who decided last about the row, when, and what.
pub(super) async fn last_decision(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
) -> Result<Option<(String, Now, &'static str)>, Trouble> {
    let row = query!(
        r#"SELECT coalesce(a.name, '系统') AS "who!", d.decided_at AS "at: Now", d.decision
           FROM desk_decision d LEFT JOIN account a ON a.id = d.decided_by
           WHERE d.batch_id = $1 AND d.row_no = $2 ORDER BY d.seq DESC LIMIT 1"#,
        batch as BatchId,
        row_no
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(|r| (r.who, r.at, word_of(&r.decision))))
}

/// Takes back what stands of what a row said about a person.
pub(super) async fn retract_row(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
    person: PersonId,
    statement: Uuid,
    known_at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO assertion (person_id, kind, value_text, value_int, value_day, value_area,
                                valid_from, valid_to, known_at, statement, retracts)
         SELECT person_id, kind, value_text, value_int, value_day, value_area,
                valid_from, valid_to, $5, $4, id
         FROM assertion a
         WHERE a.person_id = $3 AND a.batch_id = $1 AND a.row_no = $2
           AND NOT EXISTS (SELECT 1 FROM assertion r WHERE r.retracts = a.id)",
        batch as BatchId,
        row_no,
        person as PersonId,
        statement,
        known_at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn live(
    conn: &mut PgConnection,
    increments: &[String],
) -> Result<Vec<BatchId>, Trouble> {
    query_scalar!(
        r#"SELECT b.id AS "id: BatchId" FROM batch b JOIN batch_state s ON s.batch_id = b.id
           WHERE s.state = 'applied'
             AND (b.supplier = ANY($1) OR NOT EXISTS
                  (SELECT 1 FROM batch nb JOIN batch_state ns ON ns.batch_id = nb.id
                   WHERE nb.supplier = b.supplier AND nb.area_id = b.area_id
                     AND ns.state = 'applied' AND ns.previous_batch = b.id))
           ORDER BY b.id DESC LIMIT 500"#,
        increments
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// A row of a list, still sealed.
pub(super) struct QueueRow {
    pub(super) batch: BatchId,
    pub(super) row_no: u32,
    pub(super) reason: String,
    pub(super) state: &'static str,
    pub(super) content: Vec<u8>,
    pub(super) key_version: i16,
}

/// A row that waits for a person is a waiting one, or one that the village has answered about.
pub(super) async fn queue(
    conn: &mut PgConnection,
    show: &Show,
    after: (BatchId, i32),
    limit: i64,
    offset: i64,
) -> Result<Vec<QueueRow>, Trouble> {
    let states: &[&str] = match show.which {
        Which::Open => &["waiting", "asked"],
        Which::Answered | Which::Asked => &["asked"],
        Which::Decided => &["same", "none", "created"],
    };
    let states: Vec<String> = states.iter().map(|it| (*it).to_owned()).collect();
    let answered = match show.which {
        Which::Open | Which::Answered => Some(true),
        Which::Asked => Some(false),
        Which::Decided => None,
    };
    let rows = query!(
        r#"SELECT r.batch_id AS "batch: BatchId", r.row_no, r.reason, r.state,
                  r.person_id AS "person: PersonId", r.duty_id AS "duty: DutyId", r.content,
                  r.key_version
           FROM desk_row r
           WHERE r.batch_id = ANY($1) AND r.state = ANY($2)
             AND ($3::text IS NULL OR r.reason = $3)
             AND ($4::boolean IS NULL OR r.state <> 'asked'
                  OR $4 = EXISTS (SELECT 1 FROM duty d
                                  WHERE d.id = r.duty_id AND d.state <> 'open'))
             AND (r.batch_id, r.row_no) > ($5, $6)
           ORDER BY r.batch_id, r.row_no LIMIT $7 OFFSET $8"#,
        &show.batches as &[BatchId],
        &states,
        show.reason.as_deref(),
        answered,
        after.0 as BatchId,
        after.1,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(QueueRow {
                batch: r.batch,
                row_no: u32::try_from(r.row_no).map_err(Trouble::fault)?,
                reason: r.reason,
                state: state_of(&r.state, r.person, r.duty)?.chinese(),
                content: r.content,
                key_version: r.key_version,
            })
        })
        .collect()
}

pub(super) async fn counts(
    conn: &mut PgConnection,
    batches: &[BatchId],
) -> Result<Vec<Count>, Trouble> {
    let rows = query!(
        r#"SELECT r.batch_id AS "batch: BatchId", r.reason, r.state,
                  (d.id IS NOT NULL) AS "answered!", count(*) AS "count!"
           FROM desk_row r
           LEFT JOIN duty d ON d.id = r.duty_id AND d.state <> 'open'
           WHERE r.batch_id = ANY($1)
           GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"#,
        batches as &[BatchId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| Count {
            batch: r.batch,
            reason: r.reason,
            which: match (r.state.as_str(), r.answered) {
                ("waiting", _) => Which::Open,
                ("asked", true) => Which::Answered,
                ("asked", false) => Which::Asked,
                _ => Which::Decided,
            },
            count: r.count,
        })
        .collect())
}

pub(super) async fn count_open(
    conn: &mut PgConnection,
    batches: &[BatchId],
    most: i64,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM
           (SELECT 1 FROM desk_row r
            WHERE r.batch_id = ANY($1)
              AND (r.state = 'waiting' OR (r.state = 'asked' AND EXISTS
                   (SELECT 1 FROM duty d WHERE d.id = r.duty_id AND d.state <> 'open')))
            LIMIT $2) waiting"#,
        batches as &[BatchId],
        most
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn recent(
    conn: &mut PgConnection,
    account: AccountId,
    limit: i64,
) -> Result<Vec<Recent>, Trouble> {
    let rows = query!(
        r#"SELECT d.batch_id AS "batch: BatchId", d.row_no, d.seq, d.decision,
                  d.person_id AS "person: PersonId", d.decided_at AS "at: Now"
           FROM desk_decision d
           JOIN desk_row r ON r.batch_id = d.batch_id AND r.row_no = d.row_no AND r.seq = d.seq
           JOIN batch_state s ON s.batch_id = d.batch_id AND s.state = 'applied'
           WHERE d.decided_by = $1 AND d.decision <> 'undone'
           ORDER BY d.id DESC LIMIT $2"#,
        account as AccountId,
        limit
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(Recent {
                batch: r.batch,
                row_no: u32::try_from(r.row_no).map_err(Trouble::fault)?,
                seq: r.seq,
                word: word_of(&r.decision),
                person: r.person,
                at: r.at,
            })
        })
        .collect()
}

/// Decided rows with these questions, the newest first. What only the system repeated leads back
/// to what a person decided, and counts as that.
pub(super) async fn earlier(
    conn: &mut PgConnection,
    questions: &[Vec<u8>],
) -> Result<Vec<Earlier>, Trouble> {
    let rows = query!(
        r#"SELECT r.question, r.batch_id AS "batch: BatchId", r.row_no, r.state,
                  coalesce(p.merged_into, p.person_id) AS "person: PersonId",
                  array(SELECT coalesce(cp.merged_into, cp.person_id)
                        FROM desk_candidate c JOIN person cp ON cp.person_id = c.person_id
                        WHERE c.batch_id = r.batch_id AND c.row_no = r.row_no
                        ORDER BY 1) AS "candidates!: Vec<PersonId>"
           FROM desk_row r LEFT JOIN person p ON p.person_id = r.person_id
           WHERE r.question = ANY($1) AND r.state IN ('same', 'none')
           ORDER BY r.batch_id DESC, r.row_no DESC"#,
        questions
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(Earlier {
                question: r
                    .question
                    .try_into()
                    .map_err(|_| Trouble::fault("desk_row.question is not 16 bytes"))?,
                row: (r.batch, u32::try_from(r.row_no).map_err(Trouble::fault)?),
                same: r.person.filter(|_| r.state == "same"),
                candidates: r.candidates,
            })
        })
        .collect()
}
