//! The statements over corrections and slips.

use db::OrTrouble;
use kernel::{AccountId, BatchId, Day, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};
use uuid::Uuid;

use super::domain::State;

/// A correction as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) id: i64,
    pub(super) batch: BatchId,
    pub(super) supplier: String,
    pub(super) as_of: Day,
    pub(super) row_no: i32,
    pub(super) kind: String,
    pub(super) person: Option<PersonId>,
    pub(super) content: Vec<u8>,
    pub(super) key_version: i16,
    pub(super) state: String,
    pub(super) slip: Option<i64>,
    pub(super) sent_at: Option<Now>,
    pub(super) due_on: Option<Day>,
    pub(super) drafted_at: Now,
    pub(super) drafted_by: String,
    pub(super) answered_at: Option<Now>,
    pub(super) answered_by: Option<String>,
    pub(super) answer: String,
    pub(super) closed_at: Option<Now>,
    pub(super) closed_by: Option<String>,
    pub(super) stands: bool,
}

/// A draft to be written.
pub(super) struct Draft {
    pub(super) batch: BatchId,
    pub(super) row_no: i32,
    pub(super) kind: &'static str,
    pub(super) person: Option<PersonId>,
    pub(super) area_pos: i32,
    pub(super) content: Vec<u8>,
    pub(super) key_version: i16,
    pub(super) by: AccountId,
    pub(super) at: Now,
    pub(super) meanwhile: Option<Uuid>,
}

/// Gives its id; none when the row is asked about already.
pub(super) async fn insert(conn: &mut PgConnection, it: &Draft) -> Result<Option<i64>, Trouble> {
    query_scalar!(
        "INSERT INTO correction (batch_id, row_no, kind, person_id, area_pos, content, key_version,
                                 state, drafted_at, drafted_by, meanwhile)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'drafted', $8, $9, $10)
         ON CONFLICT DO NOTHING RETURNING id",
        it.batch as BatchId,
        it.row_no,
        it.kind,
        it.person as Option<PersonId>,
        it.area_pos,
        it.content,
        it.key_version,
        it.at as Now,
        it.by as AccountId,
        it.meanwhile
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// Corrections of the scope, newest first; of one state and one sender when they are given.
pub(super) async fn list(
    conn: &mut PgConnection,
    state: Option<State>,
    supplier: Option<&str>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Stored>, Trouble> {
    query_as!(
        Stored,
        r#"SELECT c.id, c.batch_id AS "batch: BatchId", b.supplier, b.as_of AS "as_of: Day",
                  c.row_no, c.kind, c.person_id AS "person: PersonId", c.content, c.key_version,
                  c.state, c.slip_id AS slip, s.sent_at AS "sent_at?: Now",
                  s.due_on AS "due_on?: Day", c.drafted_at AS "drafted_at: Now",
                  d.name AS drafted_by, c.answered_at AS "answered_at: Now",
                  a.name AS "answered_by?", c.answer, c.closed_at AS "closed_at: Now",
                  e.name AS "closed_by?", c.meanwhile IS NOT NULL AS "stands!"
           FROM correction c JOIN batch b ON b.id = c.batch_id
           JOIN account d ON d.id = c.drafted_by
           LEFT JOIN correction_slip s ON s.id = c.slip_id
           LEFT JOIN account a ON a.id = c.answered_by LEFT JOIN account e ON e.id = c.closed_by
           WHERE ($1::text IS NULL OR c.state = $1) AND ($2::text IS NULL OR b.supplier = $2)
           ORDER BY c.id DESC LIMIT $3 OFFSET $4"#,
        state.map(State::code),
        supplier,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// One correction, or those of one slip.
pub(super) async fn of(
    conn: &mut PgConnection,
    id: Option<i64>,
    slip: Option<i64>,
) -> Result<Vec<Stored>, Trouble> {
    query_as!(
        Stored,
        r#"SELECT c.id, c.batch_id AS "batch: BatchId", b.supplier, b.as_of AS "as_of: Day",
                  c.row_no, c.kind, c.person_id AS "person: PersonId", c.content, c.key_version,
                  c.state, c.slip_id AS slip, s.sent_at AS "sent_at?: Now",
                  s.due_on AS "due_on?: Day", c.drafted_at AS "drafted_at: Now",
                  d.name AS drafted_by, c.answered_at AS "answered_at: Now",
                  a.name AS "answered_by?", c.answer, c.closed_at AS "closed_at: Now",
                  e.name AS "closed_by?", c.meanwhile IS NOT NULL AS "stands!"
           FROM correction c JOIN batch b ON b.id = c.batch_id
           JOIN account d ON d.id = c.drafted_by
           LEFT JOIN correction_slip s ON s.id = c.slip_id
           LEFT JOIN account a ON a.id = c.answered_by LEFT JOIN account e ON e.id = c.closed_by
           WHERE c.id = $1 OR c.slip_id = $2
           ORDER BY c.row_no, c.id"#,
        id,
        slip
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// How many corrections of the scope are in each state.
pub(super) async fn counts(
    conn: &mut PgConnection,
    supplier: Option<&str>,
) -> Result<Vec<(String, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT c.state, count(*) AS "count!" FROM correction c JOIN batch b ON b.id = c.batch_id
           WHERE $1::text IS NULL OR b.supplier = $1 GROUP BY c.state"#,
        supplier
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.state, r.count)).collect())
}

/// The files about which something is drafted.
pub(super) async fn drafted_files(
    conn: &mut PgConnection,
) -> Result<Vec<(BatchId, String, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT c.batch_id AS "batch: BatchId", b.supplier, count(*) AS "count!"
           FROM correction c JOIN batch b ON b.id = c.batch_id
           WHERE c.state = 'drafted' GROUP BY c.batch_id, b.supplier ORDER BY c.batch_id"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.batch, r.supplier, r.count)).collect())
}

/// 送出: everything drafted about a file goes in one slip; gives its number.
pub(super) async fn send(
    conn: &mut PgConnection,
    batch: BatchId,
    area_pos: i32,
    (at, by): (Now, AccountId),
    due_on: Day,
) -> Result<Option<i64>, Trouble> {
    let drafted = query_scalar!(
        "SELECT id FROM correction WHERE batch_id = $1 AND state = 'drafted' FOR UPDATE",
        batch as BatchId
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    if drafted.is_empty() {
        return Ok(None);
    }
    let slip = query_scalar!(
        "INSERT INTO correction_slip (batch_id, area_pos, sent_at, sent_by, due_on)
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
        batch as BatchId,
        area_pos,
        at as Now,
        by as AccountId,
        due_on as Day
    )
    .fetch_one(&mut *conn)
    .await
    .or_trouble()?;
    query!("UPDATE correction SET state = 'sent', slip_id = $2 WHERE id = ANY($1)", &drafted, slip)
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(Some(slip))
}

/// 答复: gives whether it was still waiting for one.
pub(super) async fn answer(
    conn: &mut PgConnection,
    id: i64,
    state: State,
    answer: &str,
    (at, by): (Now, AccountId),
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE correction SET state = $2, answer = $3, answered_at = $4, answered_by = $5
         WHERE id = $1 AND state = 'sent'",
        id,
        state.code(),
        answer,
        at as Now,
        by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

/// 办结: gives whether it had been answered.
pub(super) async fn close(
    conn: &mut PgConnection,
    id: i64,
    (at, by): (Now, AccountId),
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE correction SET state = 'closed', closed_at = $2, closed_by = $3
         WHERE id = $1 AND state IN ('accepted', 'refused')",
        id,
        at as Now,
        by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

/// Of whom a correction has waited longer than the sender had: the sender, the slip and its day.
pub(super) async fn unanswered(
    conn: &mut PgConnection,
    today: Day,
) -> Result<Vec<(i64, PersonId, String, Day)>, Trouble> {
    let rows = query!(
        r#"SELECT c.id, c.person_id AS "person!: PersonId", b.supplier, s.due_on AS "due_on: Day"
           FROM correction c JOIN correction_slip s ON s.id = c.slip_id
           JOIN batch b ON b.id = c.batch_id
           WHERE c.state = 'sent' AND c.person_id IS NOT NULL AND s.due_on < $1
           ORDER BY c.id"#,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.id, r.person, r.supplier, r.due_on)).collect())
}
