//! The statements that prove the projections.

use kernel::{Fen, Trouble};
use sqlx::{PgConnection, query, query_scalar};
use uuid::Uuid;

use crate::write::trouble;

/// All debits and all credits, each pending and posted.
pub(crate) async fn totals(conn: &mut PgConnection) -> Result<([Fen; 2], [Fen; 2]), Trouble> {
    let row = query!(
        r#"SELECT COALESCE(sum(debits_pending), 0)::bigint AS "dp!: Fen",
                  COALESCE(sum(debits_posted), 0)::bigint AS "dd!: Fen",
                  COALESCE(sum(credits_pending), 0)::bigint AS "cp!: Fen",
                  COALESCE(sum(credits_posted), 0)::bigint AS "cd!: Fen"
           FROM ledger_balance"#
    )
    .fetch_one(conn)
    .await
    .map_err(trouble)?;
    Ok(([row.dp, row.dd], [row.cp, row.cd]))
}

/// Accounts whose sums are not what their transfers make, computed from nothing else.
pub(crate) async fn accounts_off_transfers(conn: &mut PgConnection) -> Result<Vec<i64>, Trouble> {
    query_scalar!(
        r#"WITH open AS (
               SELECT t.* FROM transfer t
               WHERE t.act = 'pending'
                 AND NOT EXISTS (SELECT FROM transfer s WHERE s.pending = t.id)
           ), side AS (
               SELECT debit AS account, amount_fen AS dp, 0 AS dd, 0 AS cp, 0 AS cd FROM open
               UNION ALL SELECT credit, 0, 0, amount_fen, 0 FROM open
               UNION ALL SELECT debit, 0, amount_fen, 0, 0 FROM transfer
                         WHERE act IN ('single', 'post')
               UNION ALL SELECT credit, 0, 0, 0, amount_fen FROM transfer
                         WHERE act IN ('single', 'post')
           ), made AS (
               SELECT account, sum(dp) AS dp, sum(dd) AS dd, sum(cp) AS cp, sum(cd) AS cd
               FROM side GROUP BY account
           )
           SELECT COALESCE(m.account, b.account_id) AS "account!"
           FROM made m FULL JOIN ledger_balance b ON b.account_id = m.account
           WHERE (COALESCE(m.dp, 0), COALESCE(m.dd, 0), COALESCE(m.cp, 0), COALESCE(m.cd, 0))
              IS DISTINCT FROM
                 (b.debits_pending, b.debits_posted, b.credits_pending, b.credits_posted)
           ORDER BY 1"#
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)
}

/// The same from the journal.
pub(crate) async fn accounts_off_journal(conn: &mut PgConnection) -> Result<Vec<i64>, Trouble> {
    query_scalar!(
        r#"WITH side AS (
               SELECT debit AS account, act, amount_fen AS debit, 0 AS credit FROM ledger_journal
               UNION ALL SELECT credit, act, 0, amount_fen FROM ledger_journal
           ), made AS (
               SELECT account,
                      sum(debit) FILTER (WHERE act IN ('single', 'post')) AS dd,
                      sum(credit) FILTER (WHERE act IN ('single', 'post')) AS cd,
                      sum(CASE act WHEN 'pending' THEN debit WHEN 'single' THEN 0
                          ELSE -debit END) AS dp,
                      sum(CASE act WHEN 'pending' THEN credit WHEN 'single' THEN 0
                          ELSE -credit END) AS cp
               FROM side GROUP BY account
           )
           SELECT COALESCE(m.account, b.account_id) AS "account!"
           FROM made m FULL JOIN ledger_balance b ON b.account_id = m.account
           WHERE (COALESCE(m.dp, 0), COALESCE(m.dd, 0), COALESCE(m.cp, 0), COALESCE(m.cd, 0))
              IS DISTINCT FROM
                 (b.debits_pending, b.debits_posted, b.credits_pending, b.credits_posted)
           ORDER BY 1"#
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)
}

/// Posts and voids that do not repeat a pending transfer.
pub(crate) async fn settled_wrongly(conn: &mut PgConnection) -> Result<Vec<Uuid>, Trouble> {
    query_scalar!(
        "SELECT s.id FROM transfer s LEFT JOIN transfer t ON t.id = s.pending
         WHERE s.pending IS NOT NULL
           AND (t.act, t.debit, t.credit, t.amount_fen, t.person_id)
               IS DISTINCT FROM ('pending', s.debit, s.credit, s.amount_fen, s.person_id)
         ORDER BY s.id"
    )
    .fetch_all(conn)
    .await
    .map_err(trouble)
}
