//! 发放批次: the list of runs, and the form that proposes one.

use access::{Action, Actor, may};
use axum::response::Response;
use kernel::{Month, Refusal, Trouble};
use payroll::store::{self as runs, RunFilter};
use payroll::{Run, RunState};
use policy::{Form as ItemForm, Given, Item};
use webkit::{Choice, Column, Form, Line, Link, Progress, Table, grouped};

use super::views::{RunsPage, propose_form};
use crate::download::{self, Cell, Head};
use crate::pay::{chip, count, headline};
use crate::shell::shell;
use crate::table_pages::pager;
use crate::work::WorkState;
use crate::{App, links};

const PAGE_ROWS: u32 = 20;

/// As many runs as a workbook holds.
const BOOK_ROWS: i64 = 2_000;

/// What a proposal under way is known by.
pub(super) fn object(actor: &Actor) -> String {
    format!("pay/{}", actor.area)
}

/// The items of the list in force that are paid as money and whose payments this system knows.
pub(super) fn cash_items(app: &App, actor: &Actor, month: Month) -> Vec<Item> {
    let items = app.paid_items(actor.area, month).into_iter();
    let money = |item: &&Item| item.form == ItemForm::Cash && item.pay.given == Given::Cash;
    items.filter(money).cloned().collect()
}

pub(super) async fn page(app: &App, actor: &Actor, page: u32) -> Result<RunsPage, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let filter = RunFilter::default();
    let offset = i64::from(page) * i64::from(PAGE_ROWS);
    let shown = runs::runs(tx.conn(), &filter, i64::from(PAGE_ROWS), offset).await?;
    let all = count(runs::count_runs(tx.conn(), &filter).await?);
    let newest = if page == 0 { shown.clone() } else { Vec::new() };
    drop(tx);
    let (progress, refusal) = under_way(app, actor);
    let mut table = table(app, &shown);
    table.pager = pager(page, PAGE_ROWS, shown.len(), all, &links::pay_runs::runs());
    Ok(RunsPage {
        shell: shell(app, actor, &links::pay_runs::runs()).await?,
        sentence: sentence(&newest),
        progress,
        refusal,
        propose: may(actor.role, Action::PreparePay).then(|| propose(app, actor)),
        runs: table,
    })
}

fn sentence(runs: &[Run]) -> String {
    let count = |states: &[RunState]| runs.iter().filter(|it| states.contains(&it.state)).count();
    let waiting = [
        (count(&[RunState::Proposed]), "批待冻结"),
        (count(&[RunState::Frozen, RunState::LockedOnce]), "批待锁定"),
        (count(&[RunState::Locked, RunState::Refused]), "批待申请资金"),
        (count(&[RunState::Requested]), "批待财政审核"),
        (count(&[RunState::Funded, RunState::Voucher]), "批待交银行"),
        (count(&[RunState::Sent]), "批等回盘"),
    ];
    let parts: Vec<String> = waiting
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    if parts.is_empty() {
        "没有办理中的批次。".to_owned()
    } else {
        format!("{}。", parts.join("，"))
    }
}

fn propose(app: &App, actor: &Actor) -> Form {
    let now = app.now().day().month();
    let items = cash_items(app, actor, now);
    let items = items.iter().map(|item| Choice::new(&item.id, &item.name)).collect();
    let months = (0..3).map(|back| now.plus(-back));
    let months = months.map(|it| Choice::new(it.to_string(), it.chinese())).collect();
    propose_form(links::pay_runs::runs(), &actor.csrf, items, months, &now.to_string())
}

fn under_way(app: &App, actor: &Actor) -> (Option<Progress>, Option<Refusal>) {
    match app.parts().works.on(&object(actor)).map(|work| work.state()) {
        Some(WorkState::Running { step, done, of, .. }) => {
            let progress = Progress {
                doing: format!("正在{step}"),
                done,
                total: of,
                unit: "人".to_owned(),
                left: String::new(),
                here: links::pay_runs::runs(),
                cancel: None,
            };
            (Some(progress), None)
        }
        Some(WorkState::Ended(Err(refusal))) => (None, Some(refusal)),
        _ => (None, None),
    }
}

fn table(app: &App, shown: &[Run]) -> Table {
    let columns = vec![
        Column::new("批次"),
        Column::sum("人数"),
        Column::sum("金额（元）"),
        Column::sum("暂缓"),
        Column::short("到哪一步"),
        Column::new("拟制人和时间"),
    ];
    let rows = shown.iter().map(|run| {
        let again = if run.sequence > 1 {
            format!("第 {} 次拟制", run.sequence)
        } else {
            String::new()
        };
        vec![
            Line::new().link(headline(app, run), links::pay_runs::run(run.id)).small(again),
            grouped(count(run.lines)).into(),
            run.total().to_string().into(),
            grouped(count(run.held)).into(),
            chip(run.state).into(),
            format!("{} {}", run.proposed.name, run.proposed.at).into(),
        ]
    });
    let mut table = Table::new("runs", "发放批次", columns)
        .rows(rows)
        .empty("还没有批次。资金发放岗每月拟制一批，拟制时不会发放。", None);
    table.tools.push(Link::new("导出 xlsx", links::pay_runs::export()));
    table
}

pub(super) async fn export(app: &App, actor: &Actor) -> Result<Response, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let filter = RunFilter::default();
    let shown = runs::runs(tx.conn(), &filter, BOOK_ROWS, 0).await?;
    let all = runs::count_runs(tx.conn(), &filter).await?;
    drop(tx);
    let rows: Vec<Vec<Cell>> = shown
        .iter()
        .map(|run| {
            vec![
                headline(app, run).into(),
                Cell::Count(count(run.lines)),
                Cell::Money(run.current),
                Cell::Money(run.arrears),
                Cell::Money(run.total()),
                Cell::Count(count(run.held)),
                run.state.chinese().into(),
                run.fund.as_str().into(),
                run.proposed.name.as_str().into(),
                Cell::Day(run.proposed.at.day()),
            ]
        })
        .collect();
    let shown_rows = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let head = Head {
        title: "发放批次".to_owned(),
        filter_words: "全部".to_owned(),
        personal: false,
        cut_off: (all > shown_rows).then(|| format!("共 {all} 批，这里只有前 {shown_rows} 批")),
    };
    let columns = [
        ("批次", 24.0),
        ("人数", 10.0),
        ("当月（元）", 14.0),
        ("补发（元）", 14.0),
        ("合计（元）", 14.0),
        ("暂缓", 8.0),
        ("到哪一步", 12.0),
        ("资金来源", 20.0),
        ("拟制人", 10.0),
        ("拟制日期", 12.0),
    ];
    let bytes = download::list(app, actor, &head, &columns, &rows).await?;
    Ok(download::xlsx("发放批次", bytes))
}
