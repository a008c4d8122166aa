use std::path::Path;

use capabilities::data_exchange::{self, Hands, Imported, Incoming, Mode};
use capabilities::matching::{self, Reconciled};
use capabilities::{App, Work};
use facts::batches::BatchState;
use kernel::{AreaId, Trouble};
use serde_json::{Value, json};

use super::{actor, print_json, within};
use crate::args::Import;
use crate::home::{Home, area_of};
use crate::progress::Follower;
use crate::serve::told_to_stop;
use crate::{Answer, why};

/// As much as the page takes.
const MOST_BYTES: u64 = 64 << 20;

/// 导入: one department's file. Held or refused files are a negative answer. Where a page asks for
/// two people, whoever operates the machine does both in one act, and the audit entry says so.
pub(crate) async fn run(home: &Home, args: &Import, json: bool) -> Result<Answer, Trouble> {
    let incoming = incoming(args)?;
    let mode = if args.dry_run { Mode::DryRun } else { Mode::Apply };
    let code = args.area.code.as_deref();
    let work = async |app: &App| {
        let area = area_of(app, code)?;
        known_supplier(app, &incoming.supplier)?;
        let imported = import(app, area, incoming, mode, Hands::Operator).await?;
        let reconciled = match imported.state {
            BatchState::Applied => Some(matching::reconcile(app, &actor(app, area).await?).await?),
            _ => None,
        };
        Ok((imported, reconciled))
    };
    let (imported, reconciled) = within(home, work).await?;
    if json {
        print_json(&as_json(&imported, reconciled.as_ref()))?;
    } else {
        say!("{}", imported.report.sentence());
        for hold in &imported.report.holds {
            say!("{}{}", hold.sentence, hold.remedy);
        }
        say!("第 {} 批：{}。", imported.batch, imported.state.chinese());
        if let Some(Reconciled { opened, restated, closed }) = reconciled {
            say!("待办：新开 {opened} 件，改写 {restated} 件，自动关闭 {closed} 件。");
        }
    }
    Ok(match imported.state {
        BatchState::Held | BatchState::Refused => Answer::No,
        _ => Answer::Yes,
    })
}

/// Takes a file in with progress on the terminal; told to stop, it leaves nothing behind. `hands`
/// answer for a file that two people take in.
pub(crate) async fn import(
    app: &App,
    area: AreaId,
    incoming: Incoming,
    mode: Mode,
    hands: Hands,
) -> Result<Imported, Trouble> {
    let actor = actor(app, area).await?;
    let work = Work::new(app.parts().clock.wall());
    let _shown = Follower::of(&work);
    let stop = {
        let work = work.clone();
        tokio::spawn(async move {
            told_to_stop().await;
            work.stop();
        })
    };
    let imported = data_exchange::import_by(app, &actor, incoming, mode, hands, &work).await;
    stop.abort();
    imported
}

fn incoming(args: &Import) -> Result<Incoming, Trouble> {
    let refused = |why: String| {
        let name = args.file.display();
        Trouble::refused(format!("文件 {name} {why}。"), "请检查路径，或向来源部门再要一份。")
    };
    let meta = std::fs::metadata(&args.file)
        .map_err(|error| refused(format!("读不出来：{}", why(&error))))?;
    if !meta.is_file() {
        return Err(refused("不是文件".to_owned()));
    }
    if meta.len() > MOST_BYTES {
        return Err(refused(format!("太大，最多 {} MiB", MOST_BYTES >> 20)));
    }
    let bytes =
        std::fs::read(&args.file).map_err(|error| refused(format!("读不出来：{}", why(&error))))?;
    let name = args.file.file_name().unwrap_or(Path::new("").as_os_str());
    Ok(Incoming {
        supplier: args.supplier.clone(),
        as_of: args.as_of,
        file_name: name.to_string_lossy().into_owned(),
        bytes,
    })
}

fn known_supplier(app: &App, supplier: &str) -> Result<(), Trouble> {
    if app.layout(supplier).is_some() {
        return Ok(());
    }
    let known: Vec<String> = app
        .parts()
        .layouts
        .iter()
        .map(|layout| format!("{}（{}）", layout.id, layout.name))
        .collect();
    Err(Trouble::refused(
        format!("没有来源“{supplier}”的来文格式。"),
        format!("现有：{}。", known.join("、")),
    ))
}

/// Without samples and names: those are people's data.
fn as_json(imported: &Imported, reconciled: Option<&Reconciled>) -> Value {
    let report = &imported.report;
    let rejects: Vec<Value> = report
        .rejects
        .iter()
        .map(|it| json!({"row": it.row, "reason": it.reason, "remedy": it.remedy}))
        .collect();
    let desk: Vec<Value> =
        report.desk.iter().map(|it| json!({"row": it.row, "reason": it.reason})).collect();
    json!({
        "batch": imported.batch,
        "state": imported.state.code(),
        "sentence": report.sentence(),
        "counts": report.counts,
        "normalised": report.normalised,
        "difference": report.difference,
        "holds": report.holds,
        "refused": report.refused,
        "rejects": rejects,
        "desk": desk,
        "duties": reconciled.map(|it| {
            json!({"opened": it.opened, "restated": it.restated, "closed": it.closed})
        }),
    })
}
