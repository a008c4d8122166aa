//! Stories of the data officer who reports upwards.

use std::fmt::Write as _;

use kernel::Role;
use serde_json::Value;

use crate::links;
use crate::testing::reports::{AWARDS, PERSONS, act, file, make, page};
use crate::testing::{COUNTY, World};

#[tokio::test]
async fn a_file_is_looked_at_frozen_and_leaves_by_hand_with_an_entry() {
    let world = World::new().await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let run = make(&officer, AWARDS, "full").await;
    assert!(page(&officer, run).await.contains("看过了，封存"));
    assert_eq!(act(&officer, run, "file").await.status.as_u16(), 422, "not before it is frozen");
    act(&officer, run, "freeze").await;
    let rows = file(&officer, run).await;
    assert_eq!(rows[0][6], "身份证号");
    let wang = rows.iter().find(|row| row[5] == "王德福").expect("paid in May");
    assert_eq!(wang[1], format!("990121-{AWARDS}-202605-001"));
    assert_eq!(&wang[2..5], ["A", "202605", "990121002001"]);
    assert_eq!(&wang[7..], ["0101", "40.00", "202404"]);
    assert_eq!(file(&officer, run).await, rows, "frozen bytes do not change");
    act(&officer, run, "handed-over").await;
    let shown = page(&officer, run).await;
    assert!(shown.contains("内网邮箱，王某签收") && shown.contains("已送出，等回执"));
    let slip = officer.get(links::report_part(run, "slip").as_str()).await;
    assert!(slip.ok().contains("文件 SM3"));
    assert_eq!(act(&officer, run, "handed-over").await.status.as_u16(), 409, "sent once");
    let auditor = world.sign_in_as(Role::Auditor, COUNTY).await;
    let trail = auditor.get(links::audit().as_str()).await;
    for word in ["核对上报", "封存上报文件", "下载上报文件", "人工送出上报"] {
        assert!(trail.ok().contains(word), "{word}");
    }
    assert!(!shown.contains(&wang[6]), "no whole number on a page");
}

#[tokio::test]
async fn an_increment_says_only_what_changed_and_nothing_when_nothing_did() {
    let world = World::new().await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let full = make(&officer, AWARDS, "full").await;
    act(&officer, full, "freeze").await;
    act(&officer, full, "handed-over").await;
    let increment = make(&officer, AWARDS, "increment").await;
    let shown = page(&officer, increment).await;
    assert!(shown.contains("没有可送出的行"), "{shown}");
    assert_eq!(act(&officer, increment, "freeze").await.status.as_u16(), 422);
}

#[tokio::test]
async fn another_run_waits_while_one_may_still_leave_and_a_draft_gives_way() {
    let world = World::new().await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let first = make(&officer, AWARDS, "full").await;
    let second = make(&officer, AWARDS, "full").await;
    assert!(page(&officer, first).await.contains("已作废"));
    act(&officer, second, "freeze").await;
    let form = [("layout", AWARDS), ("month", "2026-05"), ("kind", "full")];
    let reply = officer.post(links::reports().as_str(), &form).await;
    assert_eq!(reply.location(), links::reports().as_str());
    let overview = officer.get(links::reports().as_str()).await;
    assert!(overview.ok().contains("还没有办完"), "{}", overview.text());
}

#[tokio::test]
async fn who_may_look_does_not_download_and_a_town_does_not_see_the_countys_runs() {
    let world = World::new().await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let run = make(&officer, PERSONS, "full").await;
    act(&officer, run, "freeze").await;
    let approver = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    assert!(page(&approver, run).await.contains("已封存"));
    assert!(!page(&approver, run).await.contains("下载文件</button>"));
    assert_eq!(act(&approver, run, "file").await.status.as_u16(), 403);
    let town = world.sign_in_as(Role::Auditor, "990121002").await;
    assert_eq!(town.get(links::report(run).as_str()).await.status.as_u16(), 404);
}

#[tokio::test]
async fn the_national_file_has_one_object_a_line_with_codes_and_no_account() {
    let world = World::new().await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let run = make(&officer, PERSONS, "full").await;
    act(&officer, run, "freeze").await;
    let reply = act(&officer, run, "file").await;
    let lines: Vec<Value> =
        reply.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let zhou = lines.iter().find(|it| it["name"] == "周桂兰").expect("she is in");
    assert_eq!(zhou["gender"], "2");
    assert_eq!(zhou["birthDate"], "19451017");
    assert_eq!(zhou["lowIncomeType"], Value::Null, "nothing is made up");
    let mut keys = String::new();
    for key in zhou.as_object().expect("an object").keys() {
        write!(keys, "{key} ").expect("a String");
    }
    assert!(!keys.contains("account") && !keys.contains("spouse"), "{keys}");
}
