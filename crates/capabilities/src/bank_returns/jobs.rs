//! 登记回盘: from the bank's file to posted and voided money, duties and a settled run.

use access::Actor;
use duties::duty_id;
use facts::sheet::Row;
use kernel::{AreaLevel, DutyChange, DutyOpening, Effects, Fen, Role, RunId, Trouble};
use payroll::store::{self as runs, LineAnswer, ReturnedFilter, ReturnedLine};
use payroll::{Answer as Said, Run, RunState};
use sm3::{Digest, Sm3};

use super::duty_kinds::RETURNED;
use crate::bank::store::{self, BankFile, NewReturn};
use crate::bank::{self, Answer, BankLayout, BankLine, Outcome, ReturnCause};
use crate::originals::{ClearCopy, hex, keep, kept, sm3};
use crate::runs::item_name;
use crate::{App, commit, pay};

/// As many returned lines as are looked over at once.
const MOST: i64 = 20_000;

/// A return as it was uploaded.
pub(super) struct Upload {
    pub(super) file_name: String,
    pub(super) bytes: Vec<u8>,
}

/// 登记回盘: everything that it says counts, or nothing.
pub(super) async fn take(
    app: &App,
    actor: &Actor,
    id: RunId,
    upload: Upload,
) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    let file = store::file(tx.conn(), id).await?.ok_or_else(|| {
        Trouble::refused("这一批还没有交过银行文件，没有可登记的回盘。", "请核对是哪一批的回盘。")
    })?;
    let hash = sm3(&upload.bytes);
    let before = store::returns(tx.conn(), id).await?;
    if let Some(same) = before.iter().find(|it| it.file_sm3 == hash) {
        return Err(Trouble::Conflict(format!(
            "这份回盘 {} 已由 {} 登记过，没有重复登记。",
            same.at, same.by
        )));
    }
    drop(tx);
    let bytes = upload.bytes.clone();
    let (answers, lines) = read(app, &file, bytes).await?;
    keep(&app.parts().files_dir, app.vault(), &upload.bytes)?;
    put(app, actor, &run, (&upload.file_name, &hash), (&answers, &lines)).await
}

/// The answers of a return, held against the lines that left.
async fn read(
    app: &App,
    file: &BankFile,
    bytes: Vec<u8>,
) -> Result<(Vec<Answer>, Vec<BankLine>), Trouble> {
    let layout = app.parts().banks.iter().find(|it| it.id == file.layout).cloned();
    let layout: BankLayout = layout.ok_or_else(|| {
        Trouble::refused(
            format!("代发版式 {} 不在了，回盘读不了。", file.layout),
            "请系统管理员把这个版式放回 bank 目录后重新启动。",
        )
    })?;
    let (app, file) = (app.clone(), file.clone());
    let work = move || {
        let parts = app.parts();
        let sent = kept(&parts.files_dir, app.vault(), &file.file_sm3)?;
        let sent = rows(&app, &sent)?;
        let lines = bank::lines_in(&layout, file.line_count, sent.into_iter())?;
        let quote = (file.number.as_str(), hex(&file.file_sm3));
        let rows = rows(&app, &bytes)?.into_iter();
        let answers = bank::answers(&layout.returns, (quote.0, &quote.1), &lines, rows)?;
        Ok::<_, Trouble>((answers, lines))
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

/// The rows of a file, read by a child process, as every foreign file.
#[cfg(not(test))]
fn rows(app: &App, bytes: &[u8]) -> Result<Vec<Row>, Trouble> {
    use facts::sheet::{Limits, SheetProcess};

    let parts = app.parts();
    let copy = ClearCopy::of(&parts.files_dir, bytes)?;
    let limits = Limits::default();
    let peek = SheetProcess::peek(&parts.exe, copy.path(), &limits)?;
    let sheet = peek.sheets.iter().position(|sheet| !sheet.hidden).unwrap_or(0);
    let rows = SheetProcess::rows(&parts.exe, copy.path(), sheet, &limits)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?)
}

/// A story has no program that could be started again: it reads in its own process.
#[cfg(test)]
fn rows(app: &App, bytes: &[u8]) -> Result<Vec<Row>, Trouble> {
    use std::ops::ControlFlow;

    let copy = ClearCopy::of(&app.parts().files_dir, bytes)?;
    let limits = facts::sheet::Limits::default();
    let mut rows = Vec::new();
    facts::sheet::read(copy.path(), 0, &limits, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

async fn put(
    app: &App,
    actor: &Actor,
    run: &Run,
    (file_name, hash): (&str, &[u8; 32]),
    (answers, lines): (&[Answer], &[BankLine]),
) -> Result<(), Trouble> {
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut figures = [(0_u32, Fen::ZERO); 3];
    let people = runs::all_lines(tx.conn(), run.id).await?;
    let mut said = Vec::with_capacity(answers.len());
    for answer in answers {
        let place = usize::try_from(answer.line).unwrap_or(0) - 1;
        let (line, sent) = (&people[place], &lines[place]);
        let (outcome, cause, at) = match answer.outcome {
            Outcome::Paid => (Said::Paid, "", 0),
            Outcome::Returned(cause) => (Said::Returned, cause.code(), 1),
            Outcome::Unknown => (Said::Unknown, "", 2),
        };
        let (count, sum) = figures[at];
        figures[at] = (count + 1, [sum, sent.amount].into_iter().sum());
        let (cause, words) = (cause.to_owned(), answer.words.clone());
        said.push(LineAnswer { person: line.person, outcome, cause, words });
    }
    let new = NewReturn { run: run.id, file_name, file_sm3: hash, figures };
    let number = store::insert_return(tx.conn(), &new, actor, now).await?;
    runs::answer(&mut tx, run.id, &said, Some(number), actor, now).await?;
    let [paid, returned, unknown] = figures;
    let note = format!(
        "成功 {} 笔 {} 元，退汇 {} 笔 {} 元，未明 {} 笔 {} 元",
        paid.0, paid.1, returned.0, returned.1, unknown.0, unknown.1
    );
    let answered = runs::answer_tally(tx.conn(), run.id).await?;
    if run.state == RunState::Sent && answered.open.0 == 0 && answered.unknown.0 == 0 {
        let words = format!("每一笔都有结果：{note}");
        runs::step(&mut tx, run.id, run.moves, RunState::Settled, actor, now, &words).await?;
    }
    let duties = changes(app, &mut tx).await?;
    let effects = Effects { duties, ..Effects::default() };
    commit(tx, actor, now, &effects, "登记回盘", format!("run/{}", run.id), &note).await
}

/// What must change so that the open duties are those of the money at rest.
async fn changes(app: &App, tx: &mut db::Tx) -> Result<Vec<DutyChange>, Trouble> {
    let filter = ReturnedFilter { only_at_rest: true, ..ReturnedFilter::default() };
    let lines = runs::returned_lines(tx.conn(), &filter, MOST, 0).await?;
    let found = lines.iter().map(|line| opening(app, line)).collect::<Result<Vec<_>, _>>()?;
    let standing = duties::standing(tx.conn(), &[RETURNED.id]).await?;
    Ok(duties::reconcile(&standing, found))
}

fn opening(app: &App, line: &ReturnedLine) -> Result<DutyOpening, Trouble> {
    let cause = ReturnCause::from_code(&line.cause).unwrap_or(ReturnCause::Other);
    let basis = basis(line);
    let item = Some(line.item.clone());
    let opened_on = line.at.day();
    Ok(DutyOpening {
        id: duty_id(RETURNED.id, line.person, item.as_deref(), &basis),
        kind: RETURNED.id,
        person: line.person,
        cause_code: cause.code().to_owned(),
        cause: format!(
            "{}{} {} 元退汇：{}。{}",
            line.month.chinese(),
            item_name(app, &line.item),
            line.amount,
            cause.chinese(),
            cause.advice()
        ),
        item,
        owner_role: RETURNED.owner,
        owner_area: line.area,
        opened_on,
        due_on: app.calendar().due(opened_on, RETURNED.window_working_days.unwrap_or(0))?,
        amount_fen: line.amount,
        monthly_fen: Fen::ZERO,
        basis,
    })
}

/// One return of one line is one duty.
fn basis(line: &ReturnedLine) -> [u8; 32] {
    let mut hash = Sm3::new();
    hash.update(line.run.to_string());
    hash.update(line.person.get().as_bytes());
    hash.update(line.at.to_string());
    hash.finalize().into()
}

/// 退汇核对: opens and closes the duties of one county by what is at rest there.
async fn reconcile(app: &App, actor: &Actor) -> Result<(), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    duties::lock(tx.conn(), actor.area).await?;
    let duties = changes(app, &mut tx).await?;
    if duties.is_empty() {
        return Ok(());
    }
    let note = format!("改动 {} 件", duties.len());
    let effects = Effects { duties, ..Effects::default() };
    commit(tx, actor, app.now(), &effects, "退汇核对", format!("area/{}", actor.area), &note).await
}

/// Runs [`reconcile`] for every county that has a list, as the system.
pub(crate) async fn reconcile_everywhere(app: &App) -> Result<(), Trouble> {
    let month = app.now().day().month();
    let areas = app.areas();
    let counties = areas.iter().filter(|node| node.level == AreaLevel::County);
    for county in counties.filter(|node| app.list_for(node.id, month).is_some()) {
        let actor = access::system_actor(app.db(), county.id, Role::DataOfficer).await?;
        reconcile(app, &actor).await?;
    }
    Ok(())
}

/// 在途: how many days the money has been at rest.
pub(super) fn days_at_rest(app: &App, line: &ReturnedLine) -> i64 {
    app.now().day().days_since(line.at.day())
}

/// Which run, in words.
pub(super) fn of_run(app: &App, line: &ReturnedLine) -> String {
    format!("{}{}", line.month.chinese(), item_name(app, &line.item))
}

/// The run, for the handlers.
pub(super) async fn run(app: &App, actor: &Actor, id: RunId) -> Result<Run, Trouble> {
    pay::find(app, actor, id).await
}
