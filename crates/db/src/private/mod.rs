//! The private PostgreSQL: made once, started or adopted, watched, stopped by the last user.
//!
//! Everything here is plain blocking code about files and processes; callers use
//! `spawn_blocking`. A folder has two locks: `start.lock` is held while somebody starts or stops
//! the server, `users.lock` is shared by all processes that use it, so that the last one out can
//! tell. The kernel frees both when a process is killed.

mod binaries;
mod pid_file;
mod settings;
mod user;
mod watch;

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use kernel::Trouble;

pub(crate) use binaries::Binaries;
#[cfg(test)]
pub(crate) use binaries::{LINKS, copy_folder};
pub(crate) use settings::Durability;
#[cfg(any(test, feature = "testing"))]
pub(crate) use settings::settings_hash;
pub(crate) use user::User;
pub(crate) use watch::{Watch, blocking};

use pid_file::Postmaster;

/// The bootstrap superuser. Only this crate uses it, to make roles and databases.
pub(crate) const SUPERUSER: &str = "postgres";

/// How often something is looked at while it is waited for.
const POLL: Duration = Duration::from_millis(10);
/// Two minutes: crash recovery replays the log since the last checkpoint.
const POLLS_UNTIL_READY: u32 = 12_000;
/// Ten seconds of new attempts: a killed server's backends notice its death within a moment.
const ATTEMPTS_AFTER_A_KILL: u32 = 100;

/// One data folder's server, as seen by one process.
#[derive(Debug)]
pub(crate) struct Cluster {
    binaries: Binaries,
    user: User,
    durability: Durability,
    pg_dir: PathBuf,
    socket_dir: PathBuf,
    start_lock: PathBuf,
    users: File,
    /// The postmaster, when this process started it: reaped so that its number becomes free.
    child: Option<Child>,
}

/// What came of waiting for the server.
enum Waited {
    /// It accepts connections.
    Ready,
    /// It does not, and why.
    Over(String),
}

impl Cluster {
    /// Makes the data folder ready, then starts the server or adopts the one that runs.
    ///
    /// `binaries` are those to use; none means those that are found.
    pub(crate) fn open(
        data_dir: &Path,
        binaries: Option<Binaries>,
        durability: Durability,
    ) -> Result<Self, Trouble> {
        let user = User::for_postgres()?;
        let data_dir = prepare_data_dir(data_dir, &user)?;
        let pg_dir = data_dir.join("pg");
        let start_lock = data_dir.join("start.lock");
        let guard = lock(&start_lock)?;
        let binaries = match binaries {
            Some(given) => given,
            None => Binaries::find(major_of(&pg_dir)?, &user)?,
        };
        let users = lock_file(&data_dir.join("users.lock"))?;
        users.lock_shared().map_err(Trouble::fault)?;
        let socket_dir = prepare_socket_dir(&pg_dir, &user)?;
        let mut cluster =
            Self { binaries, user, durability, pg_dir, socket_dir, start_lock, users, child: None };
        if !cluster.pg_dir.join("PG_VERSION").exists() {
            cluster.initialise(&data_dir)?;
        }
        cluster.start_or_adopt()?;
        drop(guard);
        Ok(cluster)
    }

    /// The folder of the Unix socket.
    pub(crate) fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The postmaster's process number, while it runs.
    #[cfg(test)]
    pub(crate) fn pid(&self) -> Option<u32> {
        Postmaster::read(&self.pg_dir).map(|it| it.pid)
    }

    /// Whether the server runs; a dead child of ours is reaped on the way.
    pub(crate) fn runs(&mut self) -> bool {
        if let Some(child) = &mut self.child
            && matches!(child.try_wait(), Ok(Some(_)))
        {
            self.child = None;
        }
        Postmaster::read(&self.pg_dir).is_some_and(|it| it.lives(&self.pg_dir))
    }

    /// Starts the server again, unless another process was faster.
    pub(crate) fn revive(&mut self) -> Result<(), Trouble> {
        let _guard = lock(&self.start_lock)?;
        self.runs();
        self.start_or_adopt()
    }

    /// Lets go of the server; the last process that uses it stops it.
    pub(crate) fn close(mut self) -> Result<(), Trouble> {
        let _guard = lock(&self.start_lock)?;
        self.users.unlock().map_err(Trouble::fault)?;
        if self.users.try_lock().is_err() || !self.runs() {
            return Ok(());
        }
        self.run(&self.binaries.program("pg_ctl"), |command| {
            command.args(["stop", "-m", "fast", "-w", "-t", "60", "-s", "-D"]).arg(&self.pg_dir)
        })?;
        if let Some(mut child) = self.child.take() {
            child.wait().map_err(Trouble::fault)?;
        }
        self.leave_socket_dir();
        Ok(())
    }

    /// Makes the database files beside their place and renames them: all or nothing.
    fn initialise(&self, data_dir: &Path) -> Result<(), Trouble> {
        let fresh = data_dir.join("pg.new");
        if fresh.exists() {
            fs::remove_dir_all(&fresh).map_err(Trouble::fault)?;
        }
        make_dir(&fresh, 0o700).and_then(|()| self.user.own(&fresh)).map_err(Trouble::fault)?;
        self.run(&self.binaries.program("initdb"), |command| {
            command
                .args(["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8"])
                .args(["--locale=C", "--data-checksums", "--no-instructions"])
                .args((self.durability == Durability::None).then_some("--no-sync"))
                .arg("-D")
                .arg(&fresh)
        })?;
        settings::write(&fresh, self.durability).map_err(Trouble::fault)?;
        fs::rename(&fresh, &self.pg_dir).map_err(Trouble::fault)?;
        // Or a power cut takes the new name back, and with it all that was committed since.
        File::open(data_dir).and_then(|folder| folder.sync_all()).map_err(Trouble::fault)
    }

    /// Under `start.lock`: after it the server accepts connections on our socket.
    fn start_or_adopt(&mut self) -> Result<(), Trouble> {
        let found = Postmaster::read(&self.pg_dir);
        if let Some(found) = found.as_ref().filter(|it| it.lives(&self.pg_dir)) {
            // It may have been started under another socket folder.
            self.socket_dir.clone_from(&found.socket_dir);
            tracing::debug!(pid = found.pid, "adopts the running PostgreSQL");
            match self.wait()? {
                Waited::Ready => return Ok(()),
                // Whoever was killed had just told it to stop: it has ended in order.
                Waited::Over(_) if !self.runs() => {}
                Waited::Over(how) => return Err(self.did_not_start(&how)),
            }
        }
        let left = Postmaster::read(&self.pg_dir);
        if let Some(dead) = left.filter(Postmaster::number_is_taken) {
            dead.forget(&self.pg_dir).map_err(Trouble::fault)?;
        }
        for _ in 0..ATTEMPTS_AFTER_A_KILL {
            self.spawn()?;
            match self.wait_until_ready() {
                Err(_) if self.said("shared memory block") => thread::sleep(10 * POLL),
                outcome => return outcome,
            }
        }
        Err(self.did_not_start("the dead server's processes still work"))
    }

    fn spawn(&mut self) -> Result<(), Trouble> {
        self.socket_dir = prepare_socket_dir(&self.pg_dir, &self.user)?;
        let log = File::create(self.start_log()).map_err(Trouble::fault)?;
        let mut command = self.user.command(&self.binaries.program("postgres"));
        command
            .arg("-D")
            .arg(&self.pg_dir)
            .arg("-k")
            .arg(&self.socket_dir)
            .current_dir(&self.pg_dir)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(Trouble::fault)?)
            .stderr(log)
            // Ctrl-C in the terminal is for songhe, which then stops PostgreSQL in order.
            .process_group(0);
        self.child = Some(command.spawn().map_err(Trouble::fault)?);
        Ok(())
    }

    fn wait_until_ready(&mut self) -> Result<(), Trouble> {
        match self.wait()? {
            Waited::Ready => Ok(()),
            Waited::Over(how) => Err(self.did_not_start(&how)),
        }
    }

    fn wait(&mut self) -> Result<Waited, Trouble> {
        for _ in 0..POLLS_UNTIL_READY {
            if Postmaster::read(&self.pg_dir).is_some_and(|it| it.accepts(&self.pg_dir)) {
                return Ok(Waited::Ready);
            }
            if let Some(child) = &mut self.child
                && let Some(status) = child.try_wait().map_err(Trouble::fault)?
            {
                self.child = None;
                return Ok(Waited::Over(status.to_string()));
            }
            if self.child.is_none() && !self.runs() {
                return Ok(Waited::Over("it ended while it was waited for".to_owned()));
            }
            thread::sleep(POLL);
        }
        Ok(Waited::Over("it does not answer".to_owned()))
    }

    fn did_not_start(&self, how: &str) -> Trouble {
        self.leave_socket_dir();
        let said = self.last_words();
        tracing::error!(how, said, "PostgreSQL did not start");
        let last = said.lines().rev().find(|line| line.contains("FATAL")).unwrap_or(how);
        Trouble::refused(
            format!("数据库没有启动：{last}"),
            format!(
                "请查看 {} 里的日志和磁盘空间，排除后重新启动。",
                self.pg_dir.join("log").display()
            ),
        )
    }

    /// Removes the socket's folder if it is empty; the next start makes it again.
    fn leave_socket_dir(&self) {
        if let Err(error) = fs::remove_dir(&self.socket_dir) {
            tracing::debug!(%error, "the socket's folder stays");
        }
    }

    /// What it says before its own log is open, or else the newest log.
    fn last_words(&self) -> String {
        let early = fs::read_to_string(self.start_log()).unwrap_or_default();
        if early.contains("FATAL") {
            return early;
        }
        let logs = fs::read_dir(self.pg_dir.join("log")).into_iter().flatten().flatten();
        let newest = logs.max_by_key(|log| log.metadata().and_then(|it| it.modified()).ok());
        newest.and_then(|log| fs::read_to_string(log.path()).ok()).unwrap_or(early)
    }

    fn said(&self, words: &str) -> bool {
        fs::read_to_string(self.start_log()).is_ok_and(|said| said.contains(words))
    }

    /// What PostgreSQL says before its own log is open.
    fn start_log(&self) -> PathBuf {
        self.pg_dir.with_file_name("pg-start.log")
    }

    /// Runs a PostgreSQL program to its end.
    fn run(
        &self,
        program: &Path,
        arguments: impl FnOnce(&mut Command) -> &mut Command,
    ) -> Result<(), Trouble> {
        let mut command = self.user.command(program);
        arguments(&mut command).stdin(Stdio::null()).current_dir("/");
        let answer = command.output().map_err(Trouble::fault)?;
        if answer.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&answer.stderr).into_owned();
        Err(Trouble::fault(format!("{}: {}: {said}", program.display(), answer.status)))
    }
}

/// The data folder itself is ours: the PostgreSQL user may pass through it, not read it.
fn prepare_data_dir(data_dir: &Path, user: &User) -> Result<PathBuf, Trouble> {
    let cannot = |error: io::Error| {
        Trouble::refused(
            format!("数据目录 {} 无法使用：{error}", data_dir.display()),
            "请检查目录权限，或用 --data-dir 指定别的目录。",
        )
    };
    fs::create_dir_all(data_dir).map_err(cannot)?;
    let data_dir = data_dir.canonicalize().map_err(cannot)?;
    if user.barred_at(&data_dir).map_err(cannot)?.as_deref() == Some(&data_dir) {
        let mode = fs::metadata(&data_dir).map_err(cannot)?.mode();
        fs::set_permissions(&data_dir, Permissions::from_mode(mode & 0o7777 | 0o011))
            .map_err(cannot)?;
    }
    match user.barred_at(&data_dir).map_err(cannot)? {
        Some(closed) => Err(Trouble::refused(
            format!("数据库以普通用户 {} 的身份运行，进不了目录 {}。", user.name, closed.display()),
            "请用 --data-dir 把数据目录放到别处，例如 /var/lib/songhe。",
        )),
        None => Ok(data_dir),
    }
}

/// A short folder for the socket: its whole path may have 107 bytes, a data folder's may not.
fn prepare_socket_dir(pg_dir: &Path, user: &User) -> Result<PathBuf, Trouble> {
    let hash = fnv(pg_dir.as_os_str().as_encoded_bytes());
    let socket_dir = PathBuf::from(format!("/tmp/songhe-{}-{hash:016x}", user.uid));
    match make_dir(&socket_dir, 0o700) {
        Ok(()) => user.own(&socket_dir).map_err(Trouble::fault)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Trouble::fault(error)),
    }
    // Whoever passes this folder is the database's superuser, so it must be the user's alone.
    let found = fs::symlink_metadata(&socket_dir).map_err(Trouble::fault)?;
    if found.is_dir() && found.uid() == user.uid && found.mode() & 0o777 == 0o700 {
        return Ok(socket_dir);
    }
    Err(Trouble::refused(
        format!("目录 {} 不属于本程序或权限过宽。", socket_dir.display()),
        "请确认它的来历，删除后重新启动。",
    ))
}

/// The version that made the files, if they are there.
fn major_of(pg_dir: &Path) -> Result<Option<u32>, Trouble> {
    match fs::read_to_string(pg_dir.join("PG_VERSION")) {
        Ok(text) => text.trim().parse().map(Some).map_err(Trouble::fault),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Trouble::fault(error)),
    }
}

fn make_dir(path: &Path, mode: u32) -> io::Result<()> {
    DirBuilder::new().mode(mode).create(path)
}

fn lock_file(path: &Path) -> Result<File, Trouble> {
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).clone();
    options.open(path).map_err(Trouble::fault)
}

/// Waits for the lock; it is held until the file is dropped.
pub(crate) fn lock(path: &Path) -> Result<File, Trouble> {
    let file = lock_file(path)?;
    file.lock().map_err(Trouble::fault)?;
    Ok(file)
}

/// FNV-1a: a short name for a long one, the same in every build (nothing secret hangs on it).
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
