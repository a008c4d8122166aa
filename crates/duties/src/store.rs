//! The statements of this crate.

pub(crate) mod calendar;

use std::collections::HashMap;

use db::OrTrouble;
use kernel::{AccountId, AreaId, Day, DutyId, DutyOpening, Fen, Now, PersonId, Role, Trouble};
use sqlx::{PgConnection, query, query_as};

use crate::reconcile::{Standing, StandingState};
use crate::{Duty, DutyState, Filter, Outcome, Tally, Who};

/// Opens them, or opens again those that had closed by themselves.
pub(crate) async fn open(conn: &mut PgConnection, all: &[&DutyOpening]) -> Result<(), Trouble> {
    if all.is_empty() {
        return Ok(());
    }
    query!(
        "INSERT INTO duty (id, kind, person_id, item, cause_code, cause, owner_role, owner_area,
                           opened_on, due_on, amount_fen, monthly_fen, basis, state)
         SELECT o.*, 'open'
         FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                     $7::text[], $8::bigint[], $9::date[], $10::date[], $11::bigint[],
                     $12::bigint[], $13::bytea[]) AS o
         ON CONFLICT (id) DO UPDATE
         SET state = 'open', closed_at = NULL, opened_on = excluded.opened_on,
             due_on = excluded.due_on, cause = excluded.cause, amount_fen = excluded.amount_fen,
             monthly_fen = excluded.monthly_fen
         WHERE duty.state = 'cause_gone'",
        &each(all, |it| it.id) as &[DutyId],
        &each(all, |it| it.kind.to_owned()),
        &each(all, |it| it.person) as &[PersonId],
        &each(all, |it| it.item.clone()) as &[Option<String>],
        &each(all, |it| it.cause_code.clone()),
        &each(all, |it| it.cause.clone()),
        &each(all, |it| it.owner_role.code().to_owned()),
        &each(all, |it| it.owner_area) as &[AreaId],
        &each(all, |it| it.opened_on) as &[Day],
        &each(all, |it| it.due_on) as &[Day],
        &each(all, |it| it.amount_fen) as &[Fen],
        &each(all, |it| it.monthly_fen) as &[Fen],
        &each(all, |it| it.basis.to_vec())
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

fn each<T>(all: &[&DutyOpening], part: impl Fn(&DutyOpening) -> T) -> Vec<T> {
    all.iter().map(|it| part(it)).collect()
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
    duties: &[DutyId],
    at: Now,
) -> Result<(), Trouble> {
    if duties.is_empty() {
        return Ok(());
    }
    query!(
        "UPDATE duty SET state = 'cause_gone', closed_at = $2
         WHERE id = ANY($1) AND state = 'open'",
        duties as &[DutyId],
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

/// A filter as the statements take it.
struct Asked<'a> {
    owner: Option<&'static str>,
    area: (Option<i32>, Option<i32>),
    name: Option<(&'a str, String)>,
    initials: Option<(&'a str, String)>,
    people: Option<&'a [PersonId]>,
}

impl<'a> Asked<'a> {
    fn of(filter: &'a Filter) -> Self {
        let range = |text: &'a String| (text.as_str(), format!("{text}\u{10FFFF}"));
        let mut asked = Self {
            owner: filter.owner_role.map(Role::code),
            area: filter.area.unzip(),
            name: None,
            initials: None,
            people: None,
        };
        match &filter.who {
            Some(Who::Name(text)) => asked.name = Some(range(text)),
            Some(Who::Initials(text)) => asked.initials = Some(range(text)),
            Some(Who::People(people)) => asked.people = Some(people),
            None => {}
        }
        asked
    }
}

pub(crate) async fn open_duties(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Duty>, Trouble> {
    let asked = Asked::of(filter);
    let rows = query_as!(
        DutyRow,
        r#"SELECT d.id AS "id: DutyId", d.kind, d.person_id AS "person: PersonId", d.item,
                  d.cause_code, d.cause, d.owner_role, d.owner_area AS "owner_area: AreaId",
                  d.opened_on AS "opened_on: Day", d.due_on AS "due_on: Day",
                  d.amount_fen AS "amount_fen: Fen",
                  d.monthly_fen AS "monthly_fen: Fen", d.state, d.outcome, d.reason,
                  d.closed_at AS "closed_at: Now", NULL::text AS closed_by
           FROM duty d JOIN person p ON p.person_id = d.person_id
           WHERE d.state = 'open' AND ($1::text IS NULL OR d.kind = $1)
             AND ($2::text IS NULL OR d.cause_code = $2)
             AND ($3::text IS NULL OR d.item = $3)
             AND ($4::date IS NULL OR d.due_on <= $4)
             AND ($5::text IS NULL OR d.owner_role = $5)
             AND ($6::integer IS NULL OR p.area_pos >= $6)
             AND ($7::integer IS NULL OR p.area_pos < $7)
             AND ($8::text IS NULL OR p.name_key >= $8 AND p.name_key < $9)
             AND ($10::text IS NULL OR p.initials >= $10 AND p.initials < $11)
             AND ($12::uuid[] IS NULL OR p.person_id = ANY($12))
           ORDER BY CASE $13::text
                      WHEN 'urgent' THEN (d.due_on > $14)::integer + (d.due_on > $15)::integer
                      WHEN 'due' THEN d.due_on - DATE '2000-01-01'
                      WHEN 'waiting' THEN d.opened_on - DATE '2000-01-01'
                      WHEN 'age' THEN p.birth_date - DATE '2000-01-01'
                    END,
                    abs(d.amount_fen) + abs(d.monthly_fen) DESC, p.birth_date, d.due_on, d.id
           LIMIT $16 OFFSET $17"#,
        filter.kind,
        filter.cause_code,
        filter.item,
        filter.due_by as Option<Day>,
        asked.owner,
        asked.area.0,
        asked.area.1,
        asked.name.as_ref().map(|it| it.0),
        asked.name.as_ref().map(|it| it.1.as_str()),
        asked.initials.as_ref().map(|it| it.0),
        asked.initials.as_ref().map(|it| it.1.as_str()),
        asked.people as Option<&[PersonId]>,
        filter.order.code(),
        filter.order.days().map(|it| it.0) as Option<Day>,
        filter.order.days().map(|it| it.1) as Option<Day>,
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
    let asked = Asked::of(filter);
    sqlx::query_scalar!(
        r#"SELECT count(*) AS "n!" FROM duty d JOIN person p ON p.person_id = d.person_id
           WHERE d.state = 'open' AND ($1::text IS NULL OR d.kind = $1)
             AND ($2::text IS NULL OR d.cause_code = $2)
             AND ($3::text IS NULL OR d.item = $3)
             AND ($4::date IS NULL OR d.due_on <= $4)
             AND ($5::text IS NULL OR d.owner_role = $5)
             AND ($6::integer IS NULL OR p.area_pos >= $6)
             AND ($7::integer IS NULL OR p.area_pos < $7)
             AND ($8::text IS NULL OR p.name_key >= $8 AND p.name_key < $9)
             AND ($10::text IS NULL OR p.initials >= $10 AND p.initials < $11)
             AND ($12::uuid[] IS NULL OR p.person_id = ANY($12))"#,
        filter.kind,
        filter.cause_code,
        filter.item,
        filter.due_by as Option<Day>,
        asked.owner,
        asked.area.0,
        asked.area.1,
        asked.name.as_ref().map(|it| it.0),
        asked.name.as_ref().map(|it| it.1.as_str()),
        asked.initials.as_ref().map(|it| it.0),
        asked.initials.as_ref().map(|it| it.1.as_str()),
        asked.people as Option<&[PersonId]>
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn beside(conn: &mut PgConnection, duty: DutyId) -> Result<Vec<Duty>, Trouble> {
    let rows = query_as!(
        DutyRow,
        r#"SELECT d.id AS "id: DutyId", d.kind, d.person_id AS "person: PersonId", d.item,
                  d.cause_code, d.cause, d.owner_role, d.owner_area AS "owner_area: AreaId",
                  d.opened_on AS "opened_on: Day", d.due_on AS "due_on: Day",
                  d.amount_fen AS "amount_fen: Fen",
                  d.monthly_fen AS "monthly_fen: Fen", d.state, d.outcome, d.reason,
                  d.closed_at AS "closed_at: Now", NULL::text AS closed_by
           FROM duty one JOIN duty d ON d.kind = one.kind AND d.basis = one.basis
           WHERE one.id = $1 AND d.id <> one.id AND d.state = 'open'
           ORDER BY d.id LIMIT 50"#,
        duty as DutyId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Duty::try_from).collect()
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
           FROM duty d LEFT JOIN account a ON a.id = d.closed_by
           WHERE d.person_id = $1
              OR d.person_id IN (SELECT person_id FROM person WHERE merged_into = $1)
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
        r#"SELECT kind, item, cause_code, owner_role, count(*) AS "count!",
                  count(*) FILTER (WHERE due_on <= $1) AS "due!",
                  sum(amount_fen)::bigint AS "amount_fen!: Fen",
                  sum(monthly_fen)::bigint AS "monthly_fen!: Fen"
           FROM duty WHERE state = 'open'
           GROUP BY kind, item, cause_code, owner_role
           ORDER BY kind, item, cause_code, owner_role LIMIT 500"#,
        due_by as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(Tally {
                kind: r.kind,
                item: r.item,
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
