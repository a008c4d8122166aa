//! 申领: villages find the unpaid, elders apply, towns review and post, the county approves.

use kernel::{PersonId, Trouble};

use super::Player;
use super::truth::Course;
use crate::people::TownOffice;

/// What the allowance is called in addresses.
pub(super) const ITEM: &str = "old_age_allowance";

/// A queue is never as long: one that does not get shorter is an error, not a reason to go on.
const MOST_ROUNDS: usize = 200;

/// 村级联系: everybody entitled and unpaid is looked for, and what came of it is written down.
pub(super) async fn contact(player: &mut Player<'_>) -> Result<(), Trouble> {
    let unpaid = player.truth.unpaid.clone();
    player.work.step("联系应享未享的老人", unpaid.len() as u64);
    let mut applied = 0;
    for (done, it) in (1..).zip(&unpaid) {
        let wrote = match it.course {
            Course::CameIn | Course::Objection => apply(player, it.person, "known").await?,
            Course::WithoutAccount => apply(player, it.person, "none").await?,
            Course::NotReached => {
                told(player, it.person, "not_found", "上门两次没有见到本人，邻居说外出").await?
            }
            Course::Declined => told(player, it.person, "declined", "本人表示不申请").await?,
        };
        applied += u32::from(wrote);
        player.work.done(done);
    }
    player.tell(&format!("联系 {} 人，记下 {applied} 件结果", unpaid.len()));
    Ok(())
}

/// 村里主动发现: the worker fills in what the system does not know. False when it was done before.
async fn apply(player: &mut Player<'_>, person: PersonId, account: &str) -> Result<bool, Trouble> {
    let place = format!("/elders/{person}/apply/{ITEM}");
    let worker = player.at_home_of(TownOffice::Worker, person).await?;
    let Some(page) = worker.look(&place).await? else { return Ok(false) };
    let Ok(form) = page.form_to(&place) else { return Ok(false) };
    let form = form.with("channel", "found").with("consent", "signed").with("account", account);
    worker.send(&form).await?;
    Ok(true)
}

/// Writes down what came of looking for somebody. False when it was done before.
async fn told(
    player: &mut Player<'_>,
    person: PersonId,
    outcome: &str,
    reason: &str,
) -> Result<bool, Trouble> {
    let worker = player.at_home_of(TownOffice::Worker, person).await?;
    let elder = worker.get(&format!("/elders/{person}")).await?;
    for duty in elder.links_to("/duties/") {
        let page = worker.get(duty).await?;
        let form = page.form(|form| {
            form.action.ends_with("/outcome") && form.choices("outcome").any(|it| it == outcome)
        });
        if let Some(form) = form {
            let form = form.with("outcome", outcome).with("reason", reason);
            worker.send(&form).await?;
            return Ok(true);
        }
    }
    Ok(false)
}

/// 乡镇审核: every town passes what is proved at once, and looks at the rest one by one.
pub(super) async fn review(player: &mut Player<'_>) -> Result<(), Trouble> {
    let towns = player.towns();
    player.work.step("乡镇审核", towns.len() as u64);
    let mut passed = 0;
    for (done, town) in (1..).zip(&towns) {
        let login = town.login(TownOffice::Reviewer);
        passed += through(player, &login, "in_review", "审核通过").await?;
        player.work.done(done);
    }
    player.tell(&format!("乡镇审核通过 {passed} 件"));
    Ok(())
}

/// 县级审批
pub(super) async fn approve(player: &mut Player<'_>) -> Result<(), Trouble> {
    player.work.step("县级审批", 0);
    let approved = through(player, "shenpi", "in_approval", "批准").await?;
    player.tell(&format!("县级批准 {approved} 件"));
    Ok(())
}

/// Takes everything that waits in a state on: what is proved all at once, else one by one.
async fn through(
    player: &mut Player<'_>,
    login: &str,
    state: &str,
    words: &str,
) -> Result<usize, Trouble> {
    let queue = format!("/applications?state={state}");
    let mut count = 0;
    for _ in 0..MOST_ROUNDS {
        let clerk = player.somebody(login).await?;
        let page = clerk.get(&queue).await?;
        let batch = page.form(|form| form.action.starts_with("/applications-batch/"));
        if let Some(form) = batch.filter(|form| form.asks("case")) {
            count += form.choices("case").count();
            clerk.send_patiently(&form).await?;
            continue;
        }
        let Some(one) = page.links_to("/applications/").first().map(|it| (*it).to_owned()) else {
            return Ok(count);
        };
        let page = clerk.get(&one).await?;
        let Some(form) = page.form(|form| form.buttons.iter().any(|it| it.text.contains(words)))
        else {
            // Nothing that this clerk may decide: it waits for somebody else.
            return Ok(count);
        };
        clerk.send(&form).await?;
        count += 1;
    }
    Err(Trouble::fault(format!("{queue} does not get shorter")))
}

/// 张贴公示: every town puts up one sheet for each of its villages.
pub(super) async fn post(player: &mut Player<'_>) -> Result<(), Trouble> {
    let towns = player.towns();
    player.work.step("张贴公示", towns.len() as u64);
    for (done, town) in (1..).zip(&towns) {
        let clerk = player.somebody(&town.login(TownOffice::Reviewer)).await?;
        if let Ok(form) = clerk.get("/publicity").await?.form_to("/publicity/post") {
            let phone = form.choices("phone").next().unwrap_or_default().to_owned();
            let phone = if phone.is_empty() { "0990-6000000" } else { &phone };
            let form = form.with("phone", phone);
            clerk.send(&form).await?;
        }
        player.work.done(done);
    }
    player.tell("各乡镇已张贴公示");
    Ok(())
}

/// 异议: neighbours say something about some of the lines, which rest until it is looked into.
pub(super) async fn object(player: &mut Player<'_>) -> Result<(), Trouble> {
    let people: Vec<PersonId> = player.truth.of(Course::Objection).map(|it| it.person).collect();
    let mut objected = 0;
    for person in people {
        let worker = player.at_home_of(TownOffice::Worker, person).await?;
        let place = format!("/elders/{person}/complaint");
        let page = worker.get(&place).await?;
        let form = page.form_to(&place)?;
        // The application that hangs is the only case of these people; one that an objection has
        // stopped already is not hanging any more.
        let hangs = |text: &&str| text.starts_with("case/");
        let Some(case) = form.choices("about").find(hangs).map(str::to_owned) else { continue };
        if !page.read.text.contains("公示") || page.read.text.contains("，有异议") {
            continue;
        }
        let form = form
            .with("kind", "entitlement")
            .with("words", "邻居反映老人常年不住在本村，请核实户籍和居住情况。")
            .with("about", &case)
            .with("channel", "publicity");
        worker.send(&form).await?;
        objected += 1;
    }
    player.tell(&format!("公示期内收到异议 {objected} 件"));
    Ok(())
}

/// 撤下公示: what has hung for its days comes down, and what nobody objected to goes on.
pub(super) async fn take_down(player: &mut Player<'_>) -> Result<(), Trouble> {
    let towns = player.towns();
    player.work.step("撤下公示", towns.len() as u64);
    let mut down = 0;
    for (done, town) in (1..).zip(&towns) {
        let login = town.login(TownOffice::Reviewer);
        for _ in 0..MOST_ROUNDS {
            let clerk = player.somebody(&login).await?;
            let list = clerk.get("/publicity?state=overdue").await?;
            let sheets = list.links_to("/publicity/").into_iter().map(str::to_owned);
            let sheets: Vec<String> = sheets.filter(|it| is_sheet(it)).collect();
            if sheets.is_empty() {
                break;
            }
            for sheet in sheets {
                let page = clerk.get(&sheet).await?;
                let form = page.form_to(&format!("{sheet}/take-down"))?;
                let form = form.with("hand", "村务监督员");
                clerk.send(&form).await?;
                down += 1;
            }
        }
        player.work.done(done);
    }
    player.tell(&format!("撤下公示 {down} 张"));
    Ok(())
}

/// `/publicity/12`
fn is_sheet(href: &str) -> bool {
    href.trim_start_matches("/publicity/").bytes().all(|byte| byte.is_ascii_digit())
}
