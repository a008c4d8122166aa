//! The statements of this crate.

pub(crate) mod kin;

use access::Actor;
use db::OrTrouble;
use kernel::{
    AccountId, AreaId, CaseId, CaseOpening, CaseStep, Day, Hand, Now, PersonId, Role, Trouble,
};
use sqlx::{PgConnection, query, query_as, query_scalar};

use crate::{Case, Filter, Move, Order, Owner, Tally};

pub(crate) async fn insert(
    conn: &mut PgConnection,
    it: &CaseOpening,
    by: Option<AccountId>,
    at: Now,
) -> Result<(), Trouble> {
    let accepted = by.filter(|_| it.hand == Some(Hand::Accepts));
    query!(
        "INSERT INTO case_file (id, flow, person_id, item, about, state, opened_at, opened_by,
                                owner_role, owner_area, due_on, changed_at, accepted_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $7, $12)",
        it.id as CaseId,
        it.flow,
        it.person as PersonId,
        it.item,
        it.about,
        it.state,
        at as Now,
        by as Option<AccountId>,
        it.owner_role.code(),
        it.owner_area as AreaId,
        it.due_on as Option<Day>,
        accepted as Option<AccountId>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// A move as it is written.
pub(crate) struct Made<'a> {
    pub(crate) case: CaseId,
    pub(crate) no: i32,
    pub(crate) action: &'static str,
    pub(crate) from: &'a str,
    pub(crate) to: &'static str,
    pub(crate) hand: Option<Hand>,
    pub(crate) codes: &'a [String],
    pub(crate) note: &'a str,
}

pub(crate) async fn insert_move(
    conn: &mut PgConnection,
    it: &Made<'_>,
    actor: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO case_move (case_id, no, action, from_state, to_state, hand, codes, note,
                                account_id, role, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        it.case as CaseId,
        it.no,
        it.action,
        it.from,
        it.to,
        it.hand.map(Hand::code),
        it.codes,
        it.note,
        crate::who(actor) as Option<AccountId>,
        actor.role.code(),
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// A case as it stands while nobody else can move it.
pub(crate) struct Stands {
    pub(crate) person: PersonId,
    pub(crate) state: String,
    pub(crate) moves: i32,
}

/// Waits for whoever moves it.
pub(crate) async fn locked(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Option<Stands>, Trouble> {
    query_as!(
        Stands,
        r#"SELECT person_id AS "person: PersonId", state, moves
           FROM case_file WHERE id = $1 FOR UPDATE"#,
        case as CaseId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// Who moved it last, and when.
pub(crate) async fn last_move(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<(String, Now), Trouble> {
    let row = query!(
        r#"SELECT coalesce(a.name, '系统') AS "by!", m.at AS "at: Now"
           FROM case_move m LEFT JOIN account a ON a.id = m.account_id
           WHERE m.case_id = $1 ORDER BY m.no DESC LIMIT 1"#,
        case as CaseId
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok((row.by, row.at))
}

pub(crate) async fn update(
    conn: &mut PgConnection,
    it: &CaseStep,
    by: Option<AccountId>,
    at: Now,
) -> Result<(), Trouble> {
    let part = |hand| by.filter(|_| it.hand == Some(hand));
    query!(
        "UPDATE case_file
         SET state = $2, owner_role = $3, owner_area = $4, due_on = $5, moves = moves + 1,
             changed_at = $6, accepted_by = coalesce($7, accepted_by),
             reviewed_by = coalesce($8, reviewed_by), approved_by = coalesce($9, approved_by)
         WHERE id = $1",
        it.case as CaseId,
        it.to,
        it.next.map(|next| next.0.code()),
        it.next.map(|next| next.1) as Option<AreaId>,
        it.next.and_then(|next| next.2) as Option<Day>,
        at as Now,
        part(Hand::Accepts) as Option<AccountId>,
        part(Hand::Reviews) as Option<AccountId>,
        part(Hand::Approves) as Option<AccountId>
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// The part that the account has had in the case. One, because [`crate::write`] refuses another.
pub(crate) async fn hand_of(
    conn: &mut PgConnection,
    case: CaseId,
    account: AccountId,
) -> Result<Option<Hand>, Trouble> {
    let code = query_scalar!(
        r#"SELECT hand AS "hand!" FROM case_move
           WHERE case_id = $1 AND account_id = $2 AND hand IS NOT NULL LIMIT 1"#,
        case as CaseId,
        account as AccountId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(code.and_then(|code| Hand::from_code(&code)))
}

/// Names of a few others who hold the actor's role where the person lives today, had no part in
/// the case and are not related to the person.
pub(crate) async fn others(
    conn: &mut PgConnection,
    actor: &Actor,
    case: CaseId,
    person: PersonId,
    today: Day,
) -> Result<Vec<String>, Trouble> {
    query_scalar!(
        r#"SELECT a.name FROM account a
           WHERE a.id <> $1
             AND EXISTS (SELECT FROM access_grant g
                 JOIN area_position s ON s.area_id = g.area_id
                 JOIN person p ON p.person_id = $3
                 WHERE g.account_id = a.id AND g.role = $2
                   AND g.valid_from <= $5 AND g.valid_to > $5
                   AND p.area_pos >= s.lo AND p.area_pos < s.hi)
             AND NOT EXISTS (SELECT FROM case_move m
                 WHERE m.case_id = $4 AND m.account_id = a.id AND m.hand IS NOT NULL)
             AND NOT EXISTS (SELECT FROM kin_declaration k
                 WHERE k.person_id = $3 AND k.account_id = a.id AND k.ended_at IS NULL)
           ORDER BY a.name, a.id LIMIT 3"#,
        actor.account as AccountId,
        actor.role.code(),
        person as PersonId,
        case as CaseId,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

struct CaseRow {
    id: CaseId,
    number: i64,
    flow: String,
    person: PersonId,
    item: Option<String>,
    about: String,
    state: String,
    opened_at: Now,
    opened_by: String,
    owner_role: Option<String>,
    owner_area: Option<AreaId>,
    due_on: Option<Day>,
    moves: i32,
    changed_at: Now,
    accepted_by: Option<AccountId>,
    reviewed_by: Option<AccountId>,
    approved_by: Option<AccountId>,
}

impl TryFrom<CaseRow> for Case {
    type Error = Trouble;

    fn try_from(row: CaseRow) -> Result<Self, Trouble> {
        let owner = match (row.owner_role, row.owner_area) {
            (Some(code), Some(area)) => {
                Some(Owner { role: role(&code)?, area, due_on: row.due_on })
            }
            _ => None,
        };
        Ok(Self {
            id: row.id,
            number: row.number,
            flow: row.flow,
            person: row.person,
            item: row.item,
            about: row.about,
            state: row.state,
            opened_at: row.opened_at,
            opened_by: row.opened_by,
            owner,
            moves: row.moves,
            changed_at: row.changed_at,
            accepted_by: row.accepted_by,
            reviewed_by: row.reviewed_by,
            approved_by: row.approved_by,
        })
    }
}

fn role(code: &str) -> Result<Role, Trouble> {
    Role::from_code(code).ok_or_else(|| Trouble::fault(format!("role {code} is unknown")))
}

pub(crate) async fn case(conn: &mut PgConnection, id: CaseId) -> Result<Option<Case>, Trouble> {
    let row = query_as!(
        CaseRow,
        r#"SELECT c.id AS "id: CaseId", c.number, c.flow, c.person_id AS "person: PersonId",
                  c.item, c.about, c.state, c.opened_at AS "opened_at: Now",
                  coalesce(a.name, '系统') AS "opened_by!", c.owner_role,
                  c.owner_area AS "owner_area: AreaId", c.due_on AS "due_on: Day", c.moves,
                  c.changed_at AS "changed_at: Now", c.accepted_by AS "accepted_by: AccountId",
                  c.reviewed_by AS "reviewed_by: AccountId",
                  c.approved_by AS "approved_by: AccountId"
           FROM case_file c LEFT JOIN account a ON a.id = c.opened_by WHERE c.id = $1"#,
        id as CaseId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    row.map(Case::try_from).transpose()
}

pub(crate) async fn cases(
    conn: &mut PgConnection,
    filter: &Filter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Case>, Trouble> {
    let rows = query_as!(
        CaseRow,
        r#"SELECT c.id AS "id: CaseId", c.number, c.flow, c.person_id AS "person: PersonId",
                  c.item, c.about, c.state, c.opened_at AS "opened_at: Now",
                  coalesce(a.name, '系统') AS "opened_by!", c.owner_role,
                  c.owner_area AS "owner_area: AreaId", c.due_on AS "due_on: Day", c.moves,
                  c.changed_at AS "changed_at: Now", c.accepted_by AS "accepted_by: AccountId",
                  c.reviewed_by AS "reviewed_by: AccountId",
                  c.approved_by AS "approved_by: AccountId"
           FROM case_file c JOIN person p ON p.person_id = c.person_id
           LEFT JOIN account a ON a.id = c.opened_by
           WHERE ($1::text IS NULL OR c.flow = $1)
             AND (cardinality($2::text[]) = 0 OR c.state = ANY($2))
             AND ($3::text IS NULL OR c.owner_role = $3)
             AND ($4::integer IS NULL OR p.area_pos >= $4)
             AND ($5::integer IS NULL OR p.area_pos < $5)
             AND ($6::date IS NULL OR c.due_on <= $6)
             AND ($7::text IS NULL OR c.item = $7)
             AND ($8::uuid[] IS NULL OR c.person_id = ANY($8))
             AND ($9::text IS NULL OR c.about = $9)
           ORDER BY CASE WHEN $10 THEN c.changed_at END DESC NULLS LAST,
                    CASE WHEN NOT $10 THEN c.due_on END NULLS LAST,
                    CASE WHEN $10 THEN -c.number ELSE c.number END
           LIMIT $11 OFFSET $12"#,
        filter.flow,
        &filter.states,
        filter.owner_role.map(Role::code),
        filter.area.map(|area| area.0),
        filter.area.map(|area| area.1),
        filter.due_by as Option<Day>,
        filter.item,
        filter.people.as_deref() as Option<&[PersonId]>,
        filter.about,
        filter.order == Order::Newest,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Case::try_from).collect()
}

pub(crate) async fn count(conn: &mut PgConnection, filter: &Filter) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "n!" FROM case_file c JOIN person p ON p.person_id = c.person_id
           WHERE ($1::text IS NULL OR c.flow = $1)
             AND (cardinality($2::text[]) = 0 OR c.state = ANY($2))
             AND ($3::text IS NULL OR c.owner_role = $3)
             AND ($4::integer IS NULL OR p.area_pos >= $4)
             AND ($5::integer IS NULL OR p.area_pos < $5)
             AND ($6::date IS NULL OR c.due_on <= $6)
             AND ($7::text IS NULL OR c.item = $7)
             AND ($8::uuid[] IS NULL OR c.person_id = ANY($8))
             AND ($9::text IS NULL OR c.about = $9)"#,
        filter.flow,
        &filter.states,
        filter.owner_role.map(Role::code),
        filter.area.map(|area| area.0),
        filter.area.map(|area| area.1),
        filter.due_by as Option<Day>,
        filter.item,
        filter.people.as_deref() as Option<&[PersonId]>,
        filter.about
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

pub(crate) async fn cases_of(
    conn: &mut PgConnection,
    person: PersonId,
) -> Result<Vec<Case>, Trouble> {
    let rows = query_as!(
        CaseRow,
        r#"SELECT c.id AS "id: CaseId", c.number, c.flow, c.person_id AS "person: PersonId",
                  c.item, c.about, c.state, c.opened_at AS "opened_at: Now",
                  coalesce(a.name, '系统') AS "opened_by!", c.owner_role,
                  c.owner_area AS "owner_area: AreaId", c.due_on AS "due_on: Day", c.moves,
                  c.changed_at AS "changed_at: Now", c.accepted_by AS "accepted_by: AccountId",
                  c.reviewed_by AS "reviewed_by: AccountId",
                  c.approved_by AS "approved_by: AccountId"
           FROM case_file c LEFT JOIN account a ON a.id = c.opened_by
           WHERE c.person_id = $1
              OR c.person_id IN (SELECT person_id FROM person WHERE merged_into = $1)
           ORDER BY c.number DESC LIMIT 200"#,
        person as PersonId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter().map(Case::try_from).collect()
}

pub(crate) async fn moves(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<Move>, Trouble> {
    let rows = query!(
        r#"SELECT m.case_id AS "case: CaseId", m.no, m.action, m.from_state, m.to_state, m.hand,
                  m.codes, m.note, coalesce(a.name, '系统') AS "by!",
                  m.account_id AS "account: AccountId", m.role, m.at AS "at: Now"
           FROM case_move m LEFT JOIN account a ON a.id = m.account_id
           WHERE m.case_id = ANY($1)
           ORDER BY array_position($1, m.case_id), m.no"#,
        cases as &[CaseId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(Move {
                case: r.case,
                no: r.no,
                action: r.action,
                from: r.from_state,
                to: r.to_state,
                hand: r.hand.as_deref().and_then(Hand::from_code),
                codes: r.codes,
                note: r.note,
                by: r.by,
                account: r.account,
                role: role(&r.role)?,
                at: r.at,
            })
        })
        .collect()
}

pub(crate) async fn tally(conn: &mut PgConnection, due_by: Day) -> Result<Vec<Tally>, Trouble> {
    let rows = query!(
        r#"SELECT flow, state, owner_role, count(*) AS "count!",
                  count(*) FILTER (WHERE due_on <= $1) AS "due!"
           FROM case_file GROUP BY flow, state, owner_role
           ORDER BY flow, state, owner_role LIMIT 500"#,
        due_by as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            Ok(Tally {
                flow: r.flow,
                state: r.state,
                owner_role: r.owner_role.as_deref().map(role).transpose()?,
                count: r.count,
                due: r.due,
            })
        })
        .collect()
}
