use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};

use crate::{Folder, assert_refused, assert_success, err, json, out, program, run};

const REGISTER: &str = "公安人口库_60岁以上人口_20260601.xlsx";
const JUNE: [&str; 3] = ["determine", "--month", "2026-06"];

/// The allowance among the items of an answer.
fn of_item(items: &Value) -> &Value {
    let mut items = items.as_array().expect("items").iter();
    items.find(|it| it["id"] == json!("old_age_allowance")).expect("the allowance is listed")
}

#[test]
fn a_dry_run_changes_nothing_and_the_same_file_twice_is_told() {
    let folder = Folder::new();
    let dir = folder.empty_town();
    let register = folder.path("tray").join(REGISTER).to_string_lossy().into_owned();
    let import = ["import", &register, "--supplier", "police_register", "--as-of", "2026-06-01"];

    let before = json(&dir, &JUNE);
    assert_eq!(before["people"], json!(0));
    let dry = json(&dir, &[&import[..], &["--dry-run"]].concat());
    assert_eq!(dry["state"], json!("staged"), "{dry}");
    assert_eq!(json(&dir, &JUNE), before, "a dry run writes no fact");

    let applied = json(&dir, &import);
    assert_eq!(applied["state"], json!("applied"), "{applied}");
    let after = json(&dir, &JUNE);
    assert!(after["people"].as_u64() > Some(1_000), "{after}");
    assert_refused(&run(&dir, &import), 1, "已经收过");
    assert_eq!(json(&dir, &JUNE), after, "the second time changes nothing");

    let empty = folder.path("empty.csv");
    fs::write(&empty, "").unwrap();
    let empty = empty.to_string_lossy().into_owned();
    let import = ["import", &empty, "--as-of", "2026-06-01", "--supplier"];
    assert_refused(&run(&dir, &[&import[..], &["police_register"]].concat()), 1, "空的");
    assert_refused(&run(&dir, &[&import[..], &["tax_office"]].concat()), 1, "police_register");
}

#[test]
fn the_town_comes_out_the_same_in_every_folder_and_explains_itself() {
    let folder = Folder::new();
    let (one, other) = (folder.path("one"), folder.path("other"));
    assert_success(&run(&one, &["init", "--preset", "town"]));
    assert_success(&run(&other, &["init", "--preset", "town"]));
    let june = json(&one, &JUNE);
    assert_eq!(june, json(&other, &JUNE), "the digest does not depend on keys or folder");
    let allowance = of_item(&june["items"]);
    assert!(allowance["amount_fen"].as_u64() > Some(0));

    let unpaid = &demo::generate(demo::Preset::Town).truth.sets.unpaid_older[0].number;
    let why = json(&one, &["explain", unpaid]);
    assert_eq!(of_item(&why["items"])["verdict"], json!("entitled"));
    assert!(
        of_item(&why["items"])["conditions"][0]["sources"].as_str().unwrap().contains("第"),
        "{why}"
    );
    assert!(!why.to_string().contains(unpaid.as_str()), "numbers are masked");
    let id = why["person"]["id"].as_str().unwrap();
    let one_item = json(&one, &["explain", id, "--item", "old_age_allowance"]);
    assert_eq!(one_item["items"], json!([of_item(&why["items"])]));
    assert_refused(&run(&one, &["explain", "没有这个人"]), 1, "没有找到");
    assert_refused(&run(&one, &["explain", id, "--item", "moon"]), 1, "old_age_allowance");

    let doctor = json(&one, &["doctor"]);
    assert_eq!(doctor["passed"], json!(true), "{doctor}");
    fs::set_permissions(one.join("keys.toml"), PermissionsExt::from_mode(0o644)).unwrap();
    let doctor = run(&one, &["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(out(&doctor).contains("chmod 600"), "{}", out(&doctor));

    assert_refused(&run(&one, &["serve", "--port", "0"]), 1, "演示数据");
}

#[test]
fn a_real_region_begins_with_its_areas_and_one_administrator() {
    let folder = Folder::new();
    let (dir, areas) = (folder.path("data"), folder.path("areas.csv"));
    fs::write(
        &areas,
        "code,name,level,kind,parent,valid_from,valid_to\n\
         990122,竹溪县,county,division,,2000-01-01,\n\
         990122001,东坪镇,township,division,990122,2000-01-01,\n",
    )
    .unwrap();
    let areas = areas.to_string_lossy().into_owned();
    let init = ["init", &areas, "--admin-login", "guan", "--admin-name", "管理"];
    let with = |password: &str| {
        program(&dir, &init).env("SONGHE_ADMIN_PASSWORD", password).output().unwrap()
    };
    assert_refused(&run(&dir, &init), 1, "SONGHE_ADMIN_PASSWORD");
    assert_refused(&with("short"), 1, "密码太短");
    let made = with("long enough for anybody");
    assert_success(&made);
    assert!(!out(&made).contains("long enough"), "the password is not repeated");
    assert_eq!(fs::metadata(dir.join("keys.toml")).unwrap().permissions().mode() & 0o777, 0o600);
    assert_refused(&with("long enough for anybody"), 1, "已经建立过");

    // Handing in a file is on record; a clock that is hours behind it decides no deadline.
    let junk = folder.path("areas.csv").to_string_lossy().into_owned();
    let import = ["import", &junk, "--supplier", "police_register", "--as-of", "2020-01-01"];
    let east = program(&dir, &import).env("SONGHE_ZONE", "Pacific/Auckland").output().unwrap();
    assert_eq!(east.status.code(), Some(1), "{}", err(&east));
    let west = program(&dir, &["serve", "--port", "0"])
        .env("SONGHE_ZONE", "Pacific/Honolulu")
        .output()
        .unwrap();
    assert_refused(&west, 1, "请先校准本机时间");

    fs::write(folder.path("bad.csv"), "code,name\n1,2\n").unwrap();
    let bad = folder.path("bad.csv").to_string_lossy().into_owned();
    let refused =
        program(&folder.path("new"), &["init", &bad, "--admin-login", "a", "--admin-name", "b"])
            .env("SONGHE_ADMIN_PASSWORD", "long enough for anybody")
            .output()
            .unwrap();
    assert_refused(&refused, 1, "第 2 行");
    assert!(!folder.path("new").exists(), "a bad area file leaves nothing behind");
}

#[test]
fn next_years_holidays_are_put_in_once_and_replaced_only_when_asked() {
    let folder = Folder::new();
    let (dir, file) = (folder.empty_town(), folder.path("2027.csv"));
    let write = |rows: &str| fs::write(&file, format!("day,working,name\n{rows}")).unwrap();
    let path = file.to_string_lossy().into_owned();
    let put = ["calendar", &path, "--year", "2027", "--document", "2027 年放假通知"];
    let doctor = || out(&run(&dir, &["doctor"]));
    assert!(doctor().contains("没有 2027 年的放假安排"), "{}", doctor());
    assert!(doctor().contains("songhe calendar"), "{}", doctor());

    write("2027-01-01,休,元旦\n2026-12-31,休,元旦\n");
    assert_refused(&run(&dir, &put), 1, "第 3 行");
    assert!(doctor().contains("没有 2027 年"), "half a file is no calendar");

    write("2027-01-01,休,元旦\n2027-01-02,休,元旦\n2027-01-03,班,调休上班\n");
    let stored = run(&dir, &put);
    assert_success(&stored);
    assert!(out(&stored).contains("周一至周五放假 1 天，周末上班 1 天"), "{}", out(&stored));
    assert!(doctor().contains("有 2027 年的放假安排"), "{}", doctor());

    write("2027-01-01,休,元旦\n2027-02-08,休,春节\n");
    assert_refused(&run(&dir, &put), 1, "--replace");
    let replaced = json(&dir, &[&put[..], &["--replace"]].concat());
    assert_eq!(replaced["weekdays_off"], json!(2), "{replaced}");
    assert_eq!(replaced["weekend_days_worked"], json!(0), "{replaced}");
}

#[test]
fn a_demo_wipes_no_folder_that_is_not_a_demos() {
    let folder = Folder::new();
    fs::write(folder.path("letter.txt"), "precious").unwrap();
    for words in [&["init", "--preset", "town"][..], &["demo", "--preset", "town", "--port", "0"]] {
        let refused = run(folder.0.path(), words);
        assert_refused(&refused, 1, "不是演示目录");
    }
    assert_eq!(fs::read(folder.path("letter.txt")).unwrap(), b"precious");
    assert_eq!(
        fs::read_dir(folder.0.path()).unwrap().count(),
        1,
        "{}",
        err(&run(folder.0.path(), &["doctor"]))
    );
}
