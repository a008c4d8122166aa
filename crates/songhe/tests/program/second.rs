//! 平川县: a county with other bands, other layouts, a merged town and a development zone, set up
//! as a real region is: area file, first administrator, its own lists and layouts in the folder.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Folder, assert_success, json, program};

/// The county's lists, as its bureau would lay them into the data folder.
const LISTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/pingchuan/policy");

#[test]
fn a_county_unlike_the_demo_needs_its_lists_and_layouts_and_no_code() {
    let folder = Folder::new();
    let county = demo::second_county();
    let (dir, tray) = (folder.path("data"), folder.path("tray"));
    county.write(&tray).expect("the tray is written");
    let mut init = program(&dir, &["init", "--admin-login", "guan", "--admin-name", "管理"]);
    let made = init.arg(tray.join("areas.csv")).env("SONGHE_ADMIN_PASSWORD", "not-the-demo's");
    assert_success(&made.output().expect("it starts"));
    copy(Path::new(LISTS), &dir.join("policy"));
    copy(&tray.join("exchange"), &dir.join("exchange"));
    // The clock of a demo's folder stands at 2 June 2026.
    fs::write(dir.join("demo"), "").expect("the folder is ours");

    for file in &county.files {
        let path = tray.join(&file.file_name).to_string_lossy().into_owned();
        let as_of = file.as_of.to_string();
        let words = ["import", &path, "--supplier", file.supplier, "--as-of", &as_of];
        let imported = json(&dir, &words);
        assert_eq!(imported["state"], "applied", "{}: {imported}", file.file_name);
    }

    let truth = &county.truth;
    let found = json(&dir, &["findings"]);
    let count = |kind: &str, cause: &str| of(&found, kind, cause);
    let new = truth.unpaid.iter().filter(|it| it.arrears_months == 0).count();
    assert_eq!(count("unclaimed_entitlement", "newly_entitled"), new, "{found}");
    assert_eq!(count("unclaimed_entitlement", "entitled_before"), truth.unpaid.len() - new);
    let turned = |age| truth.class_changes.iter().filter(|it| it.age == age).count();
    for age in [80, 95, 100] {
        assert_eq!(count("class_change", &format!("age_{age}")), turned(age), "{age}: {found}");
    }
    let overpaid = truth.deaths_on_roll.iter().filter(|it| it.overpaid_months > 0).count();
    assert_eq!(count("award_after_death", "paid_after"), overpaid, "{found}");
    let in_time = truth.deaths_on_roll.len() - overpaid;
    assert_eq!(count("award_after_death", "stop_in_time"), in_time);
    let registered = count("death_not_deregistered", "still_registered");
    assert_eq!(registered, truth.not_yet_at_police.len());
    assert_eq!(all(&found, "visit_due"), truth.alone.len(), "{found}");
    assert_eq!(all(&found, "award_without_entitlement"), 1, "who moved out is still paid");

    // Somebody of the zone, whose village belongs to a town by division.
    let june = ["--month", "2026-06", "--item", "old_age_allowance"];
    let why = json(&dir, &[&["explain", truth.unpaid[0].number.as_str()][..], &june].concat());
    assert_eq!(why["items"][0]["verdict"], "entitled", "{why}");
    let in_zone = json(&dir, &[&["explain", truth.in_the_zone[0].as_str()][..], &june].concat());
    assert!(in_zone.to_string().contains("户籍在平川县"), "{in_zone}");
}

fn lines(found: &Value) -> impl Iterator<Item = &Value> {
    found["findings"].as_array().expect("a table").iter()
}

fn sum<'a>(lines: impl Iterator<Item = &'a Value>) -> usize {
    lines
        .map(|line| usize::try_from(line["count"].as_u64().expect("a count")).expect("a small one"))
        .sum()
}

fn of(found: &Value, kind: &str, cause: &str) -> usize {
    sum(lines(found).filter(|line| line["kind"] == kind && line["cause"] == cause))
}

fn all(found: &Value, kind: &str) -> usize {
    sum(lines(found).filter(|line| line["kind"] == kind))
}

fn copy(from: &Path, to: &PathBuf) {
    fs::create_dir_all(to).expect("the folder is ours");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("it is there").path();
        let beside = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &beside);
        } else {
            fs::copy(&path, beside).expect("the folder is ours");
        }
    }
}
