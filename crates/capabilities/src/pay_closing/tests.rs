//! Stories of a month that is closed: from proposal to the second lock and the treasury.

use kernel::{FactValue, Fen, Role};

use super::flow::FLOW;
use crate::links;
use crate::testing::pay::{Desk, done};
use crate::testing::{COUNTY, Reply, World, undecided};

/// What a person reads on a page, without its tags.
fn read(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' => inside = false,
            sign if !inside => text.push(sign),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn says(reply: &Reply, words: &str) {
    assert!(reply.text().contains(words), "{words}: {}", read(reply.text()));
}

#[test]
fn the_flow_is_the_one_that_the_runs_keep_to() {
    assert!(FLOW.check().is_empty(), "{:?}", FLOW.check());
    let mut ours: Vec<(&str, &str)> =
        FLOW.moves.iter().flat_map(|it| it.from.iter().map(|from| (*from, it.to))).collect();
    let mut theirs: Vec<(&str, &str)> =
        payroll::MOVES.iter().map(|(from, to, _)| (from.code(), to.code())).collect();
    ours.sort_unstable();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
}

#[tokio::test]
async fn june_is_proposed_explained_frozen_locked_by_two_and_paid_for() {
    let desk = Desk::new().await;
    let run = desk.propose("2026-06").await;
    let text = read(&desk.page(run).await);
    assert!(text.contains("差异全部有解释"), "{text}");
    assert!(text.contains("上月 6 人 680.00 元 − 暂缓 2 人 80.00 元"), "{text}");
    assert!(text.contains("＝ 本月 4 人 680.00 元"), "{text}");
    assert!(text.contains("档次变化 1 人 +80.00 元"), "{text}");
    done(&desk.act(&desk.finance, run, "freeze", &[]).await);
    let first = read(&desk.page(run).await);
    assert!(first.contains("签了这一笔，4 人领 680.00 元（陆佰捌拾元整）"), "{first}");
    done(&desk.act(&desk.finance, run, "lock", &[]).await);
    let second = desk.county.get(links::pay_runs::run(run).as_str()).await;
    assert!(read(second.ok()).contains("复核无误，锁定"));
    done(&desk.act(&desk.county, run, "lock-again", &[]).await);
    done(&desk.act(&desk.finance, run, "request", &[]).await);
    done(&desk.act(&desk.treasury, run, "review", &[("decision", "pass")]).await);
    says(&desk.act(&desk.finance, run, "voucher", &[]).await, "没有写支付凭证号");
    done(&desk.act(&desk.finance, run, "voucher", &[("note", "松财支 0612 号")]).await);
    assert!(desk.page(run).await.contains("已有支付凭证"));
}

#[tokio::test]
async fn the_changed_rate_is_a_fact_once_two_have_locked() {
    let desk = Desk::new().await;
    desk.locked("2026-06").await;
    let world = &desk.world;
    let actor = world.system().await;
    let mut tx = world.app.db().begin(&actor.scope).await.expect("a transaction");
    let people = [world.elder("李秀英")];
    let subjects = facts::population::subjects_of(tx.conn(), &people).await.expect("one");
    let award = subjects[0].best("award.old_age_allowance").expect("an award");
    assert_eq!(award.value, FactValue::Fen(Fen::from_yuan(120)));
    assert_eq!(award.from, crate::testing::day("2026-06-01"));
}

#[tokio::test]
async fn one_person_cannot_lock_twice_and_nobody_locks_another_hash() {
    let desk = Desk::new().await;
    let run = desk.propose("2026-06").await;
    done(&desk.act(&desk.finance, run, "freeze", &[]).await);
    let lock = links::pay_runs::part(run, "lock");
    let other = [("moves", "2"), ("digest", &*"ab".repeat(32))];
    let reply = desk.finance.post(lock.as_str(), &other).await;
    assert_ne!(reply.status.as_u16(), 303, "another hash");
    done(&desk.act(&desk.finance, run, "lock", &[]).await);
    let again = desk.act(&desk.finance, run, "lock", &[]).await;
    assert_ne!(again.status.as_u16(), 303, "{}", again.text());
    let again = desk.act(&desk.finance, run, "lock-again", &[]).await;
    assert_eq!(again.status.as_u16(), 403, "the second lock is not the first one's");
    done(&desk.act(&desk.county, run, "lock-again", &[]).await);
}

#[tokio::test]
async fn the_same_month_is_not_proposed_twice_and_of_two_clerks_one_is_told_of_the_other() {
    let desk = Desk::new().await;
    let run = desk.propose("2026-06").await;
    let reply = desk.try_propose("2026-06").await;
    assert_eq!(reply.location(), links::pay_runs::runs().as_str());
    let list = desk.finance.get(links::pay_runs::runs().as_str()).await;
    assert!(list.ok().contains("已由"), "{}", read(list.text()));
    let freeze = links::pay_runs::part(run, "freeze");
    done(&desk.finance.post(freeze.as_str(), &[("moves", "1")]).await);
    let late = desk.finance.post(freeze.as_str(), &[("moves", "1")]).await;
    assert_ne!(late.status.as_u16(), 303);
    assert!(read(late.text()).contains("已冻结"), "{}", read(late.text()));
}

#[tokio::test]
async fn a_month_that_is_still_open_or_an_old_death_feed_blocks_the_freeze_and_says_who() {
    let desk = Desk::new().await;
    let hands = &desk.world.hands;
    let at = |text: &str| kernel::Now::new(crate::testing::day(text), 9, 0).expect("a time");
    hands.turn(at("2026-06-20"));
    let run = desk.propose("2026-06").await;
    let text = read(&desk.page(run).await);
    assert!(text.contains("统计到 25 日，还没有截止"), "{text}");
    says(&desk.act(&desk.finance, run, "freeze", &[]).await, "还不能冻结");
    hands.turn(at("2026-07-20"));
    let finance = desk.world.sign_in_as(Role::FinanceOfficer, COUNTY).await;
    let page = finance.get(links::pay_runs::run(run).as_str()).await;
    let text = read(page.ok());
    assert!(text.contains("死亡信息不新鲜"), "{text}");
    assert!(text.contains("由数据专管办理"), "{text}");
    assert!(!text.contains("还没有截止"), "{text}");
}

#[tokio::test]
async fn a_budget_that_does_not_suffice_stops_the_second_lock_with_the_missing_sum() {
    let world = World::of(undecided()).await;
    let desk = Desk::over(world).await;
    for name in crate::testing::pay::PAID {
        desk.says_account(name, &crate::testing::pay::account(name)).await;
    }
    desk.allot(600).await;
    let run = desk.propose("2026-06").await;
    done(&desk.act(&desk.finance, run, "freeze", &[]).await);
    done(&desk.act(&desk.finance, run, "lock", &[]).await);
    says(&desk.act(&desk.county, run, "lock-again", &[]).await, "80.00");
    desk.allot(80).await;
    done(&desk.act(&desk.county, run, "lock-again", &[]).await);
}

#[tokio::test]
async fn a_death_between_freeze_and_lock_stops_the_lock_and_names_who() {
    let desk = Desk::new().await;
    let run = desk.propose("2026-06").await;
    done(&desk.act(&desk.finance, run, "freeze", &[]).await);
    done(&desk.act(&desk.finance, run, "lock", &[]).await);
    let actor = desk.world.system().await;
    let mut tx = desk.world.app.db().begin(&actor.scope).await.expect("a transaction");
    let life = [(desk.world.elder("王德福"), kernel::Life::Reported)];
    facts::people::show_lives(tx.conn(), &life).await.expect("shown");
    tx.commit().await.expect("committed");
    let refused = desk.act(&desk.county, run, "lock-again", &[]).await;
    says(&refused, "王德福");
}

#[tokio::test]
async fn the_treasury_sees_sums_and_no_people_and_its_refusal_brings_the_run_back() {
    let desk = Desk::new().await;
    let run = desk.locked("2026-06").await;
    done(&desk.act(&desk.finance, run, "request", &[]).await);
    let page = desk.treasury.get(links::pay_runs::run(run).as_str()).await;
    let text = read(page.ok());
    assert!(text.contains("城关镇") && text.contains("680.00"), "{text}");
    for name in crate::testing::pay::PAID {
        assert!(!text.contains(name), "{name}");
    }
    assert!(!page.text().contains("/elders/"));
    for part in ["lines", "lines.xlsx", "differences", "held", "held.xlsx"] {
        let reply = desk.treasury.get(links::pay_runs::part(run, part).as_str()).await;
        assert_eq!(reply.status.as_u16(), 404, "{part}");
    }
    says(&desk.act(&desk.treasury, run, "review", &[("decision", "refuse")]).await, "没有写原因");
    let cause = [("decision", "refuse"), ("note", "资金文号未下达")];
    done(&desk.act(&desk.treasury, run, "review", &cause).await);
    assert!(read(&desk.page(run).await).contains("财政退回：资金文号未下达"));
    done(&desk.act(&desk.finance, run, "reopen", &[]).await);
    let text = read(&desk.page(run).await);
    assert!(text.contains("第 2 版"), "{text}");
    done(&desk.act(&desk.finance, run, "lock", &[]).await);
    done(&desk.act(&desk.county, run, "lock-again", &[]).await);
}

#[tokio::test]
async fn a_dropped_run_gives_its_money_back_and_the_month_is_proposed_anew() {
    let desk = Desk::new().await;
    let run = desk.locked("2026-06").await;
    says(&desk.act(&desk.finance, run, "drop", &[]).await, "没有写原因");
    done(&desk.act(&desk.finance, run, "drop", &[("note", "名单有误")]).await);
    let again = desk.propose("2026-06").await;
    assert_ne!(again, run);
    assert!(read(&desk.page(again).await).contains("＝ 本月 4 人 680.00 元"));
    for (client, part) in
        [(&desk.finance, "freeze"), (&desk.finance, "lock"), (&desk.county, "lock-again")]
    {
        done(&desk.act(client, again, part, &[]).await);
    }
}
