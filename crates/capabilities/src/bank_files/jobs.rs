//! 生成银行文件: from the frozen lines to bytes that may leave.

use std::collections::HashMap;

use access::{Actor, AuditEntry, record};
use facts::people;
use facts::population;
use kernel::{PersonId, RunId, Trouble};
use payroll::{Line, Run, RunState, account_digest, store as runs};
use sqlx::PgConnection;

use crate::App;
use crate::bank::store::{BankFile, NewFile};
use crate::bank::{self, BankLayout, BankLine, Heading, Manifest};
use crate::originals::{hex, keep};
use crate::outgoing_log::{self, Left};
use crate::pay;
use crate::runs::item_name;

/// The kind that holds the account, sealed.
const ACCOUNT: &str = "bank_account";

/// Names that a sentence lists.
const NAMED: usize = 8;

/// 生成文件: makes the file of a run, puts it on record and moves the run on. The bytes leave when
/// they are downloaded.
pub(super) async fn make(
    app: &App,
    actor: &Actor,
    id: RunId,
    layout: &BankLayout,
) -> Result<(), Trouble> {
    outgoing_log::unless_frozen(app).await?;
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let run = runs::run(tx.conn(), id).await?;
    if run.state != RunState::Voucher {
        return Err(Trouble::Conflict(format!(
            "这一批{}，要有支付凭证才能生成银行文件，已经交银行的不能再生成。",
            run.state.chinese()
        )));
    }
    let lines = clear_lines(app, tx.conn(), &run).await?;
    let number = pay::number(app, &run);
    let (made, manifest) = written(app, layout, &run, &number, lines).await?;
    let left_before = left_before(app, &number, &manifest)?;
    keep(&app.parts().files_dir, app.vault(), &made)?;
    db::point("bank_file_sealed");
    let file_name = format!("{}_{number}.{}", layout.name, layout.file_kind().0);
    let note = format!(
        "{}，{} 笔 {} 元，SM3 {}",
        layout.receiver,
        manifest.count,
        manifest.total,
        pay::groups(&hex(&manifest.sm3)).join(" ")
    );
    runs::step(&mut tx, id, run.moves, RunState::Sent, actor, now, &note).await?;
    let new = NewFile {
        run: id,
        area: run.area,
        area_pos: app.areas().node(run.area).map_or(actor.scope.lo(), |node| node.lo),
        number: &number,
        layout: &layout.id,
        file_name: &file_name,
        file_sm3: &manifest.sm3,
        file_bytes: made.len(),
        line_count: manifest.count,
        total: manifest.total,
        left_before,
    };
    bank::store::insert(tx.conn(), &new, actor, now).await?;
    let entry = AuditEntry::new(actor, now, "生成银行文件", format!("run/{id}"))
        .after(&manifest.sm3)
        .note(note);
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

/// Whether the log says that this very file left before the database was restored. Another file of
/// the same run must not follow it.
fn left_before(app: &App, number: &str, manifest: &Manifest) -> Result<bool, Trouble> {
    match outgoing_log::of_number(app, number)? {
        None => Ok(false),
        Some(left) if left.sm3 == hex(&manifest.sm3) => Ok(true),
        Some(left) => Err(Trouble::refused(
            format!(
                "出件登记里，批次 {number} 的另一份文件已在 {} 交出（{} 笔）。同一批不能交两份不同的文件。",
                left.at, left.count
            ),
            "请与银行核对那一份的处理结果，把这一批作废，需要发的重新拟制。",
        )),
    }
}

/// The lines with names, numbers and accounts in clear, in the order of the run.
async fn clear_lines(
    app: &App,
    conn: &mut PgConnection,
    run: &Run,
) -> Result<Vec<BankLine>, Trouble> {
    let lines = runs::all_lines(conn, run.id).await?;
    let asked: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    // Who was merged since is paid under the file that was kept.
    let kept = people::kept(conn, &asked).await?;
    let ids: Vec<PersonId> = kept.values().copied().collect();
    let cards = people::cards(conn, &ids).await?;
    let names: HashMap<PersonId, String> =
        cards.into_iter().map(|card| (card.id, card.name)).collect();
    let tokens = accounts(conn, &ids).await?;
    let numbers = numbers(app, &ids).await?;
    let mut changed = Vec::new();
    let mut clear = Vec::with_capacity(lines.len());
    for (line, no) in lines.iter().zip(1..) {
        let who = kept.get(&line.person).copied().unwrap_or(line.person);
        let name = names.get(&who).cloned().ok_or(Trouble::NotFound)?;
        let token = tokens.get(&who).filter(|token| is_frozen(line, token));
        let Some(token) = token else {
            changed.push(name);
            continue;
        };
        clear.push(BankLine {
            no,
            name,
            number: numbers.get(&who).cloned().unwrap_or_default(),
            account: app.vault().open_text(ACCOUNT, token)?,
            amount: line.total(),
        });
    }
    if changed.is_empty() { Ok(clear) } else { Err(refused(&changed)) }
}

/// Whether this is the account that was frozen with the line.
fn is_frozen(line: &Line, token: &str) -> bool {
    account_digest(token) == Some(line.account)
}

fn refused(changed: &[String]) -> Trouble {
    let first: Vec<&str> = changed.iter().take(NAMED).map(String::as_str).collect();
    let more = if changed.len() > NAMED { "等" } else { "" };
    Trouble::refused(
        format!(
            "{}{more} {} 人的收款账户在冻结以后变了，银行文件没有生成。",
            first.join("、"),
            changed.len()
        ),
        "请把这一批作废，重新拟制、冻结、锁定，按现在的账户发放。",
    )
}

/// The sealed account of each of these people, as the best source says it.
async fn accounts(
    conn: &mut PgConnection,
    people: &[PersonId],
) -> Result<HashMap<PersonId, String>, Trouble> {
    let subjects = population::subjects_of(conn, people).await?;
    let token = |subject: population::Subject| {
        let token = subject.word(ACCOUNT)?.to_owned();
        Some((subject.id, token))
    };
    Ok(subjects.into_iter().filter_map(token).collect())
}

async fn numbers(app: &App, ids: &[PersonId]) -> Result<HashMap<PersonId, String>, Trouble> {
    let mut engine = app.db().begin_engine().await?;
    let numbers = population::numbers_of(engine.conn(), app.vault(), ids).await?;
    Ok(numbers.into_iter().map(|(id, number)| (id, number.reveal().to_owned())).collect())
}

async fn written(
    app: &App,
    layout: &BankLayout,
    run: &Run,
    number: &str,
    lines: Vec<BankLine>,
) -> Result<(Vec<u8>, Manifest), Trouble> {
    let heading = Heading {
        number: number.to_owned(),
        month: run.month,
        item: item_name(app, &run.item),
        // A day that a restored database gives again: the same run gives the same bytes.
        made_on: run.month.last(),
    };
    let layout = layout.clone();
    let work = move || {
        let bytes = bank::bytes(&layout, &heading, &lines)?;
        let manifest = Manifest::of(&lines, &bytes);
        Ok((bytes, manifest))
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

/// 交出: the line in the log is on the disk before the bytes leave.
pub(super) async fn hand_out(
    app: &App,
    actor: &Actor,
    file: &BankFile,
) -> Result<Vec<u8>, Trouble> {
    outgoing_log::unless_frozen(app).await?;
    let bytes = crate::originals::kept(&app.parts().files_dir, app.vault(), &file.file_sm3)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let entry = AuditEntry::new(actor, app.now(), "下载银行文件", format!("run/{}", file.run))
        .after(&file.file_sm3)
        .note(format!("{}，{} 笔 {} 元", file.number, file.line_count, file.total));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    let (count, total) = (file.line_count, file.total);
    outgoing_log::note(app, &Left::new(app.now(), &file.number, &file.file_sm3, count, total))?;
    db::point("outgoing_logged");
    Ok(bytes)
}
