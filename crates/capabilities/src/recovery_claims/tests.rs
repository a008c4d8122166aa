//! A story of a claim and its papers, in the bureau's words.

use crate::claiming::testing::{act, claim_of, opened, world};
use crate::links;

#[tokio::test]
async fn the_name_of_who_repays_is_sealed_and_the_number_stands_nowhere() {
    let world = world().await;
    let (_, finance) = opened(&world).await;
    let claim = claim_of(&finance, "王德福").await;
    let fields = [("name", "王小明"), ("relation", "长子"), ("telephone", "99000001234")];
    assert_eq!(act(&finance, &claim, "notice", &fields).await.status, 303);
    for page in [claim.clone(), format!("{claim}/notice-paper")] {
        let page = finance.get(&page).await;
        assert!(page.ok().contains("王小明"), "{}", page.text());
        assert!(!page.text().contains("99000001234"), "{}", page.text());
    }
    let refer = [("code", "refuses"), ("note", "移送司法所")];
    assert_eq!(act(&finance, &claim, "refer", &refer).await.status, 303);
    assert!(finance.get(&claim).await.ok().contains("已移送"));
    let sheet = finance.get(links::recoveries::sheet("", "").as_str()).await;
    assert!(sheet.body.starts_with(b"PK"), "a workbook");
}
