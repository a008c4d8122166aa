//! What `postmaster.pid` says, and whether it is still so.

use std::fs;
use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

/// The server that wrote the file.
#[derive(Debug)]
pub(super) struct Postmaster {
    pub(super) pid: u32,
    pub(super) socket_dir: PathBuf,
    says_ready: bool,
}

fn path(pg_dir: &Path) -> PathBuf {
    pg_dir.join("postmaster.pid")
}

impl Postmaster {
    /// Lines: number, data folder, start time, port, socket folder, address, memory, status.
    pub(super) fn read(pg_dir: &Path) -> Option<Self> {
        let text = fs::read_to_string(path(pg_dir)).ok()?;
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let socket_dir = lines.nth(3).map(PathBuf::from).unwrap_or_default();
        let says_ready = lines.nth(2).is_some_and(|status| status.trim() == "ready");
        Some(Self { pid, socket_dir, says_ready })
    }

    /// It lives and accepts connections (rather than starting, recovering or stopping).
    pub(super) fn accepts(&self, pg_dir: &Path) -> bool {
        self.says_ready
            && self.lives(pg_dir)
            && UnixStream::connect(self.socket_dir.join(".s.PGSQL.5432")).is_ok()
    }

    /// Removes what a dead server left. PostgreSQL would take whoever has its number now for the
    /// server and refuse to start. (Backends that outlive it hold its shared memory: that still
    /// stops a second server.)
    pub(super) fn forget(&self, pg_dir: &Path) -> io::Result<()> {
        match fs::remove_file(self.socket_dir.join(".s.PGSQL.5432.lock")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => fs::remove_file(path(pg_dir)),
        }
    }

    /// Some process or zombie has the number.
    pub(super) fn number_is_taken(&self) -> bool {
        Path::new(&format!("/proc/{}", self.pid)).exists()
    }

    /// The number belongs to a process that is no zombie and that serves this very folder
    /// (after a restart of the machine it may be anybody's).
    pub(super) fn lives(&self, pg_dir: &Path) -> bool {
        let proc = PathBuf::from(format!("/proc/{}", self.pid));
        let stat = fs::read_to_string(proc.join("stat")).unwrap_or_default();
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        let command = fs::read(proc.join("cmdline")).unwrap_or_default();
        let folder = pg_dir.as_os_str().as_encoded_bytes();
        state.is_some_and(|letter| letter != 'Z' && letter != 'X')
            && command.split(|byte| *byte == 0).any(|argument| argument == folder)
    }
}
