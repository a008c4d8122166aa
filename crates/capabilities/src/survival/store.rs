//! The statements of a round that runs.

use db::OrTrouble;
use kernel::{AreaId, Day, Month, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use crate::surviving::Round;

pub(super) async fn insert(
    conn: &mut PgConnection,
    it: &Round,
    (lo, hi): (i32, i32),
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"INSERT INTO survival_round (area_id, area_lo, area_hi, month, traces_from, opened_on,
                                       ends_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"#,
        it.area as AreaId,
        lo,
        hi,
        it.month as Month,
        it.traces_from as Day,
        it.opened_on as Day,
        it.ends_on as Day
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(super) async fn close(conn: &mut PgConnection, round: i64, at: Now) -> Result<(), Trouble> {
    query!("UPDATE survival_round SET closed_at = $2 WHERE id = $1", round, at as Now)
        .execute(conn)
        .await
        .or_trouble()?;
    Ok(())
}

/// Puts people on the list of a round, with how they are verified where that is known.
pub(super) async fn put(
    conn: &mut PgConnection,
    round: i64,
    lines: &[(PersonId, Option<(&str, Day)>)],
) -> Result<(), Trouble> {
    let people: Vec<PersonId> = lines.iter().map(|line| line.0).collect();
    let how: Vec<Option<String>> =
        lines.iter().map(|line| line.1.map(|(how, _)| how.to_owned())).collect();
    let days: Vec<Option<Day>> = lines.iter().map(|line| line.1.map(|(_, day)| day)).collect();
    query!(
        "INSERT INTO survival_line (round_id, person_id, area_pos, how, settled_on)
         SELECT $1, l.person_id, p.area_pos, l.how, l.settled_on
         FROM unnest($2::uuid[], $3::text[], $4::date[]) AS l(person_id, how, settled_on)
         JOIN person p ON p.person_id = l.person_id
         ON CONFLICT (round_id, person_id) DO NOTHING",
        round,
        &people as &[PersonId],
        &how as &[Option<String>],
        &days as &[Option<Day>]
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// A line that is not settled, or that is settled and holds the payment.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub(super) person: PersonId,
    pub(super) how: Option<String>,
    pub(super) held: bool,
}

pub(super) async fn open(conn: &mut PgConnection, round: i64) -> Result<Vec<Open>, Trouble> {
    query_as!(
        Open,
        r#"SELECT person_id AS "person: PersonId", how,
                  (held_on IS NOT NULL AND lifted_on IS NULL) AS "held!"
           FROM survival_line
           WHERE round_id = $1
             AND (how IS NULL OR how = 'not_found' OR (held_on IS NOT NULL AND lifted_on IS NULL))
           ORDER BY person_id"#,
        round
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// What villages answered since a day: person, outcome and day.
pub(super) async fn answers(
    conn: &mut PgConnection,
    kind: &str,
    since: Day,
) -> Result<Vec<(PersonId, String, Day)>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", outcome AS "outcome!",
                  closed_at::date AS "day!: Day"
           FROM duty WHERE kind = $1 AND state = 'done' AND opened_on >= $2 ORDER BY closed_at"#,
        kind,
        since as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|row| (row.person, row.outcome, row.day)).collect())
}

/// Settles lines: who, how, and on which day.
pub(super) async fn settle(
    conn: &mut PgConnection,
    round: i64,
    lines: &[(PersonId, &str, Day)],
) -> Result<(), Trouble> {
    let people: Vec<PersonId> = lines.iter().map(|line| line.0).collect();
    let how: Vec<String> = lines.iter().map(|line| line.1.to_owned()).collect();
    let days: Vec<Day> = lines.iter().map(|line| line.2).collect();
    query!(
        "UPDATE survival_line s SET how = l.how, settled_on = l.settled_on
         FROM unnest($2::uuid[], $3::text[], $4::date[]) AS l(person_id, how, settled_on)
         WHERE s.round_id = $1 AND s.person_id = l.person_id",
        round,
        &people as &[PersonId],
        &how,
        &days as &[Day]
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Notes since when lines hold, or since when they do not any more.
pub(super) async fn hold(
    conn: &mut PgConnection,
    round: i64,
    people: &[PersonId],
    on: Day,
) -> Result<(), Trouble> {
    query!(
        "UPDATE survival_line SET held_on = $3, lifted_on = NULL
         WHERE round_id = $1 AND person_id = ANY($2)",
        round,
        people as &[PersonId],
        on as Day
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn lift(
    conn: &mut PgConnection,
    round: i64,
    people: &[PersonId],
    on: Day,
) -> Result<(), Trouble> {
    query!(
        "UPDATE survival_line SET lifted_on = $3 WHERE round_id = $1 AND person_id = ANY($2)",
        round,
        people as &[PersonId],
        on as Day
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
