use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Folder, assert_refused, assert_success, json, out, run};

fn policy() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy").to_owned()
}

#[test]
fn bad_usage_is_one_line_in_chinese_and_exits_with_2() {
    let nowhere = Path::new("nowhere");
    for (words, about) in [
        (&["fly"][..], "不认识的命令“fly”"),
        (&["policy"], "没有写要做什么"),
        (&["serve", "--fast"], "不认识的参数“--fast”"),
        (&["determine"], "还缺 --month"),
        (&["determine", "--month", "2026-6"], "“2026-6”不是日期"),
        (&["determine", "--month", "2026-06", "2026-07"], "2026-07"),
        (&["serve", "--port", "99999"], "“99999”不对"),
        (&["import", "a.csv", "--supplier", "x", "--as-of", "yesterday"], "“yesterday”不是日期"),
        (&["calendar", "a.csv", "--year", "2027"], "还缺 --document"),
        (&["calendar", "a.csv", "--year", "27", "--document", "b"], "“27”不对"),
        (&["init"], "还缺"),
        (&["init", "areas.csv"], "--admin-login"),
        (&["init", "--preset", "province"], "town（一个镇）、county（一个县）和 city（一个市）"),
        (&["policy", "eval", "--list", "a", "--facts", "b", "--from", "2026-01"], "--to"),
    ] {
        assert_refused(&run(nowhere, words), 2, about);
    }
    assert!(!nowhere.exists(), "bad usage touches nothing");
}

#[test]
fn help_is_told_in_chinese() {
    for words in [&["--help"][..], &["import", "--help"], &["policy", "eval", "--help"]] {
        let help = run(Path::new("nowhere"), words);
        assert_success(&help);
        let text = out(&help);
        assert!(text.contains("用法：songhe"), "{text}");
        for english in ["Usage", "Options", "OPTIONS", "Commands", "Arguments", "Print"] {
            assert!(!text.contains(english), "{english} in: {text}");
        }
    }
}

#[test]
fn commands_on_an_empty_folder_say_what_to_run_first() {
    let folder = Folder::new();
    let dir = folder.path("data");
    for words in [
        &["serve"][..],
        &["determine", "--month", "2026-06"],
        &["explain", "somebody"],
        &["import", "/dev/null/x", "--supplier", "a", "--as-of", "2026-06-01"],
        &["calendar", "/dev/null/x", "--year", "2027", "--document", "b"],
    ] {
        let refused = run(&dir, words);
        let about = if ["import", "calendar"].contains(&words[0]) {
            "请检查路径"
        } else {
            "songhe init"
        };
        assert_refused(&refused, 1, about);
    }
    let doctor = run(&dir, &["doctor"]);
    assert_eq!(doctor.status.code(), Some(1), "nothing to look at is a negative answer");
    assert!(!dir.exists(), "asking leaves nothing behind");
}

#[test]
fn a_data_folder_that_is_set_and_empty_is_as_good_as_not_set() {
    let folder = Folder::new();
    let mut command = std::process::Command::new(crate::PROGRAM);
    command.args(["doctor"]).env("SONGHE_DATA_DIR", "").env("HOME", folder.path("home"));
    let said = command.env("XDG_DATA_HOME", folder.path("data")).output().expect("it starts");
    assert_ne!(said.status.code(), Some(2), "the usual folder is looked at: {}", crate::err(&said));
}

#[test]
fn a_password_that_is_too_short_is_refused_before_anything_is_made() {
    let folder = Folder::new();
    let (dir, areas) = (folder.path("data"), folder.path("areas.csv"));
    fs::write(
        &areas,
        "code,name,level,kind,parent,valid_from,valid_to\n\
         990121,松河县,county,division,,2019-01-01,\n",
    )
    .expect("the folder is ours");
    let words = ["init", "--admin-login", "guan", "--admin-name", "管理"];
    let mut init = crate::program(&dir, &words);
    let refused = init.arg(areas).env("SONGHE_ADMIN_PASSWORD", "short").output();
    assert_refused(&refused.expect("it starts"), 1, "密码太短");
    assert!(!dir.exists(), "nothing was made");
}

#[test]
fn the_lists_of_the_repository_hold_and_a_broken_one_is_a_negative_answer() {
    let folder = Folder::new();
    let report = json(folder.0.path(), &["policy", "check", &policy()]);
    assert_eq!(report["passed"], json!(true));
    assert!(report["examples"].as_u64() > Some(10));

    let broken = folder.path("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("sources.toml"), "source = []").unwrap();
    fs::write(broken.join("list.toml"), "grammar = 1\nissuer = ").unwrap();
    let refused = run(folder.0.path(), &["policy", "check", &broken.to_string_lossy()]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(out(&refused).contains("list.toml"), "{}", out(&refused));
}

#[test]
fn the_register_of_facts_and_an_evaluation_are_pure_json() {
    let folder = Folder::new();
    let register = json(folder.0.path(), &["policy", "facts"]);
    let ids: Vec<&Value> =
        register["facts"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert!(ids.contains(&&json!("birth_date")), "{ids:?}");

    let facts = folder.path("facts.json");
    fs::write(&facts, r#"{"facts":{"birth_date":"1945-10-17","hukou_area":"990121003012"}}"#)
        .unwrap();
    let list = format!("{}/songhe/v4", policy());
    let facts = facts.to_string_lossy();
    let eval = ["policy", "eval", "--list", &list, "--facts", &facts];
    let answer = json(folder.0.path(), &[&eval[..], &["--month", "2026-06"]].concat());
    let item = &answer["items"]["old_age_allowance"];
    assert_eq!((&item["verdict"], &item["amount_fen"]), (&json!("entitled"), &json!(4000)));

    let span = ["--from", "2025-11", "--to", "2026-06"];
    let answer = json(folder.0.path(), &[&eval[..], &span].concat());
    assert_eq!(answer["items"]["old_age_allowance"]["arrears_fen"], json!(7 * 4000));

    fs::write(folder.path("facts.json"), "{").unwrap();
    let refused = run(folder.0.path(), &[&eval[..], &["--month", "2026-06"]].concat());
    assert_refused(&refused, 1, "不是 JSON");
}
