use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use kernel::Trouble;

/// Who runs PostgreSQL: ourselves, or an unprivileged user when we are root (it refuses root).
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) uid: u32,
    gid: u32,
    /// We are root and become this user for every PostgreSQL program.
    drop: bool,
}

impl User {
    /// Ourselves; for root the user `songhe` if there is one, else `nobody`.
    pub(crate) fn for_postgres() -> Result<Self, Trouble> {
        let me = fs::metadata("/proc/self").map_err(Trouble::fault)?;
        if me.uid() != 0 {
            let name = me.uid().to_string();
            return Ok(Self { name, uid: me.uid(), gid: me.gid(), drop: false });
        }
        let passwd = fs::read_to_string("/etc/passwd").map_err(Trouble::fault)?;
        ["songhe", "nobody"].iter().find_map(|name| named(&passwd, name)).ok_or_else(|| {
            Trouble::refused(
                "PostgreSQL 不能以 root 身份运行，而本机没有可改用的普通用户。",
                "请先执行 useradd --system songhe，再重新启动。",
            )
        })
    }

    /// A PostgreSQL program, run as this user.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if self.drop {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes the path this user's, when we are root.
    pub(crate) fn own(&self, path: &Path) -> io::Result<()> {
        if self.drop {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))?;
        }
        Ok(())
    }

    /// The first folder on the way to `path` that this user cannot pass, if any.
    pub(crate) fn barred_at(&self, path: &Path) -> io::Result<Option<PathBuf>> {
        if !self.drop {
            return Ok(None);
        }
        let mut folders: Vec<&Path> = path.ancestors().collect();
        folders.reverse();
        for folder in folders {
            let found = fs::metadata(folder)?;
            if found.is_dir() && !self.may_pass(&found) {
                return Ok(Some(folder.to_owned()));
            }
        }
        Ok(None)
    }

    fn may_pass(&self, folder: &Metadata) -> bool {
        let bit = match folder {
            f if f.uid() == self.uid => 0o100,
            f if f.gid() == self.gid => 0o010,
            _ => 0o001,
        };
        folder.mode() & bit != 0
    }
}

fn named(passwd: &str, name: &str) -> Option<User> {
    let line = passwd.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut ids = line.split(':').skip(2).map(str::parse);
    let (uid, gid) = (ids.next()?.ok()?, ids.next()?.ok()?);
    (uid != 0).then(|| User { name: name.to_owned(), uid, gid, drop: true })
}
