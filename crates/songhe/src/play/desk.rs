//! 人工比对: the data officer goes through the rows of which no rule can tell whom they mean.

use kernel::Trouble;

use super::Player;

/// Decides every row that waits: it is about whom it means, if they are offered, else nobody's.
pub(super) async fn decide(player: &mut Player<'_>) -> Result<(), Trouble> {
    let suppliers: Vec<(String, String)> = player
        .app
        .parts()
        .layouts
        .iter()
        .map(|layout| (layout.id.clone(), layout.name.clone()))
        .collect();
    let clerk = player.somebody("shuju").await?;
    let overview = clerk.get("/desk").await?;
    // A group is named after its source and the day as of which its file speaks.
    let supplier_of = |batch: &str| -> Option<String> {
        let group = format!("/desk?file={batch}");
        let link = overview.read.links.iter().find(|link| link.href == group)?;
        let (name, _) = link.text.rsplit_once(' ')?;
        suppliers.iter().find(|(_, own)| own == name).map(|(id, _)| id.clone())
    };
    let Some(begin) = overview.link("开始比对").map(str::to_owned) else { return Ok(()) };
    let mut page = clerk.get(&begin).await?;
    let (mut same, mut nobody) = (0, 0);
    loop {
        let mut place = page.path.split(['/', '?']).skip(2);
        let (Some(batch), Some(row)) = (place.next(), place.next()) else { break };
        let Ok(row) = row.parse::<u32>() else { break };
        let form = page.form_to(&format!("/desk/{batch}/{row}/decision"))?;
        let whom = supplier_of(batch).and_then(|supplier| player.truth.whom(&supplier, row));
        let whom = whom.map(|person| person.to_string());
        let offered = |id: &&String| form.choices("person").any(|choice| choice == id.as_str());
        let filled = if let Some(id) = whom.as_ref().filter(offered) {
            same += 1;
            form.with("person", id).press_for("decision", "same")
        } else {
            nobody += 1;
            form.tick("newcomer", "1").press_for("decision", "none")
        };
        player.work.done(same + nobody);
        let clerk = player.somebody("shuju").await?;
        page = clerk.send(&filled).await?;
    }
    player.tell(&format!("人工比对：{same} 行找到了本人，{nobody} 行都不是"));
    Ok(())
}
