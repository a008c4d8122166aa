//! The statements of the population, for the engine role.

use db::OrTrouble;
use futures_util::{Stream, TryStreamExt};
use kernel::{AreaId, BatchId, Day, Life, PersonId, Trouble};
use policy::register;
use sqlx::{PgConnection, query, query_as};

use super::{Said, SourceFile, Subject};
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

pub(super) async fn sealed_numbers(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
) -> Result<Vec<(PersonId, Vec<u8>, i16)>, Trouble> {
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
