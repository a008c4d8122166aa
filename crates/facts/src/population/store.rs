//! The statements of the population, for the engine role.

use db::OrTrouble;
use futures_util::{Stream, TryStreamExt};
use kernel::{AreaId, AssertionId, BatchId, Day, Life, PersonId, Trouble};
use policy::register;
use sqlx::{PgConnection, query, query_as, query_scalar};

use super::{Said, SourceFile, Subject};
use crate::merge::LAST_RANK;
use crate::store::{Stored, value_of};

struct SaidRow {
    id: PersonId,
    area: AreaId,
    life: String,
    kind: String,
    supplier: String,
    value_text: Option<String>,
    value_int: Option<i64>,
    value_day: Option<Day>,
    value_area: Option<AreaId>,
    valid_from: Day,
    valid_to: Option<Day>,
    as_of: Option<Day>,
    gone: bool,
}

pub(super) async fn subjects(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
) -> Result<Vec<Subject>, Trouble> {
    let rows = query_as!(
        SaidRow,
        r#"SELECT p.person_id AS "id: PersonId", p.area_id AS "area: AreaId", p.life,
                  c.kind, c.supplier, c.value_text, c.value_int, c.value_day AS "value_day: Day",
                  c.value_area AS "value_area: AreaId", c.valid_from AS "valid_from: Day",
                  c.valid_to AS "valid_to: Day", b.as_of AS "as_of?: Day",
                  coalesce(a.row_no = 0, false) AS "gone!"
           FROM person p JOIN fact_current c ON c.person_id = p.person_id
           JOIN assertion a ON a.id = c.assertion_id LEFT JOIN batch b ON b.id = a.batch_id
           WHERE p.area_pos >= $1 AND p.area_pos < $2 AND p.listed
           ORDER BY p.person_id, c.kind, c.rank, c.supplier"#,
        lo,
        hi
    )
    .fetch(conn);
    gather(rows).await
}

pub(super) async fn subjects_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<Subject>, Trouble> {
    let people: Vec<uuid::Uuid> = people.iter().map(|person| person.get()).collect();
    let rows = query_as!(
        SaidRow,
        r#"SELECT p.person_id AS "id: PersonId", p.area_id AS "area: AreaId", p.life,
                  c.kind, c.supplier, c.value_text, c.value_int, c.value_day AS "value_day: Day",
                  c.value_area AS "value_area: AreaId", c.valid_from AS "valid_from: Day",
                  c.valid_to AS "valid_to: Day", b.as_of AS "as_of?: Day",
                  coalesce(a.row_no = 0, false) AS "gone!"
           FROM person p JOIN fact_current c ON c.person_id = p.person_id
           JOIN assertion a ON a.id = c.assertion_id LEFT JOIN batch b ON b.id = a.batch_id
           WHERE p.person_id = ANY($1) AND p.listed
           ORDER BY p.person_id, c.kind, c.rank, c.supplier"#,
        &people
    )
    .fetch(conn);
    gather(rows).await
}

pub(super) async fn standing_of(
    conn: &mut PgConnection,
    supplier: &str,
    lo: i32,
    hi: i32,
) -> Result<Vec<Subject>, Trouble> {
    let rows = query_as!(
        SaidRow,
        r#"SELECT p.person_id AS "id: PersonId", p.area_id AS "area: AreaId", p.life,
                  c.kind, c.supplier, c.value_text, c.value_int, c.value_day AS "value_day: Day",
                  c.value_area AS "value_area: AreaId", c.valid_from AS "valid_from: Day",
                  c.valid_to AS "valid_to: Day", b.as_of AS "as_of?: Day",
                  coalesce(a.row_no = 0, false) AS "gone!"
           FROM person p JOIN fact_current c ON c.person_id = p.person_id
           JOIN assertion a ON a.id = c.assertion_id LEFT JOIN batch b ON b.id = a.batch_id
           WHERE c.supplier = $1 AND c.valid_to IS NULL
             AND p.area_pos >= $2 AND p.area_pos < $3 AND p.listed
           ORDER BY p.person_id, c.kind, c.rank"#,
        supplier,
        lo,
        hi
    )
    .fetch(conn);
    gather(rows).await
}

/// What [`subjects`] read when `mark` was the newest number: cards as they were, each with the last
/// word of every source that stood then, also about who had been merged into them.
pub(super) async fn subjects_as_of(
    conn: &mut PgConnection,
    (lo, hi): (i32, i32),
    mark: AssertionId,
    (suppliers, ranks): (&[String], &[i16]),
) -> Result<Vec<Subject>, Trouble> {
    let rows = query_as!(
        SaidRow,
        r#"WITH was AS MATERIALIZED (
               SELECT DISTINCT ON (person_id) person_id, area_id, life, listed, merged_into
               FROM person_was WHERE id > $3 ORDER BY person_id, id
           ), card AS MATERIALIZED (
               SELECT p.person_id, p.area_id, p.area_pos, p.life, p.listed, p.merged_into
               FROM person p
               WHERE NOT EXISTS (SELECT 1 FROM was w WHERE w.person_id = p.person_id)
               UNION ALL
               SELECT w.person_id, w.area_id, pos.lo, w.life, w.listed, w.merged_into
               FROM was w JOIN area_position pos USING (area_id)
           ), member AS MATERIALIZED (
               SELECT m.person_id AS member_id, c.person_id, c.area_id, c.life
               FROM card c JOIN card m ON coalesce(m.merged_into, m.person_id) = c.person_id
               WHERE c.area_pos >= $1 AND c.area_pos < $2 AND c.listed
           ), newest AS (
               SELECT m.person_id, m.area_id, m.life, a.kind,
                      coalesce(b.supplier, '') COLLATE "C" AS supplier, max(a.id) AS id
               FROM member m JOIN assertion a ON a.person_id = m.member_id
               LEFT JOIN batch b ON b.id = a.batch_id
               WHERE a.id <= $3 AND a.retracts IS NULL
                 AND NOT EXISTS (SELECT 1 FROM assertion t WHERE t.retracts = a.id AND t.id <= $3)
               GROUP BY 1, 2, 3, 4, 5
           )
           SELECT n.person_id AS "id!: PersonId", n.area_id AS "area!: AreaId", n.life AS "life!",
                  n.kind AS "kind!", n.supplier AS "supplier!", a.value_text, a.value_int,
                  a.value_day AS "value_day: Day", a.value_area AS "value_area: AreaId",
                  a.valid_from AS "valid_from: Day", a.valid_to AS "valid_to: Day",
                  b.as_of AS "as_of?: Day", coalesce(a.row_no = 0, false) AS "gone!"
           FROM newest n JOIN assertion a ON a.id = n.id LEFT JOIN batch b ON b.id = a.batch_id
           LEFT JOIN unnest($4::text[], $5::smallint[]) AS r (supplier, rank)
                  ON r.supplier = b.supplier
           ORDER BY n.person_id, n.kind,
                    CASE WHEN b.id IS NULL THEN 0 ELSE coalesce(r.rank, $6) END, n.supplier"#,
        lo,
        hi,
        mark as AssertionId,
        suppliers,
        ranks,
        LAST_RANK
    )
    .fetch(conn);
    gather(rows).await
}

/// The people of rows that are ordered by person.
async fn gather(
    mut rows: impl Stream<Item = Result<SaidRow, sqlx::Error>> + Unpin,
) -> Result<Vec<Subject>, Trouble> {
    let mut subjects: Vec<Subject> = Vec::new();
    while let Some(r) = rows.try_next().await.or_trouble()? {
        if subjects.last().is_none_or(|last| last.id != r.id) {
            let life = Life::from_code(&r.life)
                .ok_or_else(|| Trouble::fault(format!("person.life of {} is unknown", r.id)))?;
            subjects.push(Subject { id: r.id, area: r.area, life, said: Vec::with_capacity(8) });
        }
        let Some(kind) = register::kind_of(&r.kind) else {
            return Err(Trouble::fault(format!("fact_current.kind {} is not registered", r.kind)));
        };
        let stored =
            Stored { text: r.value_text, int: r.value_int, day: r.value_day, area: r.value_area };
        let said = Said {
            kind: kind.id,
            supplier: r.supplier,
            value: value_of(kind.id, stored)?,
            from: r.valid_from,
            to: r.valid_to,
            as_of: r.as_of,
            gone: r.gone && r.valid_to.is_some(),
        };
        if let Some(last) = subjects.last_mut() {
            last.said.push(said);
        }
    }
    Ok(subjects)
}

/// Whose number, sealed, by which version of the key.
pub(super) type SealedNumber = (PersonId, Vec<u8>, i16);

pub(super) async fn sealed_numbers(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
) -> Result<Vec<SealedNumber>, Trouble> {
    let rows = query!(
        r#"SELECT DISTINCT ON (n.person_id) n.person_id AS "id: PersonId", n.sealed, n.key_version
           FROM person p JOIN person_number n ON n.person_id = p.person_id
           WHERE p.area_pos >= $1 AND p.area_pos < $2 AND p.listed AND n.standing <> 'withdrawn'
           ORDER BY n.person_id, (n.standing = 'own') DESC, n.number_index"#,
        lo,
        hi
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.id, r.sealed, r.key_version)).collect())
}

pub(super) async fn sealed_numbers_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<Vec<SealedNumber>, Trouble> {
    let rows = query!(
        r#"SELECT DISTINCT ON (n.person_id) n.person_id AS "id: PersonId", n.sealed, n.key_version
           FROM person_number n
           WHERE n.person_id = ANY($1) AND n.standing <> 'withdrawn'
           ORDER BY n.person_id, (n.standing = 'own') DESC, n.number_index"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.id, r.sealed, r.key_version)).collect())
}

pub(super) async fn source_files(conn: &mut PgConnection) -> Result<Vec<SourceFile>, Trouble> {
    query_as!(
        SourceFile,
        r#"SELECT supplier, area_id AS "area: AreaId", batch_id AS "batch: BatchId",
                  as_of AS "as_of: Day"
           FROM source_file ORDER BY supplier, area_id"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

pub(super) async fn forget_source_file(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<(), Trouble> {
    query!(
        "DELETE FROM source_file WHERE supplier = $1 AND area_id = $2",
        supplier,
        area as AreaId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn note_source_file(
    conn: &mut PgConnection,
    supplier: &str,
    area: AreaId,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO source_file (supplier, area_id, batch_id, as_of)
         SELECT b.supplier, b.area_id, b.id, b.as_of
         FROM batch b JOIN batch_state s ON s.batch_id = b.id
         WHERE b.supplier = $1 AND b.area_id = $2 AND s.state = 'applied'
         ORDER BY s.decided_at DESC, b.id DESC LIMIT 1",
        supplier,
        area as AreaId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// People about whom a row of the newest file of these sources waits for a person to look.
pub(super) async fn waiting_in(
    conn: &mut PgConnection,
    suppliers: &[String],
) -> Result<Vec<(String, PersonId)>, Trouble> {
    let rows = query!(
        r#"SELECT f.supplier, d.person_id AS "person: PersonId"
           FROM source_file f JOIN desk_candidate d ON d.batch_id = f.batch_id
           WHERE f.supplier = ANY($1) AND NOT d.settled"#,
        suppliers
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.supplier, r.person)).collect())
}

/// What [`source_files`] read when `mark` was the newest number.
pub(super) async fn source_files_as_of(
    conn: &mut PgConnection,
    mark: AssertionId,
) -> Result<Vec<SourceFile>, Trouble> {
    query_as!(
        SourceFile,
        r#"SELECT f.supplier AS "supplier!", f.area_id AS "area!: AreaId",
                  f.batch_id AS "batch!: BatchId", f.as_of AS "as_of!: Day"
           FROM (SELECT DISTINCT ON (supplier, area_id) supplier, area_id, batch_id, as_of
                 FROM source_file_since WHERE id <= $1
                 ORDER BY supplier, area_id, id DESC) f
           WHERE f.batch_id IS NOT NULL ORDER BY f.supplier, f.area_id"#,
        mark as AssertionId
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// What [`waiting_in`] read of these files when `mark` was the newest number.
pub(super) async fn waiting_as_of(
    conn: &mut PgConnection,
    (suppliers, batches): (&[String], &[BatchId]),
    mark: AssertionId,
) -> Result<Vec<(String, PersonId)>, Trouble> {
    let rows = query!(
        r#"SELECT f.supplier AS "supplier!", d.person_id AS "person: PersonId"
           FROM unnest($1::text[], $2::bigint[]) AS f (supplier, batch_id)
           JOIN desk_candidate d ON d.batch_id = f.batch_id
           WHERE NOT coalesce((SELECT s.settled FROM desk_settled_since s
                               WHERE s.batch_id = d.batch_id AND s.row_no = d.row_no AND s.id <= $3
                               ORDER BY s.id DESC LIMIT 1), false)"#,
        suppliers,
        batches as &[BatchId],
        mark as AssertionId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.supplier, r.person)).collect())
}

pub(super) async fn high_water(
    conn: &mut PgConnection,
    patience_ms: i32,
) -> Result<Option<AssertionId>, Trouble> {
    query_scalar!(r#"SELECT high_water($1) AS "mark: AssertionId""#, patience_ms)
        .fetch_one(conn)
        .await
        .or_trouble()
}
