use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{Folder, assert_success, json, program};

const KILLS: u32 = 30;
const JUNE: [&str; 3] = ["determine", "--month", "2026-06"];

fn import(dir: &Path, register: &Path) -> Command {
    let words = ["import", "--supplier", "police_register", "--as-of", "2026-06-01"];
    let mut command = program(dir, &words);
    command.arg(register).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.expect("cp is there").success());
}

/// Moments spread over the whole import in a mixed-up order, the same every time.
fn moment(number: u32, whole: Duration) -> Duration {
    whole * (number * 7 % KILLS) / KILLS
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the kills spread over the time that it takes")]
#[ignore = "slow: thirty imports and as many looks at what is left"]
fn thirty_kills_leave_all_or_nothing() {
    let folder = Folder::new();
    let template = folder.empty_town();
    let register = folder.path("tray").join("公安人口库_60岁以上人口_20260601.xlsx");

    let undisturbed = folder.path("undisturbed");
    copy(&template, &undisturbed);
    let begun = Instant::now();
    assert!(import(&undisturbed, &register).status().unwrap().success());
    let whole = begun.elapsed();
    let all = json(&undisturbed, &JUNE);
    let nothing = json(&template, &JUNE);
    assert_ne!(all["digest"], nothing["digest"]);

    let mut seen = [0, 0];
    let mut dir: Option<PathBuf> = None;
    for number in 0..KILLS {
        let here = dir.take().unwrap_or_else(|| {
            let fresh = folder.path(&format!("killed-{number}"));
            copy(&template, &fresh);
            fresh
        });
        let mut child = import(&here, &register).spawn().unwrap();
        thread::sleep(moment(number, whole));
        child.kill().unwrap();
        child.wait().unwrap();
        let left: Value = json(&here, &JUNE);
        let is_all = left == all;
        assert!(is_all || left == nothing, "kill {number} left {left}");
        seen[usize::from(is_all)] += 1;
        // What has nothing is killed again; what has all has had its turn.
        dir = (!is_all).then_some(here);
    }
    assert!(seen[0] > 0, "no kill came before the end: {seen:?}");
    if let Some(here) = dir {
        let output = import(&here, &register).stderr(Stdio::piped()).output().unwrap();
        assert_success(&output);
        assert_eq!(json(&here, &JUNE), all, "after all the kills it is as if there were none");
        let clear = std::fs::read_dir(here.join("files")).unwrap().flatten();
        let clear = clear.filter(|it| it.file_name().to_string_lossy().starts_with("reading-"));
        assert_eq!(clear.count(), 0, "no clear copy of a file is left behind");
    }
}
