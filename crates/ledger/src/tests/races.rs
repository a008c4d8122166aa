//! T13: two connections want the same thing at once, and exactly one gets it.

use kernel::{Transfer, Trouble};

use super::{County, person, post, void};
use crate::write;

/// Both write in a transaction of their own, at the same time; gives what came of each.
async fn race(county: &County, one: &[Transfer], other: &[Transfer]) -> [Result<(), Trouble>; 2] {
    let (first, second) = tokio::join!(county.write(one), county.write(other));
    [first, second]
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_post_and_a_void_of_the_same_transfer_one_wins() {
    let county = County::with_budget(100, 4_000).await;
    for n in 1..=100 {
        let pending = county.pending(1, n);
        county.write(std::slice::from_ref(&pending)).await.expect("reserved");
        let outcomes = race(&county, &[post(&pending)], &[void(&pending)]).await;
        let won = outcomes.iter().filter(|it| it.is_ok()).count();
        let lost = outcomes.iter().filter(|it| matches!(it, Err(Trouble::Conflict(_)))).count();
        assert_eq!((won, lost), (1, 1), "{:?}: {outcomes:?}", person(n));
    }
    county.proves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_reservations_of_the_last_budget_one_wins() {
    let county = County::with_budget(200, 4_000).await;
    for n in 1..=100 {
        let (one, other) = (county.pending(1, n), county.pending(1, n + 100));
        // All but the last 40 yuan are gone: the second would need another 40.
        let gone = 4_000 - 40 * i64::try_from(n).expect("few");
        assert_eq!(county.left().await.get(), (gone + 40) * 100);
        let spare = county.allot(&format!("back {n}"), 1);
        let hold = Transfer {
            id: crate::made_id(&["hold", &n.to_string()]),
            act: match spare.act {
                kernel::TransferAct::Single { debit, credit, .. } if gone > 0 => {
                    let amount_fen = kernel::Fen::from_yuan(gone);
                    kernel::TransferAct::Pending { debit: credit, credit: debit, amount_fen }
                }
                act => act,
            },
            ..spare
        };
        if gone > 0 {
            county.write(std::slice::from_ref(&hold)).await.expect("held");
        }
        let outcomes = race(&county, &[one], &[other]).await;
        let won = outcomes.iter().filter(|it| it.is_ok()).count();
        let lost = outcomes.iter().filter(|it| matches!(it, Err(Trouble::Refused(_)))).count();
        assert_eq!((won, lost), (1, 1), "{outcomes:?}");
        if gone > 0 {
            county.write(&[void(&hold)]).await.expect("let go");
        }
    }
    county.proves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_run_locked_twice_at_once_is_reserved_once() {
    let county = County::with_budget(50, 2_000).await;
    let lines: Vec<Transfer> = (1..=50).map(|n| county.pending(3, n)).collect();
    let mut backwards = lines.clone();
    backwards.reverse();
    let [first, second] = race(&county, &lines, &backwards).await;
    first.expect("written");
    second.expect("stands already");
    assert_eq!(county.left().await.get(), 0);
    county.proves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opposite_transfers_do_not_lock_each_other_out() {
    let county = County::with_budget(1, 100).await;
    for n in 0..50 {
        let there = county.allot(&format!("there {n}"), 1);
        let kernel::TransferAct::Single { debit, credit, amount_fen } = there.act else {
            panic!("single")
        };
        let back = Transfer {
            id: crate::made_id(&["back", &n.to_string()]),
            act: kernel::TransferAct::Single { debit: credit, credit: debit, amount_fen },
            ..there.clone()
        };
        for outcome in race(&county, &[there], &[back]).await {
            outcome.expect("both fit");
        }
    }
    county.proves().await;
}

#[tokio::test]
async fn what_is_not_committed_leaves_nothing() {
    let county = County::with_budget(1, 100).await;
    let mut tx = county.tx().await;
    write(tx.conn(), &[county.pending(1, 1)], super::now()).await.expect("reserved");
    drop(tx);
    assert_eq!(county.left().await.get(), 10_000);
    county.proves().await;
}
