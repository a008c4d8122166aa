use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Folder, assert_success, out, program, run};

/// How many kills; `cargo xtask faults` asks for more.
const KILLS: &str = "SONGHE_KILLS";
const FEW: u32 = 8;

/// Set for a program that was built with `failpoints`: it is also killed at each named point.
const POINTS: &str = "SONGHE_POINTS";

/// Where the closing of a month must not be hurt by a kill.
const NAMED: [&str; 4] = ["before_commit", "after_commit", "bank_file_sealed", "outgoing_logged"];

fn closing(dir: &Path) -> Command {
    let mut command = program(dir, &["play", "june", "--json"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(status.expect("cp is there").success());
}

/// A town on the evening before its month is closed: applications decided, nothing paid.
fn prepared(folder: &Folder) -> PathBuf {
    let dir = folder.path("prepared");
    assert_success(&run(&dir, &["play", "june", "--preset", "town", "--until", "closing"]));
    dir
}

/// Goes on from where the folder stands, to the end of the month.
fn finished(dir: &Path) -> Value {
    let output = run(dir, &["play", "june", "--json"]);
    assert_success(&output);
    serde_json::from_str(&out(&output)).expect("the figures are JSON")
}

/// 账实相符: balances, hashes of the runs and what has left the house agree.
fn holds(dir: &Path, when: &str) {
    let output = run(dir, &["pay", "verify"]);
    assert!(output.status.success(), "{when}: {}", out(&output));
}

#[test]
#[ignore = "slow: the month is closed again and again"]
#[expect(clippy::disallowed_methods, reason = "the kills spread over the time that it takes")]
fn a_killed_closing_goes_on_and_ends_in_the_same_bytes() {
    let folder = Folder::new();
    let prepared = prepared(&folder);
    let undisturbed = folder.path("undisturbed");
    copy(&prepared, &undisturbed);
    let begun = Instant::now();
    let right = finished(&undisturbed);
    let whole = begun.elapsed();
    assert_eq!(right["unexplained"], json!(0), "{right}");
    holds(&undisturbed, "undisturbed");
    assert_eq!(finished(&undisturbed), right, "a closed month is closed once");

    let told = std::env::var(KILLS).ok();
    let kills = told.map_or(FEW, |told| told.parse().expect("SONGHE_KILLS is a number of kills"));
    let mut here = fresh(&folder, &prepared, 0);
    let mut ended = 0;
    for number in 0..kills {
        let mut child = closing(&here).spawn().expect("the machine does it");
        thread::sleep(moment(number, kills, whole));
        child.kill().expect("the machine does it");
        child.wait().expect("the machine does it");
        holds(&here, &format!("kill {number}"));
        // Three kills to a folder, then it must end as if there had been none.
        if number % 3 == 2 || number + 1 == kills {
            assert_eq!(finished(&here), right, "after kill {number}");
            holds(&here, &format!("the end after kill {number}"));
            std::fs::remove_dir_all(&here).expect("the machine does it");
            here = fresh(&folder, &prepared, number + 1);
            ended += 1;
        }
    }
    println!("{kills} kills, {ended} months closed: nothing lost, nothing doubled");

    if std::env::var_os(POINTS).is_some() {
        named_points(&folder, &prepared, &right);
    }
}

/// Dies at each named point, the first time, the second time … until it comes by no more.
fn named_points(folder: &Folder, prepared: &Path, right: &Value) {
    for point in NAMED {
        let mut times = 0;
        loop {
            let here = fresh(folder, prepared, times);
            let at = format!("{point}:{}", times + 1);
            let status = closing(&here).env("SONGHE_DIE_AT", &at).status();
            let died = !status.expect("the machine does it").success();
            holds(&here, &at);
            assert_eq!(&finished(&here), right, "{at}");
            holds(&here, &format!("the end after {at}"));
            std::fs::remove_dir_all(&here).expect("the machine does it");
            if !died {
                break;
            }
            times += 1;
        }
        println!("{point}: died at each of {times} times that it was passed");
        assert!(times > 0, "{point} is never passed");
    }
}

fn fresh(folder: &Folder, prepared: &Path, number: u32) -> PathBuf {
    let here = folder.path(&format!("killed-{number}"));
    copy(prepared, &here);
    here
}

/// Moments spread over the whole closing in a mixed-up order, the same every time.
fn moment(number: u32, of: u32, whole: Duration) -> Duration {
    whole * (number * 7 % of) / of
}
