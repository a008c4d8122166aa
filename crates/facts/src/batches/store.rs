//! The statements over files and their rows.

use db::OrTrouble;
use kernel::{AccountId, AreaId, BatchId, Day, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::{Batch, BatchState, NewBatch, Original};

pub(super) async fn insert_batch(
    conn: &mut PgConnection,
    batch: &NewBatch<'_>,
) -> Result<BatchId, Trouble> {
    query_scalar!(
        r#"INSERT INTO batch (supplier, as_of, file_name, file_sm3, area_id)
           VALUES ($1, $2, $3, $4, $5) RETURNING id AS "id: BatchId""#,
        batch.supplier,
        batch.as_of as Day,
        batch.file_name,
        batch.file_sm3.as_slice(),
        batch.area as AreaId
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn insert_state(
    conn: &mut PgConnection,
    id: BatchId,
    batch: &NewBatch<'_>,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO batch_state (batch_id, area_pos, state, file_bytes, received_at, received_by)
         VALUES ($1, $2, 'received', $3, $4, $5)",
        id as BatchId,
        batch.area_pos,
        i64::try_from(batch.file_bytes).map_err(Trouble::fault)?,
        batch.received_at as Now,
        batch.received_by as Option<AccountId>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

struct BatchRow {
    id: BatchId,
    supplier: String,
    as_of: Day,
    file_name: String,
    file_sm3: Vec<u8>,
    file_bytes: i64,
    area: AreaId,
    state: String,
    received_at: Now,
    received_by: Option<String>,
    decided_at: Option<Now>,
    decided_by: Option<String>,
    previous: Option<BatchId>,
    report: Option<Vec<u8>>,
}

impl TryFrom<BatchRow> for Batch {
    type Error = Trouble;

    fn try_from(row: BatchRow) -> Result<Self, Trouble> {
        let broken = |column: &str| {
            Trouble::fault(format!("batch {}: {column} is not as it was written", row.id))
        };
        Ok(Self {
            id: row.id,
            supplier: row.supplier,
            as_of: row.as_of,
            file_name: row.file_name,
            file_sm3: row.file_sm3.try_into().map_err(|_| broken("file_sm3"))?,
            file_bytes: u64::try_from(row.file_bytes).map_err(|_| broken("file_bytes"))?,
            area: row.area,
            state: BatchState::from_code(&row.state).ok_or_else(|| broken("state"))?,
            received_at: row.received_at,
            received_by: row.received_by,
            decided_at: row.decided_at,
            decided_by: row.decided_by,
            previous: row.previous,
            report: row.report,
        })
    }
}

pub(super) async fn batch(conn: &mut PgConnection, id: BatchId) -> Result<Option<Batch>, Trouble> {
    let row = sqlx::query_as!(
        BatchRow,
        r#"SELECT b.id AS "id: BatchId", b.supplier, b.as_of AS "as_of: Day", b.file_name,
                  b.file_sm3, s.file_bytes, b.area_id AS "area: AreaId", s.state,
                  s.received_at AS "received_at: Now", r.name AS "received_by?",
                  s.decided_at AS "decided_at: Now", d.name AS "decided_by?",
                  s.previous_batch AS "previous: BatchId", s.report
           FROM batch b JOIN batch_state s ON s.batch_id = b.id
           LEFT JOIN account r ON r.id = s.received_by LEFT JOIN account d ON d.id = s.decided_by
           WHERE b.id = $1"#,
        id as BatchId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(Batch::try_from).transpose()
}

pub(super) async fn history(
    conn: &mut PgConnection,
    limit: i64,
    offset: i64,
) -> Result<Vec<Batch>, Trouble> {
    let rows = sqlx::query_as!(
        BatchRow,
        r#"SELECT b.id AS "id: BatchId", b.supplier, b.as_of AS "as_of: Day", b.file_name,
                  b.file_sm3, s.file_bytes, b.area_id AS "area: AreaId", s.state,
                  s.received_at AS "received_at: Now", r.name AS "received_by?",
                  s.decided_at AS "decided_at: Now", d.name AS "decided_by?",
                  s.previous_batch AS "previous: BatchId", s.report
           FROM batch b JOIN batch_state s ON s.batch_id = b.id
           LEFT JOIN account r ON r.id = s.received_by LEFT JOIN account d ON d.id = s.decided_by
           ORDER BY b.id DESC LIMIT $1 OFFSET $2"#,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Batch::try_from).collect()
}

pub(super) async fn last_applied(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<Option<Batch>, Trouble> {
    let id = query_scalar!(
        r#"SELECT b.id AS "id: BatchId" FROM batch b JOIN batch_state s ON s.batch_id = b.id
           WHERE b.supplier = $1 AND b.area_id = $2 AND s.state = 'applied'
           ORDER BY s.decided_at DESC, b.id DESC LIMIT 1"#,
        supplier,
        area as AreaId
    )
    .fetch_optional(&mut *conn)
    .await
    .or_trouble()?;
    match id {
        Some(id) => batch(conn, id).await,
        None => Ok(None),
    }
}

pub(super) async fn same_bytes(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
    file_sm3: &[u8; 32],
) -> Result<Option<Batch>, Trouble> {
    let id = query_scalar!(
        r#"SELECT b.id AS "id: BatchId" FROM batch b JOIN batch_state s ON s.batch_id = b.id
           WHERE b.supplier = $1 AND b.area_id = $2 AND b.file_sm3 = $3
             AND s.state IN ('received', 'staged', 'held', 'applied')
           ORDER BY b.id LIMIT 1"#,
        supplier,
        area as AreaId,
        file_sm3.as_slice()
    )
    .fetch_optional(&mut *conn)
    .await
    .or_trouble()?;
    match id {
        Some(id) => batch(conn, id).await,
        None => Ok(None),
    }
}

pub(super) async fn move_on(
    conn: &mut PgConnection,
    id: BatchId,
    state: BatchState,
    report: Option<&[u8]>,
    decided: Option<(Now, Option<AccountId>)>,
    previous: Option<BatchId>,
) -> Result<(), Trouble> {
    query!(
        "UPDATE batch_state
         SET state = $2, report = coalesce($3, report), decided_at = $4, decided_by = $5,
             previous_batch = coalesce($6, previous_batch)
         WHERE batch_id = $1",
        id as BatchId,
        state.code(),
        report,
        decided.map(|(at, _)| at) as Option<Now>,
        decided.and_then(|(_, by)| by) as Option<AccountId>,
        previous as Option<BatchId>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn lock(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<(), Trouble> {
    query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended($1, $2)) AS "locked!: ()""#,
        supplier,
        area.get()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Fills the table of [`make_row_stage`].
pub(super) const COPY_ROWS: &str =
    "COPY stage_row (row_no, outcome, person_id, area_pos, row_key, row_hash, note)
     FROM STDIN (FORMAT binary)";

pub(super) async fn make_row_stage(conn: &mut PgConnection) -> Result<(), Trouble> {
    sqlx::raw_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS stage_row (
             row_no integer, outcome text, person_id uuid, area_pos integer, row_key bytea,
             row_hash bytea, note bytea
         ) ON COMMIT DROP;
         TRUNCATE stage_row",
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Reads a temporary table, so the tests check it and not the macro.
pub(super) async fn insert_staged_rows(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<(), Trouble> {
    query(
        "INSERT INTO batch_row
             (batch_id, row_no, outcome, person_id, area_pos, row_key, row_hash, note)
         SELECT $1, row_no, outcome, person_id, area_pos, row_key, row_hash, note FROM stage_row",
    )
    .bind(batch)
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn insert_candidate(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: u32,
    person: PersonId,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO desk_candidate (batch_id, row_no, person_id) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING",
        batch as BatchId,
        i32::try_from(row_no).map_err(Trouble::fault)?,
        person as PersonId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn row_hashes(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<([u8; 16], [u8; 16])>, Trouble> {
    let rows = query!(
        "SELECT row_key, row_hash FROM batch_row WHERE batch_id = $1 ORDER BY row_no",
        batch as BatchId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let broken = |_| Trouble::fault("batch_row holds a hash that is not 16 bytes");
            Ok((r.row_key.try_into().map_err(broken)?, r.row_hash.try_into().map_err(broken)?))
        })
        .collect()
}

pub(super) async fn person_of_row(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
) -> Result<Option<PersonId>, Trouble> {
    let person = query_scalar!(
        r#"SELECT person_id AS "person: PersonId" FROM batch_row
           WHERE batch_id = $1 AND row_no = $2"#,
        batch as BatchId,
        row_no
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(person.flatten())
}

/// The newest applied file of each area of this source counts: older desks are history.
pub(super) async fn waiting_on_desk(
    conn: &mut PgConnection,
    supplier: &str,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT d.person_id AS "person: PersonId"
           FROM desk_candidate d JOIN batch b ON b.id = d.batch_id
           JOIN batch_state s ON s.batch_id = b.id
           WHERE b.supplier = $1 AND s.state = 'applied'
             AND NOT EXISTS (SELECT 1 FROM batch nb JOIN batch_state ns ON ns.batch_id = nb.id
                             WHERE nb.supplier = b.supplier AND nb.area_id = b.area_id
                               AND ns.state = 'applied' AND ns.previous_batch = b.id)
           ORDER BY 1"#,
        supplier
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn people_not_in(
    conn: &mut PgConnection,
    batch: BatchId,
    previous: BatchId,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT o.person_id AS "person!: PersonId" FROM batch_row o
           WHERE o.batch_id = $2 AND o.person_id IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM batch_row n
                             WHERE n.batch_id = $1 AND n.person_id = o.person_id)
             AND NOT EXISTS (SELECT 1 FROM desk_candidate d
                             WHERE d.batch_id = $1 AND d.person_id = o.person_id)
           ORDER BY 1"#,
        batch as BatchId,
        previous as BatchId
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn original(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Option<Original>, Trouble> {
    let row = query!(
        r#"SELECT supplier, as_of AS "as_of: Day", file_name, file_sm3 FROM batch WHERE id = $1"#,
        batch as BatchId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(|r| {
        Ok(Original {
            supplier: r.supplier,
            as_of: r.as_of,
            file_name: r.file_name,
            file_sm3: r
                .file_sm3
                .try_into()
                .map_err(|_| Trouble::fault("batch.file_sm3 is not 32 bytes"))?,
        })
    })
    .transpose()
}

pub(super) async fn newest_mapping(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<Option<serde_json::Value>, Trouble> {
    query_scalar!(
        "SELECT mapping FROM remembered_mapping WHERE supplier = $1 AND area_id = $2
         ORDER BY decided_at DESC, header_sm3 LIMIT 1",
        supplier,
        area as AreaId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

pub(super) async fn remember_mapping(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
    header_sm3: &[u8; 32],
    mapping: &serde_json::Value,
    by: Option<AccountId>,
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO remembered_mapping
             (supplier, area_id, header_sm3, mapping, decided_by, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (supplier, area_id, header_sm3) DO UPDATE
         SET mapping = excluded.mapping, decided_by = excluded.decided_by,
             decided_at = excluded.decided_at",
        supplier,
        area as AreaId,
        header_sm3.as_slice(),
        mapping,
        by as Option<AccountId>,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
