//! Stories of what the bank answers.

use kernel::{Fen, RunId};

use crate::links;
use crate::testing::pay::{Desk, done, rural_answer};
use crate::testing::{Reply, day};

const RURAL: &str = "rural_commercial_bank";

fn says(reply: &Reply, words: &str) {
    assert!(reply.text().contains(words), "{words}: {}", reply.text());
}

async fn page(desk: &Desk, run: RunId) -> String {
    desk.finance.get(links::bank_files::file(run).as_str()).await.ok().to_owned()
}

/// What is left of the budget.
async fn left(desk: &Desk) -> Fen {
    let actor = desk.world.system().await;
    let mut tx = desk.world.app.db().begin(&actor.scope).await.expect("a transaction");
    let filter = ledger::BalanceFilter {
        kind: Some(ledger::AccountKind::Budget),
        ..ledger::BalanceFilter::default()
    };
    let balances = ledger::balances(tx.conn(), &filter, 10, 0).await.expect("balances");
    balances.iter().map(ledger::Balance::left).sum()
}

#[tokio::test]
async fn some_come_back_the_village_gets_a_duty_and_the_next_run_sends_them_again() {
    let desk = Desk::new().await;
    let run = desk.sent("2026-06", RURAL).await;
    let file = desk.download(run).await.body;
    let answer = rural_answer(&file, |name| match name {
        "王德福" => ("失败", "E101"),
        _ => ("成功", ""),
    });
    done(&desk.answer(run, &answer).await);
    let shown = page(&desk, run).await;
    assert!(shown.contains("已结清"), "{shown}");
    assert_eq!(left(&desk).await, Fen::from_yuan(1_000 - 640), "what came back is free again");
    let duty = desk.world.duty_of("王德福", "payment_returned").await.expect("a duty");
    assert!(duty.cause.contains("退汇：账户注销"), "{}", duty.cause);
    assert_eq!((duty.amount_fen, duty.due_on), (Fen::from_yuan(40), day("2026-07-01")));
    let list = desk.finance.get(links::bank_files::returns("closed").as_str()).await;
    assert!(list.ok().contains("王德福") && list.text().contains("1 笔 40.00 元"));
    assert_eq!(desk.finance.get(links::bank_files::returns_export("").as_str()).await.status, 200);
    desk.says_account("王德福", "6217990121000066").await;
    desk.allot(400).await;
    desk.fresh_deaths("2026-07-20").await;
    let desk = Desk::over_again(desk, "2026-07-26").await;
    let july = desk.propose("2026-07").await;
    let text = desk.page(july).await;
    assert!(text.contains("退汇重发"), "{text}");
    assert!(text.contains("本月 4 人 720.00 元"), "{text}");
    for (client, part) in
        [(&desk.finance, "freeze"), (&desk.finance, "lock"), (&desk.county, "lock-again")]
    {
        done(&desk.act(client, july, part, &[]).await);
    }
    super::reconcile_everywhere(&desk.world.app).await.expect("reconciled");
    assert!(desk.world.duty_of("王德福", "payment_returned").await.is_none(), "sent again");
    let list = desk.finance.get(links::bank_files::all_returns().as_str()).await;
    assert!(list.ok().contains("没有停留的退汇"));
}

#[tokio::test]
async fn a_partial_return_settles_nothing_yet_and_unknown_waits_for_the_banks_word() {
    let desk = Desk::new().await;
    let run = desk.sent("2026-06", RURAL).await;
    let file = desk.download(run).await.body;
    let part = rural_answer(&file, |name| match name {
        "王德福" => ("成功", ""),
        "李秀英" => ("处理中", ""),
        _ => ("", ""),
    });
    done(&desk.answer(run, &part).await);
    let shown = page(&desk, run).await;
    assert!(shown.contains("已交银行") && !shown.contains("已结清"), "{shown}");
    says(&desk.answer(run, &part).await, "登记过");
    let rest = rural_answer(&file, |name| match name {
        "王德福" | "李秀英" => ("", ""),
        _ => ("成功", ""),
    });
    done(&desk.answer(run, &rest).await);
    assert!(!page(&desk, run).await.contains("已结清"), "one is unknown");
    let again = desk.try_propose("2026-06").await;
    assert_eq!(again.location(), links::pay_runs::runs().as_str(), "unknown is not sent again");
    let known = rural_answer(&file, |name| match name {
        "李秀英" => ("成功", ""),
        _ => ("", ""),
    });
    done(&desk.answer(run, &known).await);
    assert!(page(&desk, run).await.contains("已结清"));
}

#[tokio::test]
async fn a_changed_line_a_foreign_run_and_an_unknown_word_refuse_the_whole_file() {
    let desk = Desk::new().await;
    let run = desk.sent("2026-06", RURAL).await;
    let file = desk.download(run).await.body;
    let good = rural_answer(&file, |_| ("成功", ""));
    let text = encoding_rs::GB18030.decode(&good).0.into_owned();
    for (from, to, words) in [
        ("40.00", "400.00", "金额与交给银行的文件不一样"),
        ("6217990121000010", "6217990121000099", "账号与交给银行的文件不一样"),
        ("202606-1", "202605-1", "不是这一批"),
        ("成功", "成攻", "不知道是成功还是退汇"),
        ("处理结果", "结果", "没有找到"),
    ] {
        let bad = text.replacen(from, to, 1);
        assert_ne!(bad, text, "{from}");
        says(&desk.answer(run, &encoding_rs::GB18030.encode(&bad).0).await, words);
    }
    let refused = desk.answer(run, b"").await;
    assert_ne!(refused.status.as_u16(), 303, "an empty file");
    let refused = desk.answer(run, b"%PDF-1.7 \xff\xfe\x00").await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert!(page(&desk, run).await.contains("已交银行"), "nothing of them counts");
    assert_eq!(left(&desk).await, Fen::from_yuan(1_000 - 680));
    done(&desk.answer(run, &good).await);
}

#[tokio::test]
async fn money_that_comes_back_three_months_later_is_owed_again() {
    let desk = Desk::new().await;
    let run = desk.sent("2026-06", RURAL).await;
    let file = desk.download(run).await.body;
    done(&desk.answer(run, &rural_answer(&file, |_| ("成功", ""))).await);
    assert!(page(&desk, run).await.contains("已结清"));
    let desk = Desk::over_again(desk, "2026-09-28").await;
    let late = rural_answer(&file, |name| match name {
        "沈万年" => ("退汇", "E102"),
        _ => ("", ""),
    });
    done(&desk.answer(run, &late).await);
    assert_eq!(left(&desk).await, Fen::from_yuan(1_000 - 560));
    assert!(desk.world.duty_of("沈万年", "payment_returned").await.is_some());
    let twice = rural_answer(&file, |name| match name {
        "沈万年" => ("成功", ""),
        _ => ("", ""),
    });
    let refused = desk.answer(run, &twice).await;
    assert_ne!(refused.status.as_u16(), 303, "what came back is not said to be paid after all");
}
