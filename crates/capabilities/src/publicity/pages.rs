//! 公示: the lists, and one sheet with the people behind it.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::{CaseId, Day, Fen, PersonId, Trouble};
use serde::Deserialize;
use webkit::{
    Answer, Chip, Crumbs, Field, FieldKind, FilterLink, Form, Line, Link, Page, Pager, PostButton,
    Tone, grouped,
};

use super::period::Hanging;
use super::store::{self, ActOn, Posting, Which};
use super::views::{ListPage, NamedRow, PostingPage, PostingRow, WaitingRow, arrears};
use super::waiting::{self, Waiting};
use super::{posting, sheet};
use crate::download::{self, Cell, Head};
use crate::links::{self, At};
use crate::whom::whom;
use crate::{App, print_trace, shell};

const PAGE_ROWS: i64 = 50;
const BOOK_ROWS: i64 = 5_000;
/// More cases than those of everybody on one sheet.
const MOST_CASES: i64 = 5_000;

/// 张贴状态: stored word, bureau's word, colour.
const STATES: [(&str, &str, Tone); 3] = [
    ("running", "公示中", Tone::Info),
    ("overdue", "期满待撤", Tone::Bad),
    ("down", "已撤下", Tone::Plain),
];

/// What the list is filtered by.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn state(&self) -> Option<(&'static str, &'static str, Tone)> {
        STATES.into_iter().find(|(code, ..)| *code == self.state)
    }

    fn code(&self) -> &'static str {
        self.state().map_or("", |(code, ..)| code)
    }

    fn words(&self) -> &'static str {
        self.state().map_or("全部", |(_, words, _)| words)
    }

    fn which(&self) -> Which<'static> {
        Which { state: self.state().map(|(code, ..)| code), ..Which::default() }
    }
}

/// One sheet of the scope.
pub(super) async fn find(app: &App, tx: &mut db::Tx, id: i64) -> Result<Posting, Trouble> {
    let which = Which { id: Some(id), ..Which::default() };
    let found = store::postings(tx.conn(), &which, app.now().day(), (1, 0)).await?;
    found.into_iter().next().ok_or(Trouble::NotFound)
}

pub(super) fn state_chip(it: &Posting, today: Day) -> Chip {
    match Hanging::of(it.period(), it.ended_on, today) {
        Hanging::Running => {
            let left = it.last_day.days_since(today);
            let words = if left == 0 {
                "今天期满".to_owned()
            } else {
                format!("公示中，还有 {left} 天")
            };
            Chip::new(Tone::Info, words)
        }
        Hanging::Overdue { days } => Chip::new(Tone::Bad, format!("期满待撤，已超期 {days} 天")),
        Hanging::Down(day) => Chip::new(Tone::Plain, format!("{} 已撤下", day.chinese_short())),
    }
}

fn objected(it: &Posting) -> Chip {
    match it.objected {
        0 => Chip::new(Tone::Plain, ""),
        lines => Chip::new(Tone::Wait, format!("{lines} 人有异议")),
    }
}

/// What waits, and what hangs.
pub(crate) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ListPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let (waits, left_out) = waiting::waiting(&app, &mut tx).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let which = asked.which();
    let rows = store::postings(tx.conn(), &which, today, (PAGE_ROWS, offset)).await?;
    let counts = store::counts(tx.conn(), today).await?;
    let phone = posting::last_phone(&app, &mut tx, actor.area).await?;
    drop(tx);
    let villages = by_village(&app, &waits);
    let posts = may(actor.role, Action::ReviewCases) && !villages.is_empty();
    let running = count(&counts, "running");
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &links::publicity::postings()).await?,
        sentence: sentence(&villages, &counts),
        post: posts.then(|| post_form(&actor, villages.len(), &phone, today)),
        waiting: villages,
        left_out: left_out
            .into_iter()
            .map(|it| (Link::new(it.name, links::applications::one(it.case)), it.item, it.why))
            .collect(),
        filters: filters(&counts, &asked),
        filter_words: asked.words().to_owned(),
        export: links::publicity::postings_book(asked.code()),
        sheets: (running > 0).then(|| links::publicity::postings_part("sheets")),
        pager: pager(&counts, &asked, rows.len()),
        rows: rows.iter().map(|it| row(&app, it, today)).collect(),
    }))
}

fn post_form(actor: &Actor, villages: usize, phone: &str, today: Day) -> Form {
    let action = links::publicity::postings_part("post");
    Form::new(action, &actor.csrf, format!("张贴 {villages} 个村的公示"))
        .main()
        .field(
            Field::new("phone", "异议电话", FieldKind::Text("tel"))
                .hint("写在公示单上，公示期内要有人接。")
                .value(phone),
        )
        .field(
            Field::new("posted_on", "张贴日期", FieldKind::Day)
                .hint("公示期从第二天算起，按日历天。")
                .value(today.to_string()),
        )
}

fn count(counts: &[(String, i64)], state: &str) -> u64 {
    let found = counts.iter().find(|(code, _)| code == state);
    found.and_then(|(_, count)| u64::try_from(*count).ok()).unwrap_or(0)
}

fn sentence(villages: &[WaitingRow], counts: &[(String, i64)]) -> String {
    let mut parts = Vec::new();
    if !villages.is_empty() {
        parts.push(format!("{} 个村有申领待张贴公示", villages.len()));
    }
    match count(counts, "overdue") {
        0 => {}
        late => parts.push(format!("{late} 张公示单期满还没有撤下")),
    }
    match count(counts, "running") {
        0 => {}
        running => parts.push(format!("{running} 张正在公示")),
    }
    if parts.is_empty() {
        return "没有等着张贴的，也没有正在公示的。".to_owned();
    }
    format!("{}。", parts.join("，"))
}

fn by_village(app: &App, waits: &[Waiting<'_>]) -> Vec<WaitingRow> {
    let areas = app.areas();
    let groups = waiting::by_area(waits);
    let row = |(area, here): (kernel::AreaId, Vec<&Waiting<'_>>)| {
        let mut items: Vec<&str> = here.iter().map(|it| it.item.name.as_str()).collect();
        items.dedup();
        let monthly: Fen = here.iter().map(|it| it.monthly_fen).sum();
        let since = here.iter().map(|it| it.since).min();
        WaitingRow {
            village: areas.spoken(area),
            people: format!("{} 人", here.len()),
            items: items.join("、"),
            monthly: monthly.to_string(),
            since: since.map_or_else(String::new, |day| day.to_string()),
        }
    };
    groups.into_iter().map(row).collect()
}

fn filters(counts: &[(String, i64)], asked: &Asked) -> Vec<FilterLink> {
    let states = STATES.iter().filter(|(code, ..)| count(counts, code) > 0);
    states
        .map(|(code, words, tone)| FilterLink {
            text: (*words).to_owned(),
            count: count(counts, code),
            href: links::publicity::postings_in(code),
            tone: *tone,
            current: asked.code() == *code,
        })
        .collect()
}

fn pager(counts: &[(String, i64)], asked: &Asked, shown: usize) -> Option<Pager> {
    let of: u64 = match asked.code() {
        "" => STATES.iter().map(|(code, ..)| count(counts, code)).sum(),
        code => count(counts, code),
    };
    let rows = u64::try_from(PAGE_ROWS).unwrap_or(1);
    let before = u64::from(asked.page) * rows;
    let to = before + u64::try_from(shown).unwrap_or(0);
    let page = |page: u32| links::publicity::postings_in(asked.code()).query("page", page);
    (of > rows).then(|| Pager {
        from: before + 1,
        to,
        of,
        previous: (asked.page > 0).then(|| page(asked.page - 1)),
        next: (to < of).then(|| page(asked.page + 1)),
    })
}

fn row(app: &App, it: &Posting, today: Day) -> PostingRow {
    PostingRow {
        village: Link::new(app.areas().spoken(it.area), links::publicity::posting(it.id)),
        period: format!("{} 至 {}", it.posted_on, it.last_day),
        lines: format!("{} 人", grouped(u64::try_from(it.lines).unwrap_or(0))),
        monthly: it.monthly_fen.to_string(),
        objected: objected(it),
        state: state_chip(it, today),
    }
}

/// The list as a workbook: sheets without names.
pub(crate) async fn book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = store::postings(tx.conn(), &asked.which(), today, (BOOK_ROWS, 0)).await?;
    drop(tx);
    let head = Head {
        title: "公示单".to_owned(),
        filter_words: asked.words().to_owned(),
        personal: false,
        cut_off: None,
    };
    let columns = [
        ("村（社区）", 24.0),
        ("张贴日期", 12.0),
        ("公示期满", 12.0),
        ("公示天数", 10.0),
        ("人数", 8.0),
        ("每月合计（元）", 14.0),
        ("有异议人数", 12.0),
        ("撤下日期", 12.0),
        ("状态", 20.0),
    ];
    let areas = app.areas();
    let number = |n: i64| Cell::Count(u64::try_from(n).unwrap_or(0));
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|it| {
            vec![
                areas.spoken(it.area).into(),
                Cell::Day(it.posted_on),
                Cell::Day(it.last_day),
                number(i64::from(it.period_days)),
                number(it.lines),
                Cell::Money(it.monthly_fen),
                number(it.objected),
                it.ended_on.map_or(Cell::Empty, Cell::Day),
                state_chip(it, today).text.into(),
            ]
        })
        .collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&format!("公示单-{today}.xlsx"), bytes))
}

/// One sheet with the people behind it.
pub(crate) async fn one(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Page<PostingPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let it = find(&app, &mut tx, id).await?;
    let acts = store::acts(tx.conn(), id).await?;
    let prints = print_trace::prints(&mut tx, &sheet::object(id), sheet::FORM).await?;
    let rows = named(&mut tx, &actor, &it, today).await?;
    drop(tx);
    let hangs = it.ended_on.is_none();
    let works = may(actor.role, Action::AcceptCases);
    let village = app.areas().spoken(it.area);
    let print =
        PostButton::new(links::publicity::posting_part(id, "print"), &actor.csrf, "打印公示单")
            .class("btn main");
    let mut links = vec![Link::new("看公示单", links::publicity::posting_part(id, "sheet"))];
    if hangs && it.period().runs(today) {
        links.push(Link::new("看公开页", links::publicity::notice(id)));
    }
    Ok(Page::new(PostingPage {
        shell: shell::shell(&app, &actor, &links::publicity::postings()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("公示", links::publicity::postings())],
            here: village.clone(),
        },
        title: format!("{village}公示单"),
        state: Line::from(state_chip(&it, today))
            .text(format!(" 公示期 {}", it.period().chinese())),
        acts: links,
        print: (hangs && works).then_some(print),
        facts: facts(&it, &acts, &prints),
        rows,
        take_down: (hangs && works).then(|| posting::take_down_form(&it, &actor, today)),
    }))
}

fn facts(it: &Posting, acts: &[ActOn], prints: &[print_trace::Print]) -> Vec<(String, Line)> {
    let mut facts = vec![("异议电话".to_owned(), it.phone.as_str().into())];
    for act in acts {
        let term = if act.act == "posted" { "张贴" } else { "撤下" };
        let note = if act.note.is_empty() { String::new() } else { format!("，{}", act.note) };
        let words = format!("{}，{} {} 登记{note}", act.on_day.chinese(), act.by, act.at);
        facts.push((term.to_owned(), words.as_str().into()));
    }
    let words: Vec<String> = prints.iter().map(print_trace::Print::chinese).collect();
    let words = if words.is_empty() { "还没有打印".to_owned() } else { words.join("；") };
    facts.push(("打印".to_owned(), words.as_str().into()));
    facts
}

async fn named(
    tx: &mut db::Tx,
    actor: &Actor,
    it: &Posting,
    today: Day,
) -> Result<Vec<NamedRow>, Trouble> {
    let lines = store::lines(tx.conn(), it.id).await?;
    let behind = store::behind(tx.conn(), it.id).await?;
    let people: Vec<PersonId> = behind.iter().map(|it| it.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    let filter = cases::Filter { people: Some(people), ..cases::Filter::default() };
    let states: HashMap<CaseId, (Chip, bool)> = cases::cases(tx.conn(), &filter, MOST_CASES, 0)
        .await?
        .iter()
        .map(|case| (case.id, waiting::state(case)))
        .collect();
    let open = may(actor.role, Action::DecideDuties) && it.period().runs(today);
    Ok(lines
        .iter()
        .map(|(no, line)| {
            let who = behind.iter().find(|it| it.no == *no);
            let card = who.and_then(|it| cards.get(&it.person));
            let state = who.and_then(|it| states.get(&it.case));
            let objects = state.is_some_and(|(_, may)| *may) && open && it.ended_on.is_none();
            NamedRow {
                no: no.to_string(),
                elder: card.map_or_else(Line::new, |card| {
                    Link::new(&card.name, links::elder(card.id)).into()
                }),
                shown: line.name.to_string(),
                item: line.item.to_string(),
                monthly: line.monthly_fen.to_string(),
                arrears: arrears(line),
                state: state.map_or_else(Line::new, |(chip, _)| chip.clone().into()),
                object: who
                    .filter(|_| objects)
                    .map(|it| Link::new("登记异议", links::complaints::object(it.person, it.case))),
            }
        })
        .collect())
}
