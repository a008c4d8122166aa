//! The statements of the population, for the engine role.

use db::OrTrouble;
use futures_util::TryStreamExt;
use kernel::{AreaId, Day, Life, PersonId, Trouble};
use policy::register;
use sqlx::{PgConnection, query};

use super::{Said, Subject};
use crate::store::{Stored, value_of};

pub(super) async fn subjects(
    conn: &mut PgConnection,
    lo: i32,
    hi: i32,
) -> Result<Vec<Subject>, Trouble> {
    let mut rows = query!(
        r#"SELECT p.person_id AS "id: PersonId", p.area_id AS "area: AreaId", p.life,
                  c.kind, c.supplier, c.value_text, c.value_int, c.value_day AS "value_day: Day",
                  c.value_area AS "value_area: AreaId", c.valid_from AS "valid_from: Day",
                  c.valid_to AS "valid_to: Day", b.as_of AS "as_of?: Day"
           FROM person p JOIN fact_current c ON c.person_id = p.person_id
           JOIN assertion a ON a.id = c.assertion_id LEFT JOIN batch b ON b.id = a.batch_id
           WHERE p.area_pos >= $1 AND p.area_pos < $2 AND p.listed
           ORDER BY p.person_id, c.kind, c.rank, c.supplier"#,
        lo,
        hi
    )
    .fetch(conn);
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
           WHERE p.area_pos >= $1 AND p.area_pos < $2 AND p.listed
           ORDER BY n.person_id, n.number_index"#,
        lo,
        hi
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.id, r.sealed, r.key_version)).collect())
}
