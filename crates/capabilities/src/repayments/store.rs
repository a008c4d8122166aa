//! The statements of plans and of write-offs.

use db::OrTrouble;
use kernel::{AccountId, CaseId, Day, Fen, Now, Trouble};
use sqlx::{PgConnection, query};

use crate::claiming::Instalment;

/// A new plan in the place of the last.
pub(super) async fn put_plan(
    conn: &mut PgConnection,
    case: CaseId,
    plan: &[Instalment],
) -> Result<(), Trouble> {
    let (days, sums): (Vec<Day>, Vec<Fen>) = plan.iter().map(|it| (it.due_on, it.amount)).unzip();
    query!(
        "INSERT INTO recovery_instalment (case_id, version, no, due_on, amount_fen)
         SELECT $1, (SELECT coalesce(max(version), 0) + 1 FROM recovery_instalment
                     WHERE case_id = $1), i.no, i.due_on, i.amount_fen
         FROM unnest($2::date[], $3::bigint[]) WITH ORDINALITY AS i(due_on, amount_fen, no)",
        case as CaseId,
        &days as &[Day],
        &sums as &[Fen]
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

pub(super) async fn propose_write_off(
    conn: &mut PgConnection,
    case: CaseId,
    (amount, reason): (Fen, &str),
    (at, by): (Now, AccountId),
) -> Result<(), Trouble> {
    query!(
        "INSERT INTO recovery_write_off (case_id, no, amount_fen, reason, proposed_by, proposed_at)
         SELECT $1, count(*) + 1, $2, $3, $4, $5 FROM recovery_write_off WHERE case_id = $1",
        case as CaseId,
        amount as Fen,
        reason,
        by as AccountId,
        at as Now
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// Decides it if nobody has; says whether it did.
pub(super) async fn decide_write_off(
    conn: &mut PgConnection,
    (case, no): (CaseId, i32),
    (granted, words): (bool, &str),
    (at, by): (Now, AccountId),
) -> Result<bool, Trouble> {
    let done = query!(
        "UPDATE recovery_write_off SET granted = $3, words = $4, decided_at = $5, decided_by = $6
         WHERE case_id = $1 AND no = $2 AND granted IS NULL",
        case as CaseId,
        no,
        granted,
        words,
        at as Now,
        by as AccountId
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(done.rows_affected() == 1)
}
