//! The statements that several rooms ask: stops, and who waits for one.

use db::OrTrouble;
use kernel::{CaseId, Day, Fen, Month, Now, PersonId, Trouble};
use sqlx::{PgConnection, query, query_scalar};

/// A stop as it was proposed, and from when it holds once it was decided.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    pub(crate) case: CaseId,
    pub(crate) person: PersonId,
    pub(crate) item: String,
    pub(crate) reason: String,
    pub(crate) monthly: Fen,
    pub(crate) died_on: Option<Day>,
    pub(crate) not_due_from: Option<Month>,
    pub(crate) evidence: String,
    pub(crate) from_month: Option<Month>,
    pub(crate) decided_at: Option<Now>,
}

pub(crate) async fn stop(conn: &mut PgConnection, case: CaseId) -> Result<Stop, Trouble> {
    stops(conn, &[case]).await?.pop().ok_or(Trouble::NotFound)
}

/// These stops, as far as the reader may see them.
pub(crate) async fn stops(conn: &mut PgConnection, cases: &[CaseId]) -> Result<Vec<Stop>, Trouble> {
    let rows = query!(
        r#"SELECT s.case_id AS "case: CaseId", s.person_id AS "person: PersonId", s.item, s.reason,
                  s.monthly_fen AS "monthly: Fen", s.died_on AS "died_on: Day",
                  s.not_due_from AS "not_due_from: Month", s.evidence,
                  d.from_month AS "from_month?: Month", d.decided_at AS "decided_at?: Now"
           FROM stop_case s LEFT JOIN stop_decision d ON d.case_id = s.case_id
           WHERE s.case_id = ANY($1)"#,
        cases as &[CaseId]
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| Stop {
            case: row.case,
            person: row.person,
            item: row.item,
            reason: row.reason,
            monthly: row.monthly,
            died_on: row.died_on,
            not_due_from: row.not_due_from,
            evidence: row.evidence,
            from_month: row.from_month,
            decided_at: row.decided_at,
        })
        .collect())
}

/// The open case of a flow about a person and an item.
pub(crate) async fn open_case(
    conn: &mut PgConnection,
    flow: &str,
    person: PersonId,
    item: &str,
) -> Result<Option<CaseId>, Trouble> {
    query_scalar!(
        r#"SELECT id AS "id: CaseId" FROM case_file
           WHERE flow = $1 AND person_id = $2 AND item = $3 AND owner_role IS NOT NULL"#,
        flow,
        person as PersonId,
        item
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// The last stop of a person and an item that was approved.
pub(crate) async fn last_decided(
    conn: &mut PgConnection,
    person: PersonId,
    item: &str,
) -> Result<Option<CaseId>, Trouble> {
    query_scalar!(
        r#"SELECT case_id AS "case: CaseId" FROM stop_decision
           WHERE person_id = $1 AND item = $2 ORDER BY decided_at DESC, case_id LIMIT 1"#,
        person as PersonId,
        item
    )
    .fetch_optional(conn)
    .await
    .or_trouble()
}

/// 待提出: somebody whose payment should end, and no stop is proposed yet.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) kind: String,
    pub(crate) person: PersonId,
    pub(crate) item: String,
    pub(crate) cause: String,
    /// 期限 of the duty.
    pub(crate) until: Day,
    pub(crate) monthly: Fen,
}

/// The duties that ask for a stop, open or answered with “转停发”, without a stop since. `proved`
/// leaves those whose death is proved only.
pub(crate) async fn due(
    conn: &mut PgConnection,
    proved: bool,
    limit: i64,
    offset: i64,
) -> Result<Vec<Due>, Trouble> {
    let rows = query!(
        r#"SELECT d.kind, d.person_id AS "person: PersonId", d.item AS "item!", d.cause,
                  d.due_on AS "due_on: Day", d.monthly_fen AS "monthly: Fen"
           FROM duty d JOIN person p ON p.person_id = d.person_id
           WHERE d.item IS NOT NULL
             AND ((d.kind IN ('award_after_death', 'award_without_entitlement')
                   AND (d.state = 'open' OR d.outcome = 'to_stop'))
                  OR (d.kind = 'exclusive_benefits' AND d.outcome = 'keep_other'))
             AND NOT EXISTS (SELECT 1 FROM stop_case s
                             WHERE s.person_id = d.person_id AND s.item = d.item
                               AND s.proposed_at >= d.opened_on)
             AND (NOT $1 OR (d.kind = 'award_after_death'
                             AND p.life IN ('corroborated', 'confirmed')))
           ORDER BY d.due_on, d.amount_fen DESC, d.id LIMIT $2 OFFSET $3"#,
        proved,
        limit,
        offset
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| Due {
            kind: row.kind,
            person: row.person,
            item: row.item,
            cause: row.cause,
            until: row.due_on,
            monthly: row.monthly,
        })
        .collect())
}

/// How many of [`due`] there are, and how many of them are proved.
pub(crate) async fn count_due(conn: &mut PgConnection) -> Result<(i64, i64), Trouble> {
    let row = query!(
        r#"SELECT count(*) AS "all!",
                  count(*) FILTER (WHERE d.kind = 'award_after_death'
                      AND p.life IN ('corroborated', 'confirmed')) AS "proved!"
           FROM duty d JOIN person p ON p.person_id = d.person_id
           WHERE d.item IS NOT NULL
             AND ((d.kind IN ('award_after_death', 'award_without_entitlement')
                   AND (d.state = 'open' OR d.outcome = 'to_stop'))
                  OR (d.kind = 'exclusive_benefits' AND d.outcome = 'keep_other'))
             AND NOT EXISTS (SELECT 1 FROM stop_case s
                             WHERE s.person_id = d.person_id AND s.item = d.item
                               AND s.proposed_at >= d.opened_on)"#
    )
    .fetch_one(conn)
    .await
    .or_trouble()?;
    Ok((row.all, row.proved))
}

/// Proposed stops whose death is proved.
pub(crate) async fn provable(conn: &mut PgConnection) -> Result<Vec<CaseId>, Trouble> {
    query_scalar!(
        r#"SELECT f.id AS "id: CaseId" FROM case_file f
           JOIN stop_case s ON s.case_id = f.id JOIN person p ON p.person_id = f.person_id
           WHERE f.flow = 'stop' AND f.state = 'proposed' AND f.owner_role IS NOT NULL
             AND s.reason = 'death' AND p.life IN ('corroborated', 'confirmed')
           ORDER BY f.number"#
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}
