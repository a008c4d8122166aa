//! Stories of claims for money that was paid wrongly, in the bureau's words.

use kernel::{Fen, Role};

use crate::claiming::testing::{claim_of, opened, receivable, world};
use crate::links;
use crate::testing::{Elder, Said, World, undecided};

#[tokio::test]
async fn what_was_paid_after_death_is_opened_month_by_month_and_once() {
    let world = world().await;
    let (county, _) = opened(&world).await;
    let list = county.get(links::recoveries::list().as_str()).await;
    let said = "2 件没有办结，5 个月，应追 920.00 元，尚未追回 920.00 元。";
    assert!(list.ok().contains(said), "120 + 800: {}", list.text());
    assert!(!list.text().contains("沈万年"), "the month of death is paid");
    opened(&world).await;
    let again = county.get(links::recoveries::list().as_str()).await;
    assert!(again.ok().contains(said), "twice is once: {}", again.text());
    assert_eq!(receivable(&world, world.elder("王德福")).await, Fen::from_yuan(120));

    let claim = claim_of(&county, "王德福").await;
    let page = county.get(&claim).await;
    for words in ["2026-03", "2026-04", "2026-05", "2026-02-03", "原发放名册", "得知日期"]
    {
        assert!(page.ok().contains(words), "{words}: {}", page.text());
    }
    assert!(!page.text().contains("2026-02<"), "February was owed");
}

#[tokio::test]
async fn a_stop_that_is_approved_afterwards_claims_nothing_twice() {
    let world = world().await;
    let (county, _) = opened(&world).await;
    let town = world.sign_in_as(Role::TownReviewer, "990121002").await;
    town.post(links::stops::propose_all().as_str(), &[]).await;
    let done = county.post(links::stops::approve_all().as_str(), &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let list = county.get(links::recoveries::list().as_str()).await;
    assert!(list.ok().contains("2 件没有办结，5 个月"), "{}", list.text());
}

#[tokio::test]
async fn a_dead_couple_makes_two_claims_though_they_shared_an_account() {
    let mut elders: Vec<Elder> = undecided();
    for elder in &mut elders {
        if ["王德福", "李秀英"].contains(&elder.name) {
            elder.said.extend([Said::DeadByPolice("2026-04-02"), Said::Cremated("2026-04-02")]);
        }
    }
    let world =
        World::of(elders).await.with_parts(|parts| parts.after_facts = crate::reconcile_all).await;
    let (county, _) = opened(&world).await;
    let list = county.get(links::recoveries::list().as_str()).await;
    assert!(list.ok().contains("2 件没有办结，2 个月，应追 80.00 元"), "{}", list.text());
    assert_ne!(claim_of(&county, "王德福").await, claim_of(&county, "李秀英").await);
}
