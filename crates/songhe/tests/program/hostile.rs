use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use demo::hostile;
use facts::sheet::{Limits, SheetProcess};

use crate::{Folder, PROGRAM};

const MIB: u64 = 1 << 20;

#[test]
fn hostile_files_are_refused_with_a_sentence_and_the_parent_lives() {
    let folder = Folder::new();
    for (name, bytes) in [
        ("sparse.xlsx", hostile::sparse_cell()),
        ("bomb.xlsx", hostile::zip_bomb()),
        ("truncated.xlsx", hostile::truncated_zip()),
        ("page.xls", hostile::html_as_xls()),
        ("junk.xls", hostile::ole_junk()),
        ("locked.xlsx", hostile::encrypted_like()),
        ("wide.csv", hostile::utf16_csv()),
        ("mixed.csv", hostile::mixed_encodings()),
    ] {
        let path = folder.path(name);
        std::fs::write(&path, bytes).unwrap();
        let refusal = refusal(&path).unwrap_or_else(|| panic!("{name} was read"));
        assert!(refusal.chars().any(|c| c > '\u{4E00}'), "{name}: {refusal}");
        assert!(!refusal.contains("panicked"), "{name}: {refusal}");
    }
}

fn refusal(path: &Path) -> Option<String> {
    let limits = Limits::default();
    let exe = Path::new(PROGRAM);
    if let Err(refusal) = SheetProcess::peek(exe, path, &limits) {
        return Some(refusal.to_string());
    }
    let mut rows = SheetProcess::rows(exe, path, 0, &limits).ok()?;
    rows.find_map(Result::err).map(|refusal| refusal.to_string())
}

#[test]
fn what_asks_for_half_a_terabyte_gets_a_few_megabytes() {
    let folder = Folder::new();
    for (name, bytes) in
        [("sparse.xlsx", hostile::sparse_cell()), ("bomb.xlsx", hostile::zip_bomb())]
    {
        let path = folder.path(name);
        std::fs::write(&path, bytes).unwrap();
        let limits = serde_json::to_string(&Limits::default()).unwrap();
        let child = Command::new(PROGRAM)
            .arg("sheet-rows")
            .args([path.as_os_str(), "0".as_ref(), limits.as_ref()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let peak = peak_bytes(child);
        assert!(peak < 128 * MIB, "{name} took {} MiB", peak / MIB);
    }
}

/// The most memory that the child held, looked at until it ends (at most a minute: its own limit).
fn peak_bytes(mut child: Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("it is ours").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib =
            line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok());
        peak = peak.max(kib.unwrap_or(0) * 1024);
        thread::sleep(Duration::from_millis(2));
    }
    peak
}
