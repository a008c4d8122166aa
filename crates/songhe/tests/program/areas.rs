use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Folder, assert_refused, assert_success, json, out, run};

/// The town's area file, line by line.
fn lines(dir: &Path) -> Vec<String> {
    let file = fs::read_to_string(dir.join("tray/areas.csv")).expect("the demo writes its areas");
    file.lines().map(ToOwned::to_owned).collect()
}

fn write(folder: &Folder, name: &str, lines: &[String]) -> String {
    let path = folder.path(name);
    fs::write(&path, lines.join("\n") + "\n").expect("the folder is ours");
    path.to_string_lossy().into_owned()
}

fn level(line: &str) -> &str {
    line.split(',').nth(2).unwrap_or_default()
}

fn code(line: &str) -> &str {
    line.split(',').next().unwrap_or_default()
}

/// Half of the town's villages form a town of their own.
fn divided(lines: &[String]) -> Vec<String> {
    let town = lines.iter().find(|line| level(line) == "township").expect("a town");
    let mut other: Vec<&str> = town.split(',').collect();
    (other[0], other[1]) = ("990121997", "新溪镇");
    let other = other.join(",");
    let at = lines.iter().position(|line| line == town).expect("it is there");
    let mut divided = lines.to_vec();
    for line in divided.iter_mut().filter(|line| level(line) == "village").step_by(2) {
        let mut cells: Vec<&str> = line.split(',').collect();
        cells[4] = "990121997";
        *line = cells.join(",");
    }
    divided.insert(at + 1, other);
    divided
}

#[test]
#[ignore = "slow: two months are played"]
fn towns_part_and_merge_in_the_middle_of_the_month_and_everybody_is_paid_once() {
    let folder = Folder::new();
    let (dir, apart) = (folder.path("town"), folder.path("apart"));
    assert_success(&run(&dir, &["init", "--preset", "town"]));
    let whole = lines(&dir);
    let two = write(&folder, "two.csv", &divided(&whole));
    let one = write(&folder, "one.csv", &whole);

    let preview = json(&dir, &["areas", &two, "--from", "2026-06-01", "--dry-run"]);
    assert_eq!(preview["made"], json!(["新溪镇"]), "{preview}");
    let done = json(&dir, &["areas", &two, "--from", "2026-06-01"]);
    assert_eq!(done["changed"], preview["changed"], "{done}");
    let again = run(&dir, &["areas", &two, "--from", "2026-06-01"]);
    assert!(out(&again).contains("没有变化"), "{}", out(&again));
    let merged = json(&dir, &["areas", &one, "--from", "2026-06-02"]);
    assert_eq!(merged["ended"], json!(["新溪镇"]), "{merged}");

    // With the applications decided the town parts once more, and is joined again the day after:
    // every row has moved twice.
    assert_success(&run(&dir, &["play", "june", "--until", "closing"]));
    assert_success(&run(&dir, &["areas", &two, "--from", "2026-06-20"]));
    assert_success(&run(&dir, &["areas", &one, "--from", "2026-06-21"]));
    let one: Value = json(&dir, &["play", "june"]);
    assert_success(&run(&apart, &["play", "june", "--preset", "town"]));
    let other: Value = json(&apart, &["play", "june"]);
    for figure in ["lines", "total_fen", "unexplained", "digest"] {
        assert_eq!(one[figure], other[figure], "{figure}");
    }
    assert_eq!(one["unexplained"], json!(0));
    assert_success(&run(&dir, &["pay", "verify"]));
}

#[test]
fn an_area_with_people_does_not_end_and_a_wrong_file_changes_nothing() {
    let folder = Folder::new();
    let dir = folder.path("town");
    assert_success(&run(&dir, &["init", "--preset", "town"]));
    let all = lines(&dir);
    let village = all.iter().rposition(|line| level(line) == "village").expect("a village");
    let mut without = all.clone();
    without.remove(village);
    let june = json(&dir, &["determine", "--month", "2026-06"]);

    let file = write(&folder, "without.csv", &without);
    assert_refused(&run(&dir, &["areas", &file, "--from", "2026-06-02"]), 1, "位老人的户籍");
    let file = write(&folder, "same.csv", &all);
    let same = run(&dir, &["areas", &file, "--from", "2026-06-02"]);
    assert!(out(&same).contains("没有变化"), "{}", out(&same));
    assert_refused(&run(&dir, &["areas", &file, "--from", "2027-01-01"]), 1, "还没有到");

    let mut renamed = all.clone();
    renamed[0].push_str(",formerly");
    for line in &mut renamed[1..] {
        line.push(',');
    }
    let changed = renamed[village].replacen(code(&all[village]), "990121999999", 1);
    renamed[village] = format!("{changed}{}", code(&all[village]));
    let file = write(&folder, "renamed.csv", &renamed);
    let done = json(&dir, &["areas", &file, "--from", "2026-06-02"]);
    assert_eq!(done["changed"].as_array().map(Vec::len), Some(1), "{done}");
    assert_eq!(json(&dir, &["determine", "--month", "2026-06"]), june, "nobody is lost by it");
}
