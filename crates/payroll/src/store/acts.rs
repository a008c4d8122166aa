//! 办理: the moves of a run, each in one transaction with what it does to the money.

use access::Actor;
use db::{OrTrouble, Tx};
use kernel::{
    AccountId, AssertionId, Fen, LedgerAccountId, Month, Now, PersonId, RunId, TransferId, Trouble,
    TwoPeople,
};
use ledger::{AccountKey, AccountKind, Reserve, ReserveLine};
use sqlx::{PgConnection, query, query_scalar};

use super::lines::all_lines;
use super::read::{held_run, last_move};
use crate::run::Run;
use crate::{Head, Line, Release, RunState, content_digest};

/// What a run is frozen with.
pub struct Frozen<'a> {
    /// What would be proposed now: the [`content_digest`] of the lines of a fresh proposal.
    pub fresh: [u8; 32],
    /// What it rests on now.
    pub snapshot: &'a serde_json::Value,
    /// The last assertion that counted.
    pub mark: AssertionId,
}

/// 冻结: what it pays is what would be proposed now, nothing is unexplained, and from here on the
/// run is named by its hash. Gives the hash.
///
/// # Errors
/// Refused when a difference has no cause, or when facts have changed since the proposal; a
/// conflict when somebody else has moved the run since `seen`.
#[doc(alias = "冻结")]
pub async fn freeze(
    tx: &mut Tx,
    id: RunId,
    seen: i32,
    with: &Frozen<'_>,
    by: &Actor,
    at: Now,
) -> Result<[u8; 32], Trouble> {
    let run = take(tx.conn(), id, seen, RunState::Frozen).await?;
    if run.unexplained != 0 {
        return Err(Trouble::refused(
            format!("还有 {} 人的差异原因不明，不能冻结。", run.unexplained),
            "请在差异表里逐人查明，办理后重新拟制。",
        ));
    }
    let lines = all_lines(tx.conn(), id).await?;
    let digest = digest_of(&run, &lines);
    if digest != with.fresh {
        return Err(Trouble::refused(
            "拟制以后资料有了变化，名单和金额已不是最新的。",
            "请作废这个批次，重新拟制后再冻结。",
        ));
    }
    let version = run.version + i32::from(run.state == RunState::Refused);
    query!(
        "UPDATE pay_run SET digest = $2, snapshot = $3, mark = $4, frozen_by = $5, frozen_at = $6,
             version = $7, first_by = NULL, first_at = NULL, second_by = NULL, second_at = NULL,
             funded_by = NULL
         WHERE id = $1",
        id.get(),
        digest.as_slice(),
        with.snapshot,
        with.mark as AssertionId,
        by.account as AccountId,
        at as Now,
        version
    )
    .execute(tx.conn())
    .await
    .or_trouble()?;
    moved(tx.conn(), &run, RunState::Frozen, version, by, at, "").await?;
    Ok(digest)
}

/// 第一人锁定: agrees with the content of this hash.
pub async fn lock_first(
    tx: &mut Tx,
    id: RunId,
    seen: i32,
    digest: [u8; 32],
    by: &Actor,
    at: Now,
) -> Result<(), Trouble> {
    let run = take(tx.conn(), id, seen, RunState::LockedOnce).await?;
    same_digest(&run, digest)?;
    query!(
        "UPDATE pay_run SET first_by = $2, first_at = $3 WHERE id = $1",
        id.get(),
        by.account as AccountId,
        at as Now
    )
    .execute(tx.conn())
    .await
    .or_trouble()?;
    moved(tx.conn(), &run, RunState::LockedOnce, run.version, by, at, "").await
}

/// What the second lock has reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locked {
    /// 笔数: one transfer a line.
    pub transfers: u64,
    /// How much.
    pub total: Fen,
}

/// 第二人锁定: another person agrees with the same hash. The content is hashed again, everybody in
/// it still lives and nobody has been put on hold, no month is paid by another run; then the
/// months are written and the money is set aside, one pending transfer a line.
///
/// # Errors
/// Refused with the names when somebody may not be paid any more, with the other run when it pays
/// a month as well, with the missing sum when the budget does not suffice.
#[doc(alias = "锁定")]
pub async fn lock_second(
    tx: &mut Tx,
    id: RunId,
    seen: i32,
    digest: [u8; 32],
    by: &Actor,
    at: Now,
) -> Result<Locked, Trouble> {
    let run = take(tx.conn(), id, seen, RunState::Locked).await?;
    same_digest(&run, digest)?;
    another(&run, by.account)?;
    let lines = all_lines(tx.conn(), id).await?;
    if run.digest != Some(digest_of(&run, &lines)) {
        return Err(Trouble::refused(
            "批次内容与冻结时不一致，不能锁定。",
            "请作废这个批次，并报告系统管理员查明原因。",
        ));
    }
    refuse_changed(tx.conn(), id).await?;
    refuse_paid_elsewhere(tx.conn(), &run).await?;
    put_segments(tx.conn(), &run).await?;
    let (debit, credit) = book(tx.conn(), &run).await?;
    let reserved: Vec<ReserveLine> = lines
        .iter()
        .map(|line| ReserveLine {
            id: transfer_of(&run, line.person),
            person: line.person,
            amount: line.total(),
        })
        .collect();
    let about = format!("run/{id}");
    let reserve = Reserve { debit, credit, about: &about, lines: &reserved };
    let transfers = ledger::reserve(tx.conn(), &reserve, at).await?;
    query!(
        "UPDATE pay_run SET second_by = $2, second_at = $3 WHERE id = $1",
        id.get(),
        by.account as AccountId,
        at as Now
    )
    .execute(tx.conn())
    .await
    .or_trouble()?;
    moved(tx.conn(), &run, RunState::Locked, run.version, by, at, "").await?;
    Ok(Locked { transfers, total: run.total() })
}

/// 流转: to the treasury, back from it, to the bank, settled. A refusal gives the money free.
pub async fn step(
    tx: &mut Tx,
    id: RunId,
    seen: i32,
    to: RunState,
    by: &Actor,
    at: Now,
    note: &str,
) -> Result<(), Trouble> {
    let own = [RunState::Frozen, RunState::LockedOnce, RunState::Locked, RunState::Dropped];
    if own.contains(&to) {
        return Err(Trouble::fault(format!("a run is not moved to {} by a step", to.code())));
    }
    let run = take(tx.conn(), id, seen, to).await?;
    if to == RunState::Funded {
        let lockers = [&run.first, &run.second].into_iter().flatten();
        if lockers.into_iter().any(|hand| hand.account == by.account) {
            return Err(Trouble::refused(
                "锁定批次的人不能同时作财政审核。",
                "请由财政部门的另一人审核。",
            ));
        }
        query!(
            "UPDATE pay_run SET funded_by = $2 WHERE id = $1",
            id.get(),
            by.account as AccountId
        )
        .execute(tx.conn())
        .await
        .or_trouble()?;
    }
    if to == RunState::Refused {
        free(tx.conn(), &run, Release::Refused, at).await?;
    }
    moved(tx.conn(), &run, to, run.version, by, at, note).await
}

/// 作废: nothing of it is paid. Its rows stay, and money that was set aside is free again.
#[doc(alias = "作废")]
pub async fn drop_run(
    tx: &mut Tx,
    id: RunId,
    seen: i32,
    by: &Actor,
    at: Now,
    reason: &str,
) -> Result<(), Trouble> {
    let run = take(tx.conn(), id, seen, RunState::Dropped).await?;
    if reason.trim().is_empty() {
        return Err(Trouble::refused("没有写明作废原因。", "请写明原因后再作废。"));
    }
    if run.state.holds_money() {
        free(tx.conn(), &run, Release::Dropped, at).await?;
    }
    moved(tx.conn(), &run, RunState::Dropped, run.version, by, at, reason).await
}

/// The run, held, if it may go there and is as its mover saw it.
async fn take(conn: &mut PgConnection, id: RunId, seen: i32, to: RunState) -> Result<Run, Trouble> {
    let run = held_run(&mut *conn, id).await?;
    let last = if run.moves == seen { String::new() } else { last_move(conn, id).await? };
    run.may_go(seen, to, &last)?;
    Ok(run)
}

async fn moved(
    conn: &mut PgConnection,
    run: &Run,
    to: RunState,
    version: i32,
    by: &Actor,
    at: Now,
    note: &str,
) -> Result<(), Trouble> {
    let no = run.moves + 1;
    query!(
        "WITH noted AS (
             INSERT INTO pay_run_move (run_id, no, from_state, to_state, version, at, by_account,
                 role, note)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         )
         UPDATE pay_run SET state = $4, move_count = $2 WHERE id = $1",
        run.id.get(),
        no,
        run.state.code(),
        to.code(),
        version,
        at as Now,
        by.account as AccountId,
        by.role.code(),
        note
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

fn digest_of(run: &Run, lines: &[Line]) -> [u8; 32] {
    content_digest(Head { area: run.area, item: &run.item, month: run.month }, lines)
}

fn same_digest(run: &Run, digest: [u8; 32]) -> Result<(), Trouble> {
    if run.digest == Some(digest) {
        return Ok(());
    }
    Err(Trouble::refused(
        "您看到的批次内容与现在的不一致，没有锁定。",
        "请刷新页面，核对校验值后再锁定。",
    ))
}

/// Who locks second has neither made it nor locked it first.
fn another(run: &Run, second: AccountId) -> Result<(), Trouble> {
    let hands = [Some(&run.proposed), run.frozen.as_ref(), run.first.as_ref()];
    for hand in hands.into_iter().flatten() {
        TwoPeople::new(hand.account, second).map_err(|same| {
            Trouble::refused(format!("{same}。"), "请由另一位有审批权限的人锁定。")
        })?;
    }
    Ok(())
}

/// The pending transfer of a line: each version of a run has its own.
pub(super) fn transfer_of(run: &Run, person: PersonId) -> TransferId {
    ledger::line_id(run.id, person, &run.item, run.version.unsigned_abs())
}

/// 预算指标 and 已发放 of the run's book.
pub(super) async fn book(
    conn: &mut PgConnection,
    run: &Run,
) -> Result<(LedgerAccountId, LedgerAccountId), Trouble> {
    let key = |kind| AccountKey::of_fund(kind, run.area, &run.fund, &run.item, run.month.year());
    let debit = ledger::account(&mut *conn, &key(AccountKind::Budget)).await?;
    let credit = ledger::account(conn, &key(AccountKind::Paid)).await?;
    Ok((debit, credit))
}

/// Nobody in it has died, come back to life, been merged or been put on hold since it was frozen.
async fn refuse_changed(conn: &mut PgConnection, run: RunId) -> Result<(), Trouble> {
    let changed = query!(
        r#"SELECT coalesce(p.name, '') AS "name!",
                  count(*) OVER () AS "n!"
           FROM pay_line l LEFT JOIN person p ON p.person_id = l.person_id
           WHERE l.run_id = $1
             AND (p.person_id IS NULL OR p.merged_into IS NOT NULL
                  OR p.life <> CASE WHEN l.look THEN 'confirmed' ELSE 'living' END
                  OR l.person_id IN (
                      SELECT f.person_id FROM fact_current f
                      WHERE f.kind IN ('hold.survival', 'hold.objection', 'hold.decision')
                        AND f.value_int = 1 AND f.valid_to IS NULL))
           ORDER BY l.no LIMIT 5"#,
        run.get()
    )
    .fetch_all(conn)
    .await
    .or_trouble()?;
    let Some(first) = changed.first() else { return Ok(()) };
    let names: Vec<&str> = changed.iter().map(|it| it.name.as_str()).collect();
    let more = if changed.len() < usize::try_from(first.n).unwrap_or(0) { "等" } else { "" };
    Err(Trouble::refused(
        format!(
            "冻结以后，{}{more} {} 人的生存状态、暂缓或档案有了变化，这个批次不能再锁定。",
            names.join("、"),
            first.n
        ),
        "请作废这个批次，重新拟制；变化的人会自动列入暂缓或停发。",
    ))
}

/// No month of it has been in another run since it was proposed.
async fn refuse_paid_elsewhere(conn: &mut PgConnection, run: &Run) -> Result<(), Trouble> {
    let paid = query!(
        r#"WITH want AS (
               SELECT person_id, $2::date AS month, current_earlier AS earlier
               FROM pay_line WHERE run_id = $1 AND current_fen > 0
               UNION ALL
               SELECT person_id, month, earlier FROM pay_line_arrears WHERE run_id = $1
           ), had AS (
               SELECT person_id, month, sequence, run_id FROM pay_segment WHERE item = $3
               UNION ALL
               SELECT p.merged_into, s.month, s.sequence, s.run_id
               FROM person p JOIN pay_segment s ON s.person_id = p.person_id AND s.item = $3
               WHERE p.merged_into IS NOT NULL
           )
           SELECT h.run_id AS "run!", h.month AS "month!: Month",
                  count(DISTINCT w.person_id) AS "n!"
           FROM want w JOIN had h ON h.person_id = w.person_id AND h.month = w.month
           WHERE h.sequence > w.earlier + $4::integer - 1
           GROUP BY h.run_id, h.month ORDER BY count(DISTINCT w.person_id) DESC LIMIT 1"#,
        run.id.get(),
        run.month as Month,
        run.item,
        run.version
    )
    .fetch_optional(conn)
    .await
    .or_trouble()?;
    let Some(it) = paid else { return Ok(()) };
    Err(Trouble::refused(
        format!(
            "名单里有 {} 人的 {}已列入第 {} 批，这个批次不能锁定。",
            it.n,
            it.month.chinese(),
            it.run
        ),
        "请作废这个批次，重新拟制。",
    ))
}

async fn put_segments(conn: &mut PgConnection, run: &Run) -> Result<(), Trouble> {
    let mark = next_mark(&mut *conn).await?;
    query!(
        "INSERT INTO pay_segment (person_id, item, month, sequence, run_id, version, area_pos, kind,
             amount_fen, mark)
         SELECT person_id, $2, $3::date, current_earlier + $4::integer, run_id, $4, area_pos,
                'current', current_fen, $5::bigint
         FROM pay_line WHERE run_id = $1 AND current_fen > 0
         UNION ALL
         SELECT person_id, $2, month, earlier + $4::integer, run_id, $4, area_pos, kind,
                amount_fen, $5::bigint
         FROM pay_line_arrears WHERE run_id = $1",
        run.id.get(),
        run.item,
        run.month as Month,
        run.version,
        mark
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}

/// A number of the assertions' own sequence, for what changes what counts as paid.
pub(super) async fn next_mark(conn: &mut PgConnection) -> Result<i64, Trouble> {
    query_scalar!(r#"SELECT nextval('assertion_id_seq') AS "mark!""#)
        .fetch_one(conn)
        .await
        .or_trouble()
}

/// Gives the reserved money free and notes that the months were not paid.
async fn free(conn: &mut PgConnection, run: &Run, why: Release, at: Now) -> Result<(), Trouble> {
    let lines = all_lines(&mut *conn, run.id).await?;
    let transfers: Vec<TransferId> =
        lines.iter().map(|line| transfer_of(run, line.person)).collect();
    ledger::void_all(&mut *conn, &transfers, &format!("run/{}", run.id), at).await?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    release(conn, run, &people, why, at).await
}

/// Notes that the months of these people's lines were not paid after all.
pub(super) async fn release(
    conn: &mut PgConnection,
    run: &Run,
    people: &[PersonId],
    why: Release,
    at: Now,
) -> Result<(), Trouble> {
    let mark = next_mark(&mut *conn).await?;
    query!(
        "INSERT INTO pay_release (person_id, item, month, sequence, run_id, area_pos, why, at, mark)
         SELECT s.person_id, s.item, s.month, s.sequence, s.run_id, s.area_pos, $5, $6, $7
         FROM unnest($1::uuid[]) w (person)
         JOIN pay_segment s ON s.person_id = w.person AND s.item = $2
         WHERE s.run_id = $3 AND s.version = $4
         ON CONFLICT DO NOTHING",
        people as &[PersonId],
        run.item,
        run.id.get(),
        run.version,
        why.code(),
        at as Now,
        mark
    )
    .execute(conn)
    .await
    .or_trouble()?;
    Ok(())
}
