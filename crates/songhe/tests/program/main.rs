//! The program as people and scripts use it: the real binary, real folders, a real database.

mod areas;
mod closing;
mod data;
mod hostile;
mod kills;
mod receipts;
mod second;
mod server;
mod usage;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// The binary.
const PROGRAM: &str = env!("CARGO_BIN_EXE_songhe");

/// A folder of a test's own, that the database's user can pass through.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("the temporary folder is writable");
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o711)).expect("it is ours");
        Self(dir)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A data folder with the areas of the town, an administrator, and no elders.
    fn region(&self) -> PathBuf {
        let (dir, tray) = (self.path("data"), self.path("tray"));
        demo::generate(demo::Preset::Town).write(&tray).expect("the tray is written");
        let areas = tray.join("areas.csv");
        let mut init = program(&dir, &["init", "--admin-login", "guan", "--admin-name", "管理"]);
        let made = init.arg(areas).env("SONGHE_ADMIN_PASSWORD", "not-the-demo's").output();
        assert_success(&made.expect("it starts"));
        dir
    }

    /// The same, marked as a demo's, so that its clock stands at 2 June 2026.
    fn empty_town(&self) -> PathBuf {
        let dir = self.region();
        std::fs::write(dir.join("demo"), "").expect("the folder is ours");
        dir
    }
}

/// The program with a data folder and nothing from this process's own settings.
fn program(dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(words).arg("--data-dir").arg(dir).stdin(Stdio::null());
    for name in ["DATABASE_URL", "DATABASE_OWNER_URL", "SONGHE_DATA_DIR", "SONGHE_LOG"] {
        command.env_remove(name);
    }
    command
}

fn run(dir: &Path, words: &[&str]) -> Output {
    program(dir, words).output().expect("it starts")
}

/// What a command prints with `--json`.
fn json(dir: &Path, words: &[&str]) -> Value {
    let output = run(dir, &[words, &["--json"]].concat());
    assert_success(&output);
    serde_json::from_slice(&output.stdout).expect("pure JSON")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn assert_success(output: &Output) {
    assert!(output.status.success(), "{}\n{}\n{}", output.status, out(output), err(output));
}

/// One line with a sentence and a remedy, in Chinese, and the exit code.
fn assert_refused(output: &Output, code: i32, about: &str) {
    let said = err(output);
    assert_eq!(output.status.code(), Some(code), "{said}{}", out(output));
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains(about), "{about} is not in: {said}");
}
