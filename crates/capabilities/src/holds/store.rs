//! The statement of who is held.

use db::OrTrouble;
use kernel::{Day, Fen, PersonId, Trouble};
use sqlx::{PgConnection, query};

/// 暂缓: somebody who is paid something and is held.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) person: PersonId,
    /// Stored word of the state of life, when a claim of death holds.
    pub(super) life: Option<String>,
    /// Kinds of facts that hold, `hold.…`.
    pub(super) kinds: Vec<String>,
    /// Since when, by the latest.
    pub(super) since: Option<Day>,
    /// Sum a month that rests.
    pub(super) monthly: Fen,
}

pub(super) async fn held(
    conn: &mut PgConnection,
    awards: &[String],
    today: Day,
    limit: i64,
    offset: i64,
) -> Result<Vec<Held>, Trouble> {
    let rows = query!(
        r#"WITH held AS (
               SELECT f.person_id, f.kind, f.valid_from FROM fact_current f
               WHERE f.kind IN ('hold.survival', 'hold.objection', 'hold.decision')
                 AND f.supplier = '' AND f.value_int = 1
               UNION ALL
               SELECT p.person_id, 'life', NULL FROM person p
               WHERE p.listed AND p.life IN ('reported', 'corroborated', 'contradicted')
           ), paid AS (
               SELECT DISTINCT ON (a.person_id, a.kind) a.person_id, a.value_int
               FROM held h JOIN fact_current a ON a.person_id = h.person_id
               WHERE a.kind = ANY($4)
                 AND (a.valid_to IS NULL OR a.valid_to > $1)
               ORDER BY a.person_id, a.kind, a.rank, a.supplier
           ), sums AS (
               SELECT person_id, sum(value_int)::bigint AS monthly FROM paid GROUP BY person_id
           )
           SELECT h.person_id AS "person!: PersonId",
                  CASE WHEN bool_or(h.kind = 'life') THEN p.life END AS life,
                  coalesce(array_agg(h.kind ORDER BY h.kind) FILTER (WHERE h.kind <> 'life'),
                           '{}') AS "kinds!",
                  max(h.valid_from) AS "since: Day", s.monthly AS "monthly!: Fen"
           FROM held h JOIN person p ON p.person_id = h.person_id
           JOIN sums s ON s.person_id = h.person_id
           WHERE s.monthly > 0
           GROUP BY h.person_id, p.life, p.area_pos, p.name_key, s.monthly
           ORDER BY p.area_pos, p.name_key, h.person_id LIMIT $2 OFFSET $3"#,
        today as Day,
        limit,
        offset,
        awards
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| Held {
            person: row.person,
            life: row.life,
            kinds: row.kinds,
            since: row.since,
            monthly: row.monthly,
        })
        .collect())
}
