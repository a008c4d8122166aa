//! 拟制: puts what everybody would be paid on record.

use access::{Actor, AuditEntry, record};
use kernel::{AreaLevel, Month, RunId, Trouble};
use payroll::store::{self as runs, NewRun};

use super::list::cash_items;
use crate::App;
use crate::pay::work_out;
use crate::work::Work;

/// 拟制: works a run out and puts it on record; nothing moves.
pub(super) async fn propose(
    app: &App,
    actor: &Actor,
    item: &str,
    month: Month,
    work: &Work,
) -> Result<RunId, Trouble> {
    let areas = app.areas();
    let node = areas.node(actor.area).filter(|node| node.level == AreaLevel::County);
    let node =
        node.ok_or_else(|| Trouble::refused("发放按县拟制。", "请用县级资金发放账号办理。"))?;
    if month > app.now().day().month() {
        return Err(Trouble::refused(
            format!("{}还没有到。", month.chinese()),
            "请选本月或以前的月份。",
        ));
    }
    let item = cash_items(app, actor, month).into_iter().find(|it| it.id == item);
    let item = item.ok_or_else(|| {
        Trouble::refused("这个月的清单里没有这项按月发现金的补贴。", "请重新选择发什么、哪个月。")
    })?;
    let worked =
        work_out(app, (node.id, node.lo, node.hi), &item, month, (None, Some(work))).await?;
    work.check()?;
    work.step("写入", 0);
    let bands: Vec<String> = item.bands.iter().map(policy::Band::name).collect();
    let new = NewRun {
        area: node.id,
        place: (node.lo, node.hi),
        item: &item.id,
        month,
        fund: &item.pay.fund,
        bands: &bands,
        snapshot: &worked.snapshot,
        mark: worked.mark,
    };
    let now = app.now();
    let mut tx = app.db().begin(&actor.scope).await?;
    let put = runs::put_proposal(&mut tx, &new, &worked.proposed, &worked.difference, actor, now);
    let id = put.await?;
    let entry = AuditEntry::new(actor, now, "拟制发放批次", format!("run/{id}")).note(format!(
        "{}{}，{} 人 {} 元",
        month.chinese(),
        item.name,
        worked.difference.now.lines,
        worked.difference.now.total()
    ));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(id)
}
