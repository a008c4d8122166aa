//! The files of the repository, read once, as the rules want to see them.

use std::fs;
use std::path::Path;

use crate::rust_text::RustText;

/// What `.gitignore` keeps out, and what is not ours to judge.
const SKIPPED_FOLDERS: &[&str] =
    &[".git", "target", "node_modules", "web/dist", "e2e/test-results", "data"];

/// Every file below the root.
pub(crate) struct Tree {
    pub(crate) files: Vec<File>,
}

/// One file; its path is relative to the root, with `/`.
pub(crate) struct File {
    pub(crate) path: String,
    /// None when the file is not text.
    pub(crate) text: Option<String>,
    /// Only for `.rs` files.
    pub(crate) rust: Option<RustText>,
}

impl Tree {
    /// Reads the whole tree, in the order of the paths.
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let mut files = Vec::new();
        walk(root, "", &mut files)?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { files })
    }

    /// The Rust files with what was read in them.
    pub(crate) fn rust(&self) -> impl Iterator<Item = (&File, &RustText)> {
        self.files.iter().filter_map(|file| file.rust.as_ref().map(|rust| (file, rust)))
    }

    /// The text files.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&File, &str)> {
        self.files.iter().filter_map(|file| file.text.as_deref().map(|text| (file, text)))
    }
}

impl File {
    /// A file as the rules see it; also how the tests make theirs.
    pub(crate) fn new(path: &str, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
        let rust = text
            .as_deref()
            .filter(|_| has_extension(path, &["rs"]))
            .map(|text| RustText::read(text, is_test_path(path)));
        Self { path: path.to_owned(), text, rust }
    }

    /// Whether the whole file is a test.
    pub(crate) fn is_test(&self) -> bool {
        is_test_path(&self.path)
    }

    /// Whether the path lies below one of the folders (or is one of the files).
    pub(crate) fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Whether the name ends with one of the extensions (given without the dot).
    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        has_extension(&self.path, extensions)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, end)| extensions.contains(&end))
}

fn is_test_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    path.contains("/tests/")
        || path.contains("/benches/")
        || path.starts_with("benches/")
        || path.starts_with("e2e/")
        || name == "tests.rs"
        || name.ends_with("_tests.rs")
        || name.ends_with(".test.mjs")
        || name.ends_with(".test.ts")
}

fn walk(root: &Path, folder: &str, files: &mut Vec<File>) -> Result<(), String> {
    let here = root.join(folder);
    let trouble = |error: std::io::Error| format!("{}: {error}", here.display());
    for entry in fs::read_dir(&here).map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if SKIPPED_FOLDERS.contains(&path.as_str()) || name == "node_modules" {
            continue;
        }
        let kind = entry.file_type().map_err(trouble)?;
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_file() {
            match fs::read(entry.path()) {
                Ok(bytes) => files.push(File::new(&path, bytes)),
                // Somebody saved or renamed it between the listing and the reading.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(format!("{path}: {error}")),
            }
        }
    }
    Ok(())
}
