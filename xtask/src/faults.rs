//! The long runs: a hundred kills, and measures beside others.

use std::path::Path;
use std::process::Command;

use crate::check::run_command;

/// 断电: kills so many imports of the demo's files and looks at what is left each time.
pub(crate) fn kills(root: &Path, kills: u32) -> Result<(), String> {
    let test = ["test", "--release", "--package", "songhe", "--test", "program"];
    let name = ["--", "--ignored", "--nocapture", "kills_during_imports"];
    let mut command = Command::new("cargo");
    command.args(test).args(name).env("SONGHE_KILLS", kills.to_string()).current_dir(root);
    run_command(&mut command)
}

/// 测量: builds the program and the measures in release, and prints the measures.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<(), String> {
    let mut build = Command::new("cargo");
    let both = ["--package", "songhe", "--package", "benches"];
    run_command(build.args(["build", "--release"]).args(both).current_dir(root))?;
    let mut run = Command::new("cargo");
    run.args(["run", "--release", "--quiet", "--package", "benches", "--"]).args(arguments);
    run_command(run.current_dir(root))
}
