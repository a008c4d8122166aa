//! A story of leaving and arriving, in the bureau's words.

use kernel::{Fen, Role};

use crate::links;
use crate::stopping::testing::{ITEM, TOWN, reconciled};

#[tokio::test]
async fn who_moves_takes_the_last_month_along_and_who_arrives_brings_it() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let leaves = links::stops::last_payment(world.elder("李秀英"), ITEM);
    let paper = town.get(leaves.as_str()).await;
    for words in ["最后发放月证明", "2026 年 5 月", "40.00 元", "停发手续办结后盖章有效"]
    {
        assert!(paper.ok().contains(words), "{words}: {}", paper.text());
    }
    let arrives = links::stops::moved_in(world.elder("周桂兰"), ITEM);
    let late =
        town.post(arrives.as_str(), &[("place", "清河县民政局"), ("until", "2026-07")]).await;
    assert!(late.text().contains("在本月之后"), "{}", late.text());
    let noted =
        town.post(arrives.as_str(), &[("place", "清河县民政局"), ("until", "2026-03")]).await;
    assert_eq!(noted.status, 303, "{}", noted.text());
    let duty = world.duty_of("周桂兰", "unclaimed_entitlement").await.expect("still owed");
    assert_eq!(duty.amount_fen, Fen::from_yuan(80), "April and May, not what the other place paid");
}
