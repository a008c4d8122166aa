//! The sheets themselves.

use std::collections::BTreeMap;

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use facts::people::PersonCard;
use kernel::{AreaId, AreaLevel, Fen, PersonId, RunId, Trouble};
use payroll::store::{self as runs, DifferenceFilter, LineFilter};
use payroll::{Cause, CauseTally, Run};
use webkit::{Answer, Link, Page, grouped};

use super::pages::{Form, Town, object, only_with_all};
use crate::links::At;
use crate::pay::{back, count, find, groups, number, only_with_people, signed};
use crate::runs::item_name;
use crate::sheets::{
    ConfirmationPaper, Heading, ListPaper, ROWS_A_SHEET, Record, Row, SummaryPaper, TownLine,
    sheets, totals,
};
use crate::whom::whom;
use crate::{App, links, print_trace, shell};

/// As many lines as a list on paper holds: more than any town pays.
const LINES: i64 = 20_000;

const SIGNATURES: [&str; 3] = ["制表人", "审核人", "负责人"];

const fn heading(text: &'static str, class: &'static str) -> Heading {
    Heading { text, class }
}

/// What a form of a town is made of.
struct Sheet {
    run: Run,
    town: AreaId,
    place: (i32, i32),
    name: String,
    /// Who printed it last, and which print it was.
    printed: String,
}

impl Sheet {
    async fn open(
        app: &App,
        actor: &Actor,
        tx: &mut db::Tx,
        (run, form): (Run, Form),
        town: &Town,
    ) -> Result<Self, Trouble> {
        let town = town.within(app, actor)?;
        let areas = app.areas();
        let node = areas.node(town).ok_or(Trouble::NotFound)?;
        let printed = printed(tx, run.id, Some(town), form).await?;
        Ok(Self { town, place: (node.lo, node.hi), name: areas.spoken(town), printed, run })
    }

    fn title(&self, app: &App, form: Form) -> String {
        format!("{}{}{}", self.name, item_name(app, &self.run.item), form.chinese())
    }

    fn about(&self) -> String {
        format!("{}　金额单位：元　{}", self.run.month.chinese(), self.printed)
    }

    fn record(&self, app: &App) -> Record {
        Record::new(format!("批次号 {} {}", number(app, &self.run), self.name))
    }
}

async fn printed(
    tx: &mut db::Tx,
    run: RunId,
    town: Option<AreaId>,
    form: Form,
) -> Result<String, Trouble> {
    let prints = print_trace::prints(tx, &object(run, town), form.code()).await?;
    Ok(prints.first().map_or_else(
        || "预览，还没有登记打印".to_owned(),
        |print| format!("第 {} 次打印", print.no),
    ))
}

fn paper(app: &App, actor: &Actor, run: RunId) -> webkit::Paper {
    shell::paper(app, actor, Link::new("回到表单打印", links::paper::run(run)))
}

/// 发放花名册 of a town.
pub(super) async fn roster(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(town): Query<Town>,
) -> Answer<Page<ListPaper>> {
    only_with_people(&actor)?;
    let run = find(&app, &actor, id).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let it =
        Sheet::open(&app, &actor, &mut tx, (run, Form::Roster), &town).await.map_err(back(id))?;
    let filter = LineFilter { place: Some(it.place), ..LineFilter::default() };
    let lines = runs::lines(tx.conn(), id, &filter, LINES, 0).await?;
    let people: Vec<PersonId> = lines.iter().map(|line| line.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let columns = vec![
        heading("序号", "r nw num"),
        heading("姓名", "nw"),
        heading("证件号码", "nw"),
        heading("村（社区）", "nw"),
        heading("档次", "nw"),
        heading("当月", "r nw num"),
        heading("补发", "r nw num"),
        heading("合计", "r nw num"),
        heading("签收", "signed"),
    ];
    let rows: Vec<Row> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let card = cards.get(&line.person);
            let (name, number, village) = person(&app, card);
            let arrears = match line.arrears_months {
                0 => String::new(),
                months => format!("{months} 个月 {}", line.arrears),
            };
            Row {
                cells: vec![
                    (at + 1).to_string(),
                    name,
                    number,
                    village,
                    band(&it.run, line.band),
                    line.current.to_string(),
                    arrears,
                    line.total().to_string(),
                    String::new(),
                ],
                amount_fen: line.total(),
            }
        })
        .collect();
    Ok(Page::new(list(&app, &actor, &it, (Form::Roster, columns, 7), &rows)))
}

/// Name, masked number and village of somebody on a list.
fn person(app: &App, card: Option<&PersonCard>) -> (String, String, String) {
    let Some(card) = card else {
        return ("（已不在名单里）".to_owned(), String::new(), String::new());
    };
    let areas = app.areas();
    let village = areas.node(card.area).map_or_else(String::new, |node| node.name.clone());
    (card.name.clone(), card.number.to_string(), village)
}

fn band(run: &Run, band: Option<u8>) -> String {
    let at = band.map(usize::from);
    at.and_then(|at| run.bands.get(at)).map_or_else(|| "—".to_owned(), Clone::clone)
}

fn list(
    app: &App,
    actor: &Actor,
    it: &Sheet,
    (form, columns, sum_at): (Form, Vec<Heading>, usize),
    rows: &[Row],
) -> ListPaper {
    let all: Fen = rows.iter().map(|row| row.amount_fen).sum();
    let words = format!("合计（{} 人）", rows.len());
    ListPaper {
        paper: paper(app, actor, it.run.id),
        title: it.title(app, form),
        about: it.about(),
        totals: totals(columns.len(), sum_at, words, all),
        sheets: sheets(rows, columns.len(), sum_at, ROWS_A_SHEET),
        columns,
        capitals: (all > Fen::ZERO).then(|| all.capitals()),
        signatures: SIGNATURES.to_vec(),
        record: it.record(app),
    }
}

/// 新增人员明细表 of a town.
pub(super) async fn added(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(town): Query<Town>,
) -> Answer<Page<ListPaper>> {
    let causes = [Cause::Added, Cause::Restored, Cause::MovedIn];
    changes(&app, &actor, (id, Form::Added), &town, &causes).await
}

/// 停止发放人员明细表 of a town.
pub(super) async fn stopped(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(town): Query<Town>,
) -> Answer<Page<ListPaper>> {
    let causes = [Cause::StoppedDeath, Cause::StoppedOther, Cause::MovedOut, Cause::Held];
    changes(&app, &actor, (id, Form::Stopped), &town, &causes).await
}

async fn changes(
    app: &App,
    actor: &Actor,
    (id, form): (RunId, Form),
    town: &Town,
    causes: &[Cause],
) -> Answer<Page<ListPaper>> {
    only_with_people(actor)?;
    let run = find(app, actor, id).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = Sheet::open(app, actor, &mut tx, (run, form), town).await.map_err(back(id))?;
    let mut rows = Vec::new();
    for cause in causes {
        let filter = DifferenceFilter { cause: Some(*cause), place: Some(it.place), people: None };
        rows.extend(runs::differences(tx.conn(), id, &filter, LINES, 0).await?);
    }
    let people: Vec<PersonId> = rows.iter().map(|row| row.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let gains = form == Form::Added;
    let columns = vec![
        heading("序号", "r nw num"),
        heading("姓名", "nw"),
        heading("证件号码", "nw"),
        heading("村（社区）", "nw"),
        heading(if gains { "档次" } else { "原档次" }, "nw"),
        heading("原因", "nw"),
        heading("每月（元）", "r nw num"),
        heading("备注", "signed"),
    ];
    let rows: Vec<Row> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let (name, number, village) = person(app, cards.get(&row.person));
            let (class, sum) =
                if gains { (row.band, row.now) } else { (row.band_before, row.before) };
            Row {
                cells: vec![
                    (at + 1).to_string(),
                    name,
                    number,
                    village,
                    band(&it.run, class),
                    row.cause.chinese().to_owned(),
                    sum.to_string(),
                    String::new(),
                ],
                amount_fen: sum,
            }
        })
        .collect();
    Ok(Page::new(list(app, actor, &it, (form, columns, 6), &rows)))
}

/// Lines, months and money of some places.
#[derive(Clone, Debug, Default)]
struct Sums {
    bands: BTreeMap<u8, (i64, i64)>,
    lines: i64,
    arrears_months: i64,
    arrears: i64,
    current: i64,
}

impl Sums {
    fn add(&mut self, row: &runs::PlaceRow) {
        let band = self.bands.entry(row.band.unwrap_or(u8::MAX)).or_default();
        band.0 += row.lines;
        band.1 += row.current.get();
        self.lines += row.lines;
        self.arrears_months += row.months - row.lines;
        self.arrears += row.arrears.get();
        self.current += row.current.get();
    }

    fn total(&self) -> Fen {
        Fen::new(self.current + self.arrears)
    }

    fn line(&self, town: String, bands: usize) -> TownLine {
        let people = |n: i64| grouped(count(n));
        let of = |band: usize| {
            let band = u8::try_from(band).unwrap_or(u8::MAX);
            let (lines, fen) = self.bands.get(&band).copied().unwrap_or_default();
            (people(lines), Fen::new(fen).to_string())
        };
        TownLine {
            town,
            bands: (0..bands).map(of).collect(),
            arrears: (people(self.arrears_months), Fen::new(self.arrears).to_string()),
            people: people(self.lines),
            sum: self.total().to_string(),
        }
    }
}

/// 发放汇总表 of a run.
pub(super) async fn summary(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
) -> Answer<Page<SummaryPaper>> {
    let run = find(&app, &actor, id).await?;
    only_with_all(&app, &actor, &run)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let places = runs::by_place_and_band(tx.conn(), id).await?;
    let tally = runs::difference_tally(tx.conn(), id).await?;
    let printed = printed(&mut tx, id, None, Form::Summary).await?;
    drop(tx);
    let areas = app.areas();
    let mut towns: BTreeMap<i32, (String, Sums)> = BTreeMap::new();
    let mut all = Sums::default();
    for row in &places {
        let node = areas.at_level(row.area, AreaLevel::Township).or_else(|| areas.node(row.area));
        let Some(node) = node else { continue };
        let town = towns.entry(node.lo).or_insert_with(|| (node.name.clone(), Sums::default()));
        town.1.add(row);
        all.add(row);
    }
    let bands = run.bands.len();
    let county = areas.spoken(run.area);
    let hands = [("冻结", &run.frozen), ("锁定", &run.first), ("复核锁定", &run.second)];
    let locked = hands.into_iter().filter_map(|(act, hand)| {
        hand.as_ref().map(|hand| format!("{} {} {act}", hand.name, hand.at))
    });
    Ok(Page::new(SummaryPaper {
        paper: paper(&app, &actor, id),
        title: format!("{county}{}{}", item_name(&app, &run.item), Form::Summary.chinese()),
        about: format!("{}　金额单位：元　{printed}", run.month.chinese()),
        bands: run.bands.clone(),
        towns: towns.into_values().map(|(name, sums)| sums.line(name, bands)).collect(),
        total: all.line("合计".to_owned(), bands),
        capitals: run.total().capitals(),
        differences: differences(&run, &tally),
        content_sm3: run.digest.as_ref().map_or_else(
            || "还没有冻结".to_owned(),
            |digest| groups(&payroll::hex(digest)).join(" "),
        ),
        locked: locked.collect(),
        record: Record::new(format!("批次号 {}", number(&app, &run))),
    }))
}

/// 上月, what changed by cause, 本月: words, people, sum.
fn differences(run: &Run, tally: &[(Cause, CauseTally)]) -> Vec<(String, String, String)> {
    let mut lines = vec![(
        format!("上月（{}）", run.before_month.chinese()),
        grouped(count(run.before_lines)),
        run.before_total.to_string(),
    )];
    lines.extend(tally.iter().map(|(cause, it)| {
        let words = match it.months {
            0 => cause.chinese().to_owned(),
            months => format!("{}（{months} 个月）", cause.chinese()),
        };
        (words, it.people.to_string(), signed(it.amount))
    }));
    lines.push((
        format!("本月（{}）", run.month.chinese()),
        grouped(count(run.lines)),
        run.total().to_string(),
    ));
    lines
}

/// 发放确认表 of a town: what it stamps.
pub(super) async fn confirmation(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<RunId>,
    Query(town): Query<Town>,
) -> Answer<Page<ConfirmationPaper>> {
    let run = find(&app, &actor, id).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = Sheet::open(&app, &actor, &mut tx, (run, Form::Confirmation), &town)
        .await
        .map_err(back(id))?;
    let areas = app.areas();
    let mut sums = Sums::default();
    for row in runs::by_place_and_band(tx.conn(), id).await? {
        if areas.within(row.area, it.town) == Some(true) {
            sums.add(&row);
        }
    }
    let mut figures = vec![
        ("发放月份", it.run.month.chinese()),
        ("发放人数", format!("{} 人", grouped(count(sums.lines)))),
        ("当月金额", Fen::new(sums.current).to_string()),
        ("补发", format!("{} 个月 {}", sums.arrears_months, Fen::new(sums.arrears))),
        ("合计金额", sums.total().to_string()),
    ];
    for (label, cause) in [
        ("新增", Cause::Added),
        ("去世停发", Cause::StoppedDeath),
        ("档次变化", Cause::ClassChange),
    ] {
        let filter = DifferenceFilter { cause: Some(cause), place: Some(it.place), people: None };
        let people = runs::count_differences(tx.conn(), id, &filter).await?;
        figures.push((label, format!("{people} 人")));
    }
    drop(tx);
    Ok(Page::new(ConfirmationPaper {
        paper: paper(&app, &actor, id),
        title: it.title(&app, Form::Confirmation),
        about: it.about(),
        figures,
        capitals: sums.total().capitals(),
        sentence: format!(
            "经核对，上列人数、金额与{}花名册一致，新增、停发和档次变化均已核实。",
            it.name
        ),
        record: it.record(&app),
    }))
}
