//! 原件: received files, kept sealed in a folder under the hash of their bytes; and single rows of
//! them as they were.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use access::{Sealed, Vault};
use facts::batches::Original;
use facts::layout;
use facts::sheet::{Limits, SheetProcess};
use kernel::Trouble;
use sm3::{Digest, Sm3};

use crate::App;

/// The hash under which bytes are kept.
pub(crate) fn sm3(bytes: &[u8]) -> [u8; 32] {
    Sm3::digest(bytes).into()
}

/// Hexadecimal, as hashes are written on slips.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes every write");
        text
    })
}

/// Keeps the bytes, once; they are on the disk when this returns.
pub(crate) fn keep(dir: &Path, vault: &Vault, bytes: &[u8]) -> Result<(), Trouble> {
    let name = hex(&sm3(bytes));
    let path = dir.join(&name);
    if path.exists() {
        return Ok(());
    }
    fs::create_dir_all(dir).map_err(Trouble::fault)?;
    let sealed = vault.seal(&format!("file/{name}"), bytes)?;
    let mut all = sealed.key_version.to_be_bytes().to_vec();
    all.extend_from_slice(&sealed.bytes);
    let draft = dir.join(format!("{name}.draft-{}", std::process::id()));
    write_new(&draft, &all)?;
    fs::rename(&draft, &path).map_err(Trouble::fault)?;
    fs::File::open(dir).and_then(|folder| folder.sync_all()).map_err(Trouble::fault)
}

/// The bytes that were kept under this hash.
pub(crate) fn kept(dir: &Path, vault: &Vault, file_sm3: &[u8; 32]) -> Result<Vec<u8>, Trouble> {
    let name = hex(file_sm3);
    let all = fs::read(dir.join(&name)).map_err(|_| {
        Trouble::refused("这份文件的原件不在了，不能重新读取。", "请向来源部门再要一份，重新登记。")
    })?;
    let (version, bytes) = all
        .split_first_chunk::<2>()
        .ok_or_else(|| Trouble::fault(format!("file {name} is cut")))?;
    let sealed = Sealed { bytes: bytes.to_vec(), key_version: i16::from_be_bytes(*version) };
    vault.open(&format!("file/{name}"), &sealed)
}

/// The bytes in clear, for the child that reads them; gone when this is dropped.
pub(crate) struct ClearCopy(PathBuf);

impl ClearCopy {
    pub(crate) fn of(dir: &Path, bytes: &[u8]) -> Result<Self, Trouble> {
        let random = reading_name(bytes);
        let path = dir.join(format!("reading-{}-{random}", std::process::id()));
        write_new(&path, bytes)?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for ClearCopy {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::warn!(%error, "a clear copy was not removed");
        }
    }
}

/// A name that two readers of one process do not share.
fn reading_name(bytes: &[u8]) -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}", &hex(&sm3(bytes))[..8], NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Removes what readers and writers left behind that are gone: clear copies, half-written files.
/// Called once at start.
pub fn sweep_clear_copies(dir: &Path) -> Result<(), Trouble> {
    let Ok(entries) = fs::read_dir(dir) else { return Ok(()) };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let reader = name.strip_prefix("reading-").and_then(|rest| rest.split('-').next());
        let writer = name.split_once(".draft-").map(|(_, pid)| pid);
        if let Some(owner) = reader.or(writer)
            && !Path::new("/proc").join(owner).exists()
        {
            fs::remove_file(entry.path()).map_err(Trouble::fault)?;
        }
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Trouble> {
    fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(Trouble::fault)
}

/// A cell of a row as it was, under the header of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginalCell {
    /// The header.
    pub(crate) heading: String,
    /// Our word for the column; empty when it is not read.
    pub(crate) field: String,
    /// What stands there. Resident numbers and accounts are hidden but for the last two signs.
    pub(crate) text: String,
}

/// One row of a file as it was. Reads the file again, up to that row.
pub(crate) async fn row_as_it_was(
    app: &App,
    original: &Original,
    row_no: u32,
) -> Result<Vec<OriginalCell>, Trouble> {
    let Some(layout) = app.layout(&original.supplier).cloned() else { return Ok(Vec::new()) };
    let (app, file_sm3) = (app.clone(), original.file_sm3);
    let work = move || {
        let parts = app.parts();
        let bytes = kept(&parts.files_dir, app.vault(), &file_sm3)?;
        let copy = ClearCopy::of(&parts.files_dir, &bytes)?;
        let limits = Limits::default();
        let peek = SheetProcess::peek(&parts.exe, copy.path(), &limits)?;
        let mapping = layout::recognise(&peek, std::slice::from_ref(&layout))?.mapping;
        let mut rows = SheetProcess::rows(&parts.exe, copy.path(), mapping.sheet, &limits)?;
        let Some(row) = rows.find(|row| row.as_ref().map_or(true, |row| row.number >= row_no))
        else {
            return Ok(Vec::new());
        };
        let row = row?;
        let cells = mapping.headers.iter().enumerate().map(|(place, heading)| {
            let field = mapping.columns.iter().find(|(_, at)| *at == place);
            let field = field.map_or_else(String::new, |(field, _)| field.clone());
            let text = row.cell(place).as_text().into_owned();
            let hidden = matches!(field.as_str(), "resident_number" | "account");
            OriginalCell {
                heading: heading.clone(),
                text: if hidden { all_but_two(&text) } else { text },
                field,
            }
        });
        Ok::<_, Trouble>(if row.number == row_no { cells.collect() } else { Vec::new() })
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

/// A number as written, with all but its last two signs hidden.
pub(crate) fn all_but_two(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let hidden = signs.len().saturating_sub(2);
    signs.iter().enumerate().map(|(i, sign)| if i < hidden { '*' } else { *sign }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_process_left_goes_and_what_a_living_one_writes_stays() {
        let dir = tempfile::tempdir().expect("a folder");
        let (ours, nobody) = (std::process::id(), u32::MAX);
        for name in ["reading", "draft"] {
            for owner in [ours, nobody] {
                let file = match name {
                    "reading" => format!("reading-{owner}-abc-0"),
                    _ => format!("abc.draft-{owner}"),
                };
                fs::write(dir.path().join(file), "x").expect("written");
            }
        }
        fs::write(dir.path().join("abc"), "x").expect("written");
        sweep_clear_copies(dir.path()).expect("swept");
        let left = fs::read_dir(dir.path()).expect("a folder").flatten();
        let mut left: Vec<String> =
            left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        left.sort();
        let expected =
            ["abc".to_owned(), format!("abc.draft-{ours}"), format!("reading-{ours}-abc-0")];
        assert_eq!(left, expected);
    }
}
