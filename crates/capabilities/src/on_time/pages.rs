//! 按时足额发放: the page of a month.

use std::collections::BTreeMap;

use access::{Action, Actor, AreaTree, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{Redirect, Response};
use kernel::{AreaLevel, Day, Fen, Month, Now, Role, Trouble};
use policy::{Cycle, Item};
use serde::Deserialize;
use webkit::{
    Answer, Bar, BarPart, Column, Href, Line, Link, Page, PostButton, Posted, Table, grouped,
};

use super::domain::{Paid, cause_chinese, percent};
use super::store::{self, CauseSum};
use super::views::OnTimePage;
use super::{domain, jobs};
use crate::download::{self, Cell, Head};
use crate::links::on_time as here;
use crate::{App, shell};

/// Months that the history shows.
const MONTHS: i32 = 12;

/// Which month of which item.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) item: String,
    #[serde(default)]
    pub(super) month: String,
}

impl Asked {
    /// The item that is meant, the first one when none is; and all of them.
    pub(super) fn items<'a>(
        &self,
        app: &'a App,
        actor: &Actor,
    ) -> (Option<&'a Item>, Vec<&'a Item>) {
        let all = jobs::paid_items(app, actor.area, app.now().day().month());
        let one = all.iter().find(|item| item.id == self.item).or(all.first()).copied();
        (one, all)
    }

    pub(super) fn month(&self) -> Option<Month> {
        self.month.parse().ok()
    }
}

/// How many people there are of each result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts([i64; 5]);

impl Counts {
    fn add(&mut self, result: &str, count: i64) {
        if let Some(at) = Paid::ALL.iter().position(|it| it.code() == result) {
            self.0[at] += count;
        }
    }

    fn of(self, result: Paid) -> i64 {
        Paid::ALL.iter().zip(self.0).find(|(it, _)| **it == result).map_or(0, |(_, count)| count)
    }

    fn all(self) -> i64 {
        self.0.iter().sum()
    }

    fn rate(self) -> String {
        percent(self.of(Paid::InTime), self.all())
    }
}

/// What a month's page tells.
struct Told<'a> {
    item: &'a Item,
    month: Month,
    counts: Counts,
    causes: Vec<CauseSum>,
    history: BTreeMap<Month, Counts>,
    /// By town, or by village within one town.
    places: Vec<(String, (i32, i32), Counts)>,
    /// When, and whether something has happened since.
    counted: Option<(Now, bool)>,
}

async fn tell<'a>(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    item: &'a Item,
) -> Result<Told<'a>, Trouble> {
    let today = app.now().day().month();
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut history: BTreeMap<Month, Counts> = BTreeMap::new();
    for (month, result, count) in store::history(tx.conn(), &item.id, today.plus(-MONTHS)).await? {
        history.entry(month).or_default().add(&result, count);
    }
    let newest = history.keys().next_back().copied().unwrap_or(today);
    let month = asked.month().unwrap_or(newest);
    let causes = store::causes(tx.conn(), &item.id, month).await?;
    let places = store::places(tx.conn(), &item.id, month).await?;
    let areas = app.areas();
    let book = areas.at_level(actor.area, AreaLevel::County).map(|node| node.id);
    let counted = match book {
        Some(book) => store::counted(tx.conn(), &item.id, month, book).await?,
        None => None,
    };
    let mut counts = Counts::default();
    for cause in &causes {
        counts.add(&cause.result, cause.people);
    }
    let places = by_place(&areas, actor, &places);
    Ok(Told { item, month, counts, causes, history, places, counted })
}

/// Villages joined to towns, where the reader sees more than one town.
fn by_place(
    areas: &AreaTree,
    actor: &Actor,
    places: &[(i32, String, i64)],
) -> Vec<(String, (i32, i32), Counts)> {
    let level = match areas.node(actor.area).map(|node| node.level) {
        Some(AreaLevel::Township | AreaLevel::Village) => AreaLevel::Village,
        _ => AreaLevel::Township,
    };
    let mut nodes: Vec<_> = areas.iter().filter(|node| node.level == level).collect();
    nodes.sort_by_key(|node| node.lo);
    let mut all: Vec<(String, (i32, i32), Counts)> = Vec::new();
    for (pos, result, count) in places {
        let node = nodes.iter().find(|node| (node.lo..node.hi).contains(pos));
        let Some(node) = node else { continue };
        if all.last().is_none_or(|(_, (lo, _), _)| *lo != node.lo) {
            all.push((node.name.clone(), (node.lo, node.hi), Counts::default()));
        }
        if let Some((.., counts)) = all.last_mut() {
            counts.add(result, *count);
        }
    }
    all
}

pub(super) async fn page(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<OnTimePage>> {
    let (item, all) = asked.items(&app, &actor);
    let item = item.ok_or(Trouble::NotFound)?;
    let told = tell(&app, &actor, &asked, item).await?;
    let month = told.month.to_string();
    let sees = may(actor.role, Action::SeePeople);
    let recount = may(actor.role, Action::PreparePay).then(|| {
        PostButton::new(here::count(), &actor.csrf, "重新核算")
            .hidden("item", &item.id)
            .hidden("month", &month)
    });
    let others = all.iter().filter(|other| other.id != item.id);
    let places = Table {
        tools: vec![Link::new("导出 Excel", here::book(&item.id, &month))],
        ..told.places_table(sees)
    };
    Ok(Page::new(OnTimePage {
        shell: shell::shell(&app, &actor, &here::first()).await?,
        title: format!("{}{}按时足额发放", told.month.chinese(), item.name),
        sentence: told.sentence(),
        counted: told.counted_words(),
        count: recount,
        items: others
            .map(|other| Link::new(other.name.as_str(), here::on_time(&other.id, &month)))
            .collect(),
        bar: (told.counts.all() > 0).then(|| told.bar()),
        causes: told.causes_table(sees),
        places,
        months: told.months_table(),
    }))
}

fn count_of(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn digits(n: i64) -> String {
    grouped(count_of(n))
}

/// A number, leading to its people where there are any and the reader may see them.
fn number(n: i64, href: Option<Href>) -> Line {
    match href.filter(|_| n > 0) {
        Some(href) => Link::new(digits(n), href).into(),
        None => digits(n).into(),
    }
}

/// The word of a bar's part.
fn class(paid: Paid) -> &'static str {
    match paid {
        Paid::InTime => "done",
        Paid::OnItsWay => "near",
        Paid::Late | Paid::Short => "wait",
        Paid::Unpaid => "bad",
    }
}

impl Told<'_> {
    fn people(&self, result: &str, cause: &str) -> Href {
        here::people(&self.item.id, &self.month.to_string(), result, cause)
    }

    fn sentence(&self) -> Line {
        let counts = self.counts;
        if counts.all() == 0 {
            return "这个月还没有核算，或没有应享的人。".into();
        }
        let open = counts.all() - counts.of(Paid::InTime);
        let begin = format!("应享 {} 人，按时足额 ", digits(counts.all()));
        let end = format!(" 人，{}；另有 {} 人没有按时足额。", counts.rate(), digits(open));
        Line::from(begin).strong(digits(counts.of(Paid::InTime))).text(end)
    }

    fn counted_words(&self) -> String {
        let until = match self.item.pay.cycle {
            Cycle::Month => "当月月底",
            Cycle::Quarter => "当季季末",
            Cycle::HalfYear => "半年期末",
            Cycle::Year => "年底",
        };
        let rule = format!("应享的都算，不只是名册上的；银行在{until}前足额付到的算按时。");
        match self.counted {
            Some((at, true)) => {
                let when = format!("{} {}", at.day(), at.clock());
                format!("核算于 {when}，之后批次或回盘又有进展，请点“重新核算”。{rule}")
            }
            Some((at, false)) => format!("核算于 {} {}。{rule}", at.day(), at.clock()),
            None => rule,
        }
    }

    fn bar(&self) -> Bar {
        let parts = Paid::ALL
            .iter()
            .map(|paid| BarPart { count: count_of(self.counts.of(*paid)), class: class(*paid) });
        let words = Paid::ALL
            .iter()
            .map(|paid| format!("{} {} 人", paid.chinese(), digits(self.counts.of(*paid))));
        Bar { label: words.collect::<Vec<_>>().join("，"), parts: parts.collect() }
    }

    fn causes_table(&self, sees: bool) -> Table {
        let columns = vec![
            Column::new("结果"),
            Column::new("缘由"),
            Column::sum("人数"),
            Column::sum("占应享"),
            Column::sum("应发（元）"),
            Column::sum("已发（元）"),
        ];
        let all = self.counts.all();
        let rows = self.causes.iter().map(|it| {
            let result = Paid::from_code(&it.result).map_or("", Paid::chinese);
            vec![
                result.into(),
                cause_chinese(&it.cause).into(),
                number(it.people, sees.then(|| self.people(&it.result, &it.cause))),
                percent(it.people, all).into(),
                it.due.to_string().into(),
                it.paid.to_string().into(),
            ]
        });
        let sum = |of: fn(&CauseSum) -> Fen| self.causes.iter().map(of).sum::<Fen>().to_string();
        let mut table = Table::new("causes", "结果和缘由", columns)
            .rows(rows)
            .empty("这个月还没有核算。拟制发放批次后会自动核算，也可以点“重新核算”。", None);
        if all > 0 {
            table.totals = vec![
                "合计".into(),
                Line::new(),
                number(all, sees.then(|| self.people("", ""))),
                Line::new(),
                sum(|it| it.due).into(),
                sum(|it| it.paid).into(),
            ];
        }
        table
    }

    fn places_table(&self, sees: bool) -> Table {
        let rows = self.places.iter().map(|(name, (lo, hi), counts)| {
            let href = |result: &str| {
                sees.then(|| self.people(result, "").query("lo", lo).query("hi", hi))
            };
            let mut row: Vec<Line> = vec![name.as_str().into(), number(counts.all(), href(""))];
            row.extend(Paid::ALL.map(|paid| number(counts.of(paid), href(paid.code()))));
            row.push(counts.rate().into());
            row
        });
        Table::new("places", "分乡镇（村）", columns("地区"))
            .rows(rows)
            .empty("没有应享的人。", None)
    }

    fn months_table(&self) -> Table {
        let rows = self.history.iter().rev().map(|(month, counts)| {
            let href = here::on_time(&self.item.id, &month.to_string());
            let mut row: Vec<Line> =
                vec![Link::new(month.chinese(), href).into(), digits(counts.all()).into()];
            row.extend(Paid::ALL.map(|paid| Line::from(digits(counts.of(paid)))));
            row.push(counts.rate().into());
            row
        });
        Table::new("months", "各月", columns("月份")).rows(rows).empty("还没有核算过的月份。", None)
    }
}

fn columns(first: &str) -> Vec<Column> {
    let mut columns = vec![Column::new(first), Column::sum("应享")];
    columns.extend(Paid::ALL.map(|paid| Column::sum(paid.chinese())));
    columns.push(Column::sum("按时足额率"));
    columns
}

/// What is to be counted.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    item: String,
    #[serde(default)]
    month: String,
}

/// 重新核算: the whole county of the reader, as the system.
pub(super) async fn count(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(wanted): Posted<Wanted>,
) -> Answer<Redirect> {
    let month: Option<Month> = wanted.month.parse().ok();
    let now = app.now().day().month();
    let month = month
        .filter(|month| *month <= now)
        .ok_or_else(|| Trouble::refused("要核算的月份不对。", "请选当月或以前的月份。"))?;
    let items = jobs::paid_items(&app, actor.area, month);
    let item = items.iter().find(|item| item.id == wanted.item).ok_or(Trouble::NotFound)?;
    let county = app
        .areas()
        .at_level(actor.area, AreaLevel::County)
        .map(|node| node.id)
        .ok_or_else(|| Trouble::refused("只能按县核算。", "请由县级岗位办理。"))?;
    let system = access::system_actor(app.db(), county, Role::FinanceOfficer).await?;
    jobs::count(&app, &system, county, &[(item.id.clone(), month)]).await?;
    Ok(Redirect::to(here::on_time(&item.id, &month.to_string()).as_str()))
}

/// By town, as a workbook: no people in it.
pub(super) async fn book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let (item, _) = asked.items(&app, &actor);
    let told = tell(&app, &actor, &asked, item.ok_or(Trouble::NotFound)?).await?;
    let cells = |name: &str, counts: Counts| {
        let mut row: Vec<Cell> = vec![name.into(), Cell::Count(count_of(counts.all()))];
        row.extend(Paid::ALL.map(|paid| Cell::Count(count_of(counts.of(paid)))));
        row.push(counts.rate().into());
        row
    };
    let mut rows: Vec<Vec<Cell>> =
        told.places.iter().map(|(name, _, counts)| cells(name, *counts)).collect();
    rows.push(cells("合计", told.counts));
    let month = told.month.chinese();
    let head = Head {
        title: format!("按时足额发放（{month}）"),
        filter_words: format!("{}，{month}", told.item.name),
        personal: false,
        cut_off: None,
    };
    let widths = [
        ("地区", 20.0),
        ("应享", 10.0),
        ("按时足额", 10.0),
        ("晚发", 10.0),
        ("少发", 10.0),
        ("在途", 10.0),
        ("未发", 10.0),
        ("按时足额率", 12.0),
    ];
    let bytes = download::list(&app, &actor, &head, &widths, &rows).await?;
    Ok(download::xlsx(&format!("按时足额发放-{}.xlsx", told.month), bytes))
}

/// The last day on which money of this item and month is in time.
pub(super) fn last_day(item: &Item, month: Month) -> Day {
    domain::deadline(item.pay.cycle, month)
}
