//! 停发: towns propose, the county approves, and what was paid after a death is claimed back.

use kernel::{PersonId, Trouble};

use super::Player;
use super::claims::ITEM;
use super::client::Browser;
use crate::people::TownOffice;

/// A button that is still there after so many presses does nothing.
const MOST_TRIES: usize = 5;

/// 提出停发: everybody whose death two departments report at once, the others one by one.
pub(super) async fn propose(player: &mut Player<'_>) -> Result<(), Trouble> {
    let towns = player.towns();
    player.work.step("提出停发", towns.len() as u64);
    for (done, town) in (1..).zip(&towns) {
        let clerk = player.somebody(&town.login(TownOffice::Reviewer)).await?;
        all_at_once(clerk, "/stops", "/stops/propose").await?;
        player.work.done(done);
    }
    let dead = player.truth.dead.clone();
    player.work.step("核实后提出停发", dead.len() as u64);
    let mut proposed = 0;
    for (done, person) in (1..).zip(dead) {
        proposed += u32::from(propose_one(player, person).await?);
        player.work.done(done);
    }
    player.tell(&format!("各乡镇已提出停发，其中逐人核实 {proposed} 人"));
    Ok(())
}

/// Presses the button for all of a kind, as long as the page offers it.
async fn all_at_once(clerk: &mut Browser, page: &str, act: &str) -> Result<(), Trouble> {
    for _ in 0..MOST_TRIES {
        let Ok(form) = clerk.get(page).await?.form_to(act) else { return Ok(()) };
        clerk.send_patiently(&form).await?;
    }
    Err(Trouble::fault(format!("{act} does not come to an end")))
}

/// One stop with its evidence. False when there is nothing to propose any more.
async fn propose_one(player: &mut Player<'_>, person: PersonId) -> Result<bool, Trouble> {
    let place = format!("/elders/{person}/stop/{ITEM}");
    let clerk = player.at_home_of(TownOffice::Reviewer, person).await?;
    let Some(page) = clerk.look(&place).await? else { return Ok(false) };
    let Ok(form) = page.form_to(&place) else { return Ok(false) };
    let form =
        form.with("reason", "death").with("evidence", "殡仪馆火化证明，村委会核实属实，家属已确认");
    clerk.send_patiently(&form).await?;
    Ok(true)
}

/// 批准停发: what two departments report at once, the rest one by one.
pub(super) async fn approve(player: &mut Player<'_>) -> Result<(), Trouble> {
    player.work.step("批准停发", player.truth.dead.len() as u64);
    let clerk = player.somebody("shenpi").await?;
    all_at_once(clerk, "/stops?part=proposed", "/stops/approve").await?;
    let mut approved = 0;
    loop {
        let clerk = player.somebody("shenpi").await?;
        let list = clerk.get("/stops?part=proposed").await?;
        let mut met = false;
        for stop in list.links_to("/stops/").into_iter().map(str::to_owned).collect::<Vec<_>>() {
            let page = clerk.get(&stop).await?;
            if let Ok(form) = page.form_to(&format!("{stop}/approve")) {
                clerk.send_patiently(&form).await?;
                approved += 1;
                met = true;
            }
        }
        if !met {
            break;
        }
    }
    player.tell(&format!("停发已批准，其中逐件 {approved} 件"));
    Ok(())
}
