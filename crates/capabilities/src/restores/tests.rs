//! Stories of restores, in the bureau's words.

use kernel::{Life, Role};

use crate::links;
use crate::stopping::testing::{BY_DEATH, ITEM, TOWN, award, life, propose, reconciled};
use crate::testing::COUNTY;

#[tokio::test]
async fn whoever_is_known_dead_comes_back_by_two_people_with_arrears_and_by_no_one_alone() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    town.post(links::stops::propose_all().as_str(), &[]).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    county.post(links::stops::approve_all().as_str(), &[]).await;
    let form = links::stops::restore(world.elder("王德福"), ITEM);
    let evidence = ("evidence", "6 月 2 日上门见到本人，核对身份证");
    let bare = county.post(form.as_str(), &[]).await;
    assert!(bare.text().contains("还没有写依据"), "{}", bare.text());
    let proposed = county.post(form.as_str(), &[evidence]).await;
    let case = proposed.location().to_owned();
    assert!(case.starts_with("/restores/"), "{}", proposed.text());
    let alone = county.post(&format!("{case}/confirm"), &[("note", "确认")]).await;
    assert!(alone.text().contains("不能再由您审批"), "{}", alone.text());
    assert_eq!(life(&world, "王德福").await, Life::Confirmed, "one is not enough");
    let back = county.post(&format!("{case}/take_back"), &[("note", "让乡镇先核")]).await;
    assert_eq!(back.status, 303, "{}", back.text());

    let proposed = town.post(form.as_str(), &[evidence]).await;
    let case = proposed.location().to_owned();
    assert!(case.starts_with("/restores/"), "{}", proposed.text());
    let done = county.post(&format!("{case}/confirm"), &[("note", "视频核对无误")]).await;
    assert_eq!(done.status, 303, "{}", done.text());
    assert_eq!(life(&world, "王德福").await, Life::Living);
    assert_eq!(award(&world, "王德福").await, (40, "2026-06-01".to_owned()), "arrears from June");
    assert!(world.duty_of("王德福", "unclaimed_entitlement").await.is_none());
    let claims = county.get(links::recoveries::filtered("withdrawn", "").as_str()).await;
    assert!(claims.ok().contains("王德福"), "{}", claims.text());
    let claims = county.get(links::recoveries::list().as_str()).await;
    assert!(claims.ok().contains("都已办结"), "{}", claims.text());
}

#[tokio::test]
async fn an_outcome_of_one_person_does_not_bring_back_whom_the_bureau_knows_dead() {
    let world = reconciled().await;
    let village = world.sign_in_as(Role::VillageWorker, "990121002001").await;
    let duty = world.duty_of("吴长根", "death_not_deregistered").await.expect("found");
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let evidence = ("evidence", "家属来报");
    let made = propose(&world, &town, "吴长根", &[BY_DEATH, evidence]).await;
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    county.post(&format!("{}/approve", made.location()), &[]).await;
    let alive = [("outcome", "alive"), ("reason", "有人说见过")];
    let refused = town.post(links::decide(duty.id).as_str(), &alive).await;
    assert!(refused.text().contains("不能由一个人改回在世"), "{}", refused.text());
    assert_eq!(life(&world, "吴长根").await, Life::Confirmed);
    let form = links::stops::restore(world.elder("吴长根"), ITEM);
    let hers = village.post(form.as_str(), &[evidence]).await;
    assert!(hers.text().contains("由乡镇审核或县级审批提出"));
}

#[tokio::test]
async fn whoever_gives_up_is_not_asked_again_until_the_facts_change_and_comes_back_in_one_act() {
    let world = reconciled().await;
    let town = world.sign_in_as(Role::TownReviewer, TOWN).await;
    let fields = [("reason", "gave_up"), ("evidence", "本人书面放弃"), ("not_due_from", "2026-06")];
    let made = propose(&world, &town, "李秀英", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let county = world.sign_in_as(Role::CountyApprover, COUNTY).await;
    county.post(&format!("{}/approve", made.location()), &[]).await;
    assert_eq!(award(&world, "李秀英").await, (0, "2026-06-01".to_owned()));
    assert!(world.duty_of("李秀英", "unclaimed_entitlement").await.is_none());
    let page = county.get(links::elder(world.elder("李秀英")).as_str()).await;
    assert!(page.ok().contains("起停发"), "{}", page.text());

    let form = links::stops::restore(world.elder("李秀英"), ITEM);
    let evidence = ("evidence", "本人来窗口要求恢复");
    let hers = town.post(form.as_str(), &[evidence]).await;
    assert!(hers.text().contains("恢复发放由县级审批办理"), "{}", hers.text());
    assert_eq!(county.post(form.as_str(), &[evidence]).await.status, 303);
    assert_eq!(award(&world, "李秀英").await, (40, "2026-06-01".to_owned()));
    let again = county.post(form.as_str(), &[evidence]).await;
    assert_eq!(again.status, 409, "{}", again.text());
}
