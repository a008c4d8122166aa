//! The statements over what was due and what was paid.

use std::collections::HashMap;

use db::OrTrouble;
use kernel::{AreaId, Day, Fen, Month, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

use super::domain::{Known, Outcome, Part};

/// Somebody who was entitled in a month, with what became of it.
pub(super) struct Line {
    pub(super) person: PersonId,
    pub(super) area_pos: i32,
    pub(super) due: Fen,
    pub(super) outcome: Outcome,
}

/// What a list of people is filtered by.
#[derive(Clone, Debug, Default)]
pub(super) struct Which {
    pub(super) item: String,
    pub(super) month: Option<Month>,
    pub(super) result: Option<&'static str>,
    pub(super) cause: Option<String>,
    /// Within these places.
    pub(super) place: Option<(i32, i32)>,
}

/// What is on record of an item's month about everybody of the scope.
pub(super) async fn known(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
) -> Result<HashMap<PersonId, Known>, Trouble> {
    let mut all: HashMap<PersonId, Known> = HashMap::new();
    for (person, part, returned) in parts(conn, item, month).await? {
        let known = all.entry(person).or_default();
        if returned { known.returned = true } else { known.parts.push(part) }
    }
    let in_run = query_scalar!(
        r#"SELECT l.person_id AS "person: PersonId"
           FROM pay_line l JOIN pay_run r ON r.id = l.run_id
           WHERE r.item = $1 AND r.month = $2 AND l.current_fen > 0
             AND r.state IN ('proposed', 'frozen', 'locked_once', 'refused')"#,
        item,
        month as Month
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    for person in in_run {
        all.entry(person).or_default().in_run = true;
    }
    let held = query!(
        r#"SELECT h.person_id AS "person: PersonId", h.cause
           FROM pay_held h JOIN pay_run r ON r.id = h.run_id
           WHERE r.item = $1 AND r.month = $2 AND r.state <> 'dropped'"#,
        item,
        month as Month
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    for row in held {
        all.entry(row.person).or_default().held = Some(row.cause);
    }
    applied(conn, item, &mut all).await?;
    Ok(all)
}

/// Money that went out for the month, and whether it came back.
async fn parts(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
) -> Result<Vec<(PersonId, Part, bool)>, Trouble> {
    let rows = query!(
        r#"SELECT s.person_id AS "person: PersonId", s.amount_fen,
                  r.state IN ('sent', 'settled') AS "sent!",
                  x.why = 'returned' AS returned, a.at AS "at?: Now"
           FROM pay_segment s JOIN pay_run r ON r.id = s.run_id
           LEFT JOIN pay_release x ON x.person_id = s.person_id AND x.item = s.item
               AND x.month = s.month AND x.sequence = s.sequence
           LEFT JOIN LATERAL (SELECT b.outcome, b.at FROM pay_answer b
               WHERE b.run_id = s.run_id AND b.person_id = s.person_id AND b.version = s.version
               ORDER BY b.no DESC LIMIT 1) a ON a.outcome = 'paid'
           WHERE s.item = $1 AND s.month = $2 AND (x.why IS NULL OR x.why = 'returned')"#,
        item,
        month as Month
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let (amount, paid_on) = (Fen::new(r.amount_fen), r.at.map(Now::day));
            (r.person, Part { amount, paid_on, sent: r.sent }, r.returned == Some(true))
        })
        .collect())
}

/// How far everybody's application is, and what came of looking for them.
async fn applied(
    conn: &mut PgConnection,
    item: &str,
    all: &mut HashMap<PersonId, Known>,
) -> Result<(), Trouble> {
    let cases = query!(
        r#"SELECT DISTINCT ON (person_id) person_id AS "person: PersonId", state
           FROM case_file WHERE flow = 'application' AND item = $1
           ORDER BY person_id, number DESC"#,
        item
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    for row in cases {
        all.entry(row.person).or_default().application = Some(row.state);
    }
    let duties = query!(
        r#"SELECT DISTINCT ON (person_id) person_id AS "person: PersonId",
                  coalesce(outcome, '') AS "outcome!"
           FROM duty WHERE kind = 'unclaimed_entitlement' AND item = $1 AND state <> 'cause_gone'
           ORDER BY person_id, opened_on DESC, id"#,
        item
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    for row in duties {
        all.entry(row.person).or_default().asked = Some(row.outcome);
    }
    Ok(())
}

/// Writes an item's month anew, for everybody of the scope.
pub(super) async fn write(
    conn: &mut PgConnection,
    (item, month, area): (&str, Month, AreaId),
    lines: &[Line],
    at: Now,
) -> Result<(), Trouble> {
    query!("DELETE FROM on_time_line WHERE item = $1 AND month = $2", item, month as Month)
        .execute(&mut *conn)
        .await
        .or_trouble()?;
    let people: Vec<uuid::Uuid> = lines.iter().map(|line| line.person.get()).collect();
    let places: Vec<i32> = lines.iter().map(|line| line.area_pos).collect();
    let due: Vec<i64> = lines.iter().map(|line| line.due.get()).collect();
    let paid: Vec<i64> = lines.iter().map(|line| line.outcome.paid.get()).collect();
    let paid_on: Vec<Option<Day>> = lines.iter().map(|line| line.outcome.paid_on).collect();
    let results: Vec<String> =
        lines.iter().map(|line| line.outcome.result.code().to_owned()).collect();
    let causes: Vec<String> = lines.iter().map(|line| line.outcome.cause.to_owned()).collect();
    query!(
        "INSERT INTO on_time_line (item, month, person_id, area_pos, due_fen, paid_fen, paid_on,
                                   result, cause)
         SELECT $1, $2, u.* FROM unnest($3::uuid[], $4::integer[], $5::bigint[], $6::bigint[],
                                        $7::date[], $8::text[], $9::text[]) u",
        item,
        month as Month,
        &people,
        &places,
        &due,
        &paid,
        &paid_on as &[Option<Day>],
        &results,
        &causes
    )
    .execute(&mut *conn)
    .await
    .or_trouble()?;
    let mark = mark(&mut *conn, item, month, area).await?;
    query!(
        "INSERT INTO on_time_month (item, month, area_id, counted_at, mark)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (item, month, area_id) DO UPDATE
         SET counted_at = excluded.counted_at, mark = excluded.mark",
        item,
        month as Month,
        area as AreaId,
        at as Now,
        mark
    )
    .execute(conn)
    .await
    .or_trouble()
    .map(drop)
}

/// The newest number of the runs and answers that a month's outcome can follow from.
async fn mark(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
    area: AreaId,
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT greatest(
               (SELECT max(m.mark) FROM pay_run_move m JOIN pay_run r ON r.id = m.run_id
                WHERE r.item = $1 AND r.month >= $2 AND r.area_id = $3),
               (SELECT max(a.mark) FROM pay_answer a JOIN pay_run r ON r.id = a.run_id
                WHERE r.item = $1 AND r.month >= $2 AND r.area_id = $3), 0) AS "mark!""#,
        item,
        month as Month,
        area as AreaId
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// Months that have a run and were not counted since it moved last or the bank answered.
pub(super) async fn stale(
    conn: &mut PgConnection,
    area: AreaId,
    since: Month,
) -> Result<Vec<(String, Month)>, Trouble> {
    let runs = query!(
        r#"SELECT DISTINCT r.item, r.month AS "month: Month", t.mark AS "counted?"
           FROM pay_run r
           LEFT JOIN on_time_month t
               ON t.item = r.item AND t.month = r.month AND t.area_id = r.area_id
           WHERE r.area_id = $1 AND r.month >= $2 AND r.state <> 'dropped' ORDER BY 1, 2"#,
        area as AreaId,
        since as Month
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    let mut stale = Vec::new();
    for run in runs {
        let newest = mark(&mut *conn, &run.item, run.month, area).await?;
        if run.counted.is_none_or(|counted| newest > counted) {
            stale.push((run.item, run.month));
        }
    }
    Ok(stale)
}

/// When a month of an area was counted last, and whether its runs have moved since, as far as the
/// reader sees them.
pub(super) async fn counted(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
    area: AreaId,
) -> Result<Option<(Now, bool)>, Trouble> {
    let counted = query!(
        r#"SELECT counted_at AS "at: Now", mark FROM on_time_month
           WHERE item = $1 AND month = $2 AND area_id = $3"#,
        item,
        month as Month,
        area as AreaId
    )
    .fetch_optional(&mut *conn)
    .await
    .or_trouble()?;
    let Some(counted) = counted else { return Ok(None) };
    let newest = mark(conn, item, month, area).await?;
    Ok(Some((counted.at, newest > counted.mark)))
}

/// Counts of an item by month and result, newest month first.
pub(super) async fn history(
    conn: &mut PgConnection,
    item: &str,
    since: Month,
) -> Result<Vec<(Month, String, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT month AS "month: Month", result, count(*) AS "count!" FROM on_time_line
           WHERE item = $1 AND month >= $2 GROUP BY month, result ORDER BY month DESC, result"#,
        item,
        since as Month
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.month, r.result, r.count)).collect())
}

/// People, what was due and what was paid, by result and cause.
pub(super) struct CauseSum {
    pub(super) result: String,
    pub(super) cause: String,
    pub(super) people: i64,
    pub(super) due: Fen,
    pub(super) paid: Fen,
}

pub(super) async fn causes(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
) -> Result<Vec<CauseSum>, Trouble> {
    let rows = query!(
        r#"SELECT result, cause, count(*) AS "people!", sum(due_fen)::bigint AS "due!",
                  sum(paid_fen)::bigint AS "paid!"
           FROM on_time_line WHERE item = $1 AND month = $2
           GROUP BY result, cause ORDER BY count(*) DESC, result, cause"#,
        item,
        month as Month
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| CauseSum {
            result: r.result,
            cause: r.cause,
            people: r.people,
            due: Fen::new(r.due),
            paid: Fen::new(r.paid),
        })
        .collect())
}

/// Counts of a month by place and result.
pub(super) async fn places(
    conn: &mut PgConnection,
    item: &str,
    month: Month,
) -> Result<Vec<(i32, String, i64)>, Trouble> {
    let rows = query!(
        r#"SELECT area_pos, result, count(*) AS "count!" FROM on_time_line
           WHERE item = $1 AND month = $2 GROUP BY area_pos, result ORDER BY area_pos, result"#,
        item,
        month as Month
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.area_pos, r.result, r.count)).collect())
}

/// Somebody on a list.
pub(super) struct Row {
    pub(super) person: PersonId,
    pub(super) month: Month,
    pub(super) due: Fen,
    pub(super) paid: Fen,
    pub(super) paid_on: Option<Day>,
    pub(super) result: String,
    pub(super) cause: String,
}

pub(super) async fn rows(
    conn: &mut PgConnection,
    which: &Which,
    limit: i64,
    offset: i64,
) -> Result<Vec<Row>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", month AS "month: Month", due_fen, paid_fen,
                  paid_on AS "paid_on: Day", result, cause
           FROM on_time_line
           WHERE item = $1 AND ($2::date IS NULL OR month = $2)
             AND ($3::text IS NULL OR result = $3) AND ($4::text IS NULL OR cause = $4)
             AND ($5::integer IS NULL OR area_pos >= $5 AND area_pos < $6)
           ORDER BY month DESC, area_pos, person_id LIMIT $7 OFFSET $8"#,
        which.item,
        which.month as Option<Month>,
        which.result,
        which.cause,
        which.place.map(|(lo, _)| lo),
        which.place.map(|(_, hi)| hi),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| Row {
            person: r.person,
            month: r.month,
            due: Fen::new(r.due_fen),
            paid: Fen::new(r.paid_fen),
            paid_on: r.paid_on,
            result: r.result,
            cause: r.cause,
        })
        .collect())
}

pub(super) async fn count_rows(conn: &mut PgConnection, which: &Which) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "count!" FROM on_time_line
           WHERE item = $1 AND ($2::date IS NULL OR month = $2)
             AND ($3::text IS NULL OR result = $3) AND ($4::text IS NULL OR cause = $4)
             AND ($5::integer IS NULL OR area_pos >= $5 AND area_pos < $6)"#,
        which.item,
        which.month as Option<Month>,
        which.result,
        which.cause,
        which.place.map(|(lo, _)| lo),
        which.place.map(|(_, hi)| hi)
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}
