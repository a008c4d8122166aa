//! From a received file to its report: receive, and stage (dry run). Staging reads the whole file
//! and writes only its report; what people decide about it then is in [`super::decide`].

use access::{Actor, AuditEntry, record};
use db::Tx;
use facts::batches::{self, Batch, BatchState, NewBatch};
use facts::layout::{Layout, Mapping};
use facts::matching;
use facts::sheet::{Encoding, Format};
use kernel::{AreaId, AreaLevel, BatchId, Day, Trouble};
use sm3::{Digest, Sm3};

use super::deaths::deaths_of;
use super::decide::{Hands, read_and_take_in};
use super::desk;
use super::domain::{Before, Changes, Hold, holds};
use super::gone;
use super::read::{Reading, Setting, read};
use super::report::{DifferenceNote, Report};
use super::sealed::put_report;
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

/// Receives a file and takes it as far as `mode` says; for the command line, whose operator does
/// in one act what two people do on the page.
pub async fn import(
    app: &App,
    actor: &Actor,
    incoming: Incoming,
    mode: Mode,
    work: &Work,
) -> Result<Imported, Trouble> {
    import_by(app, actor, incoming, mode, Hands::Operator, work).await
}

/// As [`import`], with whose hands answer for it where two people are asked for.
pub async fn import_by(
    app: &App,
    actor: &Actor,
    incoming: Incoming,
    mode: Mode,
    hands: Hands,
    work: &Work,
) -> Result<Imported, Trouble> {
    let batch = match receive(app, actor, &incoming).await? {
        Received::New(batch) => batch,
        Received::Before(batch) => match (mode, batch.state) {
            (Mode::Apply, BatchState::Received | BatchState::Staged) => batch.id,
            _ => return Err(same_file(&batch)),
        },
    };
    let (state, report) = match mode {
        Mode::Apply => read_and_take_in(app, actor, batch, hands, work).await?,
        Mode::DryRun => {
            let report = stage(app, actor, batch, None, work).await?;
            (state_of(&report), report)
        }
    };
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
    if batch.state.is_decided() || batch.state == BatchState::Accepted {
        return Err(Trouble::Conflict(format!("这份文件{}，不能再试导。", batch.state.chinese())));
    }
    let layout = layout(app, &batch.supplier)?.clone();
    let report = match examine(app, actor, &mut tx, (&batch, &layout), mapping, work).await? {
        Ok((_, _, report)) => {
            put_report(app, &mut tx, &batch, &report, state_of(&report), actor).await?;
            report
        }
        Err(report) => report,
    };
    tx.commit().await?;
    Ok(report)
}

/// A reading with what it is compared with, and its report.
pub(super) type Examined = (Reading, Option<(Batch, Before)>, Report);

/// Reads and compares a file. One that cannot be read is refused, with the report that says why.
pub(super) async fn examine(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    (batch, layout): (&Batch, &Layout),
    mapping: Option<Mapping>,
    work: &Work,
) -> Result<Result<Examined, Report>, Trouble> {
    let remembered = remembered(tx, batch, mapping).await?;
    let read = match read_batch(app, tx, batch, layout, remembered, work).await {
        Err(Trouble::Refused(refusal)) if work.check().is_ok() => {
            let why = Hold::new(refusal.sentence, refusal.remedy);
            let report = Report::refusal(no_mapping(layout), Vec::new(), why);
            put_report(app, tx, batch, &report, BatchState::Refused, actor).await?;
            return Ok(Err(report));
        }
        other => other?,
    };
    let (before, report) = report_of(app, tx, batch, layout, &read).await?;
    work.check()?;
    Ok(Ok((read, before, report)))
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

/// The county that the actor's files are about. Who works above it has several, who works below it
/// has none of their own.
pub(super) fn county(app: &App, actor: &Actor) -> Result<AreaId, Trouble> {
    let areas = app.areas();
    let county = areas.at_level(actor.area, AreaLevel::County).map(|node| node.id);
    county.filter(|county| *county == actor.area).ok_or_else(|| {
        let own = areas.node(actor.area).map_or("", |node| node.name.as_str());
        Trouble::refused(
            format!("部门数据按县接收，您的管理范围是{own}。"),
            "请用要登记的那个县的数据专管账号登记。",
        )
    })
}

pub(super) async fn read_batch(
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
pub(super) async fn report_of(
    app: &App,
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
    let mut file = vec![("格式".to_owned(), format_name(read.peek.format).to_owned())];
    if !read.mapping.sheet_name.is_empty() {
        file.push(("工作表".to_owned(), read.mapping.sheet_name.clone()));
    }
    if let Some(encoding) = read.peek.encoding {
        file.push(("编码".to_owned(), encoding_name(encoding).to_owned()));
    }
    file.extend(read.notes.iter().map(|note| ("提示".to_owned(), note.clone())));
    let mut report = Report::refusal(read.mapping.clone(), file, Hold::new("", ""));
    report.refused = None;
    report.note_columns(&read.profile);
    report.note_rows(&read.matched, &|place| read.rows[place].who.clone());
    report.decided_before = desk::decided_before(app, tx, batch, layout, read).await?;
    report.deaths = deaths_of(app, tx, layout, read).await?;
    let earlier = before.as_ref().map(|(_, before)| before);
    let ended_awards = match earlier {
        Some(_) => gone::awards_ending(app, tx, batch, layout, read).await?,
        None => 0,
    };
    let changes = Changes { new_deaths: report.deaths.len(), ended_awards };
    report.holds = holds(layout, batch.as_of, earlier, changes);
    report.names_somebody = read.names_somebody();
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
