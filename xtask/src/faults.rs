//! The long runs: kills, power cuts, and measures beside others.

use std::path::Path;
use std::process::Command;

use crate::check::run_command;

/// What is broken on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Rig {
    /// Imports of the demo's files are killed
    Imports,
    /// The closing of a month is killed, at random moments and at each named point
    Closing,
    /// The power is cut under the ledger (as root)
    Power,
}

/// Runs one rig, or all of them.
pub(crate) fn run(root: &Path, rig: Option<Rig>, times: Option<u32>) -> Result<(), String> {
    let all = [Rig::Imports, Rig::Closing, Rig::Power];
    for rig in rig.map_or(all.to_vec(), |rig| vec![rig]) {
        match rig {
            Rig::Imports => imports(root, times.unwrap_or(100))?,
            Rig::Closing => closing(root, times.unwrap_or(200))?,
            Rig::Power => power(root, times.unwrap_or(50))?,
        }
    }
    Ok(())
}

/// Kills so many imports of the demo's files and looks at what is left each time.
fn imports(root: &Path, kills: u32) -> Result<(), String> {
    let test = ["test", "--release", "--package", "songhe", "--test", "program"];
    let name = ["--", "--ignored", "--nocapture", "kills_during_imports"];
    let mut command = Command::new("cargo");
    command.args(test).args(name).env("SONGHE_KILLS", kills.to_string()).current_dir(root);
    run_command(&mut command)
}

/// Kills so many closings of the demo town's month, then at each named point.
fn closing(root: &Path, kills: u32) -> Result<(), String> {
    let test = ["test", "--release", "--package", "songhe", "--features", "failpoints"];
    let name = ["--test", "program", "--", "--ignored", "--nocapture", "a_killed_closing"];
    let mut command = Command::new("cargo");
    command.args(test).args(name).env("SONGHE_KILLS", kills.to_string()).env("SONGHE_POINTS", "1");
    run_command(command.current_dir(root))
}

/// 断电: cuts the power so many times while transfers are committed.
fn power(root: &Path, cuts: u32) -> Result<(), String> {
    let rig = ["run", "--release", "--quiet", "--package", "faults", "--", "power", "--cuts"];
    let mut command = Command::new("cargo");
    run_command(command.args(rig).arg(cuts.to_string()).current_dir(root))
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
