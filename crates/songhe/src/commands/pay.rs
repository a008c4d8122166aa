//! 发放: the runs as they stand, their proofs, and a past month worked out anew.

use std::num::NonZero;
use std::path::Path;
use std::thread::available_parallelism;

use access::{Actor, system_actor};
use capabilities::{App, links};
use facts::merge::Ranks;
use facts::population::{self, ClosedWorld};
use kernel::{AreaId, Fen, Month, Now, Role, Trouble};
use payroll::store::{self as runs, RunFilter};
use payroll::{Head, Line, Outcome, Payroll, Run, RunState, content_digest, hex};
use policy::Item;
use serde::Serialize;

use super::{print_json, within};
use crate::args::{Pay, Replay};
use crate::home::{Home, area_of};
use crate::{Answer, store};

/// As many as are listed.
const MOST_RUNS: i64 = 10_000;

/// The runs, their proofs, or one of them again.
pub(crate) async fn run(home: &Home, pay: &Pay, json: bool) -> Result<Answer, Trouble> {
    match pay {
        Pay::Runs => within(home, async |app| list(app, json).await).await,
        Pay::Verify => within(home, async |app| verify(app, home.dir(), json).await).await,
        Pay::Replay(asked) => within(home, async |app| replay(app, asked, json).await).await,
    }
}

async fn auditor(app: &App, area: AreaId) -> Result<Actor, Trouble> {
    system_actor(app.db(), area, Role::Auditor).await
}

async fn all(app: &App, filter: &RunFilter) -> Result<Vec<Run>, Trouble> {
    let actor = auditor(app, area_of(app, None)?).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    runs::runs(tx.conn(), filter, MOST_RUNS, 0).await
}

/// One run of a list.
#[derive(Serialize)]
struct Listed {
    run: String,
    item: String,
    month: Month,
    sequence: i32,
    version: i32,
    state: &'static str,
    lines: i64,
    total_fen: Fen,
    arrears_fen: Fen,
    unexplained: i64,
    content_digest: Option<String>,
    proposed_at: Now,
}

async fn list(app: &App, json: bool) -> Result<Answer, Trouble> {
    let all = all(app, &RunFilter::default()).await?;
    if json {
        let listed: Vec<Listed> = all.iter().map(listed).collect();
        print_json(&listed)?;
        return Ok(Answer::Yes);
    }
    for run in &all {
        say!(
            "第 {} 批 {} {}：{}，{} 人 {} 元，{}",
            run.id,
            run.month.chinese(),
            run.item,
            run.state.chinese(),
            run.lines,
            run.total(),
            run.digest.as_ref().map_or_else(|| "还没有冻结".to_owned(), hex)
        );
    }
    if all.is_empty() {
        say!("还没有发放批次。");
    }
    Ok(Answer::Yes)
}

fn listed(run: &Run) -> Listed {
    Listed {
        run: run.id.to_string(),
        item: run.item.clone(),
        month: run.month,
        sequence: run.sequence,
        version: run.version,
        state: run.state.code(),
        lines: run.lines,
        total_fen: run.total(),
        arrears_fen: run.arrears,
        unexplained: run.unexplained,
        content_digest: run.digest.as_ref().map(hex),
        proposed_at: run.proposed.at,
    }
}

/// What was looked at and what does not hold.
#[derive(Serialize)]
struct Verified {
    runs: usize,
    files: usize,
    problems: Vec<String>,
}

/// 核验: the ledger's sums, every frozen run against its hash, and the log of what left against
/// what the database knows.
async fn verify(app: &App, dir: &Path, json: bool) -> Result<Answer, Trouble> {
    let mut engine = app.db().begin_engine().await?;
    let mut problems = ledger::invariants(engine.conn()).await?;
    let known = store::bank_files(engine.conn()).await?;
    drop(engine);
    let frozen: Vec<Run> = all(app, &RunFilter::default())
        .await?
        .into_iter()
        .filter(|run| run.digest.is_some() && run.state != RunState::Dropped)
        .collect();
    for run in &frozen {
        let actor = auditor(app, run.area).await?;
        let mut tx = app.db().begin(&actor.scope).await?;
        let lines = runs::all_lines(tx.conn(), run.id).await?;
        if Some(digest(run, &lines)) != run.digest {
            problems.push(format!("第 {} 批的明细和冻结时的校验值不一致", run.id));
        }
    }
    let log = std::fs::read_to_string(dir.join("outgoing.log")).unwrap_or_default();
    let left: Vec<(&str, &str)> = log.lines().map(number_and_hash).collect();
    for (number, sm3) in &left {
        if !known.iter().any(|(known, hash)| (known.as_str(), hex(hash).as_str()) == (number, sm3))
        {
            problems.push(format!("出件登记里的 {number} 在数据库里没有"));
        }
    }
    // A file that was made and not handed over yet stands in the database only, and rightly so.
    let verified = Verified { runs: frozen.len(), files: known.len(), problems };
    let answer = if verified.problems.is_empty() { Answer::Yes } else { Answer::No };
    if json {
        print_json(&verified)?;
        return Ok(answer);
    }
    for problem in &verified.problems {
        say!("{problem}。");
    }
    say!(
        "核验 {} 批、{} 份银行文件，{}。",
        verified.runs,
        verified.files,
        if verified.problems.is_empty() { "全部相符" } else { "有不符，见上" }
    );
    Ok(answer)
}

/// `time \t number \t hash …` of a line of the log.
fn number_and_hash(line: &str) -> (&str, &str) {
    let mut cells = line.split('\t').skip(1);
    (cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
}

fn digest(run: &Run, lines: &[Line]) -> [u8; 32] {
    content_digest(Head { area: run.area, item: &run.item, month: run.month }, lines)
}

/// A month worked out again.
#[derive(Serialize)]
struct Replayed {
    run: String,
    month: Month,
    item: String,
    frozen: String,
    again: String,
    same: bool,
    lines: usize,
    total_fen: Fen,
}

/// 重算: works a frozen run out again from what was then known, by the list then in force.
async fn replay(app: &App, asked: &Replay, json: bool) -> Result<Answer, Trouble> {
    let filter = RunFilter {
        item: Some(asked.item.clone()),
        month: Some(asked.month),
        ..RunFilter::default()
    };
    let found = all(app, &filter).await?;
    let mut frozen = found.iter().filter(|run| run.state != RunState::Dropped);
    let Some((run, before)) = frozen.find_map(|run| Some((run, run.digest?))) else {
        return Err(Trouble::refused(
            format!("{}没有冻结过的 {} 批次。", asked.month.chinese(), asked.item),
            "用 songhe pay runs 查看有哪些批次。",
        ));
    };
    let lines = again(app, run).await?;
    let now = digest(run, &lines);
    let replayed = Replayed {
        run: run.id.to_string(),
        month: run.month,
        item: run.item.clone(),
        frozen: hex(&before),
        again: hex(&now),
        same: before == now,
        lines: lines.len(),
        total_fen: lines.iter().map(Line::total).sum(),
    };
    let answer = if replayed.same { Answer::Yes } else { Answer::No };
    if json {
        print_json(&replayed)?;
        return Ok(answer);
    }
    say!("冻结时：{}", replayed.frozen);
    say!("重算：　{}", replayed.again);
    say!(
        "第 {} 批 {} 人 {} 元，{}。",
        replayed.run,
        replayed.lines,
        replayed.total_fen,
        if replayed.same { "逐字节一致" } else { "不一致" }
    );
    Ok(answer)
}

/// The lines that the run would have, by what was known when it was frozen.
async fn again(app: &App, run: &Run) -> Result<Vec<Line>, Trouble> {
    let item = item_then(app, run)?.clone();
    let day = run.frozen.as_ref().map_or(run.proposed.at, |hand| hand.at).day();
    let layouts = &app.parts().layouts;
    let ranks = Ranks::new(layouts.iter().map(|layout| (layout.id.as_str(), layout.rank)));
    let (month, mark, (lo, hi)) = (run.month, run.mark, run.place);
    let mut engine = app.db().begin_engine().await?;
    let conn = engine.conn();
    let tree = access::load_areas(conn, day).await?;
    let subjects = population::subjects_as_of(conn, lo, hi, mark, &ranks).await?;
    let closed = ClosedWorld::load_as_of(conn, layouts, &tree, mark).await?;
    let history = runs::history(conn, &item.id, run.area, (lo, hi), mark, Some(run.id)).await?;
    drop(engine);
    let judge = move || {
        let (tree, closed, history) = (&tree, &closed, &history);
        let payroll = Payroll { item: &item, month, tree, closed, history };
        payroll.all(&subjects, available_parallelism().unwrap_or(NonZero::<usize>::MIN))
    };
    let proposed = tokio::task::spawn_blocking(judge).await.map_err(Trouble::fault)??;
    let lines = proposed.into_iter().filter_map(|one| match one.outcome {
        Outcome::Line(line) => Some(line),
        _ => None,
    });
    Ok(lines.collect())
}

/// The item as the list had it by which the run was worked out.
fn item_then<'a>(app: &'a App, run: &Run) -> Result<&'a Item, Trouble> {
    let named = run.snapshot["list_id"].as_str().unwrap_or_default();
    let lists = &app.parts().lists;
    let list = lists.iter().find(|list| links::list_id(&list.head) == named);
    list.and_then(|list| list.item(&run.item)).ok_or_else(|| {
        Trouble::refused(
            format!("当时的清单 {named} 已经不在了，不能重算。"),
            "请把那一版清单放回数据目录的 policy 文件夹。",
        )
    })
}
