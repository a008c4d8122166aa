use std::fs;

use access::{AuditEntry, Reorganised, parse_area_file, reorganise};
use capabilities::App;
use kernel::{Day, Trouble};
use serde_json::json;

use super::{actor, print_json, within};
use crate::args::Areas;
use crate::home::{Home, area_of};
use crate::{Answer, why};

/// 区划调整: the areas of a file from a day on, all of them or nothing.
pub(crate) async fn run(home: &Home, args: &Areas, as_json: bool) -> Result<Answer, Trouble> {
    let text = fs::read_to_string(&args.file).map_err(|error| {
        Trouble::refused(
            format!("区划文件 {} 读不出来：{}。", args.file.display(), why(&error)),
            "请检查路径，并存成 UTF-8 的 CSV。",
        )
    })?;
    let done =
        within(home, async |app: &App| put(app, &text, args.from, args.dry_run).await).await?;
    if as_json {
        print_json(&json!({"from": args.from, "dry_run": args.dry_run, "made": done.made,
            "changed": done.changed, "ended": done.ended, "without_area": done.without_area}))?;
        return Ok(Answer::Yes);
    }
    if done.is_nothing() {
        say!("文件和现在的区划一样，没有变化。");
        return Ok(Answer::Yes);
    }
    let did = if args.dry_run { "将从" } else { "已从" };
    say!("{did} {} 起调整区划，老人、待办、发放记录随所在的村走：", args.from.chinese());
    for (what, names) in [("新设", &done.made), ("变更", &done.changed), ("撤销", &done.ended)]
    {
        if !names.is_empty() {
            say!("  {what} {} 个：{}", names.len(), names.join("、"));
        }
    }
    if !done.without_area.is_empty() {
        say!("  这些账号的地区已撤销，请在账号管理里重新授权：{}", done.without_area.join("、"));
    }
    say!("  正在运行的服务请重新启动。");
    Ok(Answer::Yes)
}

async fn put(app: &App, text: &str, from: Day, dry_run: bool) -> Result<Reorganised, Trouble> {
    let areas = parse_area_file(text.trim_start_matches('\u{FEFF}'))?;
    let tree = app.areas();
    let root = tree.iter().next().map_or_else(|| area_of(app, None), |node| Ok(node.id))?;
    let actor = actor(app, root).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let done = reorganise(tx.conn(), &areas, from, app.now()).await?;
    if dry_run || done.is_nothing() {
        return Ok(done);
    }
    let entry = AuditEntry::new(&actor, app.now(), "区划调整", format!("area/{root}"));
    access::record(tx.conn(), &entry.after(text.as_bytes())).await?;
    tx.commit().await?;
    Ok(done)
}
