//! Stories of stops, in the bureau's words.

use kernel::{Life, Now, Role};

use crate::links;
use crate::stopping::testing::{BY_DEATH, TOWN, award, life, propose, reconciled};
use crate::testing::{COUNTY, Said, World, day, undecided};

#[tokio::test]
async fn proved_deaths_are_stopped_by_two_clicks_and_what_was_overpaid_is_claimed() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let page = town.get(links::stops::list().as_str()).await;
    assert!(page.ok().contains("提出去世停发（有据 2 件）"), "{}", page.text());
    assert!(page.text().contains("只有一个来源"), "吴长根: {}", page.text());
    let all = town.post(links::stops::propose_all().as_str(), &[]).await;
    assert_eq!(all.location(), "/stops?part=proposed", "{}", all.text());

    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let page = county.get(links::stops::part("proposed").as_str()).await;
    assert!(page.ok().contains("批准去世停发（有据 2 件）"), "{}", page.text());
    let all = county.post(links::stops::approve_all().as_str(), &[]).await;
    assert_eq!(all.status, 303, "{}", all.text());
    assert_eq!(award(&world, "王德福").await, (0, "2026-06-01".to_owned()));
    assert_eq!(award(&world, "冯金花").await, (0, "2026-06-01".to_owned()));
    assert_eq!(life(&world, "王德福").await, Life::Confirmed);
    assert!(world.duty_of("王德福", "award_after_death").await.is_none());
    assert!(world.duty_of("王德福", "unclaimed_entitlement").await.is_none());

    let claims = county.get(links::recoveries::list().as_str()).await;
    let said = "1 件没有办结，3 个月，应追 120.00 元，尚未追回 120.00 元。";
    assert!(claims.ok().contains(said), "{}", claims.text());
    let again = county.post(links::stops::approve_all().as_str(), &[]).await;
    assert!(again.text().contains("没有可以一次批准的停发"), "{}", again.text());
}

#[tokio::test]
async fn one_source_alone_needs_somebody_who_made_sure_and_another_who_approves() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let bare = propose(&world, &town, "吴长根", &[BY_DEATH]).await;
    assert!(bare.text().contains("只有一个来源报去世"), "{}", bare.text());
    let evidence = ("evidence", "电话问过长子，5 月 9 日去世，看了火化证明");
    let made = propose(&world, &town, "吴长根", &[BY_DEATH, evidence]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let case = made.location().to_owned();

    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let page = county.get(&case).await;
    assert!(page.ok().contains("批准后从 2026 年 6 月起停发"), "{}", page.text());
    let notice = county.get(&format!("{case}/notice")).await;
    assert_eq!(notice.status, 404, "nothing was stopped yet");
    let done = county.post(&format!("{case}/approve"), &[]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(award(&world, "吴长根").await, (0, "2026-06-01".to_owned()));
    let notice = county.get(&format!("{case}/notice")).await;
    for words in
        ["停发告知书", "吴长根的家属", "2026 年 6 月起不再发放", "去世当月照发", "行政复议"]
    {
        assert!(notice.ok().contains(words), "{words}: {}", notice.text());
    }
    let claims = county.get(links::recoveries::list().as_str()).await;
    assert!(claims.ok().contains("还没有登记追缴"), "May was still owed: {}", claims.text());
}

#[tokio::test]
async fn who_proposes_twice_or_approves_too_late_hears_who_was_first() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let evidence = ("evidence", "家属来报");
    let first = propose(&world, &town, "吴长根", &[BY_DEATH, evidence]).await;
    let second = propose(&world, &town, "吴长根", &[BY_DEATH, evidence]).await;
    assert_eq!(second.status, 409, "{}", second.text());
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let approve = format!("{}/approve", first.location());
    assert_eq!(county.post(&approve, &[]).await.status, 303);
    let late = county.post(&approve, &[]).await;
    assert!(late.status == 409 || late.text().contains("已停发"), "{}", late.text());
    let other = world.sign_in_as(Role::TownReviewer, "990121001").await;
    assert_eq!(other.get(first.location()).await.status, 404, "another town sees nothing");
    let there = propose(&world, &other, "吴长根", &[BY_DEATH, evidence]).await;
    assert_eq!(there.status, 404);
}

#[tokio::test]
async fn a_death_before_the_entitlement_began_claims_every_month() {
    let mut elders = undecided();
    let one = elders.iter_mut().find(|it| it.name == "王德福").expect("him");
    // On the roster since April 2024, dead since January of that year.
    one.said.extend([Said::DeadByPolice("2024-01-20"), Said::Cremated("2024-01-22")]);
    let parts = |parts: &mut crate::AppParts| parts.after_facts = crate::reconcile_all;
    let world = World::of(elders).await.with_parts(parts).await;
    crate::reconcile_all(world.app.clone()).await.expect("reconciled");
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    assert_eq!(propose(&world, &town, "王德福", &[BY_DEATH]).await.status, 303);
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    county.post(links::stops::approve_all().as_str(), &[]).await;
    let claims = county.get(links::recoveries::list().as_str()).await;
    assert!(claims.ok().contains("26 个月，应追 1,040.00 元"), "{}", claims.text());
}

#[tokio::test]
async fn a_stop_that_the_county_sends_back_is_looked_at_again_or_withdrawn() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let evidence = ("evidence", "家属来报");
    let made = propose(&world, &town, "吴长根", &[BY_DEATH, evidence]).await;
    let case = made.location().to_owned();
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    let bare = county.post(&format!("{case}/return"), &[("note", "")]).await;
    assert!(bare.text().contains("还没有写说明"), "{}", bare.text());
    county.post(&format!("{case}/return"), &[("note", "请补火化证明")]).await;
    let own = town.get(links::stops::part("in_review").as_str()).await;
    assert!(own.ok().contains("吴长根"), "{}", own.text());
    town.post(&format!("{case}/resubmit"), &[("note", "已补")]).await;
    let page = county.get(&case).await;
    assert!(
        page.ok().contains("请补火化证明") && page.text().contains("待审批"),
        "{}",
        page.text()
    );
    let rejected = county.post(&format!("{case}/reject"), &[("note", "同名同姓，认错人")]).await;
    assert_eq!(rejected.status, 303);
    assert_eq!(award(&world, "吴长根").await, (40, "2020-03-01".to_owned()), "paid on");
}

#[tokio::test]
async fn the_list_leaves_as_a_workbook_with_typed_cells() {
    let world = reconciled().await;
    world.hands.turn(Now::new(day("2026-06-03"), 9, 0).expect("a time"));
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    for href in [links::stops::sheet(""), links::stops::holds_sheet()] {
        let reply = town.get(href.as_str()).await;
        assert_eq!(reply.status, 200, "{}", href.as_str());
        assert!(reply.body.starts_with(b"PK"), "a workbook");
    }
}
