//! Stories of the data officer who sends a file and gets an answer.

use axum::body::Body;
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};
use signed_http::testing::{Manner, Platform};

use crate::links;
use crate::testing::reports::{AWARDS, act, file, make, page};
use crate::testing::{COUNTY, Elder, Said, World, county};

fn answers(rows: u32, refused: &[u32]) -> Value {
    let rows: Vec<Value> = (1..=rows)
        .map(|row| {
            let accepted = !refused.contains(&row);
            let cause = if accepted { "" } else { "区划代码不存在" };
            json!({"row": row, "accepted": accepted, "code": "E03", "cause": cause})
        })
        .collect();
    json!(rows)
}

#[tokio::test]
async fn refused_rows_are_shown_with_causes_and_only_they_go_out_again_once() {
    let platform = Platform::start().await;
    let world = World::connected_to(&platform).await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let run = make(&officer, AWARDS, "full").await;
    act(&officer, run, "freeze").await;
    let rows = u32::try_from(file(&officer, run).await.len() - 1).expect("few");
    assert_eq!(act(&officer, run, "send").await.location(), links::report(run).as_str());
    assert!(page(&officer, run).await.contains("已送出，等回执"));
    let number = format!("990121-{AWARDS}-202605-001");
    let receipt = |state, rows: Value| json!({"run": number, "state": state, "rows": rows});
    platform.say("/v1/reports/receipt", receipt("pending", json!([])));
    assert!(act(&officer, run, "ask").await.text().contains("对方还在处理"));
    platform.say("/v1/reports/receipt", receipt("done", answers(rows - 1, &[])));
    assert!(act(&officer, run, "ask").await.text().contains("不完整的没有登记"));
    platform.say("/v1/reports/receipt", receipt("done", answers(rows, &[2])));
    act(&officer, run, "ask").await;
    let shown = page(&officer, run).await;
    assert!(shown.contains("第 2 行：区划代码不存在（E03）"), "{shown}");
    let reply = act(&officer, run, "retry").await;
    let again: i64 =
        reply.location().trim_start_matches("/reports/").parse().expect("a run of its own");
    act(&officer, again, "freeze").await;
    let sent = file(&officer, again).await;
    assert_eq!(sent.len(), 2, "only the refused one");
    assert_eq!(&sent[1][1..3], [format!("990121-{AWARDS}-202605-002"), "A".to_owned()]);
    act(&officer, run, "retry").await;
    let overview = officer.get(links::reports().as_str()).await;
    assert!(overview.ok().contains("还没有办完"), "a second retry waits: {}", overview.text());
    act(&officer, again, "handed-over").await;
    act(&officer, run, "retry").await;
    let overview = officer.get(links::reports().as_str()).await;
    assert!(overview.ok().contains("都已经重报过了"), "{}", overview.text());
}

#[tokio::test]
async fn when_the_line_breaks_nothing_is_sent_again_until_the_receiver_was_asked() {
    let platform = Platform::start().await;
    let world = World::connected_to(&platform).await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let run = make(&officer, AWARDS, "full").await;
    act(&officer, run, "freeze").await;
    platform.behave(Manner::TakesAndBreaks);
    act(&officer, run, "send").await;
    assert!(page(&officer, run).await.contains("不知道是否送达"));
    assert_eq!(platform.asked("/v1/reports"), 1, "what is sent is not tried again");
    platform.behave(Manner::Well);
    assert_eq!(act(&officer, run, "send").await.status.as_u16(), 409);
    assert_eq!(platform.asked("/v1/reports"), 1);
    let number = format!("990121-{AWARDS}-202605-001");
    platform.say("/v1/reports/receipt", json!({"run": number, "state": "unknown"}));
    act(&officer, run, "ask").await;
    assert!(page(&officer, run).await.contains("确认没有送达，可以重新送出"));
    act(&officer, run, "send").await;
    assert!(page(&officer, run).await.contains("已送出，等回执"));
}

#[tokio::test]
async fn a_receipt_upload_without_its_token_changes_nothing() {
    let world = World::new().await;
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let run = make(&officer, AWARDS, "full").await;
    let body = "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\nx\r\n--b--\r\n";
    let request = officer
        .request(Method::POST, links::report_part(run, "receipt").as_str())
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(body))
        .expect("a request");
    assert_eq!(officer.send(request).await.status.as_u16(), 422);
}

/// The county with a second 周桂兰, who is on the roster: her file turns out to be the first one's.
fn twice() -> Vec<Elder> {
    let mut elders = county();
    let said = vec![Said::Paid(40, "2025-11")];
    elders.push(Elder { row: 16, name: "周桂兰（重）", said, ..elders[0].clone() });
    elders
}

#[tokio::test]
async fn rows_of_somebody_who_was_merged_since_still_open_under_the_kept_file() {
    let platform = Platform::start().await;
    let world = World::of(twice()).await;
    Platform::share_secret(world.app.parts().files_dir.parent().expect("a data folder"));
    let world = world.with_parts(|parts| parts.exchanges = vec![platform.config()]).await;
    let (kept, merged) = (world.elder("周桂兰"), world.elder("周桂兰（重）"));
    let officer = world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    platform.knows("1");
    officer.post(links::look_up(merged, "provincial_platform").as_str(), &[("why", "death")]).await;
    let run = make(&officer, AWARDS, "full").await;
    act(&officer, run, "freeze").await;
    let sent = file(&officer, run).await;
    let row = sent.iter().position(|row| row[5] == "周桂兰（重）").expect("she is paid");
    let row = u32::try_from(row).expect("few");
    act(&officer, run, "send").await;
    let number = format!("990121-{AWARDS}-202605-001");
    let rows = u32::try_from(sent.len() - 1).expect("few");
    let receipt = json!({"run": number, "state": "done", "rows": answers(rows, &[row])});
    platform.say("/v1/reports/receipt", receipt);
    act(&officer, run, "ask").await;
    let pair = |part: &str| format!("/duplicates/{}/{}{part}", kept.min(merged), kept.max(merged));
    let keep = kept.to_string();
    let proposal = [("keep", keep.as_str()), ("reason", "身份证换过号")];
    officer.post(&pair("/propose"), &proposal).await;
    let reply = county.post(&pair("/confirm"), &[("reason", "户口页一致")]).await;
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.text());
    let shown = page(&officer, run).await;
    assert!(shown.contains(links::elder(kept).as_str()), "her refused row names her: {shown}");
    assert!(!shown.contains("已不在名单里"), "{shown}");
    let book = officer.get(links::report_part(run, "refused.xlsx").as_str()).await;
    assert_eq!(book.status.as_u16(), 200);
    let calls = officer.get(links::elder_lookups(kept).as_str()).await;
    assert!(calls.ok().contains("死亡信息核实"), "the call about her former file is hers");
    assert_eq!(officer.get(links::elder_lookups(merged).as_str()).await.text(), calls.text());
    assert!(officer.get(links::lookups().as_str()).await.ok().contains("周桂兰"));
    let increment = act(&officer, run, "retry").await;
    assert!(increment.location().starts_with("/reports/"), "{}", increment.location());
}
