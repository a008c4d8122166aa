//! The statements over what comes back, whom it is claimed from, and what is to be written off.

use db::OrTrouble;
use kernel::{AccountId, CaseId, Day, Fen, Now, TransferId, Trouble};
use sqlx::{PgConnection, query};

/// What came back, was set off or written off.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) kind: String,
    pub(crate) channel: String,
    pub(crate) amount: Fen,
    pub(crate) on: Day,
    pub(crate) note: String,
    pub(crate) by: String,
    pub(crate) at: Now,
}

pub(crate) async fn entries(conn: &mut PgConnection, case: CaseId) -> Result<Vec<Entry>, Trouble> {
    let rows = query!(
        r#"SELECT e.kind, e.channel, e.amount_fen AS "amount: Fen", e.on_day AS "on: Day",
                  e.note, a.name AS by, e.entered_at AS "at: Now"
           FROM recovery_entry e JOIN account a ON a.id = e.entered_by
           WHERE e.case_id = $1 ORDER BY e.no"#,
        case as CaseId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| Entry {
            kind: row.kind,
            channel: row.channel,
            amount: row.amount,
            on: row.on,
            note: row.note,
            by: row.by,
            at: row.at,
        })
        .collect())
}

/// An entry as it is written.
pub(crate) struct NewEntry<'a> {
    pub(crate) no: i32,
    pub(crate) kind: &'a str,
    pub(crate) channel: &'a str,
    pub(crate) amount: Fen,
    pub(crate) on: Day,
    pub(crate) note: &'a str,
    pub(crate) transfer: TransferId,
}

pub(crate) async fn put_entry(
    conn: &mut PgConnection,
    case: CaseId,
    it: &NewEntry<'_>,
    (at, by): (Now, AccountId),
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO recovery_entry (case_id, no, kind, channel, amount_fen, on_day, note,
                                     transfer_id, entered_at, entered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        case as CaseId,
        it.no,
        it.kind,
        it.channel,
        it.amount as Fen,
        it.on as Day,
        it.note,
        it.transfer as TransferId,
        at as Now,
        by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Whom it is claimed from, still sealed: the last that was noted.
pub(crate) async fn contact(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Option<(String, String)>, Trouble> {
    let row = query!(
        "SELECT relation, sealed FROM recovery_contact WHERE case_id = $1
         ORDER BY no DESC LIMIT 1",
        case as CaseId
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    Ok(row.map(|row| (row.relation, row.sealed)))
}

/// 核销: proposed, and what was decided.
#[derive(Clone, Debug)]
pub(crate) struct WriteOff {
    pub(crate) no: i32,
    pub(crate) amount: Fen,
    pub(crate) reason: String,
    pub(crate) by: String,
    pub(crate) proposed_by: AccountId,
    pub(crate) at: Now,
    /// Whether it was granted, by whom, when and why.
    pub(crate) decided: Option<(bool, String, Now, String)>,
}

pub(crate) async fn write_offs(
    conn: &mut PgConnection,
    case: CaseId,
) -> Result<Vec<WriteOff>, Trouble> {
    let rows = query!(
        r#"SELECT w.no, w.amount_fen AS "amount: Fen", w.reason, p.name AS by,
                  w.proposed_by AS "proposed_by: AccountId", w.proposed_at AS "at: Now",
                  w.granted, d.name AS "decided_by?", w.decided_at AS "decided_at: Now", w.words
           FROM recovery_write_off w JOIN account p ON p.id = w.proposed_by
           LEFT JOIN account d ON d.id = w.decided_by
           WHERE w.case_id = $1 ORDER BY w.no"#,
        case as CaseId
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    Ok(rows
        .into_iter()
        .map(|row| WriteOff {
            no: row.no,
            amount: row.amount,
            reason: row.reason,
            by: row.by,
            proposed_by: row.proposed_by,
            at: row.at,
            decided: match (row.granted, row.decided_by, row.decided_at, row.words) {
                (Some(granted), Some(by), Some(at), Some(words)) => Some((granted, by, at, words)),
                _ => None,
            },
        })
        .collect())
}
