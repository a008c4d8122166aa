//! 核算: everybody of a county against one item, for one month. Writes nothing.

use std::fs;
use std::num::NonZero;
use std::thread::available_parallelism;

use facts::population::{self, ClosedWorld};
use kernel::{AreaId, AssertionId, Month, RunId, Trouble};
use payroll::{
    Before, Difference, Head, Line, Outcome, Payroll, Proposed, Run, content_digest, difference,
    store as runs,
};
use policy::{Item, ListHead};
use serde_json::{Value, json};

use crate::originals::{hex, sm3};
use crate::work::Work;
use crate::{App, links};

/// What a run would be now, and what that rests on.
pub(crate) struct WorkedOut {
    pub(crate) proposed: Vec<Proposed>,
    pub(crate) difference: Difference,
    pub(crate) snapshot: Value,
    pub(crate) mark: AssertionId,
}

impl WorkedOut {
    /// 内容摘要 of what would be paid.
    pub(crate) fn digest(&self, run: &Run) -> [u8; 32] {
        let lines: Vec<Line> = self
            .proposed
            .iter()
            .filter_map(|one| match &one.outcome {
                Outcome::Line(line) => Some(line.clone()),
                _ => None,
            })
            .collect();
        content_digest(Head { area: run.area, item: &run.item, month: run.month }, &lines)
    }
}

/// The item of a run as its month's list has it.
pub(crate) fn item_of<'a>(app: &'a App, run: &Run) -> Result<&'a Item, Trouble> {
    let list = app.list_for(run.area, run.month);
    list.and_then(|list| list.items.iter().find(|item| item.id == run.item)).ok_or_else(|| {
        Trouble::refused(
            format!("{}的清单里没有这个项目了。", run.month.chinese()),
            "请清单管理岗核对清单；没有规定就不能发放。",
        )
    })
}

/// What a run of the item would be now; `again` for a run that is itself worked out anew.
pub(crate) async fn work_out(
    app: &App,
    (area, lo, hi): (AreaId, i32, i32),
    item: &Item,
    month: Month,
    (again, work): (Option<RunId>, Option<&Work>),
) -> Result<WorkedOut, Trouble> {
    let step = |words, of| {
        if let Some(work) = work {
            work.step(words, of);
        }
    };
    step("取数", 0);
    let mut engine = app.db().begin_engine().await?;
    let mark = population::high_water(engine.conn()).await?;
    drop(engine);
    let mut engine = app.db().begin_engine().await?;
    let subjects = population::subjects_as_of(engine.conn(), lo, hi, mark, &app.ranks()).await?;
    let (tree, layouts) = (app.areas(), &app.parts().layouts);
    let closed = ClosedWorld::load_as_of(engine.conn(), layouts, &tree, mark).await?;
    let history = runs::history(engine.conn(), &item.id, area, (lo, hi), mark, again).await?;
    let last = runs::before(engine.conn(), area, &item.id, month, mark).await?;
    let snapshot = snapshot(app, engine.conn(), area, item, mark).await?;
    drop(engine);
    step("逐人核算", u64::try_from(subjects.len()).unwrap_or(0));
    let item = item.clone();
    let judge = move || {
        let payroll =
            Payroll { item: &item, month, tree: &tree, closed: &closed, history: &history };
        let threads = available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let proposed = payroll.all(&subjects, threads)?;
        let before = last.unwrap_or_else(|| Before::of_roster(&payroll, &subjects));
        let difference = difference(&payroll, &before, &proposed)?;
        Ok::<_, Trouble>(WorkedOut { proposed, difference, snapshot, mark })
    };
    tokio::task::spawn_blocking(judge).await.map_err(Trouble::fault)?
}

/// What a run rests on: the last assertion, the list with its hash, the calendar, the files.
async fn snapshot(
    app: &App,
    conn: &mut sqlx::PgConnection,
    area: AreaId,
    item: &Item,
    mark: AssertionId,
) -> Result<Value, Trouble> {
    let areas = app.areas();
    let files = population::source_files(conn).await?;
    let about = files.iter().filter(|file| {
        areas.within(file.area, area) == Some(true) || areas.within(area, file.area) == Some(true)
    });
    let batches: Vec<Value> = about
        .map(|file| {
            json!({
                "supplier": file.supplier,
                "batch": file.batch.get(),
                "as_of": file.as_of.to_string(),
            })
        })
        .collect();
    Ok(json!({
        "mark": mark.get(),
        "list": format!("{} {}", item.list.title, item.list.edition),
        "list_id": links::list_id(&item.list),
        "list_sm3": list_digest(&item.list),
        "today": app.now().day().to_string(),
        "batches": batches,
    }))
}

/// SM3 of the list's files, in the order of their names.
fn list_digest(head: &ListHead) -> String {
    let Ok(entries) = fs::read_dir(&head.dir) else { return String::new() };
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|it| it == "toml"));
    files.sort();
    let bytes: Vec<u8> = files.iter().filter_map(|path| fs::read(path).ok()).flatten().collect();
    hex(&sm3(&bytes))
}
