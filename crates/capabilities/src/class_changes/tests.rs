//! A story of a change of class, in the bureau's words.

use kernel::Role;

use crate::links;
use crate::stopping::testing::{TOWN, propose, reconciled};

#[tokio::test]
async fn who_only_changes_class_stays_and_stands_on_the_list_of_adjustments() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let fields = [
        ("reason", "lost_qualification"),
        ("evidence", "满 90 了，不是 80 档"),
        ("not_due_from", "2026-06"),
    ];
    let refused = propose(&world, &town, "李秀英", &fields).await;
    assert!(refused.text().contains("应当调整档次，不停发"), "{}", refused.text());
    let list = town.get(links::stops::class_changes(None).as_str()).await;
    for words in ["李秀英", "40.00", "120.00", "2026 年 6 月"] {
        assert!(list.ok().contains(words), "{words}: {}", list.text());
    }
    let sheet = town.get(links::stops::class_changes_sheet(None).as_str()).await;
    assert_eq!(sheet.status, 200);
}
