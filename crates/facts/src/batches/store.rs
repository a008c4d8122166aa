//! The statements over files and their rows.

mod rows;

use db::OrTrouble;
use kernel::{AccountId, AreaId, BatchId, Day, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

pub(super) use rows::{
    COPY_ROWS, insert_candidate, insert_staged_rows, make_row_stage, people_not_in, person_of_row,
    row_hashes, waiting_on_desk,
};

use super::{Accepted, Batch, BatchState, KnownRow, NewBatch, Original};

pub(super) async fn refresh_statistics(conn: &mut PgConnection) -> Result<(), Trouble> {
    query!("SELECT refresh_statistics()").execute(conn).await.or_trouble()?;
    Ok(())
}

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
    decided_reason: String,
    accepted_by: Option<AccountId>,
    accepted_name: Option<String>,
    accepted_at: Option<Now>,
    accepted_reason: Option<String>,
    previous: Option<BatchId>,
    report: Option<Vec<u8>>,
}

impl TryFrom<BatchRow> for Batch {
    type Error = Trouble;

    fn try_from(row: BatchRow) -> Result<Self, Trouble> {
        let broken = |column: &str| {
            Trouble::fault(format!("batch {}: {column} is not as it was written", row.id))
        };
        let accepted = match (row.accepted_by, row.accepted_name, row.accepted_at) {
            (Some(by), Some(name), Some(at)) => {
                Some(Accepted { by, name, at, reason: row.accepted_reason.unwrap_or_default() })
            }
            _ => None,
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
            decided_reason: row.decided_reason,
            accepted,
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
                  s.decided_at AS "decided_at: Now", d.name AS "decided_by?", s.decided_reason,
                  s.accepted_by AS "accepted_by: AccountId", a.name AS "accepted_name?",
                  s.accepted_at AS "accepted_at: Now", s.accepted_reason,
                  s.previous_batch AS "previous: BatchId", s.report
           FROM batch b JOIN batch_state s ON s.batch_id = b.id
           LEFT JOIN account r ON r.id = s.received_by LEFT JOIN account d ON d.id = s.decided_by
           LEFT JOIN account a ON a.id = s.accepted_by
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
                  s.decided_at AS "decided_at: Now", d.name AS "decided_by?", s.decided_reason,
                  s.accepted_by AS "accepted_by: AccountId", a.name AS "accepted_name?",
                  s.accepted_at AS "accepted_at: Now", s.accepted_reason,
                  s.previous_batch AS "previous: BatchId", s.report
           FROM batch b JOIN batch_state s ON s.batch_id = b.id
           LEFT JOIN account r ON r.id = s.received_by LEFT JOIN account d ON d.id = s.decided_by
           LEFT JOIN account a ON a.id = s.accepted_by
           ORDER BY b.id DESC LIMIT $1 OFFSET $2"#,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Batch::try_from).collect()
}

pub(super) async fn accepted(conn: &mut PgConnection) -> Result<Vec<Batch>, Trouble> {
    let ids = query_scalar!(
        r#"SELECT batch_id AS "id: BatchId" FROM batch_state
           WHERE state = 'accepted' ORDER BY accepted_at, batch_id LIMIT 100"#
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        all.extend(batch(conn, id).await?);
    }
    Ok(all)
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
             AND s.state IN ('received', 'staged', 'held', 'accepted', 'applied')
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
             previous_batch = coalesce($6, previous_batch),
             accepted_by = CASE WHEN $4::timestamp IS NULL THEN NULL ELSE accepted_by END,
             accepted_at = CASE WHEN $4 IS NULL THEN NULL ELSE accepted_at END,
             accepted_reason = CASE WHEN $4 IS NULL THEN NULL ELSE accepted_reason END
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

pub(super) async fn accept(
    conn: &mut PgConnection,
    id: BatchId,
    by: AccountId,
    at: Now,
    reason: &str,
) -> Result<(), Trouble> {
    query!(
        "UPDATE batch_state
         SET state = 'accepted', accepted_by = $2, accepted_at = $3, accepted_reason = $4
         WHERE batch_id = $1",
        id as BatchId,
        by as AccountId,
        at as Now,
        reason
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn put_reason(
    conn: &mut PgConnection,
    id: BatchId,
    reason: &str,
) -> Result<(), Trouble> {
    query!("UPDATE batch_state SET decided_reason = $2 WHERE batch_id = $1", id as BatchId, reason)
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

pub(super) async fn read_alike(
    conn: &mut PgConnection,
    batch: BatchId,
    reading_sm3: &[u8; 32],
) -> Result<bool, Trouble> {
    query_scalar!(
        r#"SELECT EXISTS (SELECT FROM batch_state
                          WHERE batch_id = $1 AND reading_sm3 = $2) AS "alike!""#,
        batch as BatchId,
        reading_sm3.as_slice()
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn put_reading(
    conn: &mut PgConnection,
    batch: BatchId,
    reading_sm3: &[u8; 32],
) -> Result<(), Trouble> {
    query!(
        "UPDATE batch_state SET reading_sm3 = $2 WHERE batch_id = $1",
        batch as BatchId,
        reading_sm3.as_slice()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn known_rows(
    conn: &mut PgConnection,
    batch: BatchId,
) -> Result<Vec<KnownRow>, Trouble> {
    let rows = query!(
        r#"SELECT row_key, row_hash, person_id AS "person: PersonId"
           FROM batch_row WHERE batch_id = $1"#,
        batch as BatchId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let broken = |_| Trouble::fault("batch_row holds a hash that is not 16 bytes");
            let key = r.row_key.try_into().map_err(broken)?;
            Ok((key, r.row_hash.try_into().map_err(broken)?, r.person))
        })
        .collect()
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
