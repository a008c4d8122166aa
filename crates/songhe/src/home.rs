//! 数据目录: one folder holds one installation: database, keys, received files, lists.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use access::{Passwords, Vault};
use capabilities::data_exchange::sweep_clear_copies;
use capabilities::{App, AppParts, Clock, DemoAccount, Works};
use db::{Db, Server};
use kernel::{AreaId, AreaLevel, Trouble};

use crate::clock::{DemoClock, SystemClock};
use crate::program_data::{self, ProgramData};
use crate::{people, play, why};

/// Marks a demo's folder, which may be wiped; held locked by the demo that uses it.
const DEMO: &str = "demo";
const KEYS: &str = "keys.toml";

/// A data folder.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    dir: PathBuf,
}

impl Home {
    /// The folder that was named, or the usual one.
    pub(crate) fn new(named: Option<&Path>) -> Result<Self, Trouble> {
        let dir = match named.filter(|dir| !dir.as_os_str().is_empty()) {
            Some(dir) => dir.to_owned(),
            None => usual_dir()?,
        };
        Ok(Self { dir: std::path::absolute(dir).map_err(Trouble::fault)? })
    }

    /// The demo's folder: the one that was named, or a usual one of its own.
    pub(crate) fn of_demo(named: Option<&Path>) -> Result<Self, Trouble> {
        let home = Self::new(named)?;
        let named = named.filter(|dir| !dir.as_os_str().is_empty());
        Ok(if named.is_some() { home } else { Self { dir: home.dir.join("demo") } })
    }

    /// The folder.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The key file.
    pub(crate) fn keys(&self) -> PathBuf {
        self.dir.join(KEYS)
    }

    /// Whether it holds a demo.
    pub(crate) fn is_demo(&self) -> bool {
        self.dir.join(DEMO).is_file()
    }

    /// Whether anything was ever set up here.
    pub(crate) fn exists(&self) -> bool {
        self.keys().is_file()
    }

    /// Makes it a new demo's folder: empty but for the mark. The file is the demo's as long as
    /// it is held.
    pub(crate) async fn wipe_for_demo(&self) -> Result<File, Trouble> {
        let entries: Vec<PathBuf> = match fs::read_dir(&self.dir) {
            Ok(all) => all.flatten().map(|entry| entry.path()).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(self.unusable(&error)),
        };
        if !entries.is_empty() && !self.is_demo() {
            return Err(Trouble::refused(
                format!("目录 {} 里有别的数据，不是演示目录，没有动它。", self.dir.display()),
                "请用 --data-dir 指定一个空目录。",
            ));
        }
        fs::create_dir_all(&self.dir).map_err(|error| self.unusable(&error))?;
        let held = self.hold_demo()?;
        self.stop_leftover_server().await;
        for path in entries.into_iter().filter(|path| !path.ends_with(DEMO)) {
            let gone =
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            gone.map_err(|error| self.unusable(&error))?;
        }
        Ok(held)
    }

    /// Holds a demo's folder against a second demo.
    pub(crate) fn hold_demo(&self) -> Result<File, Trouble> {
        let options = File::options().read(true).write(true).create(true).truncate(false).clone();
        let mut mark = options.open(self.dir.join(DEMO)).map_err(|error| self.unusable(&error))?;
        match mark.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Trouble::refused(
                    format!("另一个演示正在使用目录 {}。", self.dir.display()),
                    "请先停止它，或用 --data-dir 指定别的目录。",
                ));
            }
            Err(TryLockError::Error(error)) => return Err(self.unusable(&error)),
        }
        mark.set_len(0)
            .and_then(|()| mark.write_all("演示数据，随时可以清空重建。\n".as_bytes()))
            .map_err(|error| self.unusable(&error))?;
        Ok(mark)
    }

    /// A killed demo leaves its database server behind: whoever opens and closes it stops it.
    async fn stop_leftover_server(&self) {
        if !self.dir.join("pg").join("postmaster.pid").exists() {
            return;
        }
        let server = Server::Private { data_dir: self.dir.clone() };
        let stopped = match Db::open(server).await {
            Ok(db) => db.close().await,
            Err(trouble) => Err(trouble),
        };
        if let Err(trouble) = stopped {
            tracing::warn!(%trouble, "the old demo's database was not stopped in order");
        }
    }

    fn unusable(&self, error: &io::Error) -> Trouble {
        Trouble::refused(
            format!("数据目录 {} 无法使用：{}。", self.dir.display(), why(error)),
            "请检查目录权限，或用 --data-dir 指定别的目录。",
        )
    }

    /// Opens what was set up here.
    pub(crate) async fn open(&self) -> Result<App, Trouble> {
        if !self.exists() {
            return Err(Trouble::refused(
                format!("目录 {} 里还没有数据。", self.dir.display()),
                "请先运行 songhe init，或用 --data-dir 指定已有的数据目录。",
            ));
        }
        self.open_or_create().await
    }

    /// Opens the folder, and sets up database and keys when they are missing.
    pub(crate) async fn open_or_create(&self) -> Result<App, Trouble> {
        fs::create_dir_all(&self.dir).map_err(|error| self.unusable(&error))?;
        let data = program_data::load(&self.dir)?;
        let files_dir = self.dir.join("files");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&files_dir)
            .map_err(|error| self.unusable(&error))?;
        // A killed import leaves the file that it was reading.
        sweep_clear_copies(&files_dir)?;
        let db = Db::open(self.server()?).await?;
        let opened = self.put_together(db.clone(), data, files_dir).await;
        if opened.is_err() {
            db.close().await?;
        }
        opened
    }

    async fn put_together(
        &self,
        db: Db,
        data: ProgramData,
        files_dir: PathBuf,
    ) -> Result<App, Trouble> {
        let clock: Box<dyn Clock> = if self.is_demo() {
            Box::new(DemoClock::left_at(&db).await?)
        } else {
            Box::new(SystemClock::new()?)
        };
        let demo_accounts: Vec<DemoAccount> =
            if self.is_demo() { people::demo_accounts() } else { Vec::new() };
        App::new(AppParts {
            vault: Vault::open_or_create(&self.keys())?,
            passwords: Passwords::new()?,
            exe: std::env::current_exe().map_err(Trouble::fault)?,
            works: Works::default(),
            db,
            clock,
            lists: data.lists,
            layouts: data.layouts,
            outgoing: data.outgoing,
            banks: data.banks,
            exchanges: data.exchanges,
            files_dir,
            demo_accounts,
            play: self.is_demo().then(play::month),
            after_facts: capabilities::reconcile_all,
        })
        .await
    }

    /// A demo always has its own server: it is wiped together with its folder.
    fn server(&self) -> Result<Server, Trouble> {
        if self.is_demo() {
            return Ok(Server::Private { data_dir: self.dir.clone() });
        }
        let given = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Server::choose(given("DATABASE_URL"), given("DATABASE_OWNER_URL"), self.dir.clone())
    }
}

/// `/var/lib/songhe` for root, a folder of their own for everybody else.
fn usual_dir() -> Result<PathBuf, Trouble> {
    if fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0) {
        return Ok(PathBuf::from("/var/lib/songhe"));
    }
    let share = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|it| it.is_absolute());
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    share
        .or(home)
        .map(|dir| dir.join("songhe"))
        .ok_or_else(|| Trouble::refused("不知道数据放在哪里。", "请用 --data-dir 指定数据目录。"))
}

/// The area that a command is about: the one with this code, or the office's own. That is the
/// topmost area with more than one below it, and at most a county.
pub(crate) fn area_of(app: &App, code: Option<&str>) -> Result<AreaId, Trouble> {
    let areas = app.areas();
    if let Some(code) = code {
        return areas.with_code(code).map(|node| node.id).ok_or_else(|| {
            Trouble::refused(format!("没有代码为 {code} 的区划。"), "请核对区划代码。")
        });
    }
    let mut own = areas
        .iter()
        .next()
        .ok_or_else(|| Trouble::refused("这里还没有区划。", "请先运行 songhe init 建立区划。"))?;
    while own.level < AreaLevel::County {
        let mut below = areas.iter().filter(|node| node.parent == Some(own.id));
        match (below.next(), below.next()) {
            (Some(only), None) => own = only,
            _ => break,
        }
    }
    Ok(own.id)
}
