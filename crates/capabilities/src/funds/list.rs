//! 资金账: the budgets of a year.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State as AppState};
use axum::response::Response;
use kernel::{Fen, LedgerAccountId, Trouble};
use ledger::{AccountKind, Balance, BalanceFilter};
use policy::Item;
use serde::Deserialize;
use sqlx::PgConnection;
use webkit::{Answer, Chip, Link, Page, Tone};

use super::domain::{Forecast, forecast, percent, used_permille};
use super::views::{FundRow, FundsPage, Sums};
use crate::download::{self, Cell, Head};
use crate::{App, links, shell};

/// More budgets than any county has items.
const MOST: i64 = 1_000;

/// 预算年度; this year when nothing is asked.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    year: Option<i16>,
}

impl Asked {
    /// The year that is asked for, if there can be one.
    fn year(&self, this_year: i16) -> i16 {
        self.year.filter(|it| (1_000..9_999).contains(it)).unwrap_or(this_year)
    }
}

/// A budget with what was given to it.
pub(super) struct Fund {
    pub(super) balance: Balance,
    pub(super) allotted: Fen,
}

impl Fund {
    pub(super) fn sums(&self) -> Sums {
        let paid = self.allotted.get() - self.balance.balance().get();
        Sums {
            allotted: self.allotted,
            paid: Fen::new(paid),
            reserved: self.balance.debits_pending,
            left: self.balance.left(),
        }
    }

    pub(super) fn used(&self) -> String {
        used_permille(self.allotted, self.balance.left()).map(percent).unwrap_or_default()
    }
}

/// The budgets of the scope in a year, by area, fund and item.
async fn of_year(conn: &mut PgConnection, year: i16) -> Result<Vec<Fund>, Trouble> {
    let kind = Some(AccountKind::Budget);
    let filter = BalanceFilter { kind, year: Some(year), ..BalanceFilter::default() };
    let balances = ledger::balances(&mut *conn, &filter, MOST, 0).await?;
    with_allotted(conn, balances).await
}

/// What was given to each.
pub(super) async fn with_allotted(
    conn: &mut PgConnection,
    balances: Vec<Balance>,
) -> Result<Vec<Fund>, Trouble> {
    let ids: Vec<LedgerAccountId> = balances.iter().map(|it| it.id).collect();
    let given: HashMap<_, _> = ledger::allotted(conn, &ids).await?.into_iter().collect();
    let each = balances.into_iter().map(|balance| {
        let allotted = given.get(&balance.id).copied().unwrap_or(Fen::ZERO);
        Fund { balance, allotted }
    });
    Ok(each.collect())
}

/// What the list calls an item; the stored word when it is not on the list any more.
pub(super) fn item_name(app: &App, actor: &Actor, item: &str) -> String {
    let month = app.now().day().month();
    let found =
        app.list_for(actor.area, month).and_then(|list| list.items.iter().find(|it| it.id == item));
    found.map_or_else(|| item.to_owned(), |it| it.name.clone())
}

/// 项目 whose payments stand in the book of the actor's area: those of its own list.
pub(super) fn own_items<'a>(app: &'a App, actor: &Actor) -> Vec<&'a Item> {
    let areas = app.areas();
    let Some(node) = areas.node(actor.area) else { return Vec::new() };
    let items = app.paid_items(actor.area, app.now().day().month());
    items.into_iter().filter(|item| item.list.issuer == node.code).collect()
}

/// Whether it lasts, in two words.
pub(super) fn lasts(ahead: Option<&Forecast>) -> Chip {
    match ahead {
        None => Chip::new(Tone::Plain, "尚未发放"),
        Some(it) if it.missing == Fen::ZERO => Chip::new(Tone::Ok, "够到 12 月"),
        Some(it) if it.lasts_until == it.month => Chip::new(Tone::Bad, "不够下个月"),
        Some(it) => Chip::new(Tone::Wait, format!("只够到 {} 月", it.lasts_until.number())),
    }
}

/// The page.
pub(super) async fn page(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<FundsPage>> {
    let this_year = app.now().day().year();
    let year = asked.year(this_year);
    let (rows, total) = rows(&app, &actor, year).await?;
    let enters = may(actor.role, Action::PreparePay) && !own_items(&app, &actor).is_empty();
    let new = enters.then(|| Link::new("登记指标", links::funds::new_entry("")));
    let entries = Link::new("指标登记和确认", links::funds::entries());
    let others = [year - 1, year + 1].into_iter().filter(|it| (it - this_year).abs() <= 1);
    let others = others.map(|it| Link::new(format!("{it} 年"), links::funds::of_year(it)));
    Ok(Page::new(FundsPage {
        shell: shell::shell(&app, &actor, &links::funds::funds()).await?,
        year: year.to_string(),
        sentence: sentence(year, total.as_ref(), &rows),
        acts: new.into_iter().chain([entries]).collect(),
        others: others.collect(),
        export: links::funds::export(year),
        rows,
        total,
    }))
}

fn sentence(year: i16, total: Option<&Sums>, rows: &[FundRow]) -> String {
    let Some(total) = total else { return format!("{year} 年还没有下达预算指标。") };
    let tone = |row: &&FundRow| matches!(row.lasts.tone, Tone::Bad | Tone::Wait);
    let (given, without): (Vec<&FundRow>, Vec<&FundRow>) =
        rows.iter().partition(|row| row.sums.is_some());
    let short = given.into_iter().filter(tone).count();
    let lasts = match short {
        0 => "没有项目发不到 12 月。".to_owned(),
        n => format!("按现在的支出，{n} 个项目发不到 12 月。"),
    };
    let lasts = match without.len() {
        0 => lasts,
        n => format!("{lasts}{n} 个项目还没有下达。"),
    };
    format!("{year} 年已下达 {} 元，可用 {} 元。{lasts}", total.allotted, total.left)
}

/// The rows of a year with their total; of this year also the items without a budget.
async fn rows(
    app: &App,
    actor: &Actor,
    year: i16,
) -> Result<(Vec<FundRow>, Option<Sums>), Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let funds = of_year(tx.conn(), year).await?;
    let mut rows = Vec::new();
    for fund in &funds {
        let key = &fund.balance.key;
        let spent = ledger::spent_by_month(tx.conn(), fund.balance.id).await?;
        let name = item_name(app, actor, &key.item);
        rows.push(FundRow {
            item: Link::new(name, links::funds::account(fund.balance.id)),
            fund: key.fund.clone(),
            sums: Some(fund.sums()),
            used: fund.used(),
            lasts: lasts(forecast(fund.balance.left(), &spent).as_ref()),
        });
    }
    if year == app.now().day().year() {
        let without = own_items(app, actor)
            .into_iter()
            .filter(|item| !funds.iter().any(|fund| fund.balance.key.item == item.id));
        let enters = may(actor.role, Action::PreparePay);
        rows.extend(without.map(|item| FundRow {
            item: if enters {
                Link::new(item.name.as_str(), links::funds::new_entry(&item.id))
            } else {
                Link::new(
                    item.name.as_str(),
                    links::list_item(&links::list_id(&item.list), &item.id),
                )
            },
            fund: item.pay.fund.clone(),
            sums: None,
            used: String::new(),
            lasts: Chip::new(Tone::Wait, "未下达"),
        }));
    }
    Ok((rows, total(&funds)))
}

fn total(funds: &[Fund]) -> Option<Sums> {
    let all: Vec<Sums> = funds.iter().map(Fund::sums).collect();
    let sum = |part: fn(&Sums) -> Fen| all.iter().map(part).sum();
    (!all.is_empty()).then(|| Sums {
        allotted: sum(|it| it.allotted),
        paid: sum(|it| it.paid),
        reserved: sum(|it| it.reserved),
        left: sum(|it| it.left),
    })
}

/// The same as a workbook.
pub(super) async fn sheet(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let year = asked.year(app.now().day().year());
    let (rows, _) = rows(&app, &actor, year).await?;
    let head = Head {
        title: "资金账".to_owned(),
        filter_words: format!("{year} 年"),
        personal: false,
        cut_off: None,
    };
    let columns = [
        ("项目", 24.0),
        ("资金", 20.0),
        ("已下达（元）", 16.0),
        ("已发放（元）", 16.0),
        ("预留（元）", 16.0),
        ("可用（元）", 16.0),
        ("使用率", 10.0),
        ("够不够", 14.0),
    ];
    let cells: Vec<Vec<Cell>> = rows.iter().map(cells).collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("资金账.xlsx", bytes))
}

fn cells(row: &FundRow) -> Vec<Cell> {
    let sum =
        |part: fn(&Sums) -> Fen| row.sums.as_ref().map_or(Cell::Empty, |it| Cell::Money(part(it)));
    vec![
        row.item.text.as_str().into(),
        row.fund.as_str().into(),
        sum(|it| it.allotted),
        sum(|it| it.paid),
        sum(|it| it.reserved),
        sum(|it| it.left),
        row.used.as_str().into(),
        row.lasts.text.as_str().into(),
    ]
}
