//! 实时核验: the handlers.

use std::collections::HashMap;

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Redirect;
use facts::Fact;
use facts::people::{Find, PersonCard};
use kernel::{Day, PersonId, Trouble};
use policy::register::word_chinese;
use serde::Deserialize;
use webkit::{Answer, Chip, Choice, Crumbs, Failure, Form, Line, Link, Page, Pager, Posted, Tone};

use super::domain::{Agreement, Seen, Standing, Why, compare};
use super::jobs;
use super::views::{
    AnswerRow, CallRow, ElderLookupsPage, FoundRow, LineRow, LookupsPage, SystemPart, ask_form,
    find_form, pull_form,
};
use crate::links::At;
use crate::shell::shell;
use crate::whom::whom;
use crate::words::{CLOSED, is_sensitive, value_words};
use crate::{App, links};
use signed_http::{self, AnswerLine, OnFailure, store};

const PAGE_ROWS: i64 = 20;
/// As many elders as a search shows.
const FOUND_ROWS: i64 = 20;

/// Which page of the calls.
#[derive(Deserialize)]
pub(super) struct PageNo {
    #[serde(default)]
    page: u32,
}

pub(super) async fn overview(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(PageNo { page }): Query<PageNo>,
) -> Answer<Page<LookupsPage>> {
    Ok(Page::new(page_of(&app, &actor, page, "", None).await?))
}

/// What was typed to find an elder.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    q: String,
}

pub(super) async fn search(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(Typed { q }): Posted<Typed>,
) -> Answer<Page<LookupsPage>> {
    let areas = app.areas();
    let found = match Find::parse(&q, &areas, actor.area) {
        None => Vec::new(),
        Some(what) => {
            let mut tx = app.db().begin(&actor.scope).await?;
            facts::people::find(tx.conn(), app.vault(), &areas, &what, FOUND_ROWS, 0).await?
        }
    };
    // A whole number does not come back to the page.
    let shown = if q.chars().filter(char::is_ascii_digit).count() > 8 { "" } else { &q };
    Ok(Page::new(page_of(&app, &actor, 0, shown, Some(found)).await?))
}

async fn page_of(
    app: &App,
    actor: &Actor,
    page: u32,
    typed: &str,
    found: Option<Vec<PersonCard>>,
) -> Result<LookupsPage, Trouble> {
    let offset = i64::from(page) * PAGE_ROWS;
    let mut tx = app.db().begin(&actor.scope).await?;
    let mut calls = store::calls(tx.conn(), None, PAGE_ROWS + 1, offset).await?;
    let more = calls.len() > usize::try_from(PAGE_ROWS).unwrap_or(0);
    calls.truncate(usize::try_from(PAGE_ROWS).unwrap_or(0));
    let people: Vec<PersonId> = calls.iter().filter_map(|call| call.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let lines: Vec<LineRow> = app.exchanges().iter().map(|line| line_row(app, line)).collect();
    let troubled = lines.iter().filter(|line| line.state.tone == Tone::Bad).count();
    let from = offset.unsigned_abs();
    let to = from + u64::try_from(calls.len()).unwrap_or(0);
    let href = |page: u32| links::lookups().query("page", page);
    Ok(LookupsPage {
        shell: shell(app, actor, &links::lookups()).await?,
        sentence: match troubled {
            0 => "向别的系统核验一位老人，一次一人，写明用途，全程留痕。".to_owned(),
            count => format!("有 {count} 个系统眼下问不通，核验按各自约定办理，见下表。"),
        },
        find: find_form(links::lookups(), &actor.csrf, typed),
        found: found.map(|cards| cards.iter().map(|card| found_row(app, card)).collect()),
        lines,
        pulls: if may(actor.role, Action::ReceiveFiles) { pulls(app, actor) } else { Vec::new() },
        calls: calls.iter().map(|call| call_row(app, call, &cards)).collect(),
        pager: (more || page > 0).then(|| Pager {
            from: (from + 1).min(to),
            to,
            of: to + u64::from(more),
            previous: (page > 0).then(|| href(page - 1)),
            next: more.then(|| href(page + 1)),
        }),
    })
}

fn found_row(app: &App, card: &PersonCard) -> FoundRow {
    FoundRow {
        person: Line::from(card.name.as_str()).small(format!(
            "{} {}",
            card.sex_and_age(app.now().day()),
            card.number
        )),
        area: app.areas().spoken(card.area),
        go: Link::new("核验", links::elder_lookups(card.id)),
    }
}

fn line_row(app: &App, line: &signed_http::Line) -> LineRow {
    let (config, health, now) = (line.config(), line.health(), app.wall());
    let state = match (line.is_connected(), health.resting_until.filter(|until| *until > now)) {
        (false, _) => Chip::new(Tone::Plain, "没有接通"),
        (true, Some(until)) => {
            let minutes = until.seconds_since(now) / 60 + 1;
            Chip::new(Tone::Bad, format!("暂停 {minutes} 分钟"))
        }
        (true, None) if health.failures > 0 => Chip::new(Tone::Wait, "刚失败过"),
        (true, None) => Chip::new(Tone::Ok, "可以用"),
    };
    let mut can = Vec::new();
    if config.look_up.is_some() {
        can.push("核验一人".to_owned());
    }
    can.extend(config.pull.iter().map(|it| format!("拉取{}", app.source_name(&it.supplier))));
    if config.report.is_some() {
        can.push("在线上报".to_owned());
    }
    LineRow {
        name: Line::from(config.name.as_str()).small(format!(
            "{} · 对接{}",
            config.department,
            config.confidence.chinese()
        )),
        state,
        can: can.join("、"),
        last_answer: health.last_answer.map_or_else(|| "—".to_owned(), |at| at.to_string()),
        last_fault: match &health.last_fault {
            _ if !line.is_connected() => "缺对接密钥，请系统管理员配置".to_owned(),
            Some((at, fault)) => {
                format!("{} {}，连续 {} 次", at.clock(), fault.chinese(), health.failures)
            }
            None => "—".to_owned(),
        },
        on_failure: config.look_up.as_ref().map_or_else(String::new, |it| rule(it.on_failure)),
    }
}

fn rule(on_failure: OnFailure) -> String {
    match on_failure {
        OnFailure::UseCache { hours } => format!("用 {hours} 小时内的上一次应答，再早的算不知道"),
        OnFailure::Hold => "相关事项暂缓，等核验后再办".to_owned(),
        OnFailure::Unknown => "算不知道，按现有资料办".to_owned(),
    }
}

fn pulls(app: &App, actor: &Actor) -> Vec<(String, Form)> {
    let today = app.now().day().to_string();
    let connected = app.exchanges().iter().filter(|line| line.is_connected());
    connected
        .flat_map(|line| line.config().pull.iter().map(move |it| (line.config(), it)))
        .filter(|(_, it)| app.layout(&it.supplier).is_some())
        .map(|(config, it)| {
            let name = app.source_name(&it.supplier);
            let href = links::pull(&config.id, &it.supplier);
            let form = pull_form(href, &actor.csrf, &format!("拉取{name}"), &today);
            (format!("从{}拉取{name}", config.name), form)
        })
        .collect()
}

fn call_row(app: &App, call: &store::SeenCall, cards: &HashMap<PersonId, PersonCard>) -> CallRow {
    let name = app.exchanges().line(&call.exchange);
    let name = name.map_or(call.exchange.as_str(), |line| line.config().name.as_str());
    let act = match call.act.as_str() {
        "look_up" => "核验一人",
        "pull" => "拉取一批",
        "send" => "在线上报",
        _ => "查回执",
    };
    let person = call.person.map(|id| cards.get(&id));
    CallRow {
        at: call.at.to_string(),
        by: call.by.clone().unwrap_or_else(|| "系统".to_owned()),
        what: Line::from(act).small(name),
        person: match person {
            None => "—".into(),
            Some(Some(card)) => Line::new().link(card.name.clone(), links::elder_lookups(card.id)),
            Some(None) => "已不在名单里".into(),
        },
        purpose: call.purpose.clone(),
        outcome: Chip::new(
            if call.outcome == "answered" { Tone::Ok } else { Tone::Bad },
            signed_http::outcome_chinese(&call.outcome),
        ),
        took: match call.attempts {
            0 => "没有发出".to_owned(),
            1 => seconds(call.took_ms),
            many => format!("{}，试了 {many} 次", seconds(call.took_ms)),
        },
    }
}

fn seconds(ms: i64) -> String {
    if ms < 100 {
        return "不到 0.1 秒".to_owned();
    }
    format!("{}.{} 秒", ms / 1000, ms % 1000 / 100)
}

pub(super) async fn elder(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(person): At<PersonId>,
) -> Answer<Page<ElderLookupsPage>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let card = facts::people::card(tx.conn(), person).await?;
    // The address may be that of a file that was merged into this one.
    let person = card.id;
    let facts = facts::facts_of(tx.conn(), person).await?;
    let calls = store::calls(tx.conn(), Some(person), PAGE_ROWS, 0).await?;
    let mut systems = Vec::new();
    for line in app.exchanges().iter().filter(|line| line.config().look_up.is_some()) {
        let id = &line.config().id;
        let answer = jobs::last_answer(&app, tx.conn(), id, person).await?;
        let last = calls.iter().find(|call| call.exchange == *id && call.act == "look_up");
        let failed = last.filter(|call| call.outcome != "answered");
        let main = systems.is_empty();
        systems.push(system(&app, &actor, line, (&card, &facts), answer, failed, main));
    }
    drop(tx);
    let people = calls.iter().filter_map(|call| call.person);
    let cards = people.map(|id| (id, card.clone())).collect();
    Ok(Page::new(ElderLookupsPage {
        shell: shell(&app, &actor, &links::lookups()).await?,
        crumbs: Crumbs {
            above: vec![
                Link::new("实时核验", links::lookups()),
                Link::new(card.name.clone(), links::elder(person)),
            ],
            here: "核验".to_owned(),
        },
        headline: card.name.clone(),
        about: format!(
            "{}，{}，证件号 {}，本系统状态：{}",
            card.sex_and_age(app.now().day()),
            app.areas().spoken(card.area),
            card.number,
            card.life.chinese()
        ),
        systems,
        calls: calls.iter().map(|call| call_row(&app, call, &cards)).collect(),
    }))
}

fn system(
    app: &App,
    actor: &Actor,
    line: &signed_http::Line,
    (card, facts): (&PersonCard, &[Fact]),
    answer: Option<(kernel::Now, Option<signed_http::Answer>)>,
    failed: Option<&store::SeenCall>,
    main: bool,
) -> SystemPart {
    let config = line.config();
    let now = app.now();
    let answered_at = answer.as_ref().map(|(at, _)| *at);
    let failed_since = failed.filter(|call| answered_at.is_none_or(|at| call.at >= at));
    let seen = jobs::seen(config, answered_at, failed_since.is_some());
    let standing = seen.as_ref().map_or(Standing::Never, |seen| seen.standing(now));
    let known = answer.and_then(|(_, answer)| answer);
    let nobody = answered_at.is_some() && known.is_none();
    let cause = failed_since.map_or("", |call| signed_http::outcome_chinese(&call.outcome));
    let lines = match (&known, standing.answer_of()) {
        (Some(answer), Some(_)) => {
            answer.lines.iter().map(|it| answer_row(app, it, card, facts)).collect()
        }
        _ => Vec::new(),
    };
    let differs = lines.iter().filter(|it: &&AnswerRow| it.agreement.tone == Tone::Bad).count();
    let connected = line.is_connected();
    SystemPart {
        name: config.name.clone(),
        state: state(standing, connected),
        sentence: sentence(standing, connected, (nobody, differs), cause, seen.as_ref()),
        lines,
        ask: connected.then(|| {
            let whys = Why::ALL.map(|why| Choice::new(why.code(), why.chinese()));
            let label = format!("向{}核验一次", config.name);
            let href = links::look_up(card.id, &config.id);
            ask_form(href, &actor.csrf, &label, whys.into(), main)
        }),
    }
}

fn state(standing: Standing, connected: bool) -> Chip {
    match standing {
        Standing::Never if !connected => Chip::new(Tone::Plain, "没有接通"),
        Standing::Never => Chip::new(Tone::Plain, "没有核验过"),
        Standing::Fresh(_) => Chip::new(Tone::Ok, "已核验"),
        Standing::Aged(_) => Chip::new(Tone::Wait, "核验已久"),
        Standing::Cached(_) => Chip::new(Tone::Wait, "用上一次的应答"),
        Standing::Hold => Chip::new(Tone::Bad, "暂缓"),
        Standing::Unknown => Chip::new(Tone::Bad, "不知道"),
    }
}

fn sentence(
    standing: Standing,
    connected: bool,
    (nobody, differs): (bool, usize),
    cause: &str,
    seen: Option<&Seen>,
) -> String {
    let found = match (nobody, differs) {
        (true, _) => "对方查无此人",
        (false, 0) => "没有不一致",
        (false, _) => "有不一致的，见下表",
    };
    let hours = seen.map_or(0, |seen| seen.cache_hours);
    match standing {
        Standing::Never if !connected => "还没有对接密钥，暂不能核验。".to_owned(),
        Standing::Never => "还没有向它核验过这位老人。".to_owned(),
        Standing::Fresh(at) => {
            format!("{at} 应答，{found}。{hours} 小时内再核验用这次的应答，不重复发出证件号。")
        }
        Standing::Aged(at) => format!("上一次是 {at}，{found}。需要时可以再核验一次。"),
        Standing::Cached(at) => {
            format!("这次没有得到应答（{cause}），按约定用 {at} 的应答，{found}。")
        }
        Standing::Hold => {
            format!("没有得到应答（{cause}）。按约定，要靠它判断的事项先暂缓，通了再办。")
        }
        Standing::Unknown => {
            format!("没有得到应答（{cause}），算不知道。请按现有资料办，或向来源部门核实。")
        }
    }
}

fn answer_row(app: &App, line: &AnswerLine, card: &PersonCard, facts: &[Fact]) -> AnswerRow {
    let kind = line.kind.as_deref().unwrap_or_default();
    let agreement = compare(line, card.life, facts);
    let ours = match kind {
        "" => "—".to_owned(),
        "life" => card.life.chinese().to_owned(),
        kind => facts
            .iter()
            .find(|fact| fact.kind == kind)
            .map_or_else(|| "没有".to_owned(), |fact| value_words(fact, &app.areas())),
    };
    let theirs = match &line.value {
        None => "没有".to_owned(),
        Some(_) if is_sensitive(kind) => CLOSED.to_owned(),
        Some(value) => word_chinese(value).to_owned(),
    };
    let (tone, words) = match agreement {
        Agreement::Same => (Tone::Ok, "一致"),
        Agreement::Differs => (Tone::Bad, "不一致"),
        Agreement::OnlyThere => (Tone::Bad, "本系统没有"),
        Agreement::OnlyHere => (Tone::Wait, "对方没有"),
        Agreement::Nothing => (Tone::Plain, "—"),
    };
    let (label, agreement) = (line.label.clone(), Chip::new(tone, words));
    AnswerRow { label, theirs, ours, agreement }
}

/// Why the elder is asked about.
#[derive(Deserialize)]
pub(super) struct Purpose {
    #[serde(default)]
    why: String,
}

pub(super) async fn look_up(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((person, exchange)): At<(PersonId, String)>,
    Posted(Purpose { why }): Posted<Purpose>,
) -> Answer<Redirect> {
    let here = links::elder_lookups(person);
    let back = |trouble: Trouble| Failure::from(trouble).back("回到核验", here.clone());
    let why = Why::from_code(&why).ok_or_else(|| {
        back(Trouble::refused("没有选为什么核验。", "请选一个用途，用途会留痕。"))
    })?;
    jobs::look_up(&app, &actor, person, &exchange, why).await.map_err(back)?;
    Ok(Redirect::to(here.as_str()))
}

/// As of when a batch is pulled.
#[derive(Deserialize)]
pub(super) struct AsOf {
    #[serde(default)]
    as_of: String,
}

pub(super) async fn pull(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At((exchange, supplier)): At<(String, String)>,
    Posted(AsOf { as_of }): Posted<AsOf>,
) -> Answer<Redirect> {
    let back = |trouble: Trouble| Failure::from(trouble).back("回到实时核验", links::lookups());
    let as_of: Day = as_of.parse().map_err(|_| {
        back(Trouble::refused("没有写数据截至哪一天。", "请写成 2026-06-01 这样。"))
    })?;
    let batch = jobs::pull(&app, &actor, &exchange, &supplier, as_of).await.map_err(back)?;
    Ok(Redirect::to(links::file(batch).as_str()))
}
