//! 核对上报: from facts to a file that may leave.

use std::collections::HashMap;

use access::Actor;
use facts::population::{self, Subject};
use kernel::{PersonId, ResidentNumber, Trouble};
use outgoing::file;
use outgoing::flow::RunState;
use outgoing::layout::OutLayout;
use outgoing::rows::{Made, Making};
use outgoing::run::{Begun, Notes, Order, Step};
use outgoing::store::Run;

use crate::App;
use crate::originals::{keep, sm3};
use crate::runs::{desk, step};
use crate::work::Work;

/// 核对: makes a run from what stands now and keeps it as a draft; nothing leaves.
pub(super) async fn make(
    app: &App,
    actor: &Actor,
    layout: &OutLayout,
    order: &Order,
    work: &Work,
) -> Result<i64, Trouble> {
    let areas = app.areas();
    let desk = desk(app, actor, &areas);
    let mut tx = app.db().begin(&actor.scope).await?;
    let begun = desk.begin(&mut tx, layout, order).await?;
    work.step("取数", 0);
    let people = everybody(app, actor).await?;
    work.check()?;
    work.step("逐人核对", u64::try_from(people.0.len()).unwrap_or(0));
    let (begun, made, bytes) = worked_out(app, layout, order, begun, people).await?;
    work.check()?;
    work.step("写入", 0);
    keep(&app.parts().files_dir, app.vault(), &bytes)?;
    let of_file = (bytes.len(), sm3(&bytes));
    let id = desk.put(&mut tx, (layout, order, &begun), &made, of_file).await?;
    tx.commit().await?;
    Ok(id)
}

type People = (Vec<Subject>, HashMap<PersonId, ResidentNumber>);

/// What stands about everybody of the area, and their numbers. The columns are read by the
/// engine's role, from the area of the actor's grant only; both at once, as they take long.
async fn everybody(app: &App, actor: &Actor) -> Result<People, Trouble> {
    let (lo, hi) = (actor.scope.lo(), actor.scope.hi());
    let reader = app.clone();
    let numbers = tokio::spawn(async move {
        let mut engine = reader.db().begin_engine().await?;
        population::numbers(engine.conn(), reader.vault(), lo, hi).await
    });
    let mut engine = app.db().begin_engine().await?;
    let subjects = population::subjects(engine.conn(), lo, hi).await?;
    let numbers = numbers.await.map_err(Trouble::fault)??;
    Ok((subjects, numbers.into_iter().collect()))
}

async fn worked_out(
    app: &App,
    layout: &OutLayout,
    order: &Order,
    begun: Begun,
    (subjects, numbers): People,
) -> Result<(Begun, Made, Vec<u8>), Trouble> {
    let (app, layout, month) = (app.clone(), layout.clone(), order.month);
    let today = app.now().day();
    let work = move || {
        let tree = app.areas();
        let making = Making {
            layout: &layout,
            tree: &tree,
            vault: app.vault(),
            month,
            number: &begun.number,
        };
        let made = making.rows(&subjects, &numbers, &begun.wanted);
        let bytes = file::bytes(&layout, &made.rows, today)?;
        Ok((begun, made, bytes))
    };
    tokio::task::spawn_blocking(work).await.map_err(Trouble::fault)?
}

/// What came of making the run.
pub(super) fn notes(app: &App, run: &Run) -> Result<Notes, Trouble> {
    outgoing::run::notes(&app.areas(), app.vault(), run)
}

/// 封存: from now on the bytes are what they are.
pub(super) async fn freeze(app: &App, actor: &Actor, run: &Run) -> Result<(), Trouble> {
    if run.row_count == 0 {
        return Err(Trouble::refused(
            "这一批没有可送出的行。",
            "没有变化就不用报；有不能送出的，先补齐再重新核对。",
        ));
    }
    let it = Step { to: RunState::Frozen, act: "封存上报文件", note: "" };
    step(app, actor, run.id, &it).await
}
