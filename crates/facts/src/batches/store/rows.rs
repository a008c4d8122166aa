//! The statements over the rows of files.

use db::OrTrouble;
use kernel::{BatchId, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

/// Fills the table of [`make_row_stage`].
pub(in super::super) const COPY_ROWS: &str =
    "COPY stage_row (row_no, outcome, person_id, area_pos, row_key, row_hash, note)
     FROM STDIN (FORMAT binary)";

pub(in super::super) async fn make_row_stage(conn: &mut PgConnection) -> Result<(), Trouble> {
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
pub(in super::super) async fn insert_staged_rows(
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

pub(in super::super) async fn insert_candidate(
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

pub(in super::super) async fn row_hashes(
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

pub(in super::super) async fn person_of_row(
    conn: &mut PgConnection,
    batch: BatchId,
    row_no: i32,
) -> Result<Option<PersonId>, Trouble> {
    let person = query_scalar!(
        r#"SELECT person_id AS "person!: PersonId" FROM batch_row
           WHERE batch_id = $1 AND row_no = $2 AND person_id IS NOT NULL
           UNION ALL
           SELECT person_id FROM desk_row
           WHERE batch_id = $1 AND row_no = $2 AND state IN ('same', 'created')"#,
        batch as BatchId,
        row_no
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(person)
}

/// The newest applied file of each area of this source counts: older desks are history. What a
/// person has decided waits no more.
pub(in super::super) async fn waiting_on_desk(
    conn: &mut PgConnection,
    supplier: &str,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT DISTINCT coalesce(p.merged_into, p.person_id) AS "person!: PersonId"
           FROM desk_candidate d JOIN batch b ON b.id = d.batch_id
           JOIN batch_state s ON s.batch_id = b.id
           JOIN person p ON p.person_id = d.person_id
           LEFT JOIN desk_row r ON r.batch_id = d.batch_id AND r.row_no = d.row_no
           WHERE b.supplier = $1 AND s.state = 'applied'
             AND coalesce(r.state, 'waiting') IN ('waiting', 'asked')
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

pub(in super::super) async fn people_not_in(
    conn: &mut PgConnection,
    batch: BatchId,
    previous: BatchId,
) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT o.person_id AS "person!: PersonId"
           FROM (SELECT person_id FROM batch_row
                 WHERE batch_id = $2 AND person_id IS NOT NULL
                 UNION
                 SELECT person_id FROM desk_row
                 WHERE batch_id = $2 AND state IN ('same', 'created')) o
           WHERE NOT EXISTS (SELECT 1 FROM batch_row n
                             WHERE n.batch_id = $1 AND n.person_id = o.person_id)
             AND NOT EXISTS (SELECT 1 FROM desk_row r
                             WHERE r.batch_id = $1 AND r.person_id = o.person_id)
             AND NOT EXISTS (SELECT 1 FROM desk_candidate d
                             LEFT JOIN desk_row r ON r.batch_id = d.batch_id AND r.row_no = d.row_no
                             WHERE d.batch_id = $1 AND d.person_id = o.person_id
                               AND coalesce(r.state, 'waiting') IN ('waiting', 'asked'))
           ORDER BY 1"#,
        batch as BatchId,
        previous as BatchId
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}
