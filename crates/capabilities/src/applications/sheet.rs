//! 申请审批表 on paper: what was learned of the elder, 核查授权 with a place to sign, the boxes of
//! 登记 and the opinions of village, town and county. One person a page.

use access::Actor;
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Redirect;
use cases::Move;
use kernel::{AreaLevel, CaseId, Day, Hand, Sex, Trouble};
use serde::Deserialize;
use webkit::{Answer, Line, Link, Page, Part, Posted};

use super::desk::{self, Row};
use super::one::account;
use super::queue::Asked;
use crate::applying::{self, FLOW, Filled, Kept};
use crate::links::{self, At};
use crate::list_words::yuan;
use crate::sheets::{ApplicationForm, ApplicationPaper, Record, Tick};
use crate::{App, Evidence, conditions, print_trace, shell};

/// The form's stored word in the trace of prints.
const FORM: &str = "申请审批表";

/// As many as are printed at once.
pub(super) const AT_ONCE: i64 = 200;

/// Where the opinions stand, in the order in which they are given.
const OPINIONS: [(Hand, &str); 3] = [
    (Hand::Accepts, "村（社区）意见"),
    (Hand::Reviews, "乡镇（街道）审核意见"),
    (Hand::Approves, "县级民政部门审批意见"),
];

/// A form with nothing to say.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

fn object(case: CaseId) -> String {
    format!("case/{case}")
}

/// Of one application.
pub(crate) async fn one(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
) -> Answer<Page<ApplicationPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::row(&app, &mut tx, &actor, id).await?;
    let back = Link::new("回到这件申领", links::applications::one(id));
    Ok(Page::new(paper(&app, &actor, tx, &[row], back).await?))
}

/// Of every application in a state, village by village.
pub(crate) async fn all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ApplicationPaper>> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = asked_for(&app, &mut tx, &actor, &asked).await?;
    let back = Link::new("回到申领办理", links::applications::queue_of(asked.state(&actor)));
    Ok(Page::new(paper(&app, &actor, tx, &rows, back).await?))
}

/// Notes one print, and shows the sheet.
pub(crate) async fn print(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<CaseId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let row = desk::row(&app, &mut tx, &actor, id).await?;
    note(&app, &mut tx, &actor, &[row]).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::applications::part(id, "sheet").as_str()))
}

/// Notes one print of every application in a state, and shows the sheets.
pub(crate) async fn print_all(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Posted(asked): Posted<Asked>,
) -> Answer<Redirect> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = asked_for(&app, &mut tx, &actor, &asked).await?;
    note(&app, &mut tx, &actor, &rows).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::applications::papers(asked.state(&actor)).as_str()))
}

async fn asked_for(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    asked: &Asked,
) -> Result<Vec<Row>, Trouble> {
    let cases = cases::cases(tx.conn(), &asked.filter(actor), AT_ONCE, 0).await?;
    let mut rows = desk::rows(app, tx, actor, cases).await?;
    let areas = app.areas();
    let place = |row: &Row| areas.node(row.card.area).map_or(0, |node| node.lo);
    rows.sort_by_key(|row| (place(row), row.case.number));
    if rows.is_empty() { Err(Trouble::NotFound) } else { Ok(rows) }
}

async fn note(app: &App, tx: &mut db::Tx, actor: &Actor, rows: &[Row]) -> Result<(), Trouble> {
    for row in rows {
        print_trace::note(app, tx, actor, &object(row.case.id), FORM, row.card.area).await?;
    }
    Ok(())
}

async fn paper(
    app: &App,
    actor: &Actor,
    mut tx: db::Tx,
    rows: &[Row],
    back: Link,
) -> Result<ApplicationPaper, Trouble> {
    let mut forms = Vec::with_capacity(rows.len());
    for row in rows {
        forms.push(form(app, &mut tx, row).await?);
    }
    let first = rows.first().map_or("", |row| row.item.as_str());
    let alike = rows.iter().all(|row| row.item == first);
    let about = if alike { first } else { "养老服务待遇" };
    Ok(ApplicationPaper {
        paper: shell::paper(app, actor, back),
        title: format!("{about}{FORM}"),
        forms,
    })
}

async fn form(app: &App, tx: &mut db::Tx, row: &Row) -> Result<ApplicationForm, Trouble> {
    let evidence = Evidence::of(app, tx, row.card.id).await?;
    let item = desk::item(app, &row.case, &row.card);
    let kept = match row.case.owner {
        Some(_) => None,
        None => applying::kept(app, tx.conn(), row.case.id).await?,
    };
    let (proof, sources) = match (kept, &row.judged) {
        (Some(kept), _) => (Some(kept), Vec::new()),
        (None, Some(now)) => {
            let lines = conditions(app, &evidence, &now.explained);
            (Some(Kept::of(now)), lines.iter().map(|line| plain(&line.evidence)).collect())
        }
        (None, None) => (None, Vec::new()),
    };
    let prints = print_trace::prints(tx, &object(row.case.id), FORM).await?;
    let printed = prints.first().map_or_else(
        || "预览，还没有登记打印".to_owned(),
        |print| format!("第 {} 次打印", print.no),
    );
    let band = proof.as_ref().and_then(|it| it.band);
    let bands = item.map_or(&[][..], |item| &item.bands);
    let areas = app.areas();
    let county = areas.at_level(row.card.area, AreaLevel::County);
    let county = county.map_or("", |node| node.name.as_str());
    Ok(ApplicationForm {
        person: person(app, &evidence, row),
        ticks: bands
            .iter()
            .enumerate()
            .map(|(at, it)| Tick { is_on: band == Some(at), text: it.name() })
            .collect(),
        consent: consent(row),
        conditions: proof.iter().flat_map(|it| asked_and_found(it, &sources)).collect(),
        money: proof.as_ref().map_or_else(Vec::new, money),
        opinions: opinions(&row.moves),
        record: Record::new(format!("{county} 申领 {}", row.case.number)),
        printed,
    })
}

/// What is known of the elder; the number and the account are masked.
fn person(app: &App, evidence: &Evidence, row: &Row) -> Vec<(&'static str, String)> {
    let card = &row.card;
    let mut person = vec![
        ("姓名", card.name.clone()),
        ("性别", card.sex.map_or("", Sex::chinese).to_owned()),
        ("出生日期", card.birth.map_or_else(String::new, Day::chinese)),
        ("证件号码", card.number.to_string()),
        ("户籍地", app.areas().spoken(card.area)),
        ("申请项目", row.item.clone()),
    ];
    if let Some(Filled { channel, helper, .. }) = row.written.as_ref().map(|it| &it.filled) {
        person.push(("申请方式", channel.chinese().to_owned()));
        if let Some(it) = helper {
            person.push(("代办人", format!("{}（{}），{}", it.name, it.relation, it.phone)));
        }
    }
    if let Some(written) = &row.written {
        person.push(("收款账户", account(app, evidence, &written.filled)));
    }
    person
}

/// 核查授权, with how the elder has agreed so far.
fn consent(row: &Row) -> String {
    let allows = format!(
        "同意民政部门为认定和发放{}，向有关部门核查本人的户籍、生存、待遇领取和收款账户情况。\
         核查结果只用于本项待遇。以上所填属实。",
        row.item
    );
    let filled = row.written.as_ref().map(|it| &it.filled);
    let agreed = filled.and_then(|it| it.consent).map_or_else(String::new, |(how, on)| {
        format!("（系统已登记：{}，{}）", how.chinese(), on.chinese())
    });
    format!("核查授权：本人{allows}{agreed}")
}

fn asked_and_found<'a>(
    proof: &'a Kept,
    sources: &'a [String],
) -> impl Iterator<Item = (String, String, String)> + 'a {
    let lines = proof.conditions.iter().enumerate();
    lines.map(|(at, it)| {
        let found = match sources.get(at) {
            Some(source) => format!("{}（{source}）", it.found),
            None => it.found.clone(),
        };
        (it.mark.to_string(), it.asked.clone(), found)
    })
}

fn money(proof: &Kept) -> Vec<(&'static str, String)> {
    let Some((monthly, first)) = proof.pays else {
        return vec![("认定", proof.sentence.clone())];
    };
    let arrears = match proof.arrears {
        Some((months, sum)) => format!("{months} 个月，{} 元", yuan(sum)),
        None => "没有".to_owned(),
    };
    vec![
        ("每月标准", format!("{} 元", yuan(monthly))),
        ("起发月份", first.chinese()),
        ("补发", arrears),
    ]
}

/// The last word of each hand, as long as no earlier hand has spoken since: what was said of a
/// form that was returned is not said of the next one.
fn opinions(moves: &[Move]) -> Vec<(&'static str, String, String)> {
    let mut since = 0;
    let mut silent = false;
    let mut all = Vec::new();
    for (hand, title) in OPINIONS {
        let said = moves.iter().rev().find(|it| it.hand == Some(hand) && it.no > since);
        let (text, who) = if let Some(it) = said.filter(|_| !silent) {
            since = it.no;
            (words(it), format!("{}（{}） {}", it.by, it.role.chinese(), it.at.day().chinese()))
        } else {
            silent = true;
            (String::new(), String::new())
        };
        all.push((title, text, who));
    }
    all
}

/// What a move says, with its reasons and its note.
fn words(it: &Move) -> String {
    let def = FLOW.move_by_id(&it.action);
    let codes = it.codes.iter().filter_map(|code| def.and_then(|def| def.code(code)));
    let codes: Vec<&str> = codes.collect();
    let mut text = def.map_or("", |def| def.label).to_owned();
    if !codes.is_empty() {
        text = format!("{text}：{}", codes.join("、"));
    }
    if it.note.is_empty() { format!("{text}。") } else { format!("{text}。{}", it.note) }
}

/// The words of a line, without where they lead.
fn plain(line: &Line) -> String {
    let words = line.parts.iter().map(|part| match part {
        Part::Text(text) | Part::Strong(text) | Part::Small(text) => text.as_str(),
        Part::Link(to) | Part::SmallLink(to) => to.text.as_str(),
        Part::Chip(chip) | Part::ChipLink(chip, _) => chip.text.as_str(),
        Part::Button(_) => "",
    });
    words.collect()
}
