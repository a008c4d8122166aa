//! From a received file to facts: receive, stage (dry run), apply, return, undo.
//!
//! Staging reads the whole file and writes only its report. Applying reads it again under a lock
//! and writes people, facts, rows, the life that the claims amount to and the audit entry in one
//! transaction: a stop or a crash leaves all or nothing.

use access::{Actor, AuditEntry, record};
use db::Tx;
use facts::batches::{self, Batch, BatchState, NewBatch};
use facts::layout::{Layout, Mapping};
use facts::matching;
use facts::sheet::{Encoding, Format};
use kernel::{AreaId, AreaLevel, BatchId, Day, Trouble};
use sm3::{Digest, Sm3};

use super::apply;
use super::domain::{Before, Hold, holds};
use super::read::{Reading, Setting, read};
use super::report::{DifferenceNote, Report};
use super::sealed::{load_report, put_report, seal_report};
use crate::App;
use crate::originals::{ClearCopy, hex, keep, kept, sm3};
use crate::work::Work;

/// A file as it comes in.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// Who sent it.
    pub supplier: String,
    /// As of when it speaks.
    pub as_of: Day,
    /// As the sender named it.
    pub file_name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// How far a command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// 试导: read and match; no fact is written.
    DryRun,
    /// 入库: apply it, if nothing holds it.
    Apply,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Its id.
    pub batch: BatchId,
    /// How far it came.
    pub state: BatchState,
    /// What came of reading it.
    pub report: Report,
}

/// Receives a file and takes it as far as `mode` says; for the command line and the demo.
pub async fn import(
    app: &App,
    actor: &Actor,
    incoming: Incoming,
    mode: Mode,
    work: &Work,
) -> Result<Imported, Trouble> {
    let (batch, report) = match receive(app, actor, &incoming).await? {
        Received::New(batch) => (batch, stage(app, actor, batch, None, work).await?),
        Received::Before(batch) => match (mode, batch.state) {
            (Mode::Apply, BatchState::Received | BatchState::Staged) => {
                (batch.id, stage(app, actor, batch.id, None, work).await?)
            }
            _ => return Err(same_file(&batch)),
        },
    };
    let mut state = state_of(&report);
    if mode == Mode::Apply && state == BatchState::Staged {
        apply(app, actor, batch, "", work).await?;
        state = BatchState::Applied;
    }
    Ok(Imported { batch, state, report })
}

/// Whether a file is new, or the same bytes are there already.
pub(crate) enum Received {
    New(BatchId),
    Before(Box<Batch>),
}

pub(crate) fn same_file(batch: &Batch) -> Trouble {
    Trouble::refused(
        format!(
            "这份文件已经收过：第 {} 批，{} 登记，{}。没有重复登记。",
            batch.id,
            batch.received_at,
            batch.state.chinese()
        ),
        "要重新处理，请打开那一批办理。",
    )
}

/// 登记: keeps the file and notes it.
pub(crate) async fn receive(
    app: &App,
    actor: &Actor,
    incoming: &Incoming,
) -> Result<Received, Trouble> {
    let layout = layout(app, &incoming.supplier)?;
    if incoming.bytes.is_empty() {
        return Err(Trouble::refused("文件是空的。", "请重新选择文件，或向来源部门再要一份。"));
    }
    if incoming.as_of > app.now().day() {
        return Err(Trouble::refused(
            format!("数据截至日期 {} 还没有到。", incoming.as_of),
            "请按交接单填写数据反映的日期。",
        ));
    }
    let area = county(app, actor)?;
    let file_sm3 = sm3(&incoming.bytes);
    let mut tx = app.db().begin(&actor.scope).await?;
    batches::lock(tx.conn(), &layout.id, area).await?;
    if let Some(batch) = batches::same_bytes(tx.conn(), &layout.id, area, &file_sm3).await? {
        return Ok(Received::Before(Box::new(batch)));
    }
    keep(&app.parts().files_dir, app.vault(), &incoming.bytes)?;
    let account = (actor.account.get() != 0).then_some(actor.account);
    let new = NewBatch {
        supplier: &layout.id,
        as_of: incoming.as_of,
        file_name: &incoming.file_name,
        file_sm3,
        file_bytes: incoming.bytes.len() as u64,
        area,
        area_pos: actor.scope.lo(),
        received_at: app.now(),
        received_by: account,
    };
    let id = batches::receive(tx.conn(), &new).await?;
    let entry = AuditEntry::new(actor, app.now(), "登记文件", format!("batch/{id}"))
        .after(&file_sm3)
        .note(format!("{}，截至 {}", layout.name, incoming.as_of));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(Received::New(id))
}

/// 试导: reads the file and keeps the report. What cannot be read is refused whole, and says why.
pub(crate) async fn stage(
    app: &App,
    actor: &Actor,
    id: BatchId,
    mapping: Option<Mapping>,
    work: &Work,
) -> Result<Report, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = batches::batch(tx.conn(), id).await?;
    batches::lock(tx.conn(), &batch.supplier, batch.area).await?;
    if batch.state.is_decided() {
        return Err(Trouble::Conflict(format!("这份文件{}，不能再试导。", batch.state.chinese())));
    }
    let layout = layout(app, &batch.supplier)?.clone();
    let remembered = remembered(&mut tx, &batch, mapping).await?;
    let read = match read_batch(app, &mut tx, &batch, &layout, remembered, work).await {
        Err(Trouble::Refused(refusal)) if work.check().is_ok() => {
            let why = Hold { sentence: refusal.sentence, remedy: refusal.remedy };
            let report = Report::refusal(no_mapping(&layout), Vec::new(), why);
            put_report(app, &mut tx, &batch, &report, BatchState::Refused, actor).await?;
            tx.commit().await?;
            return Ok(report);
        }
        other => other?,
    };
    let (_, report) = report_of(&mut tx, &batch, &layout, &read).await?;
    work.check()?;
    put_report(app, &mut tx, &batch, &report, state_of(&report), actor).await?;
    tx.commit().await?;
    Ok(report)
}

/// 入库: applies a staged file. A held one needs the reason of the person who decides.
pub(crate) async fn apply(
    app: &App,
    actor: &Actor,
    id: BatchId,
    reason: &str,
    work: &Work,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = batches::batch(tx.conn(), id).await?;
    batches::lock(tx.conn(), &batch.supplier, batch.area).await?;
    let batch = batches::batch(tx.conn(), batch.id).await?;
    match batch.state {
        BatchState::Staged => {}
        BatchState::Held if !reason.trim().is_empty() => {}
        BatchState::Held => {
            return Err(Trouble::refused(
                "这份文件暂缓中，入库要写明原因。",
                "请写一两句为什么可以入库。",
            ));
        }
        state => {
            return Err(Trouble::Conflict(format!("这份文件{}，没有再次入库。", state.chinese())));
        }
    }
    let layout = layout(app, &batch.supplier)?.clone();
    let staged = load_report(app, &batch)?.map(|report| report.mapping);
    let read = read_batch(app, &mut tx, &batch, &layout, staged, work).await?;
    let (before, report) = report_of(&mut tx, &batch, &layout, &read).await?;
    if let (Some(hold), true) = (report.holds.first(), reason.trim().is_empty()) {
        put_report(app, &mut tx, &batch, &report, BatchState::Held, actor).await?;
        tx.commit().await?;
        return Err(Trouble::refused(hold.sentence.clone(), hold.remedy.clone()));
    }
    work.step("写入", 0);
    let wrote = apply::write(app, &mut tx, &batch, &layout, &read, before.as_ref()).await?;
    work.check()?;
    let entry = AuditEntry::new(actor, app.now(), "入库", format!("batch/{id}"))
        .after(&batch.file_sm3)
        .note(format!("{}写入 {wrote} 条事实。{}", report.sentence(), reason.trim()));
    record(tx.conn(), &entry).await?;
    let sealed = seal_report(app, &batch, &report)?;
    let account = (actor.account.get() != 0).then_some(actor.account);
    let decided = Some((app.now(), account));
    let previous = before.as_ref().map(|(batch, _)| batch.id);
    batches::move_on(tx.conn(), id, BatchState::Applied, Some(&sealed), decided, previous).await?;
    tx.commit().await
}

/// 退回: the file goes back to its sender; nothing of it is in.
pub(crate) async fn give_back(app: &App, actor: &Actor, id: BatchId) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let batch = batches::batch(tx.conn(), id).await?;
    batches::lock(tx.conn(), &batch.supplier, batch.area).await?;
    if batches::batch(tx.conn(), id).await?.state.is_decided() {
        return Err(Trouble::Conflict(format!("这份文件{}，不能退回。", batch.state.chinese())));
    }
    let decided = Some((app.now(), Some(actor.account)));
    batches::move_on(tx.conn(), id, BatchState::Returned, None, decided, None).await?;
    record(tx.conn(), &AuditEntry::new(actor, app.now(), "退回文件", format!("batch/{id}")))
        .await?;
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
    let batch = batches::batch(tx.conn(), id).await?;
    batches::lock(tx.conn(), &batch.supplier, batch.area).await?;
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
    facts::people::refresh_cards(&mut tx, id).await?;
    apply::show_lives(&mut tx).await?;
    let account = (actor.account.get() != 0).then_some(actor.account);
    let decided = Some((app.now(), account));
    batches::move_on(tx.conn(), id, BatchState::Undone, None, decided, None).await?;
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

fn state_of(report: &Report) -> BatchState {
    match (&report.refused, report.holds.is_empty()) {
        (Some(_), _) => BatchState::Refused,
        (None, true) => BatchState::Staged,
        (None, false) => BatchState::Held,
    }
}

pub(crate) fn layout<'a>(app: &'a App, supplier: &str) -> Result<&'a Layout, Trouble> {
    app.layout(supplier).ok_or_else(|| {
        let known: Vec<&str> = app.parts().layouts.iter().map(|l| l.id.as_str()).collect();
        Trouble::refused(
            format!("没有“{supplier}”这个供数单位。"),
            format!("可用的有：{}。新单位先在 exchange 目录里加一个版式文件。", known.join("、")),
        )
    })
}

fn county(app: &App, actor: &Actor) -> Result<AreaId, Trouble> {
    let areas = app.areas();
    areas
        .at_level(actor.area, AreaLevel::County)
        .map(|node| node.id)
        .ok_or_else(|| Trouble::refused("部门数据按县接收。", "请用县级数据专管账号登记。"))
}

async fn read_batch(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    mapping: Option<Mapping>,
    work: &Work,
) -> Result<Reading, Trouble> {
    let known = facts::people::known_people(tx.conn()).await?;
    let setting = Setting::new(app, layout.clone(), batch.area, batch.as_of, known, mapping);
    let file_sm3 = batch.file_sm3;
    let work = work.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let dir = &setting.app.parts().files_dir;
        let bytes = kept(dir, setting.app.vault(), &file_sm3)?;
        let copy = ClearCopy::of(dir, &bytes)?;
        drop(bytes);
        read(&setting, copy.path(), &work).map_err(Trouble::from)
    });
    reading.await.map_err(Trouble::fault)?
}

/// The file before, with the difference; and the report.
async fn report_of(
    tx: &mut Tx,
    batch: &Batch,
    layout: &Layout,
    read: &Reading,
) -> Result<(Option<(Batch, Before)>, Report), Trouble> {
    let before = match batches::last_applied(tx.conn(), &batch.supplier, batch.area).await? {
        Some(last) => {
            let old = batches::row_hashes(tx.conn(), last.id).await?;
            let now = read.rows.iter().map(|row| (row.key, row.hash));
            let difference = matching::difference(old, now);
            Some((last.clone(), Before { as_of: last.as_of, difference }))
        }
        None => None,
    };
    let mut file = vec![
        ("格式".to_owned(), format_name(read.peek.format).to_owned()),
        ("工作表".to_owned(), read.mapping.sheet_name.clone()),
    ];
    if let Some(encoding) = read.peek.encoding {
        file.push(("编码".to_owned(), encoding_name(encoding).to_owned()));
    }
    file.extend(read.notes.iter().map(|note| ("提示".to_owned(), note.clone())));
    let no_reason = Hold { sentence: String::new(), remedy: String::new() };
    let mut report = Report::refusal(read.mapping.clone(), file, no_reason);
    report.refused = None;
    report.note_columns(&read.profile);
    report.note_rows(&read.matched, &|place| read.rows[place].who.clone());
    report.holds = holds(layout, batch.as_of, before.as_ref().map(|(_, before)| before));
    report.difference = before.as_ref().map(|(last, before)| DifferenceNote {
        before: last.id,
        added: before.difference.added.len(),
        removed: before.difference.removed.len(),
        changed: before.difference.changed.len(),
        unchanged: before.difference.unchanged,
    });
    Ok((before, report))
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Xlsx => "Excel 工作簿（xlsx）",
        Format::Xls => "Excel 97-2003（xls）",
        Format::Csv => "文本表格（csv）",
    }
}

fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Gb18030 => "GB18030",
    }
}

fn no_mapping(layout: &Layout) -> Mapping {
    Mapping {
        supplier: layout.id.clone(),
        sheet: 0,
        sheet_name: String::new(),
        header_rows: Vec::new(),
        headers: Vec::new(),
        columns: Vec::new(),
        epoch: facts::sheet::Epoch::From1900,
    }
}

/// The mapping that a person gave now, or the one remembered for this layout.
async fn remembered(
    tx: &mut Tx,
    batch: &Batch,
    given: Option<Mapping>,
) -> Result<Option<Mapping>, Trouble> {
    if given.is_some() {
        return Ok(given);
    }
    let json = batches::newest_mapping(tx.conn(), &batch.supplier, batch.area).await?;
    Ok(json.and_then(|json| serde_json::from_value(json).ok()))
}

/// Hash of a layout's headers, under which its mapping is remembered.
pub(crate) fn header_sm3(mapping: &Mapping) -> [u8; 32] {
    Sm3::digest(mapping.headers.join("\u{1f}").as_bytes()).into()
}

/// A hash as it is written on a slip.
pub(crate) fn slip_hash(file_sm3: &[u8; 32]) -> String {
    hex(file_sm3)
}

/// The mapping with the columns as a person chose them, remembered for the next file.
pub(crate) async fn remap(
    app: &App,
    actor: &Actor,
    batch: &Batch,
    mut mapping: Mapping,
    columns: &std::collections::HashMap<String, String>,
) -> Result<Mapping, Trouble> {
    let layout = layout(app, &batch.supplier)?;
    mapping.columns.clear();
    for place in 0..mapping.headers.len() {
        let Some(field) = columns.get(&format!("column-{place}")).filter(|f| !f.is_empty()) else {
            continue;
        };
        if layout.column(field).is_none() {
            return Err(Trouble::refused("选了这个版式没有的栏目。", "请刷新页面后重新选择。"));
        }
        if mapping.place(field).is_some() {
            let label = layout.column(field).and_then(|c| c.headers.first()).cloned();
            return Err(Trouble::refused(
                format!("有两列都选成了“{}”。", label.unwrap_or_default()),
                "每个栏目只能对应一列。",
            ));
        }
        mapping.set(field, Some(place));
    }
    let json = serde_json::to_value(&mapping).map_err(Trouble::fault)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let account = (actor.account.get() != 0).then_some(actor.account);
    batches::remember_mapping(
        tx.conn(),
        &batch.supplier,
        batch.area,
        &header_sm3(&mapping),
        &json,
        account,
        app.now(),
    )
    .await?;
    let entry = AuditEntry::new(actor, app.now(), "对列", format!("batch/{}", batch.id));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(mapping)
}
