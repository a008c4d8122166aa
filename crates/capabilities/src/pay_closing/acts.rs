//! 冻结、锁定、申请资金: each act is one transaction with its audit entry.

use access::{Actor, AuditEntry, record};
use findings::award_kind;
use kernel::{Assertion, AssertionState, Effects, FactValue, RunId, SourceRow, Span, Trouble};
use payroll::store::{self as runs, DifferenceFilter, Frozen};
use payroll::{Cause, Run, RunState};
use policy::Item;

use super::flow::FLOW;
use crate::pay::{Seen, blockers, digest_of, item_of, work_out};
use crate::{App, commit};

/// Whether the graph lets somebody of this role do it now.
fn allowed(run: &Run, action: &str, actor: &Actor) -> Result<(), Trouble> {
    FLOW.step(run.state.code(), action, actor.role)?;
    Ok(())
}

pub(super) async fn freeze(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
) -> Result<(), Trouble> {
    freeze_as(app, actor, id, seen, ("freeze", "冻结发放批次")).await
}

/// 财政退回以后: frozen again as a new version, if what it pays still stands.
pub(super) async fn reopen(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
) -> Result<(), Trouble> {
    freeze_as(app, actor, id, seen, ("reopen", "财政退回后改为新版本")).await
}

/// Freezes what would be proposed now: a run that facts have left behind is not frozen.
async fn freeze_as(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
    (action, words): (&str, &'static str),
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    allowed(&run, action, actor)?;
    let blockers = blockers(app, tx.conn(), &run).await?;
    drop(tx);
    if let Some(first) = blockers.first() {
        let more = match blockers.len() {
            1 => String::new(),
            n => format!("（还有 {} 项）", n - 1),
        };
        return Err(Trouble::refused(format!("还不能冻结：{}{more}", first.what), &first.remedy));
    }
    let item = item_of(app, &run)?;
    let (lo, hi) = run.place;
    let worked = work_out(app, (run.area, lo, hi), item, run.month, (Some(id), None)).await?;
    let with = Frozen { fresh: worked.digest(&run), snapshot: &worked.snapshot, mark: worked.mark };
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let digest = runs::freeze(&mut tx, id, seen.moves, &with, actor, now).await?;
    let entry = AuditEntry::new(actor, now, words, format!("run/{id}"))
        .after(&digest)
        .note(format!("{} 人 {} 元", run.lines, run.total()));
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

pub(super) async fn lock_first(
    app: &App,
    actor: &Actor,
    id: RunId,
    (moves, digest): (i32, &str),
) -> Result<(), Trouble> {
    let digest = digest_of(digest)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    allowed(&run, "lock", actor)?;
    let now = app.now();
    runs::lock_first(&mut tx, id, moves, digest, actor, now).await?;
    let entry = AuditEntry::new(actor, now, "锁定发放批次", format!("run/{id}"))
        .after(&digest)
        .note(format!("第一人，{} 人 {} 元", run.lines, run.total()));
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

/// The second person locks: the money is reserved, line by line, and changed rates become facts.
pub(super) async fn lock_second(
    app: &App,
    actor: &Actor,
    id: RunId,
    (moves, digest): (i32, &str),
) -> Result<(), Trouble> {
    let digest = digest_of(digest)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    allowed(&run, "lock_again", actor)?;
    let item = item_of(app, &run)?.clone();
    let now = app.now();
    runs::lock_second(&mut tx, id, moves, digest, actor, now).await?;
    let assertions = rates(&mut tx, &run, &item).await?;
    let effects = Effects { assertions, ..Effects::default() };
    let note = format!("第二人，{} 人 {} 元", run.lines, run.total());
    commit(tx, actor, now, &effects, "锁定发放批次", format!("run/{id}"), &note).await?;
    // What is paid has changed: findings about it close, and so do duties of money sent again.
    (app.parts().after_facts)(app.clone()).await
}

/// 调整后的标准: who is paid another rate from this month on.
async fn rates(tx: &mut db::Tx, run: &Run, item: &Item) -> Result<Vec<Assertion>, Trouble> {
    let Some(kind) = award_kind(item) else { return Ok(Vec::new()) };
    let mut assertions = Vec::new();
    for cause in [Cause::ClassChange, Cause::RateChange] {
        let filter = DifferenceFilter { cause: Some(cause), ..DifferenceFilter::default() };
        let rows = runs::differences(tx.conn(), run.id, &filter, i64::MAX, 0).await?;
        assertions.extend(rows.into_iter().map(|row| Assertion {
            person: row.person,
            kind,
            value: FactValue::Fen(row.now),
            valid: Span::from(run.month.first()),
            source: SourceRow::Statement,
            state: AssertionState::Asserted,
        }));
    }
    Ok(assertions)
}

pub(super) async fn request(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
) -> Result<(), Trouble> {
    step(app, actor, id, seen, ("request", RunState::Requested, "资金申请"), seen.note.trim()).await
}

pub(super) async fn voucher(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
) -> Result<(), Trouble> {
    let number = seen.told("没有写支付凭证号。")?;
    step(app, actor, id, seen, ("voucher", RunState::Voucher, "登记支付凭证"), number).await
}

/// 财政审核: passed, or refused with the cause.
pub(super) async fn review(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
    decision: &str,
) -> Result<(), Trouble> {
    match decision {
        "pass" => {
            let to = ("fund", RunState::Funded, "财政审核通过");
            step(app, actor, id, seen, to, seen.note.trim()).await
        }
        "refuse" => {
            let cause = seen.told("退回没有写原因。")?;
            step(app, actor, id, seen, ("refuse", RunState::Refused, "财政退回"), cause).await
        }
        _ => Err(Trouble::refused("没有选审核意见。", "请选“通过”或“退回”。")),
    }
}

async fn step(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
    (action, to, entry): (&str, RunState, &'static str),
    note: &str,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    allowed(&run, action, actor)?;
    let now = app.now();
    runs::step(&mut tx, id, seen.moves, to, actor, now, note).await?;
    let entry = AuditEntry::new(actor, now, entry, format!("run/{id}")).note(note);
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

pub(super) async fn drop_run(
    app: &App,
    actor: &Actor,
    id: RunId,
    seen: &Seen,
) -> Result<(), Trouble> {
    let reason = seen.told("作废没有写原因。")?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    allowed(&run, "drop", actor)?;
    let now = app.now();
    runs::drop_run(&mut tx, id, seen.moves, actor, now, reason).await?;
    let entry = AuditEntry::new(actor, now, "作废发放批次", format!("run/{id}")).note(reason);
    record(tx.conn(), &entry).await?;
    tx.commit().await
}
