//! Stories of the file that leaves for the bank, once.

use std::fs;
use std::path::PathBuf;

use encoding_rs::GB18030;
use kernel::Role;

use crate::links;
use crate::testing::pay::{Desk, PAID, account, done};
use crate::testing::{COUNTY, Reply, World};

const RURAL: &str = "rural_commercial_bank";

fn says(reply: &Reply, words: &str) {
    assert!(reply.text().contains(words), "{words}: {}", reply.text());
}

fn log_of(world: &World) -> PathBuf {
    let files = &world.app.parts().files_dir;
    files.parent().expect("a data folder").join("outgoing.log")
}

#[tokio::test]
async fn the_file_carries_clear_accounts_and_leaves_a_line_in_the_log_and_a_manifest() {
    let desk = Desk::new().await;
    let run = desk.sent("2026-06", RURAL).await;
    assert!(!log_of(&desk.world).exists(), "nothing has left yet");
    let file = desk.download(run).await;
    assert_eq!(file.status.as_u16(), 200, "{}", file.text());
    let text = GB18030.decode(&file.body).0.into_owned();
    for name in PAID {
        let line = text.lines().find(|line| line.contains(name)).expect("a line");
        assert!(line.contains(&account(name)), "{line}");
    }
    assert!(text.lines().last().expect("a trailer").contains("\"4\""), "{text}");
    let log = fs::read_to_string(log_of(&desk.world)).expect("a log");
    assert_eq!(log.lines().count(), 1);
    assert!(log.contains("990121-old_age_allowance-202606-1\t"), "{log}");
    assert_eq!(desk.download(run).await.body, file.body, "the same bytes");
    let again = fs::read_to_string(log_of(&desk.world)).expect("a log");
    assert_eq!(again, log, "the same file is one line");
    let manifest = desk.finance.get(links::bank_files::part(run, "manifest").as_str()).await;
    assert!(manifest.ok().contains("陆佰捌拾元整") && manifest.text().contains("SM3"));
    assert!(!manifest.text().contains(&account("王德福")), "no account on paper");
    for role in [Role::CountyApprover, Role::TreasuryReviewer, Role::Auditor] {
        let other = desk.world.sign_in_as(role, COUNTY).await;
        let path = links::bank_files::part(run, "download");
        assert_eq!(other.post(path.as_str(), &[]).await.status.as_u16(), 403, "{role:?}");
    }
}

#[tokio::test]
async fn a_run_without_a_voucher_has_no_file_and_one_with_a_file_gets_no_second() {
    let desk = Desk::new().await;
    let run = desk.locked("2026-06").await;
    says(&desk.make_file(run, RURAL).await, "要有支付凭证");
    done(&desk.act(&desk.finance, run, "request", &[]).await);
    done(&desk.act(&desk.treasury, run, "review", &[("decision", "pass")]).await);
    done(&desk.act(&desk.finance, run, "voucher", &[("note", "0612")]).await);
    says(&desk.make_file(run, "nothing").await, "没有选交给哪家银行");
    done(&desk.make_file(run, "one_card_system").await);
    says(&desk.make_file(run, RURAL).await, "不能再生成");
    let dropped = desk.act(&desk.finance, run, "drop", &[("note", "x")]).await;
    assert_ne!(dropped.status.as_u16(), 303, "what is at the bank is not dropped");
}

#[tokio::test]
async fn an_account_that_changed_after_the_freeze_refuses_the_file_and_names_who() {
    let desk = Desk::new().await;
    let run = desk.with_voucher("2026-06").await;
    desk.says_account("冯金花", "6217990121000077").await;
    let refused = desk.make_file(run, RURAL).await;
    says(&refused, "冯金花 1 人的收款账户在冻结以后变了");
    assert!(!refused.text().contains("6217990121000077"));
    done(&desk.act(&desk.finance, run, "drop", &[("note", "账户变了")]).await);
    let again = desk.with_voucher("2026-06").await;
    done(&desk.make_file(again, RURAL).await);
    let text = GB18030.decode(&desk.download(again).await.body).0.into_owned();
    assert!(text.contains("6217990121000077") && text.contains("202606-2"), "{text}");
}

#[tokio::test]
async fn after_a_restore_nothing_leaves_until_two_people_have_looked() {
    let desk = Desk::new().await;
    let run = desk.with_voucher("2026-06").await;
    let left = "2026-06-27 09:00\t990121-old_age_allowance-202605-1\tab12\t12933\t61672000\n";
    fs::write(log_of(&desk.world), left).expect("a line that the database has lost");
    says(&desk.make_file(run, RURAL).await, "旧备份");
    let page = desk.finance.get(links::bank_files::files().as_str()).await;
    assert!(page.ok().contains("990121-old_age_allowance-202605-1"));
    assert!(page.text().contains("616,720.00"));
    let (propose, confirm) = ("propose", "confirm");
    let release = |part| links::bank_files::release(part);
    says(&desk.finance.post(release(propose).as_str(), &[("note", " ")]).await, "没有写核对情况");
    says(&desk.county.post(release(confirm).as_str(), &[]).await, "还没有人提出");
    let note = [("note", "银行 6 月 27 日已入账")];
    done(&desk.finance.post(release(propose).as_str(), &note).await);
    says(&desk.make_file(run, RURAL).await, "旧备份");
    let own = desk.finance.post(release(confirm).as_str(), &[]).await;
    assert_eq!(own.status.as_u16(), 403, "who proposes does not confirm");
    done(&desk.county.post(release(confirm).as_str(), &[]).await);
    done(&desk.make_file(run, RURAL).await);
    assert_eq!(desk.download(run).await.status.as_u16(), 200);
    let more = fs::read_to_string(log_of(&desk.world)).expect("a log") + "cut off";
    fs::write(log_of(&desk.world), more).expect("one line more");
    let page = desk.county.get(links::bank_files::files().as_str()).await;
    assert!(page.ok().contains("数据库比出件登记旧"), "a release covers what was looked at only");
}

#[tokio::test]
async fn a_restored_database_makes_the_same_bytes_again_and_says_that_they_have_left() {
    let desk = Desk::new().await;
    let run = desk.sent("2026-06", RURAL).await;
    let bytes = desk.download(run).await.body;
    let log = fs::read_to_string(log_of(&desk.world)).expect("a log");
    let restored = Desk::new_beside(&desk).await;
    assert_eq!(fs::read_to_string(log_of(&restored.world)).expect("the same folder"), log);
    let run = restored.with_voucher("2026-06").await;
    says(&restored.make_file(run, RURAL).await, "旧备份");
    let note = [("note", "银行已入账")];
    done(&restored.finance.post(links::bank_files::release("propose").as_str(), &note).await);
    done(&restored.county.post(links::bank_files::release("confirm").as_str(), &[]).await);
    let other = restored.make_file(run, "one_card_system").await;
    says(&other, "不能交两份不同的文件");
    done(&restored.make_file(run, RURAL).await);
    let page = restored.finance.get(links::bank_files::file(run).as_str()).await;
    assert!(page.ok().contains("不要再交一次"), "{}", page.text());
    assert_eq!(restored.download(run).await.body, bytes);
    let after = fs::read_to_string(log_of(&restored.world)).expect("a log");
    assert_eq!(after, log, "it does not leave twice");
}
