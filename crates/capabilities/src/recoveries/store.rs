//! The statements of the list of claims, and of whom they may be opened about.

use db::OrTrouble;
use findings::Payments;
use kernel::{CaseId, Day, Fen, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use crate::claiming::Balance;

/// A line of the list.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) case: CaseId,
    pub(super) number: i64,
    pub(super) state: String,
    pub(super) person: PersonId,
    pub(super) item: String,
    pub(super) months: i64,
    pub(super) opened_on: Day,
    pub(super) balance: Balance,
    /// Day and sum of the next instalment that is due.
    pub(super) next_due: Option<Day>,
}

/// What the list shows: a state, an age, or all.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked<'a> {
    /// Stored word of the state; empty for those that are open.
    pub(super) state: &'a str,
    /// Days since the opening.
    pub(super) days: Option<(i32, i32)>,
}

pub(super) async fn list(
    conn: &mut PgConnection,
    asked: Asked<'_>,
    today: Day,
    limit: i64,
    offset: i64,
) -> Result<Vec<Row>, Trouble> {
    let (from, to) = asked.days.unzip();
    let rows = query_as!(
        Listed,
        r#"SELECT r.case_id AS "case: CaseId", f.number, f.state, r.item,
                  r.person_id AS "person: PersonId", r.opened_on AS "opened_on: Day",
                  r.total_fen AS "total: Fen", m.months AS "months!",
                  e.repaid AS "repaid!: Fen", e.set_off AS "set_off!: Fen",
                  e.written_off AS "written_off!: Fen", i.due_on AS "next_due: Day"
           FROM recovery r
           JOIN case_file f ON f.id = r.case_id
           JOIN person p ON p.person_id = r.person_id
           JOIN LATERAL (SELECT count(*) AS months FROM recovery_month m
                         WHERE m.case_id = r.case_id) m ON true
           JOIN LATERAL (
               SELECT coalesce(sum(amount_fen) FILTER (WHERE kind = 'repaid'), 0)::bigint
                          AS repaid,
                      coalesce(sum(amount_fen) FILTER (WHERE kind = 'set_off'), 0)::bigint
                          AS set_off,
                      coalesce(sum(amount_fen) FILTER (WHERE kind = 'written_off'), 0)::bigint
                          AS written_off
               FROM recovery_entry e WHERE e.case_id = r.case_id) e ON true
           LEFT JOIN LATERAL (
               SELECT min(due_on) AS due_on FROM (
                   SELECT due_on, sum(amount_fen) OVER (ORDER BY no)
                                  - sum(amount_fen) OVER () AS due
                   FROM recovery_instalment i WHERE i.case_id = r.case_id
                     AND version = (SELECT max(version) FROM recovery_instalment v
                                    WHERE v.case_id = r.case_id)) i
               WHERE i.due > e.repaid + e.set_off + e.written_off - r.total_fen
           ) i ON f.owner_role IS NOT NULL
           WHERE (($1 = '' AND f.owner_role IS NOT NULL) OR f.state = $1)
             AND ($2::integer IS NULL OR $4 - r.opened_on BETWEEN $2 AND $3)
           ORDER BY r.opened_on, p.area_pos, r.case_id LIMIT $5 OFFSET $6"#,
        asked.state,
        from,
        to,
        today as Day,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows.into_iter().map(Row::from).collect())
}

/// A row of [`list`] as the statement gives it.
struct Listed {
    case: CaseId,
    number: i64,
    state: String,
    person: PersonId,
    item: String,
    opened_on: Day,
    total: Fen,
    months: i64,
    repaid: Fen,
    set_off: Fen,
    written_off: Fen,
    next_due: Option<Day>,
}

impl From<Listed> for Row {
    fn from(row: Listed) -> Self {
        Self {
            balance: Balance {
                total: row.total,
                repaid: row.repaid,
                set_off: row.set_off,
                written_off: row.written_off,
            },
            case: row.case,
            number: row.number,
            state: row.state,
            person: row.person,
            item: row.item,
            months: row.months,
            opened_on: row.opened_on,
            next_due: row.next_due,
        }
    }
}

/// State, days since the opening in a band, claims, months, and sums.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) state: String,
    pub(super) open: bool,
    pub(super) opened_on: Day,
    pub(super) claims: i64,
    pub(super) months: i64,
    pub(super) total: Fen,
    pub(super) gone: Fen,
}

pub(super) async fn tally(conn: &mut PgConnection) -> Result<Vec<Tally>, Trouble> {
    let rows = query!(
        r#"SELECT f.state, f.owner_role IS NOT NULL AS "open!", r.opened_on AS "opened_on: Day",
                  count(*) AS "claims!", sum(m.months)::bigint AS "months!",
                  sum(r.total_fen)::bigint AS "total!: Fen", sum(e.gone)::bigint AS "gone!: Fen"
           FROM recovery r JOIN case_file f ON f.id = r.case_id
           JOIN LATERAL (SELECT count(*) AS months FROM recovery_month m
                         WHERE m.case_id = r.case_id) m ON true
           JOIN LATERAL (SELECT coalesce(sum(amount_fen), 0) AS gone FROM recovery_entry e
                         WHERE e.case_id = r.case_id) e ON true
           GROUP BY f.state, 2, r.opened_on ORDER BY r.opened_on, f.state LIMIT 2000"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| Tally {
            state: row.state,
            open: row.open,
            opened_on: row.opened_on,
            claims: row.claims,
            months: row.months,
            total: row.total,
            gone: row.gone,
        })
        .collect())
}

/// Listed people of whom somebody says that they died, and about whose award there is a word.
pub(super) async fn dead(conn: &mut PgConnection, award: &str) -> Result<Vec<PersonId>, Trouble> {
    query_scalar!(
        r#"SELECT p.person_id AS "person: PersonId" FROM person p
           WHERE p.listed AND p.life IN ('reported', 'corroborated', 'confirmed')
             AND EXISTS (SELECT 1 FROM fact_current a
                         WHERE a.person_id = p.person_id AND a.kind = $1)
           ORDER BY p.person_id"#,
        award
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// What our own runs have paid to people of whom a source says that they died.
pub(super) async fn paid_to_the_dead(conn: &mut PgConnection) -> Result<Payments, Trouble> {
    let people = query_scalar!(
        r#"SELECT person_id AS "person: PersonId" FROM person
           WHERE listed AND life IN ('reported', 'corroborated', 'confirmed')"#
    )
    .fetch_all(&mut *conn)
    .await
    .or_trouble()?;
    let mut payments = Payments::default();
    if people.is_empty() {
        return Ok(payments);
    }
    for line in payroll::store::paid_months(conn, &people).await? {
        payments.add(line.person, &line.item, line.month, line.amount);
    }
    Ok(payments)
}
