//! The statements of who is on the list of a round.

use db::OrTrouble;
use kernel::{AreaId, Day, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as};

/// How many lines were settled in each way; none for those that are open.
pub(super) async fn tally(
    conn: &mut PgConnection,
    round: i64,
) -> Result<Vec<(Option<String>, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT how, count(*) AS "n!" FROM survival_line WHERE round_id = $1
           GROUP BY how ORDER BY how"#,
        round
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.how, row.n)).collect())
}

/// Villages with how many people they still have to look for: area, residue, all.
pub(super) async fn by_village(
    conn: &mut PgConnection,
    round: i64,
    limit: i64,
) -> Result<Vec<(AreaId, i64, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT p.area_id AS "area: AreaId", count(*) AS "all!",
                  count(*) FILTER (WHERE s.how IS NULL OR s.how = 'not_found') AS "open!"
           FROM survival_line s JOIN person p ON p.person_id = s.person_id
           WHERE s.round_id = $1 GROUP BY p.area_id, p.area_pos
           HAVING count(*) FILTER (WHERE s.how IS NULL OR s.how = 'not_found') > 0
           ORDER BY 3 DESC, p.area_pos LIMIT $2"#,
        round,
        limit
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.area, row.open, row.all)).collect())
}

/// A line of the list.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) person: PersonId,
    pub(super) how: Option<String>,
    pub(super) settled_on: Option<Day>,
    pub(super) held_on: Option<Day>,
    pub(super) lifted_on: Option<Day>,
}

/// Which lines: settled in one way, open ones, or all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which<'a> {
    All,
    Open,
    How(&'a str),
}

pub(super) async fn lines(
    conn: &mut PgConnection,
    round: i64,
    which: Which<'_>,
    limit: i64,
    offset: i64,
) -> Result<Vec<Line>, Trouble> {
    let (open, how) = match which {
        Which::All => (false, None),
        Which::Open => (true, None),
        Which::How(how) => (false, Some(how)),
    };
    query_as!(
        Line,
        r#"SELECT s.person_id AS "person: PersonId", s.how, s.settled_on AS "settled_on: Day",
                  s.held_on AS "held_on: Day", s.lifted_on AS "lifted_on: Day"
           FROM survival_line s
           WHERE s.round_id = $1 AND (NOT $2 OR s.how IS NULL) AND ($3::text IS NULL OR s.how = $3)
           ORDER BY s.area_pos, s.person_id LIMIT $4 OFFSET $5"#,
        round,
        open,
        how,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}
