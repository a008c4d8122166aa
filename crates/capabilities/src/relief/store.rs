//! The statements over hand-overs and over what two rosters say.

use db::OrTrouble;
use kernel::{AssertionId, CaseId, Day, FactType, FactValue, Now, PersonId, Trouble};
use policy::register::kind_of;
use sqlx::{PgConnection, query, query_scalar};

use super::domain::{Change, Kind};

/// What a hand-over is about, as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Handover {
    pub(super) case: CaseId,
    pub(super) kind: Kind,
    pub(super) reason: String,
    pub(super) given: String,
    pub(super) receiver: String,
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    it: &Handover,
    (person, area_pos): (PersonId, i32),
    at: Now,
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO relief_handover (case_id, person_id, area_pos, kind, reason, given, receiver,
                                      handed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        it.case as CaseId,
        person as PersonId,
        area_pos,
        it.kind.code(),
        it.reason,
        it.given,
        it.receiver,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()
    .map(drop)
}

/// What these cases are about, as far as they lie in the scope.
pub(super) async fn handovers(
    conn: &mut PgConnection,
    cases: &[CaseId],
) -> Result<Vec<Handover>, Trouble> {
    let ids: Vec<uuid::Uuid> = cases.iter().map(|case| case.get()).collect();
    let rows = query!(
        r#"SELECT case_id AS "case: CaseId", kind, reason, given, receiver
           FROM relief_handover WHERE case_id = ANY($1)"#,
        &ids
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    rows.into_iter()
        .map(|r| {
            let kind = Kind::from_code(&r.kind)
                .ok_or_else(|| Trouble::fault(format!("kind of relief {}", r.kind)))?;
            let (case, reason, given, receiver) = (r.case, r.reason, r.given, r.receiver);
            Ok(Handover { case, kind, reason, given, receiver })
        })
        .collect()
}

/// The senders of whom more than one file was taken in: the others have nothing to compare with.
pub(super) async fn senders_again(conn: &mut PgConnection) -> Result<Vec<String>, Trouble> {
    query_scalar!(
        "SELECT b.supplier FROM batch b JOIN batch_state s ON s.batch_id = b.id
         WHERE s.state = 'applied' GROUP BY b.supplier HAVING count(*) > 1"
    )
    .fetch_all(conn)
    .await
    .or_trouble()
}

/// What the newest words of these senders on these kinds, as of the day or later, say differently
/// from their word before; by person. A sender's first file is no change.
pub(super) async fn changes(
    conn: &mut PgConnection,
    senders: &[String],
    kinds: &[&'static str],
    since: Day,
) -> Result<Vec<Change>, Trouble> {
    let names: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let rows = query!(
        r#"SELECT f.person_id AS "person: PersonId", f.kind, f.supplier,
                  a.id AS "assertion: AssertionId", b.as_of AS "as_of: Day",
                  a.row_no = 0 AS "gone!", f.value_text, f.value_int,
                  p.value_text AS "was_text?", p.value_int AS "was_int?",
                  p.row_no = 0 AS "was_gone?"
           FROM fact_current f
           JOIN assertion a ON a.id = f.assertion_id JOIN batch b ON b.id = a.batch_id
           LEFT JOIN LATERAL (
               SELECT e.value_text, e.value_int, e.row_no
               FROM assertion e JOIN batch eb ON eb.id = e.batch_id
               WHERE e.person_id = f.person_id AND e.kind = f.kind AND e.id < a.id
                 AND eb.supplier = f.supplier AND e.retracts IS NULL
                 AND NOT EXISTS (SELECT FROM assertion r WHERE r.retracts = e.id)
               ORDER BY e.id DESC LIMIT 1) p ON true
           WHERE f.supplier = ANY($1) AND f.kind = ANY($2) AND b.as_of >= $3
             AND EXISTS (SELECT FROM batch first JOIN batch_state s ON s.batch_id = first.id
                 WHERE first.supplier = f.supplier AND s.state = 'applied' AND first.id < b.id)
           ORDER BY f.person_id, f.kind"#,
        senders,
        &names,
        since as Day
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let mut changes = Vec::new();
    for r in rows {
        let Some(kind) = kind_of(&r.kind) else { continue };
        let read = |text: Option<String>, number: Option<i64>| match kind.value_type {
            FactType::Word(_) => text.map(FactValue::Text),
            _ => number.map(|number| FactValue::Bool(number != 0)),
        };
        let now = read(r.value_text, r.value_int);
        let was = read(r.was_text, r.was_int);
        let before = if r.was_gone == Some(true) { None } else { was };
        let after = if r.gone { None } else { now };
        if before != after {
            changes.push(Change {
                person: r.person,
                kind: kind.id,
                assertion: r.assertion,
                supplier: r.supplier,
                as_of: r.as_of,
                before,
                after,
            });
        }
    }
    Ok(changes)
}
