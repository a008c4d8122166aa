//! The statements of the working-day calendar.

use db::OrTrouble;
use kernel::{Day, Trouble};
use sqlx::{PgConnection, query};

use crate::{CalendarDay, CalendarYear};

pub(crate) async fn calendar_years(conn: &mut PgConnection) -> Result<Vec<i16>, Trouble> {
    sqlx::query_scalar!("SELECT year FROM calendar_year ORDER BY year LIMIT 200")
        .fetch_all(conn)
        .await
        .or_trouble()
}

pub(crate) async fn calendar_days(conn: &mut PgConnection) -> Result<Vec<(Day, bool)>, Trouble> {
    let rows =
        query!(r#"SELECT day AS "day: Day", working FROM calendar_day ORDER BY day LIMIT 20000"#)
            .fetch_all(conn)
            .await
            .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.day, r.working)).collect())
}

/// The year and its notice; whoever typed it has not had it checked, whatever stood there before.
pub(crate) async fn put_calendar_year(
    conn: &mut PgConnection,
    year: &CalendarYear,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO calendar_year (year, document, confidence) VALUES ($1, $2, 'entered')
         ON CONFLICT (year) DO UPDATE
         SET document = excluded.document, confidence = excluded.confidence",
        year.year,
        year.document
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn clear_calendar_days(conn: &mut PgConnection, year: i16) -> Result<(), Trouble> {
    query!("DELETE FROM calendar_day WHERE year = $1", year).execute(conn).await.or_trouble()?;
    Ok(())
}

pub(crate) async fn insert_calendar_day(
    conn: &mut PgConnection,
    day: &CalendarDay,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO calendar_day (day, year, working, name) VALUES ($1, $2, $3, $4)",
        day.day as Day,
        day.day.year(),
        day.working,
        day.name
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
