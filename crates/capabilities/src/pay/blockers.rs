//! 还不能冻结: what stands in the way of freezing a run, what to do about it and who does it.

use std::collections::BTreeMap;

use facts::population;
use kernel::{AreaId, AreaLevel, Day, Role, Trouble};
use payroll::{Run, RunState, store as runs};
use sqlx::PgConnection;

use super::item_of;
use crate::App;

/// 死亡信息期限: the setting's name; days after which a file that brings deaths is too old to pay
/// by. A region sets its own.
const DEATH_FEED: &str = "death_feed_days";

/// When the region has set none.
const DEATH_FEED_DAYS: i64 = 35;

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InTheWay {
    pub(crate) what: String,
    pub(crate) remedy: String,
    pub(crate) who: String,
}

/// What stands in the way of freezing the run; nothing when it is not to be frozen now.
pub(crate) async fn blockers(
    app: &App,
    conn: &mut PgConnection,
    run: &Run,
) -> Result<Vec<InTheWay>, Trouble> {
    if run.state != RunState::Proposed {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    if run.unexplained > 0 {
        found.push(InTheWay {
            what: format!("{} 人与上月不同，原因不明。", run.unexplained),
            remedy: "请逐人打开核对，补齐资料后作废重拟。".to_owned(),
            who: Role::FinanceOfficer.chinese().to_owned(),
        });
    }
    if run.lines == 0 {
        found.push(InTheWay {
            what: "这一批没有人可发。".to_owned(),
            remedy: "请核对项目和月份，补齐资料后作废重拟。".to_owned(),
            who: Role::FinanceOfficer.chinese().to_owned(),
        });
    }
    found.extend(open_month(app, run)?);
    found.extend(old_death_feeds(app, conn, run).await?);
    Ok(found)
}

/// 统计月还没有截止: who comes in until then would be missing.
fn open_month(app: &App, run: &Run) -> Result<Option<InTheWay>, Trouble> {
    let Some(closes_on) = item_of(app, run)?.pay.month_closes_on else { return Ok(None) };
    let closes = run.month.first().plus_days(i64::from(closes_on) - 1);
    Ok((app.now().day() < closes).then(|| InTheWay {
        what: format!("{}统计到 {closes_on} 日，还没有截止。", run.month.chinese()),
        remedy: format!("请在{}重新拟制后冻结。", closes.chinese_short()),
        who: Role::FinanceOfficer.chinese().to_owned(),
    }))
}

/// 死亡信息不新鲜: every source that has ever brought deaths for an area of the run must be fresh
/// for it, and there must be one.
async fn old_death_feeds(
    app: &App,
    conn: &mut PgConnection,
    run: &Run,
) -> Result<Vec<InTheWay>, Trouble> {
    let limit = access::setting(conn, DEATH_FEED).await?;
    let limit = limit.map_or(Ok(DEATH_FEED_DAYS), |text| text.parse().map_err(Trouble::fault))?;
    let files = population::source_files(conn).await?;
    let (areas, today) = (app.areas(), app.now().day());
    let feeds: Vec<_> = app
        .parts()
        .layouts
        .iter()
        .filter(|layout| layout.facts.iter().any(|fact| fact.kind == "death_date"))
        .collect();
    // A file may be about a part of the county only.
    let sent = |supplier: &str| {
        files.iter().any(|file| {
            file.supplier == supplier
                && (areas.within(file.area, run.area) == Some(true)
                    || areas.within(run.area, file.area) == Some(true))
        })
    };
    let newest = |supplier: &str, area: AreaId| -> Option<Day> {
        let its = files.iter().filter(|file| file.supplier == supplier);
        let about = its.filter(|file| areas.within(area, file.area) == Some(true));
        about.map(|file| file.as_of).max()
    };
    let towns = towns(app, conn, run).await?;
    let mut late: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let used: Vec<_> = feeds.iter().filter(|layout| sent(&layout.id)).collect();
    for layout in &used {
        for town in &towns {
            let age = newest(&layout.id, *town).map(|as_of| today.days_since(as_of));
            let words = match age {
                Some(days) if days <= limit => continue,
                Some(days) => format!("已有 {days} 天，超过 {limit} 天"),
                None => "还没有收到".to_owned(),
            };
            late.entry((layout.name.clone(), words)).or_default().push(areas.spoken(*town));
        }
    }
    if used.is_empty() {
        let names: Vec<&str> = feeds.iter().map(|layout| layout.name.as_str()).collect();
        return Ok(vec![InTheWay {
            what: "还没有收到过死亡信息，不能确认有没有人去世。".to_owned(),
            remedy: format!("请收取{}中的一种。", names.join("、")),
            who: Role::DataOfficer.chinese().to_owned(),
        }]);
    }
    let not_fresh = |((name, words), places): ((String, String), Vec<String>)| {
        let all = places.len() == towns.len();
        let place = if all { String::new() } else { format!("（{}）", some(&places)) };
        InTheWay {
            what: format!("死亡信息不新鲜：“{name}”{place}{words}。"),
            remedy: format!("请收取最新的“{name}”并入库，再重新拟制。"),
            who: Role::DataOfficer.chinese().to_owned(),
        }
    };
    Ok(late.into_iter().map(not_fresh).collect())
}

/// The towns that the run pays people of.
async fn towns(app: &App, conn: &mut PgConnection, run: &Run) -> Result<Vec<AreaId>, Trouble> {
    let areas = app.areas();
    let places = runs::by_place_and_band(conn, run.id).await?;
    let mut towns: Vec<AreaId> = places
        .iter()
        .map(|row| areas.at_level(row.area, AreaLevel::Township).map_or(row.area, |it| it.id))
        .collect();
    towns.sort_unstable();
    towns.dedup();
    Ok(towns)
}

fn some(places: &[String]) -> String {
    let more =
        if places.len() > 3 { format!("等 {} 个乡镇", places.len()) } else { String::new() };
    let first: Vec<&str> = places.iter().take(3).map(String::as_str).collect();
    format!("{}{more}", first.join("、"))
}
