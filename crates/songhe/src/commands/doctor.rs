use std::fs;
use std::os::unix::fs::MetadataExt;

use capabilities::App;
use facts::batches;
use kernel::{Day, Refusal, Trouble};
use serde::Serialize;

use super::{actor, print_json};
use crate::home::{Home, area_of};
use crate::program_data::{self, ProgramData};
use crate::{Answer, serve, store};

/// Below this the database may stop in the middle of a file.
const LEAST_FREE_BYTES: u64 = 2 << 30;

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Good,
    Warning,
    Bad,
}

#[derive(Serialize)]
struct Finding {
    name: &'static str,
    state: State,
    sentence: String,
}

/// 体检: what an administrator would look at first. Something bad is a negative answer.
pub(crate) async fn run(home: &Home, as_json: bool) -> Result<Answer, Trouble> {
    let mut found = Vec::new();
    look_at_folder(home, &mut found);
    look_at_disk(home, &mut found);
    if home.exists() {
        look_at_program_data(home, &mut found);
        match home.open().await {
            Ok(app) => {
                let looked = look_inside(&app, &mut found).await;
                serve::close(&app).await?;
                looked?;
            }
            Err(Trouble::Refused(refusal)) => bad(&mut found, "数据库", &refusal),
            Err(fault) => return Err(fault),
        }
    }
    let passed = found.iter().all(|it| it.state != State::Bad);
    if as_json {
        print_json(&serde_json::json!({ "passed": passed, "findings": found }))?;
    } else {
        for Finding { name, state, sentence } in &found {
            let mark = match state {
                State::Good => "正常",
                State::Warning => "注意",
                State::Bad => "有误",
            };
            say!("{mark}　{name}：{sentence}");
        }
    }
    Ok(if passed { Answer::Yes } else { Answer::No })
}

fn say(found: &mut Vec<Finding>, name: &'static str, state: State, sentence: impl Into<String>) {
    found.push(Finding { name, state, sentence: sentence.into() });
}

fn bad(found: &mut Vec<Finding>, name: &'static str, refusal: &Refusal) {
    say(found, name, State::Bad, refusal.to_string());
}

fn look_at_folder(home: &Home, found: &mut Vec<Finding>) {
    let dir = home.dir().display();
    if !home.exists() {
        let sentence = format!("{dir} 里还没有数据，请先运行 songhe init");
        return say(found, "数据目录", State::Bad, sentence);
    }
    let kind = if home.is_demo() { "演示数据" } else { "正式数据" };
    say(found, "数据目录", State::Good, format!("{dir}（{kind}）"));
    let mode = fs::metadata(home.keys()).map_or(0, |meta| meta.mode() & 0o777);
    if mode == 0o600 {
        say(found, "密钥文件", State::Good, "只有本程序能读");
    } else {
        let path = home.keys();
        let sentence = format!("权限是 {mode:o}，请执行 chmod 600 {}", path.display());
        say(found, "密钥文件", State::Bad, sentence);
    }
}

fn look_at_disk(home: &Home, found: &mut Vec<Finding>) {
    let above = home.dir().ancestors().find(|dir| dir.exists());
    let Some(disk) = above.and_then(|dir| rustix::fs::statvfs(dir).ok()) else { return };
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let gib = free >> 30;
    if free < LEAST_FREE_BYTES {
        let sentence = format!("只剩 {} MiB，请清理或换一块盘", free >> 20);
        return say(found, "磁盘空间", State::Bad, sentence);
    }
    say(found, "磁盘空间", State::Good, format!("还有 {gib} GiB"));
}

fn look_at_program_data(home: &Home, found: &mut Vec<Finding>) {
    match program_data::load(home.dir()) {
        Ok(ProgramData { lists, layouts, outgoing, banks, exchanges }) => {
            let items: usize = lists.iter().map(|list| list.items.len()).sum();
            let sentence = format!("{} 份清单、{items} 个项目", lists.len());
            say(found, "清单", State::Good, sentence);
            say(found, "来文格式", State::Good, format!("{} 种", layouts.len()));
            say(found, "上报版式", State::Good, format!("{} 种", outgoing.len()));
            say(found, "代发版式", State::Good, format!("{} 种", banks.len()));
            say(found, "对接系统", State::Good, format!("{} 个", exchanges.len()));
        }
        Err(trouble) => say(found, "清单和来文格式", State::Bad, trouble.to_string()),
    }
}

async fn look_inside(app: &App, found: &mut Vec<Finding>) -> Result<(), Trouble> {
    let mut tx = app.db().begin_unscoped().await?;
    let server = store::server_state(tx.conn()).await?;
    drop(tx);
    // Opening it has brought the tables up to date, or it would not be open.
    let sentence = format!("PostgreSQL {}，表结构是最新的", server.version);
    say(found, "数据库", State::Good, sentence);
    for (name, value) in server.durable {
        if value == "off" {
            let sentence = format!("{name} 是关的，断电会丢数据，请打开");
            say(found, "数据库设置", State::Bad, sentence);
        }
    }
    look_at_calendar(app, found);
    if app.areas().iter().next().is_none() {
        say(found, "区划", State::Bad, "还没有区划，请先运行 songhe init");
        return Ok(());
    }
    let areas = app.areas().iter().count();
    say(found, "区划", State::Good, format!("{areas} 个"));
    let actor = actor(app, area_of(app, None)?).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let people = facts::people::count(tx.conn()).await?;
    let open = duties::count_open(tx.conn()).await?;
    say(found, "数量", State::Good, format!("{people} 位老人，{open} 件未办的待办"));
    let today = app.now().day();
    for layout in &app.parts().layouts {
        let last = batches::last_applied(tx.conn(), &layout.id, actor.area).await?;
        look_at_source(layout, last.map(|batch| batch.as_of), today, found);
    }
    Ok(())
}

fn look_at_source(
    layout: &facts::layout::Layout,
    as_of: Option<Day>,
    today: Day,
    found: &mut Vec<Finding>,
) {
    let name = &layout.name;
    let (state, sentence) = match as_of {
        None => (State::Warning, format!("{name}：还没有入库")),
        Some(day) if today.days_since(day) > i64::from(layout.fresh_days) => {
            (State::Warning, format!("{name}：截至 {day}，该要新的了"))
        }
        Some(day) => (State::Good, format!("{name}：截至 {day}")),
    };
    say(found, "部门数据", state, sentence);
}

/// Deadlines reach into the next year from autumn on.
fn look_at_calendar(app: &App, found: &mut Vec<Finding>) {
    let (today, calendar) = (app.now().day(), app.calendar());
    for day in [today, today.plus_years(1)] {
        let year = day.year();
        if calendar.is_working(day).is_ok() {
            say(found, "工作日历", State::Good, format!("有 {year} 年的放假安排"));
        } else {
            let state = if day == today { State::Bad } else { State::Warning };
            let sentence = format!("没有 {year} 年的放假安排，通知公布后请用 songhe calendar 导入");
            say(found, "工作日历", state, sentence);
        }
    }
}
