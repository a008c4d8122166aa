//! A story of a hold, in the bureau's words.

use kernel::{FactValue, Role};

use crate::links;
use crate::stopping::testing::{TOWN, fact, reconciled};

#[tokio::test]
async fn held_people_stand_on_one_list_and_are_let_go_with_a_reason() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let page = town.get(links::stops::holds().as_str()).await;
    assert!(
        page.ok().contains("郑玉梅") && page.text().contains("死亡信息矛盾"),
        "{}",
        page.text()
    );
    let hold = links::stops::hold(world.elder("李秀英"));
    let village = world.sign_in_as(Role::VillageWorker, "990121002001").await;
    let refused = village.post(hold.as_str(), &[("act", "place"), ("reason", "听说搬走了")]).await;
    assert!(refused.text().contains("由乡镇审核、县级审批办理"), "{}", refused.text());
    let bare = town.post(hold.as_str(), &[("act", "place"), ("reason", " ")]).await;
    assert!(bare.text().contains("还没有写原因"), "{}", bare.text());
    let placed = town.post(hold.as_str(), &[("act", "place"), ("reason", "账户有争议")]).await;
    assert_eq!(placed.status, 303, "{}", placed.text());
    assert!(town.get(links::stops::holds().as_str()).await.ok().contains("李秀英"));
    let rests = fact(&world, "李秀英", "hold.decision").await.expect("a hold");
    assert_eq!(rests.value, FactValue::Bool(true));
    let lift = [("act", "lift"), ("kind", "hold.decision"), ("reason", "已核清")];
    assert_eq!(town.post(hold.as_str(), &lift).await.status, 303);
    assert!(!town.get(links::stops::holds().as_str()).await.ok().contains("李秀英"));
}
