//! 分户账: one budget, month by month and transfer by transfer.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State as AppState};
use axum::response::Response;
use kernel::{Fen, LedgerAccountId, Month, Trouble};
use ledger::{AccountKind, Act, BalanceFilter, JournalLine};
use serde::Deserialize;
use sqlx::PgConnection;
use webkit::{Answer, Chip, Crumbs, Line, Link, Page, Pager, Tone, grouped};

use super::domain::{Forecast, forecast};
use super::list::{Fund, item_name, own_items, with_allotted};
use super::views::{FundPage, JournalRow, MonthRow};
use crate::download::{self, Cell, Head};
use crate::links::At;
use crate::{App, links, shell};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 10_000;

/// Which page of the journal, from 0.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: u32,
}

/// A budget by its account; what is no budget or lies outside of the scope is not found.
async fn find(conn: &mut PgConnection, id: LedgerAccountId) -> Result<Fund, Trouble> {
    let balance = ledger::balance(&mut *conn, id).await?;
    if balance.key.kind != AccountKind::Budget {
        return Err(Trouble::NotFound);
    }
    with_allotted(conn, vec![balance]).await?.pop().ok_or(Trouble::NotFound)
}

/// The page.
pub(super) async fn page(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<LedgerAccountId>,
    Query(asked): Query<Asked>,
) -> Answer<Page<FundPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let fund = find(tx.conn(), id).await?;
    let spent = ledger::spent_by_month(tx.conn(), id).await?;
    let first = i64::from(asked.page) * PAGE_ROWS;
    let lines = ledger::journal(tx.conn(), id, PAGE_ROWS, first).await?;
    let count = ledger::count_journal(tx.conn(), id).await?;
    let others = others(tx.conn(), &fund).await?;
    drop(tx);
    let key = &fund.balance.key;
    let name = item_name(&app, &actor, &key.item);
    let ahead = forecast(fund.balance.left(), &spent);
    let enters = may(actor.role, Action::PreparePay)
        && own_items(&app, &actor).iter().any(|item| item.id == key.item);
    let new = enters.then(|| Link::new("登记追加或调减", links::funds::new_entry(&key.item)));
    let shown = first + i64::try_from(lines.len()).map_err(Trouble::fault)?;
    let href = |page: u32| links::funds::account(id).query("page", page);
    Ok(Page::new(FundPage {
        shell: shell::shell(&app, &actor, &links::funds::funds()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("资金账", links::funds::of_year(key.year))],
            here: name.clone(),
        },
        title: format!("{name} {} 年（{}）", key.year, key.fund),
        sentence: sentence(ahead.as_ref()),
        warning: ahead.as_ref().and_then(warning),
        sums: fund.sums(),
        used: fund.used(),
        acts: new.into_iter().collect(),
        months: months(&fund, &spent, ahead.as_ref()),
        journal: lines.iter().map(|it| journal_row(id, it, &others)).collect(),
        export: links::funds::journal(id),
        pager: (count > PAGE_ROWS).then(|| Pager {
            from: u64::try_from(first + 1).unwrap_or(1),
            to: u64::try_from(shown).unwrap_or(0),
            of: u64::try_from(count).unwrap_or(0),
            previous: (asked.page > 0).then(|| href(asked.page - 1)),
            next: (shown < count).then(|| href(asked.page + 1)),
        }),
    }))
}

fn sentence(ahead: Option<&Forecast>) -> String {
    let Some(it) = ahead else {
        return "还没有发放过，没有支出可以推算。".to_owned();
    };
    let (month, pace) = (it.month.chinese(), it.pace);
    match (it.missing == Fen::ZERO, it.month.number()) {
        (_, 12) => format!("{month}支出 {pace} 元，本年已到年底。"),
        (true, _) => format!("{month}支出 {pace} 元。照此推算，够发到 12 月。"),
        (false, _) => format!("{month}支出 {pace} 元。照此推算，发不到 12 月。"),
    }
}

fn warning(it: &Forecast) -> Option<(String, String)> {
    if it.missing == Fen::ZERO {
        return None;
    }
    let until = it.lasts_until;
    let (so_far, last) = if until == it.month {
        ("余额不够发", until.number() + 1)
    } else {
        ("余额只够发到", until.number())
    };
    let what = format!("{so_far} {last} 月，到 12 月还缺 {} 元", it.missing);
    let remedy = format!(
        "以后各月照 {} 算共需 {} 元（含补发的月份会偏高）。请及早申请追加预算指标。",
        it.month.chinese(),
        it.needed
    );
    Some((what, remedy))
}

/// What every month cost, and what those to come cost at this pace.
fn months(fund: &Fund, spent: &[(Month, Fen)], ahead: Option<&Forecast>) -> Vec<MonthRow> {
    let mut rows: Vec<MonthRow> = spent
        .iter()
        .map(|(month, fen)| MonthRow {
            month: month.chinese(),
            kind: Chip::new(Tone::Plain, "实际"),
            spent: *fen,
            left: None,
        })
        .collect();
    let mut left = fund.balance.left().get();
    if let Some(last) = rows.last_mut() {
        last.left = Some(Fen::new(left));
    }
    let Some(it) = ahead else { return rows };
    let last = spent.last().map_or(it.month, |(month, _)| *month);
    let mut month = last.next();
    while month.year() == it.month.year() {
        left -= it.pace.get();
        rows.push(MonthRow {
            month: month.chinese(),
            kind: Chip::new(if left < 0 { Tone::Bad } else { Tone::Info }, "预计"),
            spent: it.pace,
            left: Some(Fen::new(left)),
        });
        month = month.next();
    }
    rows
}

/// What the accounts on the other side are called: those of the same item and year.
async fn others(
    conn: &mut PgConnection,
    fund: &Fund,
) -> Result<HashMap<LedgerAccountId, String>, Trouble> {
    let key = &fund.balance.key;
    let filter = BalanceFilter {
        area: Some(key.area),
        item: Some(key.item.clone()),
        ..BalanceFilter::default()
    };
    let mut names = HashMap::new();
    for kind in [AccountKind::Source, AccountKind::Paid] {
        let filter = BalanceFilter { kind: Some(kind), ..filter.clone() };
        for it in ledger::balances(&mut *conn, &filter, 100, 0).await? {
            let name = match kind {
                AccountKind::Source => format!("{}（{}）", kind.chinese(), it.key.fund),
                _ => kind.chinese().to_owned(),
            };
            names.insert(it.id, name);
        }
    }
    Ok(names)
}

/// Whether a line lessens what the budget has left.
fn leaves(id: LedgerAccountId, it: &JournalLine) -> bool {
    (it.debit == id) != (it.act == Act::Void)
}

fn journal_row(
    id: LedgerAccountId,
    it: &JournalLine,
    others: &HashMap<LedgerAccountId, String>,
) -> JournalRow {
    let other = if it.debit == id { it.credit } else { it.debit };
    // What was set aside before is neither less nor more once it is paid.
    let moves = it.act != Act::Post;
    let out = leaves(id, it);
    JournalRow {
        at: it.at.to_string(),
        act: it.act.chinese().to_owned(),
        about: about(&it.about),
        other: others.get(&other).cloned().unwrap_or_default(),
        lines: grouped(it.lines.unsigned_abs()),
        into: (moves && !out).then_some(it.amount),
        out: (moves && out).then_some(it.amount),
    }
}

/// Where a transfer leads, from the words under which it was written.
fn about(text: &str) -> Line {
    let led = text.split_once('/').and_then(|(kind, id)| {
        let (words, href) = match kind {
            "run" => (format!("发放批次 第 {id} 号"), links::pay_runs::run(id.parse().ok()?)),
            "budget" => (format!("指标登记 第 {id} 号"), links::funds::entry(id.parse().ok()?)),
            "case" => ("追缴".to_owned(), links::recoveries::claim(id.parse().ok()?)),
            _ => return None,
        };
        Some(Line::new().link(words, href))
    });
    led.unwrap_or_else(|| text.into())
}

/// The journal as a workbook.
pub(super) async fn sheet(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<LedgerAccountId>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let fund = find(tx.conn(), id).await?;
    let lines = ledger::journal(tx.conn(), id, SHEET_ROWS, 0).await?;
    let count = ledger::count_journal(tx.conn(), id).await?;
    let others = others(tx.conn(), &fund).await?;
    drop(tx);
    let key = &fund.balance.key;
    let head = Head {
        title: "资金往来".to_owned(),
        filter_words: format!(
            "{}，{}，{} 年",
            item_name(&app, &actor, &key.item),
            key.fund,
            key.year
        ),
        personal: false,
        cut_off: (count > SHEET_ROWS).then(|| format!("共 {count} 行，只导出最近的")),
    };
    let columns = [
        ("日期", 12.0),
        ("记账", 8.0),
        ("事由", 24.0),
        ("对方账户", 28.0),
        ("笔数", 10.0),
        ("增加（元）", 16.0),
        ("减少（元）", 16.0),
    ];
    let money = |fen: Option<Fen>| fen.map_or(Cell::Empty, Cell::Money);
    let cells: Vec<Vec<Cell>> = lines
        .iter()
        .map(|it| {
            let row = journal_row(id, it, &others);
            vec![
                Cell::Day(it.at.day()),
                row.act.into(),
                it.about.as_str().into(),
                row.other.into(),
                Cell::Count(it.lines.unsigned_abs()),
                money(row.into),
                money(row.out),
            ]
        })
        .collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("资金往来.xlsx", bytes))
}
