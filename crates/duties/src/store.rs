//! The statements of this crate.

use std::collections::HashMap;

use db::OrTrouble;
use kernel::{AccountId, AreaId, Day, DutyId, DutyOpening, Fen, Now, PersonId, Role, Trouble};
use sqlx::{PgConnection, query, query_as};

use crate::reconcile::{Standing, StandingState};
use crate::{CalendarDay, CalendarYear, Duty, DutyState, Filter, Outcome, Tally};

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

/// Opens it, or opens it again when it had closed by itself.
pub(crate) async fn open(conn: &mut PgConnection, it: &DutyOpening) -> Result<(), Trouble> {
    query!(
        "INSERT INTO duty (id, kind, person_id, item, cause_code, cause, owner_role, owner_area,
                           opened_on, due_on, amount_fen, monthly_fen, basis, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'open')
         ON CONFLICT (id) DO UPDATE
         SET state = 'open', closed_at = NULL, opened_on = excluded.opened_on,
             due_on = excluded.due_on, cause = excluded.cause, amount_fen = excluded.amount_fen,
             monthly_fen = excluded.monthly_fen
         WHERE duty.state = 'cause_gone'",
        it.id as DutyId,
        it.kind,
        it.person as PersonId,
        it.item,
        it.cause_code,
        it.cause,
        it.owner_role.code(),
        it.owner_area as AreaId,
        it.opened_on as Day,
        it.due_on as Day,
        it.amount_fen as Fen,
        it.monthly_fen as Fen,
        it.basis.as_slice()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// New words and sums for an open duty; its deadline stays.
pub(crate) async fn restate(conn: &mut PgConnection, it: &DutyOpening) -> Result<(), Trouble> {
    query!(
        "UPDATE duty SET cause = $2, amount_fen = $3, monthly_fen = $4, owner_area = $5
         WHERE id = $1 AND state = 'open'",
        it.id as DutyId,
        it.cause,
        it.amount_fen as Fen,
        it.monthly_fen as Fen,
        it.owner_area as AreaId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn cause_gone(
    conn: &mut PgConnection,
    duty: DutyId,
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "UPDATE duty SET state = 'cause_gone', closed_at = $2 WHERE id = $1 AND state = 'open'",
        duty as DutyId,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Closes it if it is open; says whether it was.
pub(crate) async fn decide(
    conn: &mut PgConnection,
    duty: DutyId,
    outcome: &Outcome,
    reason: &str,
    by: AccountId,
    at: Now,
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE duty SET state = $2, outcome = $3, reason = $4, closed_by = $5, closed_at = $6
         WHERE id = $1 AND state = 'open'",
        duty as DutyId,
        outcome.closes_as.code(),
        outcome.id,
        reason,
        by as AccountId,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

struct DutyRow {
    id: DutyId,
    kind: String,
    person: PersonId,
    item: Option<String>,
    cause_code: String,
    cause: String,
    owner_role: String,
    owner_area: AreaId,
    opened_on: Day,
    due_on: Day,
    amount_fen: Fen,
    monthly_fen: Fen,
    state: String,
    outcome: Option<String>,
    reason: Option<String>,
    closed_at: Option<Now>,
    closed_by: Option<String>,
}

impl TryFrom<DutyRow> for Duty {
    type Error = Trouble;

    fn try_from(row: DutyRow) -> Result<Self, Trouble> {
        let state = match (row.state.as_str(), row.closed_at, row.outcome, row.closed_by) {
            ("open", None, None, None) => DutyState::Open,
            ("cause_gone", Some(at), None, None) => DutyState::CauseGone(at),
            ("done" | "waived", Some(at), Some(outcome), Some(by)) => {
                DutyState::Decided { outcome, reason: row.reason.unwrap_or_default(), at, by }
            }
            _ => {
                return Err(Trouble::fault(format!(
                    "duty {}: its state contradicts itself",
                    row.id
                )));
            }
        };
        Ok(Self {
            id: row.id,
            kind: row.kind,
            person: row.person,
            item: row.item,
            cause_code: row.cause_code,
            cause: row.cause,
            owner_role: role(&row.owner_role)?,
            owner_area: row.owner_area,
            opened_on: row.opened_on,
            due_on: row.due_on,
            amount_fen: row.amount_fen,
            monthly_fen: row.monthly_fen,
            state,
        })
    }
}

fn role(code: &str) -> Result<Role, Trouble> {
    Role::from_code(code)
        .ok_or_else(|| Trouble::fault(format!("duty.owner_role {code} is unknown")))
}

pub(crate) async fn open_duties(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Duty>, Trouble> {
    let rows = query_as!(
        DutyRow,
        r#"SELECT d.id AS "id: DutyId", d.kind, d.person_id AS "person: PersonId", d.item,
                  d.cause_code, d.cause, d.owner_role, d.owner_area AS "owner_area: AreaId",
                  d.opened_on AS "opened_on: Day", d.due_on AS "due_on: Day",
                  d.amount_fen AS "amount_fen: Fen",
                  d.monthly_fen AS "monthly_fen: Fen", d.state, d.outcome, d.reason,
                  d.closed_at AS "closed_at: Now", a.name AS "closed_by?"
           FROM duty d JOIN person p ON p.person_id = d.person_id
           LEFT JOIN account a ON a.id = d.closed_by
           WHERE d.state = 'open' AND ($1::text IS NULL OR d.kind = $1)
             AND ($2::text IS NULL OR d.cause_code = $2)
             AND ($3::date IS NULL OR d.due_on <= $3)
             AND ($4::text IS NULL OR d.owner_role = $4)
           ORDER BY d.due_on, d.amount_fen DESC, d.monthly_fen DESC, p.area_pos, p.name_key, d.id
           LIMIT $5 OFFSET $6"#,
        filter.kind,
        filter.cause_code,
        filter.due_by as Option<Day>,
        filter.owner_role.map(Role::code),
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Duty::try_from).collect()
}

pub(crate) async fn count_open(conn: &mut PgConnection) -> Result<i64, Trouble> {
    sqlx::query_scalar!(r#"SELECT count(*) AS "n!" FROM duty WHERE state = 'open'"#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

pub(crate) async fn count_open_of(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, i64>, Trouble> {
    let rows = query!(
        r#"SELECT person_id AS "person: PersonId", count(*) AS "n!"
           FROM duty WHERE state = 'open' AND person_id = ANY($1) GROUP BY person_id"#,
        people as &[PersonId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(|r| (r.person, r.n)).collect())
}

pub(crate) async fn count(conn: &mut PgConnection, filter: &Filter) -> Result<i64, Trouble> {
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM duty
           WHERE state = 'open' AND ($1::text IS NULL OR kind = $1)
             AND ($2::text IS NULL OR cause_code = $2)
             AND ($3::date IS NULL OR due_on <= $3)
             AND ($4::text IS NULL OR owner_role = $4)"#,
        filter.kind,
        filter.cause_code,
        filter.due_by as Option<Day>,
        filter.owner_role.map(Role::code)
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn next_deadline(
    conn: &mut PgConnection,
    after: Day,
) -> Result<Option<Day>, Trouble> {
    sqlx::query_scalar!(
        r#"SELECT min(due_on) AS "day: Day" FROM duty WHERE state = 'open' AND due_on > $1"#,
        after as Day
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn duty(conn: &mut PgConnection, id: DutyId) -> Result<Option<Duty>, Trouble> {
    let row = query_as!(
        DutyRow,
        r#"SELECT d.id AS "id: DutyId", d.kind, d.person_id AS "person: PersonId", d.item,
                  d.cause_code, d.cause, d.owner_role, d.owner_area AS "owner_area: AreaId",
                  d.opened_on AS "opened_on: Day", d.due_on AS "due_on: Day",
                  d.amount_fen AS "amount_fen: Fen",
                  d.monthly_fen AS "monthly_fen: Fen", d.state, d.outcome, d.reason,
                  d.closed_at AS "closed_at: Now", a.name AS "closed_by?"
           FROM duty d LEFT JOIN account a ON a.id = d.closed_by WHERE d.id = $1"#,
        id as DutyId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(Duty::try_from).transpose()
}

pub(crate) async fn duties_of(
    conn: &mut PgConnection,
    person: PersonId,
) -> Result<Vec<Duty>, Trouble> {
    let rows = query_as!(
        DutyRow,
        r#"SELECT d.id AS "id: DutyId", d.kind, d.person_id AS "person: PersonId", d.item,
                  d.cause_code, d.cause, d.owner_role, d.owner_area AS "owner_area: AreaId",
                  d.opened_on AS "opened_on: Day", d.due_on AS "due_on: Day",
                  d.amount_fen AS "amount_fen: Fen",
                  d.monthly_fen AS "monthly_fen: Fen", d.state, d.outcome, d.reason,
                  d.closed_at AS "closed_at: Now", a.name AS "closed_by?"
           FROM duty d LEFT JOIN account a ON a.id = d.closed_by WHERE d.person_id = $1
           ORDER BY d.state = 'open' DESC, d.due_on, d.id LIMIT 200"#,
        person as PersonId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Duty::try_from).collect()
}

/// Waits for whoever reconciles the duties of the area. Held until the transaction ends.
pub(crate) async fn lock(conn: &mut PgConnection, area: AreaId) -> Result<(), Trouble> {
    query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended('duties', $1)) AS "locked!: ()""#,
        area.get()
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(crate) async fn standing(
    conn: &mut PgConnection,
    kinds: &[&str],
) -> Result<Vec<Standing>, Trouble> {
    let kinds: Vec<String> = kinds.iter().map(|k| (*k).to_owned()).collect();
    let rows = query!(
        r#"SELECT id AS "id: DutyId", state, cause, amount_fen AS "amount_fen: Fen",
                  monthly_fen AS "monthly_fen: Fen"
           FROM duty WHERE kind = ANY($1) ORDER BY id"#,
        &kinds
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|r| Standing {
            id: r.id,
            state: match r.state.as_str() {
                "open" => StandingState::Open,
                "cause_gone" => StandingState::CauseGone,
                _ => StandingState::Decided,
            },
            cause: r.cause,
            amount_fen: r.amount_fen,
            monthly_fen: r.monthly_fen,
        })
        .collect())
}

pub(crate) async fn tally(conn: &mut PgConnection, due_by: Day) -> Result<Vec<Tally>, Trouble> {
    let rows = query!(
        r#"SELECT kind, cause_code, owner_role, count(*) AS "count!",
                  count(*) FILTER (WHERE due_on <= $1) AS "due!",
                  sum(amount_fen)::bigint AS "amount_fen!: Fen",
                  sum(monthly_fen)::bigint AS "monthly_fen!: Fen"
           FROM duty WHERE state = 'open'
           GROUP BY kind, cause_code, owner_role ORDER BY kind, cause_code, owner_role LIMIT 500"#,
        due_by as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(Tally {
                kind: r.kind,
                cause_code: r.cause_code,
                owner_role: role(&r.owner_role)?,
                count: r.count,
                due: r.due,
                amount_fen: r.amount_fen,
                monthly_fen: r.monthly_fen,
            })
        })
        .collect()
}
