//! 留痕: the handler.

use access::{Actor, SeenEntry};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use webkit::{Answer, Line, Link, Page, Pager, grouped};

use super::views::{EntriesPage, EntryRow};
use crate::download::{self, Cell, Head};
use crate::{App, links, shell};

const PAGE_ROWS: i64 = 50;
/// As many entries as a workbook holds.
const BOOK_ROWS: i64 = 20_000;

/// Which page of the list.
#[derive(Deserialize)]
pub(super) struct PageNo {
    #[serde(default)]
    page: u32,
}

pub(super) async fn entries(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(PageNo { page }): Query<PageNo>,
) -> Answer<Page<EntriesPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(page) * PAGE_ROWS;
    let entries = access::entries(tx.conn(), PAGE_ROWS, offset).await?;
    let all = u64::try_from(access::count_entries(tx.conn()).await?).unwrap_or(0);
    let from = u64::try_from(offset).unwrap_or(0);
    let to = from + u64::try_from(entries.len()).unwrap_or(0);
    let href = |page: u32| links::audit().query("page", page);
    Ok(Page::new(EntriesPage {
        shell: shell::shell(&app, &actor, &links::audit()).await?,
        sentence: format!("共 {} 条，只增不改，最近的在前。", grouped(all)),
        entries: entries.iter().map(|entry| row(&app, entry)).collect(),
        export: Link::new("导出 xlsx", links::audit_export()),
        pager: (all > to || page > 0).then(|| Pager {
            from: (from + 1).min(to),
            to,
            of: all,
            previous: (page > 0).then(|| href(page - 1)),
            next: (to < all).then(|| href(page + 1)),
        }),
    }))
}

/// The newest entries as a workbook.
pub(super) async fn book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let entries = access::entries(tx.conn(), BOOK_ROWS, 0).await?;
    let all = access::count_entries(tx.conn()).await?;
    drop(tx);
    let areas = app.areas();
    let rows: Vec<Vec<Cell>> = entries
        .iter()
        .map(|entry| {
            vec![
                entry.at.to_string().into(),
                entry.who.as_deref().unwrap_or("系统").into(),
                entry.role.chinese().into(),
                entry.area.map_or_else(String::new, |area| areas.spoken(area)).into(),
                entry.action.as_str().into(),
                entry.object.as_str().into(),
                entry.note.as_str().into(),
            ]
        })
        .collect();
    let head = Head {
        title: "留痕".to_owned(),
        filter_words: "全部，最近的在前".to_owned(),
        personal: true,
        cut_off: (all > BOOK_ROWS).then(|| {
            format!("共 {} 条，这里只有最近的 {BOOK_ROWS} 条", grouped(all.unsigned_abs()))
        }),
    };
    let columns = [
        ("时间", 17.0),
        ("谁", 12.0),
        ("岗位", 12.0),
        ("辖区", 20.0),
        ("做了什么", 16.0),
        ("对象编号", 46.0),
        ("原因或说明", 48.0),
    ];
    let bytes = download::list(&app, &actor, &head, &columns, &rows).await?;
    Ok(download::xlsx(&format!("留痕-{}", app.now().day()), bytes))
}

fn row(app: &App, entry: &SeenEntry) -> EntryRow {
    let areas = app.areas();
    let place = entry.area.map_or_else(String::new, |area| areas.spoken(area));
    let who = entry.who.as_deref().unwrap_or("系统");
    EntryRow {
        at: entry.at.to_string(),
        who: Line::from(who).small(format!("{} {place}", entry.role.chinese())),
        action: entry.action.clone(),
        object: object(&entry.object),
        note: entry.note.clone(),
    }
}

/// What an entry is about, as a link where there is a page of it.
fn object(object: &str) -> Line {
    let (kind, id) = object.split_once('/').unwrap_or((object, ""));
    match (kind, id.parse(), id.parse(), id.parse()) {
        ("duty", Ok(id), ..) => Line::new().link("待办", links::duty(id)),
        ("person", _, Ok(id), _) => Line::new().link("一人一档", links::elder(id)),
        ("batch", _, _, Ok(id)) => Line::new().link(format!("第 {id} 批文件"), links::file(id)),
        ("report", _, _, Ok(id)) => {
            Line::new().link(format!("第 {id} 批上报"), links::report(id.get()))
        }
        ("list", ..) => Line::from(format!("名单：{id}")),
        ("session", ..) => Line::from("登录"),
        ("area", ..) => Line::from("全辖区"),
        ("account", ..) => Line::from("账号"),
        ("calendar", ..) => Line::from(format!("{id} 年放假安排")),
        _ => Line::from(kind),
    }
}
