//! What people decide about a file that was read: accept, apply, refuse, undo.
//!
//! Applying reads the file again under a lock and writes people, facts, rows, the life that the
//! claims amount to and the audit entry in one transaction: a stop or a crash leaves all or
//! nothing. A file whose layout asks for two people is accepted by one and applied by another.

use access::{Actor, AuditEntry, record};
use db::Tx;
use facts::batches::{self, Batch, BatchState};
use facts::layout::Layout;
use facts::population;
use kernel::{AccountId, BatchId, Trouble, TwoPeople};

use super::apply;
use super::domain::{Before, Hold};
use super::jobs::{county, examine, layout, read_batch, report_of};
use super::read::Reading;
use super::report::Report;
use super::sealed::{load_report, put_report, seal_report};
use crate::App;
use crate::work::Work;

/// 经手人: who takes a file in, where two people are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hands {
    /// One person on a page.
    One,
    /// The second person on a page; the first has accepted the file.
    Second,
    /// Whoever operates the machine, in one act; the audit entry says so.
    Operator,
    /// Two named people at once (the demo's own intake).
    Both(TwoPeople),
}

/// 接收: the first of two people. A held file needs their reason.
pub async fn accept(app: &App, actor: &Actor, id: BatchId, reason: &str) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = locked(&mut tx, id).await?;
    let layout = layout(app, &batch.supplier)?;
    may_go_on(&batch, reason)?;
    if !asks_two(layout, load_report(app, &batch)?.as_ref()) {
        return Err(Trouble::Conflict("这类数据由一人入库，不用另一人确认。".to_owned()));
    }
    batches::accept(tx.conn(), id, actor.account, app.now(), reason.trim()).await?;
    let entry = AuditEntry::new(actor, app.now(), "接收文件", format!("batch/{id}"))
        .after(&batch.file_sm3)
        .note(format!("待另一人确认。{}", reason.trim()));
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

/// 入库: applies a file that was read. A held one needs the reason of the person who decides.
pub async fn take_in(
    app: &App,
    actor: &Actor,
    id: BatchId,
    reason: &str,
    hands: Hands,
    work: &Work,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = locked(&mut tx, id).await?;
    let layout = layout(app, &batch.supplier)?.clone();
    let staged = load_report(app, &batch)?;
    let two = asks_two(&layout, staged.as_ref());
    let signed = sign(&mut tx, app, &batch, two, (hands, account(actor), reason)).await?;
    let staged = staged.map(|report| report.mapping);
    let read = read_batch(app, &mut tx, &batch, &layout, staged, work).await?;
    let (before, report) = report_of(app, &mut tx, &batch, &layout, &read).await?;
    // What holds it may be new since it was read for whoever has signed.
    let open = |hold: &&Hold| signed.reason.is_empty() || (hold.two_people && !signed.two);
    if let Some(hold) = report.holds.iter().find(open) {
        put_report(app, &mut tx, &batch, &report, BatchState::Held, actor).await?;
        tx.commit().await?;
        return Err(Trouble::refused(hold.sentence.clone(), hold.remedy.clone()));
    }
    let ready = Ready { batch, layout, read, before, report, signed };
    write(app, actor, tx, ready, work).await.map(drop)
}

/// 一次办完: reads a received file and applies it, if nothing holds it, in one transaction.
pub(super) async fn read_and_take_in(
    app: &App,
    actor: &Actor,
    id: BatchId,
    hands: Hands,
    work: &Work,
) -> Result<(BatchState, Report), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = locked(&mut tx, id).await?;
    let layout = layout(app, &batch.supplier)?.clone();
    let (read, before, report) =
        match examine(app, actor, &mut tx, (&batch, &layout), None, work).await? {
            Ok(examined) => examined,
            Err(report) => {
                tx.commit().await?;
                return Ok((BatchState::Refused, report));
            }
        };
    if !report.holds.is_empty() {
        put_report(app, &mut tx, &batch, &report, BatchState::Held, actor).await?;
        tx.commit().await?;
        return Ok((BatchState::Held, report));
    }
    let batch = Batch { state: BatchState::Staged, ..batch };
    let two = layout.acceptance.two_people;
    let signed = sign(&mut tx, app, &batch, two, (hands, account(actor), "")).await?;
    let ready = Ready { batch, layout, read, before, report, signed };
    write(app, actor, tx, ready, work).await.map(|report| (BatchState::Applied, report))
}

/// Everything that is written.
struct Ready {
    batch: Batch,
    layout: Layout,
    read: Reading,
    before: Option<(Batch, Before)>,
    report: Report,
    signed: Signed,
}

async fn write(
    app: &App,
    actor: &Actor,
    mut tx: Tx,
    ready: Ready,
    work: &Work,
) -> Result<Report, Trouble> {
    let Ready { batch, layout, read, before, report, signed } = ready;
    work.step("写入", 0);
    let wrote = apply::write(app, &mut tx, &batch, &layout, &read, before.as_ref()).await?;
    work.check()?;
    let note =
        format!("{}写入 {wrote} 条事实。{}{}", report.sentence(), signed.reason, signed.note);
    let entry = AuditEntry::new(actor, app.now(), "入库", format!("batch/{}", batch.id))
        .after(&batch.file_sm3)
        .note(note);
    record(tx.conn(), &entry).await?;
    let sealed = seal_report(app, &batch, &report)?;
    let decided = Some((app.now(), signed.by));
    let previous = before.as_ref().map(|(batch, _)| batch.id);
    let (conn, id) = (tx.conn(), batch.id);
    batches::move_on(conn, id, BatchState::Applied, Some(&sealed), decided, previous).await?;
    batches::put_reason(tx.conn(), batch.id, &signed.reason).await?;
    population::note_source_file(tx.conn(), &batch.supplier, batch.area).await?;
    tx.commit().await?;
    if read.rows.len() >= LARGE_FILE_ROWS {
        let mut tx = app.db().begin(&actor.scope).await?;
        batches::refresh_statistics(tx.conn()).await?;
        tx.commit().await?;
    }
    Ok(report)
}

/// Rows from which on a file changes what the database knows of its tables.
const LARGE_FILE_ROWS: usize = 5_000;

/// Who answers for a file that is being applied, why although held, and what the record says.
struct Signed {
    by: Option<AccountId>,
    reason: String,
    note: &'static str,
    /// Whether two people answer for it.
    two: bool,
}

/// 两人接收: by its layout, or because of what holds it.
pub(super) fn asks_two(layout: &Layout, report: Option<&Report>) -> bool {
    let held = report.is_some_and(|report| report.holds.iter().any(|hold| hold.two_people));
    layout.acceptance.two_people || held
}

async fn sign(
    tx: &mut Tx,
    app: &App,
    batch: &Batch,
    two: bool,
    (hands, by, reason): (Hands, Option<AccountId>, &str),
) -> Result<Signed, Trouble> {
    let given = reason.trim().to_owned();
    if !two {
        may_go_on(batch, reason)?;
        return Ok(Signed { by, reason: given, note: "", two });
    }
    match hands {
        Hands::One => {
            may_go_on(batch, reason)?;
            Err(Trouble::refused(
                format!(
                    "这份{}要两个人办：一人接收，另一人确认后才入库。",
                    app.source_name(&batch.supplier)
                ),
                "请先接收，再请另一位数据专管员或县级审批人确认。",
            ))
        }
        Hands::Second => {
            let accepted = match (&batch.accepted, batch.state) {
                (Some(accepted), BatchState::Accepted) => accepted,
                (_, state) => {
                    return Err(Trouble::Conflict(format!(
                        "这份文件{}，不能确认。",
                        state.chinese()
                    )));
                }
            };
            let second = by.ok_or_else(|| Trouble::fault("the system confirms nothing"))?;
            let people = TwoPeople::new(accepted.by, second).map_err(|same| {
                Trouble::refused(
                    format!("{same}。"),
                    "这份文件是您接收的，请另一位数据专管员或县级审批人确认。",
                )
            })?;
            let reason = accepted.reason.clone();
            Ok(Signed { by: Some(people.second()), reason, note: "由另一人确认。", two })
        }
        Hands::Operator => {
            may_go_on(batch, reason)?;
            let note = "由本机操作员在命令行一次办完接收和确认。";
            Ok(Signed { by, reason: given, note, two })
        }
        Hands::Both(people) => {
            may_go_on(batch, reason)?;
            batches::accept(tx.conn(), batch.id, people.first(), app.now(), &given).await?;
            let note = "演示数据，两人代办。";
            Ok(Signed { by: Some(people.second()), reason: given, note, two })
        }
    }
}

/// Whether a file can be accepted now: it was read, and if it is held somebody says why.
fn may_go_on(batch: &Batch, reason: &str) -> Result<(), Trouble> {
    match batch.state {
        BatchState::Staged => Ok(()),
        BatchState::Held if !reason.trim().is_empty() => Ok(()),
        BatchState::Held => {
            Err(Trouble::refused("这份文件暂缓中，入库要写明原因。", "请写一两句为什么可以入库。"))
        }
        state => Err(Trouble::Conflict(format!("这份文件{}，没有再次入库。", state.chinese()))),
    }
}

/// 退回: the file goes back to its sender; nothing of it is in. Who refuses what another person
/// has accepted says why.
pub async fn give_back(app: &App, actor: &Actor, id: BatchId, reason: &str) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = locked(&mut tx, id).await?;
    if batch.state.is_decided() {
        return Err(Trouble::Conflict(format!("这份文件{}，不能退回。", batch.state.chinese())));
    }
    let others = batch.accepted.as_ref().is_some_and(|accepted| accepted.by != actor.account);
    if others && reason.trim().is_empty() {
        return Err(Trouble::refused("不同意入库要写明原因。", "请写一两句哪里不对。"));
    }
    let decided = Some((app.now(), Some(actor.account)));
    batches::move_on(tx.conn(), id, BatchState::Returned, None, decided, None).await?;
    batches::put_reason(tx.conn(), id, reason.trim()).await?;
    let entry =
        AuditEntry::new(actor, app.now(), "退回文件", format!("batch/{id}")).note(reason.trim());
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

/// 撤销: takes back everything that an applied file asserted. Only the newest file of a source.
pub(crate) async fn undo(
    app: &App,
    actor: &Actor,
    id: BatchId,
    reason: &str,
) -> Result<u64, Trouble> {
    if reason.trim().is_empty() {
        return Err(Trouble::refused("撤销要写明原因。", "请写一两句为什么撤销。"));
    }
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = locked(&mut tx, id).await?;
    let newest = batches::last_applied(tx.conn(), &batch.supplier, batch.area).await?;
    if newest.is_none_or(|newest| newest.id != id) {
        return Err(Trouble::refused(
            "只能撤销这个来源最近入库的一份。",
            "请先撤销后来入库的，再撤销这一份。",
        ));
    }
    let entry =
        AuditEntry::new(actor, app.now(), "撤销入库", format!("batch/{id}")).note(reason.trim());
    let statement = record(tx.conn(), &entry).await?;
    let rank = layout(app, &batch.supplier)?.rank;
    let retracted = facts::retract_batch(tx.conn(), id, rank, statement, app.now()).await?;
    facts::people::list_who_has_facts(tx.conn(), id).await?;
    facts::merge::project_after_undo(&mut tx, id, &app.ranks()).await?;
    facts::people::refresh_cards(&mut tx, id).await?;
    apply::show_lives(app, &mut tx).await?;
    let decided = Some((app.now(), account(actor)));
    batches::move_on(tx.conn(), id, BatchState::Undone, None, decided, None).await?;
    batches::put_reason(tx.conn(), id, reason.trim()).await?;
    population::note_source_file(tx.conn(), &batch.supplier, batch.area).await?;
    tx.commit().await?;
    Ok(retracted)
}

/// 撤销 the newest applied file of a source, for who has its name and not its number.
pub async fn undo_newest(
    app: &App,
    actor: &Actor,
    supplier: &str,
    reason: &str,
) -> Result<u64, Trouble> {
    let layout = layout(app, supplier)?;
    let area = county(app, actor)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let newest = batches::last_applied(tx.conn(), &layout.id, area).await?;
    drop(tx);
    let newest = newest.ok_or_else(|| {
        Trouble::refused(format!("{} 还没有入库过的文件。", layout.name), "不需要撤销。")
    })?;
    undo(app, actor, newest.id, reason).await
}

/// The file as it is once nobody else works on a file of its source.
async fn locked(tx: &mut Tx, id: BatchId) -> Result<Batch, Trouble> {
    let batch = batches::batch(tx.conn(), id).await?;
    batches::lock(tx.conn(), &batch.supplier, batch.area).await?;
    batches::batch(tx.conn(), id).await
}

fn account(actor: &Actor) -> Option<AccountId> {
    (actor.account.get() != 0).then_some(actor.account)
}
