//! The child process that reads a file, and the parent's end of it.

use std::ffi::OsString;
use std::io::{self, BufReader, BufWriter, Write};
use std::ops::ControlFlow;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitCode, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use kernel::Refusal;
use rlimit::Resource;

use super::wire::{self, Frame};
use super::{Limits, Peek, Row, SheetHead, damaged};

/// The sub-command under which the binary calls [`child_main`].
const SUB_COMMAND: &str = "sheet-rows";
const LOOK: &str = "peek";

/// What the hidden sub-command `sheet-rows PATH WHAT LIMITS` does: limits itself, reads the file,
/// writes frames to standard output. `args` are those after the sub-command.
///
/// Call it before any other thread starts: threads reserve memory that counts.
pub fn child_main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let [path, what, limits] = args.as_slice() else { return ExitCode::from(2) };
    let limits = limits.to_str().and_then(|text| serde_json::from_str::<Limits>(text).ok());
    let (Some(limits), Some(what)) = (limits, what.to_str()) else { return ExitCode::from(2) };
    if confine(&limits).is_err() {
        return ExitCode::from(3);
    }
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match answer(Path::new(path), what, &limits, &mut out).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent has gone or has heard enough.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Memory beyond what the program itself maps, and processor seconds.
fn confine(limits: &Limits) -> io::Result<()> {
    let own = own_bytes().unwrap_or(256 << 20);
    let most = own.saturating_add(limits.memory_bytes);
    Resource::AS.set(most, most)?;
    Resource::CPU.set(limits.seconds, limits.seconds.saturating_add(1))?;
    // No core dump: it would hold personal data.
    Resource::CORE.set(0, 0)
}

fn own_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

/// Writes the answer to one question about one file.
pub(super) fn answer(
    path: &Path,
    what: &str,
    limits: &Limits,
    out: &mut dyn Write,
) -> io::Result<()> {
    let outcome = if what == LOOK {
        super::peek(path, limits).map(|peek| write_peek(peek, out))
    } else {
        let sheet = what.parse().map_err(io::Error::other)?;
        let mut written = Ok(());
        let outcome = super::read(path, sheet, limits, &mut |row| {
            written = wire::write(out, &Frame::Row(row));
            if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        outcome.map(|()| written)
    };
    match outcome {
        Ok(written) => {
            written?;
            wire::write(out, &Frame::End)
        }
        Err(refusal) => wire::write(out, &Frame::Refused(refusal)),
    }
}

fn write_peek(peek: Peek, out: &mut dyn Write) -> io::Result<()> {
    let Peek { format, encoding, epoch, sheets } = peek;
    wire::write(out, &Frame::Book(wire::Book { format, encoding, epoch }))?;
    for SheetHead { name, hidden, rows_estimate, head } in sheets {
        wire::write(out, &Frame::Sheet(wire::Sheet { name, hidden, rows_estimate }))?;
        for row in head {
            wire::write(out, &Frame::Row(row))?;
        }
    }
    Ok(())
}

const RUNNING: u8 = 0;
const CANCELLED: u8 = 1;
const TOO_SLOW: u8 = 2;

/// 取消: stops a reading from another thread. Dropping it does nothing.
#[derive(Clone)]
pub struct Stop {
    child: Arc<Mutex<Child>>,
    cause: Arc<AtomicU8>,
}

impl Stop {
    /// Ends the child; its iterator then gives a refusal that says so.
    pub fn cancel(&self) {
        self.end(CANCELLED);
    }

    fn end(&self, cause: u8) {
        // Only the first cause counts, and an ended child is not killed again.
        let first = self.cause.compare_exchange(RUNNING, cause, Ordering::SeqCst, Ordering::SeqCst);
        if first.is_ok() {
            let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            drop(child.kill());
        }
    }
}

/// 读取进程: a child that reads one sheet; gives its rows in order, blocking.
///
/// Dropping it ends the child. After an `Err` there is nothing more.
pub struct SheetProcess {
    input: BufReader<ChildStdout>,
    stop: Stop,
    done: bool,
    // Dropping it tells the watchdog that nobody needs it any more.
    _watchdog: mpsc::Sender<()>,
}

impl SheetProcess {
    /// Reads the rows of a sheet by `exe`, this system's own binary.
    pub fn rows(exe: &Path, path: &Path, sheet: usize, limits: &Limits) -> Result<Self, Refusal> {
        Self::start(exe, path, &sheet.to_string(), limits)
    }

    /// What the file is and how each of its sheets begins, read by a child.
    pub fn peek(exe: &Path, path: &Path, limits: &Limits) -> Result<Peek, Refusal> {
        let mut process = Self::start(exe, path, LOOK, limits)?;
        let Some(Frame::Book(book)) = process.frame()? else { return Err(damaged()) };
        let mut sheets: Vec<SheetHead> = Vec::new();
        while let Some(frame) = process.frame()? {
            match frame {
                Frame::Sheet(wire::Sheet { name, hidden, rows_estimate }) => {
                    sheets.push(SheetHead { name, hidden, rows_estimate, head: Vec::new() });
                }
                Frame::Row(row) => sheets.last_mut().ok_or_else(damaged)?.head.push(row),
                _ => return Err(damaged()),
            }
        }
        let wire::Book { format, encoding, epoch } = book;
        Ok(Peek { format, encoding, epoch, sheets })
    }

    /// A handle that can stop the reading from another thread.
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    fn start(exe: &Path, path: &Path, what: &str, limits: &Limits) -> Result<Self, Refusal> {
        let fault =
            || Refusal::new("读取文件的进程没能启动。", "请稍后重试；仍不行时请联系系统管理员。");
        let limits_json = serde_json::to_string(limits).map_err(|_| fault())?;
        let mut child = Command::new(exe)
            .arg(SUB_COMMAND)
            .arg(path)
            .args([what, &limits_json])
            // The child needs no address, key or password of ours.
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| fault())?;
        let stdout = child.stdout.take().ok_or_else(fault)?;
        let stop =
            Stop { child: Arc::new(Mutex::new(child)), cause: Arc::new(AtomicU8::new(RUNNING)) };
        let (sender, receiver) = mpsc::channel::<()>();
        let (watched, patience) = (stop.clone(), limits.patience());
        thread::spawn(move || {
            if receiver.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
                watched.end(TOO_SLOW);
            }
        });
        let input = BufReader::with_capacity(1 << 16, stdout);
        Ok(Self { input, stop, done: false, _watchdog: sender })
    }

    /// The next frame; none after the end.
    fn frame(&mut self) -> Result<Option<Frame>, Refusal> {
        if self.done {
            return Ok(None);
        }
        let refusal = match wire::read(&mut self.input) {
            Ok(Frame::End) => {
                self.done = true;
                return Ok(None);
            }
            Ok(Frame::Refused(refusal)) => refusal,
            Ok(frame) => return Ok(Some(frame)),
            Err(_) => self.last_words(),
        };
        self.done = true;
        Err(refusal)
    }

    /// Why the child ended without an end.
    fn last_words(&self) -> Refusal {
        let mut child = self.stop.child.lock().unwrap_or_else(PoisonError::into_inner);
        // It closed its output: it is dead or about to be, and must not outlive this.
        drop(child.kill());
        let status = child.wait().ok();
        epitaph(self.stop.cause.load(Ordering::SeqCst), status)
    }
}

const SIGABRT: i32 = 6;
const SIGXCPU: i32 = 24;

/// The sentence for a child that ended early.
fn epitaph(cause: u8, status: Option<ExitStatus>) -> Refusal {
    let split = "请用 WPS 或 Excel 打开后另存为 .xlsx，或按乡镇拆成几份后报送。";
    let signal = status.and_then(|status| status.signal());
    match (cause, signal) {
        (CANCELLED, _) => Refusal::new("读取已取消，没有写入任何数据。", "需要时请重新上传。"),
        (TOO_SLOW, _) | (_, Some(SIGXCPU)) => Refusal::new("文件读取超时，已停止。", split),
        (_, Some(SIGABRT)) => Refusal::new("文件要占用的内存超过上限，已停止读取。", split),
        _ => damaged(),
    }
}

impl Iterator for SheetProcess {
    type Item = Result<Row, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.frame() {
            Ok(Some(Frame::Row(row))) => Some(Ok(row)),
            Ok(None) => None,
            Ok(Some(_)) => {
                self.done = true;
                Some(Err(damaged()))
            }
            Err(refusal) => Some(Err(refusal)),
        }
    }
}

impl Drop for SheetProcess {
    fn drop(&mut self) {
        self.stop.cancel();
        let mut child = self.stop.child.lock().unwrap_or_else(PoisonError::into_inner);
        drop(child.wait());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_of_the_child_has_its_own_sentence() {
        let dead_by = |signal| Some(ExitStatus::from_raw(signal));
        assert!(epitaph(RUNNING, dead_by(SIGABRT)).sentence.contains("内存"));
        assert!(epitaph(RUNNING, dead_by(SIGXCPU)).sentence.contains("超时"));
        assert!(epitaph(TOO_SLOW, dead_by(9)).sentence.contains("超时"));
        assert!(epitaph(CANCELLED, dead_by(9)).sentence.contains("取消"));
        assert!(epitaph(RUNNING, Some(ExitStatus::from_raw(101 << 8))).sentence.contains("损坏"));
    }

    #[test]
    fn a_child_that_is_cancelled_gives_a_refusal_and_then_nothing() {
        // Any program that never writes stands for a child that hangs.
        let dir = tempfile::tempdir().expect("a folder");
        let program = dir.path().join("hang");
        std::fs::write(&program, "#!/bin/sh\nexec /bin/sleep 30\n").expect("a script");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(&program, mode).expect("a mode");
        let file = dir.path().join("a.csv");
        let mut process =
            SheetProcess::rows(&program, &file, 0, &Limits::default()).expect("it starts");
        process.stop().cancel();
        let refusal = process.next().expect("an answer").expect_err("a refusal");
        assert!(refusal.sentence.contains("取消"));
        assert!(process.next().is_none());

        let hurried = Limits { seconds: 0, ..Limits::default() };
        let mut process = SheetProcess::rows(&program, &file, 0, &hurried).expect("it starts");
        let refusal = process.next().expect("an answer").expect_err("a refusal");
        assert!(refusal.sentence.contains("超时"));
    }
}
