//! Stories of proposals, in the bureau's words.

use kernel::Role;

use crate::links;
use crate::stopping::testing::{BY_DEATH, TOWN, award, propose, reconciled};
use crate::testing::COUNTY;

#[tokio::test]
async fn a_death_before_the_cut_off_in_its_month_and_after_it_stops_from_the_right_month() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    // Nobody reports it yet; the family came on 2 June, and June is not paid yet.
    let stopped = async |name: &str, died: &str| {
        let fields = [BY_DEATH, ("died_on", died), ("evidence", "家属来报，看了死亡证明")];
        let made = propose(&world, &town, name, &fields).await;
        assert_eq!(made.status, 303, "{}", made.text());
        let page = town.get(made.location()).await;
        let text = page.ok();
        let at = text.find("批准后从 ").expect("a month") + "批准后从 ".len();
        text[at..].split('起').next().expect("a month").to_owned()
    };
    assert_eq!(stopped("李秀英", "2026-06-01").await, "2026 年 7 月", "June is still owed");
    let west = world.sign_in_as(Role::TownReviewer, "990121001").await;
    let fields = [BY_DEATH, ("died_on", "2026-06-09"), ("evidence", "家属来报")];
    let ahead = propose(&world, &west, "沈万年", &fields).await;
    assert!(ahead.text().contains("去世日期在今天之后"), "{}", ahead.text());
}

#[tokio::test]
async fn an_unknown_day_of_death_stops_and_claims_nothing() {
    let world = reconciled().await;
    let west = world.sign_in_as(Role::TownReviewer, "990121001").await;
    let evidence = ("evidence", "邻居说去年走的，日子说不清");
    let none = propose(&world, &west, "沈万年", &[BY_DEATH, evidence]).await;
    assert!(none.text().contains("还没有去世日期"), "{}", none.text());
    let made = propose(&world, &west, "沈万年", &[BY_DEATH, evidence, ("unknown", "1")]).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    assert_eq!(county.post(&format!("{}/approve", made.location()), &[]).await.status, 303);
    assert_eq!(award(&world, "沈万年").await, (0, "2026-06-01".to_owned()));
    let claims = county.get(links::recoveries::list().as_str()).await;
    assert!(claims.ok().contains("还没有登记追缴"), "{}", claims.text());
}
