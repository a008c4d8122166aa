//! 整链: the demo's files through the real program, from the outside.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kernel::Trouble;

use crate::clock::Stopwatch;
use crate::table::{head, note, row};

/// The program: as told, else the one that was built beside this one.
pub(crate) fn find(told: Option<PathBuf>) -> Result<PathBuf, Trouble> {
    let found = match told {
        Some(told) => told,
        None => std::env::current_exe().map_err(Trouble::fault)?.with_file_name("songhe"),
    };
    if found.is_file() {
        return Ok(found);
    }
    Err(Trouble::refused(
        format!("the program {} is not there", found.display()),
        "build it: cargo build --release --package songhe",
    ))
}

/// The program with a data folder.
pub(crate) fn command(program: &Path, dir: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).arg("--data-dir").arg(dir).stdin(Stdio::null());
    for name in ["DATABASE_URL", "DATABASE_OWNER_URL", "SONGHE_DATA_DIR"] {
        command.env_remove(name);
    }
    command.env("SONGHE_LOG", "error");
    command
}

/// A folder that the database's user can pass through.
pub(crate) fn folder() -> Result<tempfile::TempDir, Trouble> {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().map_err(Trouble::fault)?;
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o711)).map_err(Trouble::fault)?;
    Ok(dir)
}

/// The demo's data, made by the program; what it said on the way.
pub(crate) fn fill(program: &Path, dir: &Path, preset: &str) -> Result<String, Trouble> {
    let output = command(program, dir, &["init", "--preset", preset]).output();
    let output = output.map_err(Trouble::fault)?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() { Ok(said) } else { Err(Trouble::fault(said)) }
}

/// Takes in every file, then a register and a roster that say the same under other bytes.
pub(crate) fn run(preset: &str, program: Option<PathBuf>) -> Result<(), Trouble> {
    let program = find(program)?;
    let folder = folder()?;
    let dir = folder.path().join("data");
    head(&format!("intake of the {preset}'s files by the program, as it says itself"));
    fill(&program, &dir, preset)?.lines().filter(|line| line.contains('秒')).for_each(note);

    head("an unchanged snapshot again, whole processes with starting and stopping the database");
    let fixed = import(&program, &dir, "nobody", "2026-06-01", &dir.join("keys.toml"))?.0;
    let tray = dir.join("tray");
    let list = fs::read_to_string(tray.join("files.csv")).map_err(Trouble::fault)?;
    let fresh = folder.path().join("fresh");
    empty(&program, &fresh, &tray)?;
    for line in list.lines().skip(1) {
        let [supplier, as_of, name] = line.split(',').collect::<Vec<_>>()[..] else { continue };
        let file = tray.join(name);
        if file.extension().is_some_and(|it| it == "xls") {
            note(&format!("{supplier}: an old workbook, which has no place for other bytes"));
            continue;
        }
        let first = import(&program, &fresh, supplier, as_of, &file)?;
        let again = import(&program, &fresh, supplier, as_of, &touched(&file, folder.path())?)?;
        let (first_net, again_net) = (first.0 - fixed, again.0 - fixed);
        row(&format!("{supplier}: first"), first_net, first_net, &first.1);
        row(&format!("{supplier}: unchanged"), again_net, first_net, &again.1);
    }
    note(&format!("without {fixed:.2} s that the program needs to start and stop"));
    Ok(())
}

/// A folder with the areas and nobody in them, whose clock is the demo's.
fn empty(program: &Path, dir: &Path, tray: &Path) -> Result<(), Trouble> {
    let words = ["init", "--admin-login", "guan", "--admin-name", "管理"];
    let mut init = command(program, dir, &words);
    init.arg(tray.join("areas.csv")).env("SONGHE_ADMIN_PASSWORD", "of-the-measure");
    let output = init.output().map_err(Trouble::fault)?;
    if !output.status.success() {
        return Err(Trouble::fault(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    fs::write(dir.join("demo"), "").map_err(Trouble::fault)
}

fn import(
    program: &Path,
    dir: &Path,
    supplier: &str,
    as_of: &str,
    file: &Path,
) -> Result<(f64, String), Trouble> {
    let mut command = command(program, dir, &["import", "--supplier", supplier, "--as-of", as_of]);
    command.arg(file);
    let mut watch = Stopwatch::default();
    let output = watch.time(|| command.output()).map_err(Trouble::fault)?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let refused = String::from_utf8_lossy(&output.stderr).into_owned();
    let first = said.lines().chain(refused.lines()).next().unwrap_or_default().to_owned();
    Ok((watch.seconds(), first))
}

/// The same content under other bytes: a comment at the end of a workbook, a blank line of a text.
fn touched(file: &Path, folder: &Path) -> Result<PathBuf, Trouble> {
    let mut bytes = fs::read(file).map_err(Trouble::fault)?;
    if bytes.starts_with(b"PK") {
        // The last two bytes of a workbook without a comment are the comment's length.
        if let [.., length, _] = bytes.as_mut_slice() {
            *length = 1;
        }
        bytes.push(b' ');
    } else {
        bytes.extend_from_slice(b"\r\n");
    }
    let copy = folder.join(file.file_name().expect("a file of the tray has a name"));
    fs::write(&copy, bytes).map_err(Trouble::fault)?;
    Ok(copy)
}
