//! What is generated: documents from the code, query data from the database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use clap::ValueEnum;

use crate::check::{cargo, run_command};
use crate::tree::Tree;

const DOCUMENTS: &str = "docs/generated";
const QUERIES: &str = ".sqlx";
/// Names the migrated database that the queries are prepared on, as its owner.
const PREPARE_URL: &str = "SONGHE_PREPARE_URL";

/// What there is to generate.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// `docs/generated`, written by the program itself
    Docs,
    /// `.sqlx`, so that queries are checked without a database
    Sqlx,
}

/// Files by their path relative to a folder.
type Files = BTreeMap<String, Vec<u8>>;

/// Generates one of the two or both; with `check` compares instead.
pub(crate) fn run(root: &Path, what: Option<What>, check: bool) -> Result<(), String> {
    let is_url_set = std::env::var_os(PREPARE_URL).is_some();
    // Queries first: the program that writes the documents is built on them.
    if what == Some(What::Sqlx) || what.is_none() && is_url_set {
        let made = prepare_queries(root)?;
        settle(root, QUERIES, &made, check)?;
    }
    if what.is_none() && !is_url_set {
        println!("{QUERIES} is left as it is: set {PREPARE_URL} to a migrated database for it");
    }
    if what != Some(What::Sqlx) {
        let made = write_documents(root)?;
        settle(root, DOCUMENTS, &made, check)?;
    }
    Ok(())
}

fn write_documents(root: &Path) -> Result<Files, String> {
    let folder = fresh(root, "generated-docs")?;
    let path = folder.to_string_lossy();
    let program = ["run", "--quiet", "--package", "songhe", "--", "generate-docs"];
    cargo(root, &[&program[..], &[&*path]].concat())?;
    read(&folder)
}

/// The macros of sqlx ask the database while the compiler expands them and write what they
/// learned into `SQLX_OFFLINE_DIR`. Cargo does not know that they read variables, so the crates
/// have to look changed.
fn prepare_queries(root: &Path) -> Result<Files, String> {
    let url = std::env::var(PREPARE_URL)
        .map_err(|_| format!("set {PREPARE_URL} to the owner's address of a migrated database"))?;
    let folder = fresh(root, "sqlx-prepare")?;
    touch_crates_with_queries(root)?;
    let mut check = Command::new("cargo");
    check
        .args(["check", "--quiet", "--workspace", "--all-targets"])
        .current_dir(root)
        .env("SQLX_OFFLINE", "false")
        .env("SQLX_OFFLINE_DIR", &folder)
        // The name that the macros know. The program itself never sees this child's setting.
        .env("DATABASE_URL", url);
    run_command(&mut check)?;
    // The next build must read the files, not what was learned just now.
    touch_crates_with_queries(root)?;
    read(&folder)
}

#[expect(clippy::disallowed_methods, reason = "cargo goes by the time of change")]
fn touch_crates_with_queries(root: &Path) -> Result<(), String> {
    let tree = Tree::read(root)?;
    for (file, rust) in tree.rust() {
        if rust.code.iter().any(|code| code.contains("query") && code.contains('!')) {
            let path = root.join(&file.path);
            let touched = fs::File::options().append(true).open(&path);
            let touched = touched.and_then(|file| file.set_modified(SystemTime::now()));
            touched.map_err(|error| format!("{}: {error}", file.path))?;
        }
    }
    Ok(())
}

/// Compares what was made with what is there, or puts it there.
fn settle(root: &Path, name: &str, made: &Files, check: bool) -> Result<(), String> {
    let folder = root.join(name);
    let there = read(&folder)?;
    let names = made.keys().chain(there.keys().filter(|name| !made.contains_key(*name)));
    let changed: Vec<&String> = names.filter(|name| made.get(*name) != there.get(*name)).collect();
    let say = |file: &&String| format!("{name}/{file} {}", kind_of_change(file, made, &there));
    let lines: Vec<String> = changed.iter().map(say).collect();
    if check {
        return if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) };
    }
    for (file, line) in changed.iter().zip(&lines) {
        println!("{line}");
        let path = folder.join(file);
        let outcome = match made.get(*file) {
            Some(bytes) => fs::create_dir_all(path.parent().unwrap_or(&folder))
                .and_then(|()| fs::write(&path, bytes)),
            None => fs::remove_file(&path),
        };
        outcome.map_err(|error| format!("{}: {error}", path.display()))?;
    }
    println!("{name}: {} files, {} changed", made.len(), changed.len());
    Ok(())
}

fn kind_of_change(file: &str, made: &Files, there: &Files) -> &'static str {
    match (made.contains_key(file), there.contains_key(file)) {
        (true, false) => "is new",
        (false, _) => "is no longer generated",
        (true, true) => "differs",
    }
}

/// An empty folder below `target`.
fn fresh(root: &Path, name: &str) -> Result<PathBuf, String> {
    let folder = root.join("target").join(name);
    let trouble = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(trouble)?;
    }
    fs::create_dir_all(&folder).map_err(trouble)?;
    Ok(folder)
}

/// The files below a folder; none when there is no such folder.
fn read(folder: &Path) -> Result<Files, String> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(here) = folders.pop() {
        if !here.exists() {
            continue;
        }
        let trouble = |error: std::io::Error| format!("{}: {error}", here.display());
        for entry in fs::read_dir(&here).map_err(trouble)? {
            let path = entry.map_err(trouble)?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("it was found below the folder");
                let bytes = fs::read(&path).map_err(trouble)?;
                files.insert(name.to_string_lossy().into_owned(), bytes);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_file_that_differs_is_told_and_then_settled() {
        let root = root_of_test("settle");
        fs::create_dir_all(root.join("docs")).unwrap();
        fs::write(root.join("docs/old.md"), "old").unwrap();
        let made = Files::from([("new/a.md".to_owned(), b"a".to_vec())]);
        let told = settle(&root, "docs", &made, true);
        assert_eq!(
            told,
            Err("docs/new/a.md is new\ndocs/old.md is no longer generated".to_owned())
        );
        settle(&root, "docs", &made, false).unwrap();
        assert_eq!(read(&root.join("docs")), Ok(made.clone()));
        assert_eq!(settle(&root, "docs", &made, true), Ok(()));
    }

    fn root_of_test(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fresh(&root, "nothing").unwrap();
        root
    }
}
