//! S1 今日待办: the difference ledger and the duties of the day.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use duties::{Duty, DutyKind, Filter, Tally};
use facts::people::PersonCard;
use kernel::{AreaLevel, Day, Fen, Role, Trouble};
use serde::Deserialize;
use webkit::{Answer, Bar, BarPart, Chip, FilterLink, Href, Line, Link, Page, Pager, Tone};

use super::domain::NOTICE_DAYS;
use super::duty_kinds::{
    AFTER_DEATH, CLASS_CHANGE, CONTRADICTED, FACT_MISSING, NOT_DEREGISTERED, NOT_ENTITLED, SOON,
    UNCLAIMED,
};
use super::views::{Card, CountLine, DutyRow, MonthStrip, StaleSource, TodayPage};
use crate::app::award_kind;
use crate::shell::shell;
use crate::{App, duty_kind, links, words};

const PAGE_ROWS: i64 = 30;

/// What the address says about the list.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Ask {
    kind: Option<String>,
    cause: Option<String>,
    due: Option<String>,
    owner: Option<String>,
    #[serde(default)]
    page: u32,
}

impl Ask {
    pub(crate) fn filter(&self, today: Day) -> Filter {
        Filter {
            kind: self.kind.clone(),
            cause_code: self.cause.clone(),
            due_by: self.due.as_deref().and_then(|due| (due == "today").then_some(today)),
            owner_role: self.owner.as_deref().and_then(Role::from_code),
        }
    }

    fn href(&self, base: Href) -> Href {
        [("kind", &self.kind), ("cause", &self.cause), ("due", &self.due), ("owner", &self.owner)]
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| (name, value)))
            .fold(base, |href, (name, value)| href.query(name, value))
    }

    pub(crate) fn words(&self) -> String {
        let mut words = Vec::new();
        if let Some(kind) = self.kind.as_deref().and_then(duty_kind) {
            words.push(kind.label.to_owned());
        }
        if self.cause.is_some() {
            words.push("其中一类缘由".to_owned());
        }
        if self.due.is_some() {
            words.push("已到期".to_owned());
        }
        if let Some(role) = self.owner.as_deref().and_then(Role::from_code) {
            words.push(format!("由{}办理", role.chinese()));
        }
        if words.is_empty() {
            "全部待办，按期限排列".to_owned()
        } else {
            words.join("，")
        }
    }
}

/// 今日; other roles go to the page that is theirs.
pub(crate) async fn today(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(ask): Query<Ask>,
) -> Answer<Response> {
    if !may(actor.role, Action::SeeDuties) {
        let elsewhere = if may(actor.role, Action::ManageSessions) {
            links::sessions()
        } else {
            links::lists()
        };
        return Ok(Redirect::to(elsewhere.as_str()).into_response());
    }
    Ok(Page::new(page(&app, &actor, &ask).await?).into_response())
}

async fn page(app: &App, actor: &Actor, ask: &Ask) -> Result<TodayPage, Trouble> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let tallies = Tallies(duties::tally(tx.conn(), today).await?);
    let offset = i64::from(ask.page) * PAGE_ROWS;
    let filter = ask.filter(today);
    let shown = duties::open_duties(tx.conn(), &filter, PAGE_ROWS, offset).await?;
    let first = match ask.page {
        0 if !shown.is_empty() => shown.first().cloned(),
        _ => duties::open_duties(tx.conn(), &Filter::default(), 1, 0).await?.into_iter().next(),
    };
    let all = duties::count(tx.conn(), &filter).await?;
    let rows = rows(app, &mut tx, &shown).await?;
    let (due, open) = (tallies.due(), tallies.count(|_| true));
    Ok(TodayPage {
        shell: shell(app, actor, &links::today()).await?,
        sentence: match due {
            0 => Line::from(format!("有 {open} 件待办，没有到期的。")),
            due => Line::from(format!("有 {open} 件待办，其中 "))
                .strong(format!("{due} 件已到期"))
                .text("。"),
        },
        first: first.map(|duty| links::duty(duty.id)),
        print: ask.href(links::today_sheet()),
        month: month(app, actor, &mut tx, &tallies).await?,
        cards: cards(app, actor, &tallies),
        stale: stale(app, actor, &mut tx).await?,
        duties: rows,
        filter_words: ask.words(),
        filters: filters(ask, &tallies),
        export: ask.href(links::today_export()),
        pager: pager(ask, shown.len(), all),
        nothing_due: if ask.href(links::today()) == links::today() {
            "没有要办的事。各部门数据更新后，新的差异会自动列在这里。".to_owned()
        } else {
            "这一类没有待办。点“全部”查看其他待办。".to_owned()
        },
    })
}

/// Counts of open duties by kind and cause.
struct Tallies(Vec<Tally>);

impl Tallies {
    fn of<'a>(&'a self, keep: impl Fn(&Tally) -> bool + 'a) -> impl Iterator<Item = &'a Tally> {
        self.0.iter().filter(move |tally| keep(tally))
    }

    fn count(&self, keep: impl Fn(&Tally) -> bool) -> u64 {
        self.of(keep).map(|tally| u64::try_from(tally.count).unwrap_or(0)).sum()
    }

    fn kind(&self, kind: &DutyKind) -> u64 {
        self.count(|tally| tally.kind == kind.id)
    }

    fn cause(&self, kind: &DutyKind, cause: &str) -> u64 {
        self.count(|tally| tally.kind == kind.id && tally.cause_code == cause)
    }

    fn due(&self) -> u64 {
        self.0.iter().map(|tally| u64::try_from(tally.due).unwrap_or(0)).sum()
    }
}

fn by_kind(kind: &DutyKind) -> Href {
    links::today().query("kind", kind.id)
}

fn by_cause(kind: &DutyKind, cause: &str) -> Href {
    by_kind(kind).query("cause", cause)
}

fn line(text: impl Into<String>, count: u64, href: Href) -> CountLine {
    CountLine { text: text.into(), count, href }
}

fn card(heading: &str, people: Option<(u64, Href)>, lines: Vec<CountLine>, empty: &str) -> Card {
    Card {
        heading: heading.to_owned(),
        chip: None,
        people,
        lines: lines.into_iter().filter(|line| line.count > 0).collect(),
        empty: empty.to_owned(),
    }
}

fn money_chip(sum: Fen, words: &str) -> Option<Chip> {
    (sum != Fen::ZERO).then(|| Chip::new(Tone::Bad, format!("{words} {} 元", short(sum))))
}

fn cards(app: &App, actor: &Actor, tallies: &Tallies) -> Vec<Card> {
    let last_month = app.now().day().month().plus(-1).number();
    let items = app.paid_items(actor.area, app.now().day().month());
    let lines_of_age: Vec<i32> =
        items.iter().flat_map(|item| &item.bands).map(|b| b.age_from).collect();
    let aged =
        lines_of_age.iter().min().map_or_else(|| "满龄".to_owned(), |age| format!("满 {age} 周岁"));
    vec![
        unclaimed_card(tallies, last_month, &aged),
        not_owed_card(tallies),
        soon_card(tallies, last_month, &lines_of_age, &aged),
    ]
}

fn unclaimed_card(tallies: &Tallies, last_month: i8, aged: &str) -> Card {
    let cause = |code: &str, text: String| {
        line(text, tallies.cause(&UNCLAIMED, code), by_cause(&UNCLAIMED, code))
    };
    let lines = vec![
        cause("newly_entitled", format!("{last_month} 月{aged}，尚未申请")),
        cause("entitled_before", format!("早已{aged}，从未领取")),
        line("还差一项事实才能认定", tallies.kind(&FACT_MISSING), by_kind(&FACT_MISSING)),
    ];
    let people = Some((tallies.kind(&UNCLAIMED), by_kind(&UNCLAIMED)));
    let monthly = tallies.of(|t| t.kind == UNCLAIMED.id).map(|t| t.monthly_fen).sum();
    Card {
        chip: money_chip(monthly, "每月少发"),
        ..card("应享未享", people, lines, "没有发现应享未享。")
    }
}

fn not_owed_card(tallies: &Tallies) -> Card {
    let dead = match tallies.cause(&AFTER_DEATH, "paid_after") {
        0 => "已去世，仍在册".to_owned(),
        after => format!("已去世，仍在册（其中 {after} 人去世后已发）"),
    };
    let kind = |kind: &DutyKind, text: String| line(text, tallies.kind(kind), by_kind(kind));
    let lines = vec![
        kind(&AFTER_DEATH, dead),
        kind(&NOT_ENTITLED, "不符合条件，仍在册".to_owned()),
        kind(&NOT_DEREGISTERED, "已火化或报告死亡，公安未销户".to_owned()),
    ];
    let count = tallies.kind(&AFTER_DEATH) + tallies.kind(&NOT_ENTITLED);
    let overpaid = tallies.of(|t| t.kind == AFTER_DEATH.id).map(|t| t.amount_fen).sum();
    let people = Some((count, by_kind(&AFTER_DEATH)));
    Card {
        chip: money_chip(overpaid, "已多发"),
        ..card("不应享而享", people, lines, "没有发现不应享而享。")
    }
}

fn soon_card(tallies: &Tallies, last_month: i8, lines_of_age: &[i32], aged: &str) -> Card {
    let change = |code: &str, text: String| {
        line(text, tallies.cause(&CLASS_CHANGE, code), by_cause(&CLASS_CHANGE, code))
    };
    let contradicted = tallies.kind(&CONTRADICTED);
    let mut lines = vec![line("死亡信息相互矛盾", contradicted, by_kind(&CONTRADICTED))];
    lines.extend(lines_of_age.iter().map(|age| {
        change(&format!("age_{age}"), format!("{last_month} 月满 {age} 周岁，档次变化"))
    }));
    lines.push(change("other", "金额与清单不符".to_owned()));
    lines.push(line(format!("{NOTICE_DAYS} 天内{aged}"), tallies.kind(&SOON), by_kind(&SOON)));
    let due = tallies.due();
    Card {
        chip: (due > 0).then(|| Chip::new(Tone::Wait, format!("已到期 {due} 件"))),
        ..card("核对与将到", None, lines, "没有要核对的，也没有将到龄的。")
    }
}

/// `9,560`, or with decimals where there are any.
fn short(sum: Fen) -> String {
    let text = sum.to_string();
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}

async fn month(
    app: &App,
    actor: &Actor,
    tx: &mut db::Tx,
    tallies: &Tallies,
) -> Result<Option<MonthStrip>, Trouble> {
    let today = app.now().day();
    let items = app.paid_items(actor.area, today.month());
    let Some(item) = items.first() else { return Ok(None) };
    let (Some(kind), Some(closes_on)) = (award_kind(item), item.pay.month_closes_on) else {
        return Ok(None);
    };
    let closes = today.month().first().plus_days(i64::from(closes_on) - 1);
    let paid = u64::try_from(facts::count_standing(tx.conn(), kind, today).await?).unwrap_or(0);
    let (wait, bad) =
        (tallies.kind(&UNCLAIMED), tallies.kind(&AFTER_DEATH) + tallies.kind(&NOT_ENTITLED));
    let near = tallies.kind(&CLASS_CHANGE);
    let done = paid.saturating_sub(bad + near);
    let part = |count, class| BarPart { count, class };
    let deadline = if closes < today {
        Line::from(format!("{closes_on} 日已截止，下月再结算"))
    } else {
        let days = app.calendar().working_days(today, closes)?;
        Line::from(format!("{closes_on} 日截止，还有 ")).strong(format!("{days} 个工作日"))
    };
    Ok(Some(MonthStrip {
        label: format!("{} 月结算", today.month().number()),
        bar: Bar {
            label: format!(
                "在册无异议 {done} 人，档次变化 {near} 人，应停发 {bad} 人，应享未享 {wait} 人"
            ),
            parts: vec![
                part(done, "done"),
                part(near, "near"),
                part(wait, "wait"),
                part(bad, "bad"),
            ],
        },
        deadline,
    }))
}

async fn stale(app: &App, actor: &Actor, tx: &mut db::Tx) -> Result<Vec<StaleSource>, Trouble> {
    let mut stale = Vec::new();
    if !may(actor.role, Action::SeeFiles) {
        return Ok(stale);
    }
    let Some(county) = app.areas().at_level(actor.area, AreaLevel::County).map(|node| node.id)
    else {
        return Ok(stale);
    };
    for layout in &app.parts().layouts {
        let last = facts::batches::last_applied(tx.conn(), &layout.id, county).await?;
        let days = last.as_ref().map(|last| app.now().day().days_since(last.as_of));
        let age = match days {
            Some(days) if days <= i64::from(layout.fresh_days) => continue,
            Some(days) => format!("已 {days} 天没有更新"),
            None => "还没有入库的数据".to_owned(),
        };
        stale.push(StaleSource { name: layout.name.clone(), age, href: links::files() });
    }
    Ok(stale)
}

fn filters(ask: &Ask, tallies: &Tallies) -> Vec<FilterLink> {
    let here = ask.href(links::today());
    let filter = |text: &str, count: u64, tone: Tone, href: Href| FilterLink {
        text: text.to_owned(),
        count,
        tone,
        current: href == here,
        href,
    };
    let owner = |role: Role| tallies.count(|tally| tally.owner_role == role);
    let by_owner = |role: Role| links::today().query("owner", role.code());
    let mut filters = vec![
        filter("全部", tallies.count(|_| true), Tone::Plain, links::today()),
        filter("已到期", tallies.due(), Tone::Bad, links::today().query("due", "today")),
    ];
    for (text, role) in [
        ("等村里", Role::VillageWorker),
        ("等乡镇", Role::TownReviewer),
        ("等数据", Role::DataOfficer),
    ] {
        if owner(role) > 0 {
            filters.push(filter(text, owner(role), Tone::Wait, by_owner(role)));
        }
    }
    filters
}

fn pager(ask: &Ask, shown: usize, all: i64) -> Option<Pager> {
    let rows = u64::try_from(PAGE_ROWS).unwrap_or(30);
    let (from, all) = (u64::from(ask.page) * rows, u64::try_from(all).unwrap_or(0));
    let to = from + u64::try_from(shown).unwrap_or(0);
    let href = |page: u32| ask.href(links::today()).query("page", page).at("duties");
    (all > rows).then(|| Pager {
        from: if shown == 0 { to } else { from + 1 },
        to,
        of: all,
        previous: (ask.page > 0).then(|| href(ask.page - 1)),
        next: (to < all).then(|| href(ask.page + 1)),
    })
}

/// Rows of the list, each with the card of its person.
pub(crate) async fn rows(
    app: &App,
    tx: &mut db::Tx,
    duties: &[Duty],
) -> Result<Vec<DutyRow>, Trouble> {
    let people: Vec<_> = duties.iter().map(|duty| duty.person).collect();
    let cards = facts::people::cards(tx.conn(), &people).await?;
    Ok(duties
        .iter()
        .filter_map(|duty| {
            let card = cards.iter().find(|card| card.id == duty.person)?;
            Some(row(app, duty, card))
        })
        .collect())
}

fn row(app: &App, duty: &Duty, card: &PersonCard) -> DutyRow {
    let today = app.now().day();
    let areas = app.areas();
    let kind = duty_kind(&duty.kind);
    DutyRow {
        elder: Link::new(card.name.clone(), links::duty(duty.id)),
        about: format!("{} · {}", card.sex_and_age(today), areas.spoken(card.area)),
        kind: chip(duty),
        cause: duty.cause.clone(),
        next_step: kind.map_or_else(String::new, |kind| kind.next_step.to_owned()),
        owner: owner(app, duty),
        amount: amount(duty),
        due: words::due_chip(duty.due_on, today),
    }
}

/// Whose desk it is on: `上坪村 养老专干`.
pub(crate) fn owner(app: &App, duty: &Duty) -> String {
    let areas = app.areas();
    let area = areas.node(duty.owner_area).map_or("", |node| node.name.as_str());
    let role = duty.owner_role.chinese();
    format!("{area} {}", role.strip_prefix("村级").unwrap_or(role))
}

/// The kind of a duty in its colour: red where somebody is harmed, amber where somebody is
/// waited for.
pub(crate) fn chip(duty: &Duty) -> Chip {
    let tone = match duty.kind.as_str() {
        kind if kind == NOT_DEREGISTERED.id || kind == FACT_MISSING.id => Tone::Wait,
        kind if kind == CLASS_CHANGE.id => Tone::Ok,
        kind if kind == SOON.id => Tone::Info,
        _ => Tone::Bad,
    };
    Chip::new(tone, duty_kind(&duty.kind).map_or("", |kind| kind.label))
}

/// What is at stake, in a few words.
pub(crate) fn amount(duty: &Duty) -> String {
    let nothing = Fen::ZERO;
    match duty.kind.as_str() {
        kind if kind == UNCLAIMED.id && duty.amount_fen != nothing => {
            format!("补发 {}", duty.amount_fen)
        }
        kind if kind == AFTER_DEATH.id && duty.amount_fen != nothing => {
            format!("追回 {}", duty.amount_fen)
        }
        kind if kind == AFTER_DEATH.id || kind == NOT_ENTITLED.id => {
            format!("停发 {}/月", duty.monthly_fen)
        }
        _ if duty.monthly_fen == nothing => "—".to_owned(),
        _ if duty.monthly_fen > nothing => format!("+{}/月", duty.monthly_fen),
        _ => format!("{}/月", duty.monthly_fen),
    }
}
