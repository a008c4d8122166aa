//! Stories of who looks up the people behind a figure.

use kernel::Role;

use crate::links;
use crate::testing::pay::Desk;
use crate::testing::{COUNTY, day};

#[tokio::test]
async fn lines_are_filtered_by_town_band_kind_and_name_and_lead_to_the_conditions() {
    let desk = Desk::new().await;
    let run = desk.propose("2026-06").await;
    let lines = links::pay_runs::lines(run);
    let all = desk.finance.get(lines.as_str()).await;
    assert!(all.ok().contains("4 人 680.00 元，其中补发 0.00 元"));
    for name in crate::testing::pay::PAID {
        assert!(all.text().contains(name), "{name}");
    }
    let elder = desk.world.elder("王德福");
    assert!(all.text().contains(links::why(elder, "old_age_allowance").as_str()));
    let town = desk.world.area("990121002");
    let page = desk.finance.get(lines.clone().query("area", town).as_str()).await;
    assert!(page.ok().contains("3 人 560.00 元"));
    let page = desk.finance.get(lines.clone().query("band", 2).as_str()).await;
    assert!(page.ok().contains("1 人 400.00 元") && page.text().contains("冯金花"));
    let page = desk.finance.get(lines.clone().query("only", "arrears").as_str()).await;
    assert!(page.ok().contains("没有这样的人"));
    let found = desk.finance.post(lines.as_str(), &[("q", "沈万年")]).await;
    assert!(found.ok().contains("1 人 120.00 元"));
    let book = desk.finance.get(links::pay_runs::part(run, "lines.xlsx").as_str()).await;
    assert_eq!(book.status.as_u16(), 200);
}

#[tokio::test]
async fn who_differs_and_who_is_held_is_named_with_the_cause() {
    let desk = Desk::new().await;
    let run = desk.propose("2026-06").await;
    let page = desk.finance.get(links::pay_runs::differences(run, "class_change").as_str()).await;
    assert!(page.ok().contains("李秀英") && page.text().contains("+80.00"), "{}", page.text());
    assert!(!page.text().contains("王德福"));
    let page = desk.finance.get(links::pay_runs::held(run, "").as_str()).await;
    assert!(page.ok().contains("吴长根") && page.text().contains("有死亡信息，待核实"));
}

#[tokio::test]
async fn one_persons_payments_stand_on_a_page_of_their_own() {
    let desk = Desk::new().await;
    let elder = desk.world.elder("王德福");
    let before = desk.finance.get(links::pay_runs::payments(elder).as_str()).await;
    assert!(before.ok().contains("没有经本系统发放的记录"));
    desk.locked("2026-06").await;
    let after = desk.finance.get(links::pay_runs::payments(elder).as_str()).await;
    assert!(after.ok().contains("2026 年 6 月") && after.text().contains("40.00"));
    let worker = desk.world.sign_in_as(Role::DataOfficer, COUNTY).await;
    let reply = worker.get(links::pay_runs::payments(elder).as_str()).await;
    assert_eq!(reply.status.as_u16(), 403);
    assert_eq!(day("2026-06-26"), desk.world.app.now().day());
}
