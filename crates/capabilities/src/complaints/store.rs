//! The statements over complaints and their answers.

use db::OrTrouble;
use kernel::{AccountId, AreaId, CaseId, Day, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_as, query_scalar};

use super::domain::{Finding, Kind};

/// A complaint with how its case stands; what was said is sealed.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) case: CaseId,
    pub(super) number: i64,
    pub(super) person: PersonId,
    pub(super) channel: String,
    pub(super) kind: String,
    pub(super) about: String,
    pub(super) state: String,
    pub(super) owner_role: Option<String>,
    pub(super) owner_area: Option<AreaId>,
    pub(super) due_on: Option<Day>,
    pub(super) opened_at: Now,
    pub(super) said: Vec<u8>,
    pub(super) key_version: i16,
}

/// What the list is filtered by.
#[derive(Clone, Copy, Default)]
pub(super) struct Which<'a> {
    /// `late`, or a state of the flow.
    pub(super) state: Option<&'a str>,
    pub(super) kind: Option<Kind>,
    /// One alone.
    pub(super) case: Option<CaseId>,
}

/// A complaint to be written.
pub(super) struct New {
    pub(super) case: CaseId,
    pub(super) person: PersonId,
    pub(super) channel: &'static str,
    pub(super) kind: Kind,
    pub(super) said: Vec<u8>,
    pub(super) key_version: i16,
}

/// Gives whether it was not there: the same form sent twice is one complaint.
pub(super) async fn insert(conn: &mut PgConnection, new: &New) -> Result<bool, Trouble> {
    let done = query!(
        "INSERT INTO complaint (case_id, person_id, channel, kind, said, key_version)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        new.case as CaseId,
        new.person as PersonId,
        new.channel,
        new.kind.code(),
        new.said,
        new.key_version
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}

/// Complaints of the scope: what is owed first, by its deadline, so that what is late leads.
pub(super) async fn complaints(
    conn: &mut PgConnection,
    which: &Which<'_>,
    today: Day,
    (limit, offset): (i64, i64),
) -> Result<Vec<Stored>, Trouble> {
    query_as!(
        Stored,
        r#"SELECT c.id AS "case: CaseId", c.number, c.person_id AS "person: PersonId", p.channel,
                  p.kind, c.about, c.state, c.owner_role, c.owner_area AS "owner_area: AreaId",
                  c.due_on AS "due_on: Day", c.opened_at AS "opened_at: Now", p.said,
                  p.key_version
           FROM complaint p JOIN case_file c ON c.id = p.case_id
           WHERE ($1::uuid IS NULL OR c.id = $1) AND ($2::text IS NULL OR p.kind = $2)
             AND ($3::text IS NULL OR c.state = $3 OR ($3 = 'late' AND c.due_on < $4))
           ORDER BY c.owner_role IS NULL, c.due_on NULLS LAST, c.number DESC
           LIMIT $5 OFFSET $6"#,
        which.case as Option<CaseId>,
        which.kind.map(Kind::code),
        which.state,
        today as Day,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// How many complaints of the scope there are of each kind in each state, and how many of them
/// are late.
pub(super) async fn counts(conn: &mut PgConnection, today: Day) -> Result<Vec<CountOf>, Trouble> {
    query_as!(
        CountOf,
        r#"SELECT p.kind, c.state, count(*) AS "count!",
                  count(*) FILTER (WHERE c.due_on < $1) AS "late!"
           FROM complaint p JOIN case_file c ON c.id = p.case_id GROUP BY p.kind, c.state"#,
        today as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// See [`counts`].
#[derive(Clone, Debug)]
pub(super) struct CountOf {
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) count: i64,
    pub(super) late: i64,
}

/// How many others wait for an answer: about the same thing, or about the same person with this
/// kind among `kinds`.
pub(super) async fn others_open(
    conn: &mut PgConnection,
    it: &Stored,
    kinds: &[String],
) -> Result<i64, Trouble> {
    query_scalar!(
        r#"SELECT count(*) AS "count!" FROM complaint p JOIN case_file c ON c.id = p.case_id
           WHERE c.id <> $1 AND c.person_id = $2 AND c.state = 'received'
             AND (p.kind = ANY($3) OR (c.about <> '' AND c.about = $4))"#,
        it.case as CaseId,
        it.person as PersonId,
        kinds,
        it.about
    )
    .fetch_one(conn)
    .await
    .or_trouble()
}

/// An answer as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) no: i16,
    pub(super) finding: String,
    pub(super) words: Vec<u8>,
    pub(super) key_version: i16,
    pub(super) by: String,
    pub(super) at: Now,
}

/// The answer and that of the review, in this order.
pub(super) async fn answers(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Vec<Answered>, Trouble> {
    query_as!(
        Answered,
        r#"SELECT a.no, a.finding, a.words, a.key_version, b.name AS by, a.at AS "at: Now"
           FROM complaint_answer a JOIN account b ON b.id = a.by_account
           WHERE a.case_id = $1 ORDER BY a.no"#,
        case as CaseId
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// Gives whether it was the first of its number, by somebody who had given no other.
pub(super) async fn insert_answer(
    conn: &mut PgConnection,
    (case, no): (CaseId, i16),
    finding: Finding,
    (words, key_version): (&[u8], i16),
    (by, at): (AccountId, Now),
) -> Result<bool, Trouble> {
    let done = query!(
        "INSERT INTO complaint_answer (case_id, no, finding, words, key_version, by_account, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        case as CaseId,
        no,
        finding.code(),
        words,
        key_version,
        by as AccountId,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}
