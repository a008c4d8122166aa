//! 出件登记: what has left stands in a log beside the database, so that a database restored from an
//! old backup cannot let it leave once more.
//!
//! Every file that leaves first puts a line into `outgoing.log` in the data folder, on the disk
//! before the bytes go. A line that the database does not know says that the database is older
//! than the log: then nothing leaves until two people have looked at those lines.

mod store;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use access::{Actor, AuditEntry, record};
use kernel::{Fen, Now, Trouble};

pub(crate) use store::Release;

use crate::App;
use crate::originals::{hex, sm3};

/// One file that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    /// When, by the bureau's clock.
    pub(crate) at: String,
    /// 批次号
    pub(crate) number: String,
    /// SM3 of its bytes, in hexadecimal.
    pub(crate) sm3: String,
    /// 笔数
    pub(crate) count: String,
    /// 金额（分）
    pub(crate) total_fen: String,
}

impl Left {
    pub(crate) fn new(at: Now, number: &str, sm3: &[u8; 32], count: u32, total: Fen) -> Self {
        Self {
            at: at.to_string(),
            number: number.to_owned(),
            sm3: hex(sm3),
            count: count.to_string(),
            total_fen: total.get().to_string(),
        }
    }

    fn line(&self) -> String {
        let cells = [&self.at, &self.number, &self.sm3, &self.count, &self.total_fen];
        let cells: Vec<&str> = cells.into_iter().map(String::as_str).collect();
        format!("{}\n", cells.join("\t"))
    }

    /// A line that is not ours, or was cut off, is kept as a file that nobody knows.
    fn parse(line: &str) -> Self {
        let mut cells = line.split('\t').map(ToOwned::to_owned);
        let mut next = || cells.next().unwrap_or_default();
        Self { at: next(), number: next(), sm3: next(), count: next(), total_fen: next() }
    }
}

/// The log as it is.
struct Log {
    text: String,
    lines: Vec<Left>,
}

impl Log {
    fn read(dir: &Path) -> Result<Self, Trouble> {
        let bytes = match fs::read(path(dir)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(Trouble::fault(error)),
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = text.lines().map(Left::parse).collect();
        Ok(Self { text, lines })
    }

    /// SM3 of the first so many lines.
    fn digest(&self, lines: usize) -> [u8; 32] {
        let first: String = self.text.lines().take(lines).flat_map(|line| [line, "\n"]).collect();
        sm3(first.as_bytes())
    }
}

fn path(dir: &Path) -> PathBuf {
    dir.join("outgoing.log")
}

fn dir(app: &App) -> &Path {
    let files = &app.parts().files_dir;
    files.parent().unwrap_or(files)
}

/// What the log says of a number: when it left, with which hash.
pub(crate) fn of_number(app: &App, number: &str) -> Result<Option<Left>, Trouble> {
    Ok(Log::read(dir(app))?.lines.into_iter().rev().find(|left| left.number == number))
}

/// Puts a file into the log, once; it is on the disk when this returns.
pub(crate) fn note(app: &App, left: &Left) -> Result<(), Trouble> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let log = Log::read(dir(app))?;
    if log.lines.iter().any(|it| it.number == left.number && it.sm3 == left.sm3) {
        return Ok(());
    }
    // A line that was cut off by a crash must not swallow this one.
    let gap = if log.text.is_empty() || log.text.ends_with('\n') { "" } else { "\n" };
    let new = !path(dir(app)).exists();
    fs::OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path(dir(app)))
        .and_then(|mut file| {
            file.write_all(format!("{gap}{}", left.line()).as_bytes())?;
            file.sync_all()
        })
        .map_err(Trouble::fault)?;
    if new {
        let folder = fs::File::open(dir(app)).map_err(Trouble::fault)?;
        folder.sync_all().map_err(Trouble::fault)?;
    }
    Ok(())
}

/// 冻结: why nothing leaves.
pub(crate) struct Frozen {
    /// Files that left and that the database does not know.
    pub(crate) unknown: Vec<Left>,
    /// What one person has proposed, if somebody has.
    pub(crate) proposed: Option<Release>,
    log: Log,
}

/// Whether the log knows more than the database, and that was not released by two people.
pub(crate) async fn frozen(app: &App) -> Result<Option<Frozen>, Trouble> {
    let log = Log::read(dir(app))?;
    if log.lines.is_empty() {
        return Ok(None);
    }
    let mut engine = app.db().begin_engine().await?;
    let known = store::known(engine.conn()).await?;
    drop(engine);
    let mut tx = app.db().begin_unscoped().await?;
    let releases = store::releases(tx.conn()).await?;
    let matches = |release: &Release| log.digest(release.lines) == release.sm3;
    let agreed = releases.iter().filter(|it| it.confirmed && matches(it));
    let looked_at = agreed.map(|it| it.lines).max().unwrap_or(0);
    let unknown: Vec<Left> = log
        .lines
        .iter()
        .skip(looked_at)
        .filter(|left| !known.contains(&(left.number.clone(), left.sm3.clone())))
        .cloned()
        .collect();
    if unknown.is_empty() {
        return Ok(None);
    }
    let whole = log.lines.len();
    let proposed = releases.into_iter().find(|it| !it.confirmed && it.lines == whole);
    let proposed = proposed.filter(|it| log.digest(whole) == it.sm3);
    Ok(Some(Frozen { unknown, proposed, log }))
}

/// Refuses while nothing may leave.
pub(crate) async fn unless_frozen(app: &App) -> Result<(), Trouble> {
    match frozen(app).await? {
        None => Ok(()),
        Some(frozen) => Err(Trouble::refused(
            format!(
                "数据库可能是从旧备份恢复的：出件登记里有 {} 份文件，数据库里没有。\
                 两个人核对并解除以前，什么都不能送出。",
                frozen.unknown.len()
            ),
            "请在“银行文件”页核对这些文件，由资金发放岗提出、县级审批岗确认后解除。",
        )),
    }
}

/// 提出解除: the first of two people.
pub(crate) async fn propose(app: &App, actor: &Actor, reason: &str) -> Result<(), Trouble> {
    let frozen = frozen(app).await?.ok_or_else(nothing_frozen)?;
    if frozen.proposed.is_some() {
        return Err(Trouble::Conflict("已经有人提出解除，等另一个人确认。".to_owned()));
    }
    let lines = frozen.log.lines.len();
    let mut tx = app.db().begin(&actor.scope).await?;
    let digest = frozen.log.digest(lines);
    let id = store::propose(tx.conn(), (lines, &digest), reason, actor, app.now()).await?;
    let entry = AuditEntry::new(actor, app.now(), "提出解除送出冻结", format!("release/{id}"))
        .after(&digest)
        .note(reason);
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

/// 确认解除: the second of two people.
pub(crate) async fn confirm(app: &App, actor: &Actor) -> Result<(), Trouble> {
    let frozen = frozen(app).await?.ok_or_else(nothing_frozen)?;
    let release = frozen.proposed.ok_or_else(|| {
        Trouble::refused("还没有人提出解除，或者提出以后又有新的情况。", "请先由资金发放岗提出。")
    })?;
    kernel::TwoPeople::new(release.by, actor.account)
        .map_err(|same| Trouble::refused(format!("{same}。"), "请另一个人确认。"))?;
    let mut tx = app.db().begin(&actor.scope).await?;
    store::confirm(tx.conn(), &release, actor, app.now()).await?;
    let object = format!("release/{}", release.id);
    let entry = AuditEntry::new(actor, app.now(), "确认解除送出冻结", object).after(&release.sm3);
    record(tx.conn(), &entry).await?;
    tx.commit().await
}

fn nothing_frozen() -> Trouble {
    Trouble::Conflict("现在没有冻结，不用解除。".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_and_a_cut_one_is_a_file_that_nobody_knows() {
        let at = Now::new("2026-06-26".parse().expect("a day"), 9, 12).expect("a time");
        let number = "990121-old_age_allowance-202606-1";
        let left = Left::new(at, number, &[7; 32], 13_010, Fen::from_yuan(632_640));
        assert_eq!(Left::parse(left.line().trim_end()), left);
        let cut = Left::parse(&left.line()[..30]);
        assert_eq!(cut.sm3, "");
        assert_ne!(cut, left);
    }
}
