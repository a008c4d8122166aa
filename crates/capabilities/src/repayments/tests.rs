//! Stories of money that comes back or is written off, in the bureau's words.

use kernel::{Fen, Role};

use crate::claiming::testing::{NOTICED, act, claim_of, opened, receivable, world};
use crate::links;

#[tokio::test]
async fn a_claim_is_noticed_agreed_and_repaid_and_the_ledger_follows() {
    let world = world().await;
    let (_, finance) = opened(&world).await;
    let claim = claim_of(&finance, "王德福").await;
    let nobody = act(&finance, &claim, "notice", &[("name", " ")]).await;
    assert!(nobody.text().contains("还没有写通知送给了谁"), "{}", nobody.text());
    assert_eq!(act(&finance, &claim, "notice", &NOTICED).await.status, 303);
    let paper = finance.get(&format!("{claim}/notice-paper")).await;
    for words in ["追缴通知书", "王小明（王德福的长子）", "壹佰贰拾元整", "2026 年 3 月"]
    {
        assert!(paper.ok().contains(words), "{words}: {}", paper.text());
    }
    let short = act(&finance, &claim, "plan", &[("plan", "2026-07-31 40\n2026-08-31 40")]).await;
    assert!(short.text().contains("各期合计 80.00 元"), "{}", short.text());
    let whole = [("plan", "2026-07-31 40\n2026-08-31 40\n2026-09-30 40")];
    assert_eq!(act(&finance, &claim, "plan", &whole).await.status, 303);
    let agreement = finance.get(&format!("{claim}/agreement")).await;
    assert!(agreement.ok().contains("第 3 期"), "{}", agreement.text());

    let money = |amount| [("amount", amount), ("on", "2026-06-02"), ("channel", "bank")];
    let more = act(&finance, &claim, "repaid", &money("120.01")).await;
    assert!(more.text().contains("还差 120.00 元没有追回"), "{}", more.text());
    let ahead = [("amount", "40"), ("on", "2026-06-03"), ("channel", "bank")];
    assert!(act(&finance, &claim, "repaid", &ahead).await.text().contains("在今天之后"));
    assert_eq!(act(&finance, &claim, "repaid", &money("50")).await.status, 303);
    assert_eq!(receivable(&world, world.elder("王德福")).await, Fen::from_yuan(70));
    let page = finance.get(&claim).await;
    assert!(page.ok().contains("尚未追回 70.00 元") && page.text().contains("已还"));
    assert_eq!(act(&finance, &claim, "repaid", &money("70")).await.status, 303);
    assert_eq!(receivable(&world, world.elder("王德福")).await, Fen::ZERO);
    let ended = finance.get(&claim).await;
    assert!(ended.ok().contains("已追回"), "{}", ended.text());
    let late = act(&finance, &claim, "repaid", &money("1")).await;
    assert_eq!(late.status, 409, "{}", late.text());
}

#[tokio::test]
async fn a_set_off_needs_consent_and_says_against_what() {
    let world = world().await;
    let (_, finance) = opened(&world).await;
    let claim = claim_of(&finance, "王德福").await;
    let money = [("amount", "120"), ("on", "2026-06-02")];
    let bare = act(&finance, &claim, "set-off", &money).await;
    assert!(bare.text().contains("没有书面同意"), "{}", bare.text());
    let vague = [money[0], money[1], ("consent", "1")];
    assert!(act(&finance, &claim, "set-off", &vague).await.text().contains("抵扣的是哪笔款"));
    let whole = [money[0], money[1], ("consent", "1"), ("note", "丧葬补助 2026-031 号")];
    assert_eq!(act(&finance, &claim, "set-off", &whole).await.status, 303);
    assert_eq!(receivable(&world, world.elder("王德福")).await, Fen::ZERO);
}

#[tokio::test]
async fn a_write_off_is_proposed_by_one_and_decided_by_another() {
    let world = world().await;
    let (county, finance) = opened(&world).await;
    let claim = claim_of(&finance, "王德福").await;
    let asks = [("amount", "120.00"), ("reason", "没有遗产，继承人放弃继承")];
    let early = act(&finance, &claim, "write-off", &asks).await;
    assert!(early.text().contains("还没有通知退款人"), "{}", early.text());
    act(&finance, &claim, "notice", &NOTICED).await;
    assert_eq!(act(&finance, &claim, "write-off", &asks).await.status, 303);
    let twice = act(&finance, &claim, "write-off", &asks).await;
    assert_eq!(twice.status, 409, "{}", twice.text());
    let own = [("no", "1"), ("granted", "yes"), ("words", "同意")];
    assert_eq!(act(&finance, &claim, "decision", &own).await.status, 403, "not hers to decide");
    let bare = act(&county, &claim, "decision", &[("no", "1"), ("granted", "yes")]).await;
    assert!(bare.text().contains("还没有写审批意见"), "{}", bare.text());
    assert_eq!(act(&county, &claim, "decision", &own).await.status, 303);
    let late = act(&county, &claim, "decision", &own).await;
    assert_eq!(late.status, 409, "{}", late.text());
    assert_eq!(receivable(&world, world.elder("王德福")).await, Fen::ZERO);
    let page = county.get(&claim).await;
    assert!(page.ok().contains("已核销"), "{}", page.text());
}

#[tokio::test]
async fn another_area_sees_no_claim_and_money_is_nobody_elses_to_enter() {
    let world = world().await;
    let (county, finance) = opened(&world).await;
    let claim = claim_of(&county, "王德福").await;
    let east = world.sign_in_as(Role::TownReviewer, "990121001").await;
    assert_eq!(east.get(&claim).await.status, 404);
    assert!(east.get(links::recoveries::list().as_str()).await.ok().contains("还没有登记追缴"));
    let village = world.sign_in_as(Role::VillageWorker, "990121002001").await;
    assert!(village.get(&claim).await.ok().contains("王德福"), "she may talk to the heirs");
    let money = [("amount", "40"), ("on", "2026-06-02"), ("channel", "cash")];
    assert_eq!(act(&village, &claim, "repaid", &money).await.status, 403);
    let two = tokio::join!(
        act(
            &finance,
            &claim,
            "repaid",
            &[("amount", "120"), ("on", "2026-06-02"), ("channel", "cash")]
        ),
        act(
            &finance,
            &claim,
            "repaid",
            &[("amount", "120"), ("on", "2026-06-02"), ("channel", "bank")]
        )
    );
    let done = [&two.0, &two.1].iter().filter(|reply| reply.status == 303).count();
    assert_eq!(done, 1, "{} {}", two.0.text(), two.1.text());
    assert_eq!(receivable(&world, world.elder("王德福")).await, Fen::ZERO);
}
