//! 校核纠错: the handlers.

use access::{Action, Actor, AuditEntry, Sealed, may, record};
use axum::Extension;
use axum::extract::{Query, State as AppState};
use axum::response::{Redirect, Response};
use facts::batches::{self};
use kernel::{BatchId, Trouble};
use serde::Deserialize;
use webkit::{
    Answer, Chip, Crumbs, Failure, Line, Link, Page, Pager, Part, PostButton, Posted, Tone,
};

use super::domain::{ANSWER_WORKING_DAYS, Content, State};
use super::store::{self, Stored};
use super::views::{CorrectionPage, CorrectionRow, CorrectionsPage, answer_form};
use crate::download::{self, Cell, Head};
use crate::links::{self, At};
use crate::{App, shell, words};

const PAGE_ROWS: i64 = 50;
const SHEET_ROWS: i64 = 10_000;

/// A form with nothing to say.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

/// What a list is filtered by.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    supplier: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn state(&self) -> Option<State> {
        State::from_code(&self.state)
    }

    fn supplier<'a>(&'a self, app: &App) -> Option<&'a str> {
        app.layout(&self.supplier).map(|_| self.supplier.as_str())
    }

    fn words(&self, app: &App) -> String {
        let state = self.state().map(|state| state.chinese().to_owned());
        let supplier = self.supplier(app).map(|it| app.source_name(it));
        let all: Vec<String> = [supplier, state].into_iter().flatten().collect();
        if all.is_empty() { "全部".to_owned() } else { all.join("，") }
    }
}

/// The list, with what waits to be sent.
pub(crate) async fn list(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<CorrectionsPage>> {
    let (state, supplier) = (asked.state(), asked.supplier(&app));
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let mut rows = store::list(tx.conn(), state, supplier, PAGE_ROWS + 1, offset).await?;
    let counts = store::counts(tx.conn(), supplier).await?;
    let drafted = store::drafted_files(tx.conn()).await?;
    let more = rows.len() > 50;
    rows.truncate(50);
    let href = |page: u32| {
        let base = links::corrections_of(state.map_or("", State::code), supplier.unwrap_or(""));
        if page == 0 { base } else { base.query("page", page) }
    };
    let sends = may(actor.role, Action::ReceiveFiles);
    let send = drafted.into_iter().filter(|_| sends).map(|(batch, from, count)| {
        let label = format!("送出给{}（{count} 条）", app.department(&from));
        PostButton::new(links::send_corrections(), &actor.csrf, label)
            .class("btn main")
            .hidden("batch", batch.to_string())
    });
    let shown = u64::try_from(rows.len()).unwrap_or(0);
    let from = u64::from(asked.page) * 50;
    Ok(Page::new(CorrectionsPage {
        shell: shell::shell(&app, &actor, &links::corrections()).await?,
        sentence: sentence(&counts),
        send: send.collect(),
        filters: filters(&counts, state, supplier),
        filter_words: asked.words(&app),
        export: links::corrections_sheet(state.map_or("", State::code), supplier.unwrap_or("")),
        rows: rows.iter().map(|it| row(&app, it)).collect::<Result<_, _>>()?,
        pager: (more || asked.page > 0).then(|| Pager {
            from: from + 1,
            to: from + shown,
            of: from + shown + u64::from(more),
            previous: (asked.page > 0).then(|| href(asked.page - 1)),
            next: more.then(|| href(asked.page + 1)),
        }),
    }))
}

fn count(counts: &[(String, i64)], state: State) -> u64 {
    let found = counts.iter().find(|(code, _)| code == state.code());
    found.and_then(|(_, count)| u64::try_from(*count).ok()).unwrap_or(0)
}

fn sentence(counts: &[(String, i64)]) -> String {
    match (count(counts, State::Drafted), count(counts, State::Sent)) {
        (0, 0) => "没有等着办的纠错。".to_owned(),
        (0, sent) => format!("{sent} 条已送出，等来源部门答复。"),
        (drafted, 0) => format!("{drafted} 条还没有送出。"),
        (drafted, sent) => format!("{drafted} 条还没有送出，{sent} 条等来源部门答复。"),
    }
}

fn filters(
    counts: &[(String, i64)],
    on: Option<State>,
    supplier: Option<&str>,
) -> Vec<webkit::FilterLink> {
    let states = State::ALL.iter().filter(|(state, ..)| count(counts, *state) > 0);
    states
        .map(|(state, code, label)| webkit::FilterLink {
            text: (*label).to_owned(),
            count: count(counts, *state),
            href: links::corrections_of(code, supplier.unwrap_or("")),
            tone: tone(*state),
            current: on == Some(*state),
        })
        .collect()
}

fn tone(state: State) -> Tone {
    match state {
        State::Drafted => Tone::Info,
        State::Sent => Tone::Wait,
        State::Accepted => Tone::Ok,
        State::Refused => Tone::Bad,
        State::Closed => Tone::Plain,
    }
}

/// What it says, opened.
pub(super) fn content(app: &App, it: &Stored) -> Result<Content, Trouble> {
    let sealed = Sealed { bytes: it.content.clone(), key_version: it.key_version };
    let clear = app.vault().open(&place(it.batch, it.row_no, &it.kind), &sealed)?;
    serde_json::from_slice(&clear).map_err(Trouble::fault)
}

pub(super) fn place(batch: BatchId, row_no: i32, kind: &str) -> String {
    format!("correction.content/{batch}/{row_no}/{kind}")
}

pub(super) fn state_of(it: &Stored) -> Result<State, Trouble> {
    State::from_code(&it.state)
        .ok_or_else(|| Trouble::fault(format!("correction {}: unknown state", it.id)))
}

fn what(it: &Stored) -> String {
    if it.kind.is_empty() { "整行".to_owned() } else { words::label(&it.kind).to_owned() }
}

fn due(app: &App, it: &Stored, state: State) -> Chip {
    match (state, it.due_on) {
        (State::Sent, Some(day)) => words::due_chip(day, app.now().day()),
        _ => Chip::new(Tone::Plain, ""),
    }
}

fn state_line(app: &App, it: &Stored, state: State) -> Line {
    let line = Line::from(Chip::new(tone(state), state.chinese()));
    match due(app, it, state) {
        due if due.text.is_empty() => line,
        due => line.text(" 答复期限 ").with(Part::Chip(due)),
    }
}

fn row(app: &App, it: &Stored) -> Result<CorrectionRow, Trouble> {
    let (content, state) = (content(app, it)?, state_of(it)?);
    Ok(CorrectionRow {
        correction: Link::new(format!("第 {} 号", it.id), links::correction(it.id)),
        who: content.who,
        what: what(it),
        said: content.said,
        right: content.right,
        supplier: app.source_name(&it.supplier),
        state: Chip::new(tone(state), state.chinese()),
        due: due(app, it, state),
    })
}

/// The list as a workbook, with its filter on it.
pub(crate) async fn list_sheet(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let mut tx = app.db().begin(&actor.scope).await?;
    let supplier = asked.supplier(&app);
    let rows = store::list(tx.conn(), asked.state(), supplier, SHEET_ROWS, 0).await?;
    record(tx.conn(), &AuditEntry::new(&actor, app.now(), "导出纠错", "corrections".to_owned()))
        .await?;
    tx.commit().await?;
    let head = Head {
        title: "校核纠错".to_owned(),
        filter_words: asked.words(&app),
        personal: true,
        cut_off: None,
    };
    let columns = [
        ("编号", 8.0),
        ("老人", 24.0),
        ("哪一项", 14.0),
        ("来源写的", 28.0),
        ("应为", 28.0),
        ("依据", 28.0),
        ("来源", 22.0),
        ("状态", 16.0),
        ("答复期限", 12.0),
        ("答复", 28.0),
    ];
    let mut cells = Vec::with_capacity(rows.len());
    for it in &rows {
        let content = content(&app, it)?;
        cells.push(vec![
            Cell::Count(u64::try_from(it.id).unwrap_or(0)),
            content.who.into(),
            what(it).into(),
            content.said.into(),
            content.right.into(),
            content.evidence.into(),
            app.source_name(&it.supplier).into(),
            state_of(it)?.chinese().into(),
            it.due_on.map_or(Cell::Empty, Cell::Day),
            it.answer.as_str().into(),
        ]);
    }
    Ok(download::xlsx(
        "校核纠错.xlsx",
        download::list(&app, &actor, &head, &columns, &cells).await?,
    ))
}

/// One correction by its id; what lies outside of the scope is not found.
async fn find(app: &App, actor: &Actor, id: i64) -> Result<Stored, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    store::of(tx.conn(), Some(id), None).await?.pop().ok_or(Trouble::NotFound)
}

/// One correction.
pub(crate) async fn one(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
) -> Answer<Page<CorrectionPage>> {
    let it = find(&app, &actor, id).await?;
    let (content, state) = (content(&app, &it)?, state_of(&it)?);
    let works = may(actor.role, Action::ReceiveFiles);
    let close = PostButton::new(links::correction_part(id, "close"), &actor.csrf, "办结");
    let mut facts = vec![
        ("老人".to_owned(), who_line(&it, content.who)),
        ("哪一项".to_owned(), what(&it).as_str().into()),
        ("来源写的".to_owned(), content.said.as_str().into()),
        ("应为".to_owned(), content.right.as_str().into()),
        ("依据".to_owned(), content.evidence.as_str().into()),
        ("来源行".to_owned(), source_line(&app, &it)),
    ];
    if it.stands {
        facts.push(("在改正之前".to_owned(), "先按“应为”的值认定".into()));
    }
    Ok(Page::new(CorrectionPage {
        shell: shell::shell(&app, &actor, &links::corrections()).await?,
        crumbs: Crumbs {
            above: vec![Link::new("校核纠错", links::corrections())],
            here: format!("第 {id} 号"),
        },
        title: format!("第 {id} 号纠错，送{}", app.department(&it.supplier)),
        state: state_line(&app, &it, state),
        facts,
        history: history(&it),
        slip: it.slip.map(|slip| Link::new("打印交接单", links::correction_slip(slip))),
        answer: (works && state == State::Sent)
            .then(|| answer_form(links::correction_part(id, "answer"), &actor.csrf)),
        close: (works && state.is_answered()).then(|| close.class("btn main")),
    }))
}

fn who_line(it: &Stored, who: String) -> Line {
    match it.person {
        Some(person) => Line::from(Link::new(who, links::elder(person))),
        None => Line::from(who),
    }
}

fn source_line(app: &App, it: &Stored) -> Line {
    let row_no = u32::try_from(it.row_no).unwrap_or(0);
    let text = format!("{} {} 第 {row_no} 行", app.source_name(&it.supplier), it.as_of);
    Line::new().link(text, links::source_row(it.batch, row_no))
}

fn history(it: &Stored) -> Vec<(String, String)> {
    let mut history = vec![(it.drafted_at.to_string(), format!("{} 提出", it.drafted_by))];
    if let (Some(at), Some(due)) = (it.sent_at, it.due_on) {
        history.push((at.to_string(), format!("送出，请在 {due} 前答复")));
    }
    if let (Some(at), Some(by)) = (it.answered_at, &it.answered_by) {
        let words =
            if it.answer.is_empty() { "来源已采纳".to_owned() } else { it.answer.clone() };
        history.push((at.to_string(), format!("{by} 记下答复：{words}")));
    }
    if let (Some(at), Some(by)) = (it.closed_at, &it.closed_by) {
        history.push((at.to_string(), format!("{by} 办结")));
    }
    history
}

/// Which file's drafts go out.
#[derive(Deserialize)]
pub(crate) struct Send {
    #[serde(default)]
    batch: String,
}

/// 送出
pub(crate) async fn send(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    Posted(Send { batch }): Posted<Send>,
) -> Answer<Redirect> {
    let batch: BatchId = batch.parse().map_err(|_| Trouble::NotFound)?;
    let mut tx = app.db().begin(&actor.scope).await?;
    let file = batches::batch(tx.conn(), batch).await?;
    let now = app.now();
    let due_on = app.calendar().due(now.day(), ANSWER_WORKING_DAYS)?;
    let area_pos = app.areas().node(file.area).map_or(0, |node| node.lo);
    let signed = (now, actor.account);
    let slip = store::send(tx.conn(), batch, area_pos, signed, due_on).await?;
    let Some(slip) = slip else {
        return Err(Trouble::Conflict("这份文件的纠错都已送出。".to_owned()).into());
    };
    let entry = AuditEntry::new(&actor, now, "送出纠错", format!("correction_slip/{slip}"));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::correction_slip(slip).as_str()))
}

/// What the sender said.
#[derive(Deserialize)]
pub(crate) struct Answered {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    reason: String,
}

/// 记下答复
pub(crate) async fn answer(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(said): Posted<Answered>,
) -> Answer<Redirect> {
    find(&app, &actor, id).await?;
    let here = links::correction(id);
    let refused = |why: &str, how: &str| {
        let failure = Failure::from(Trouble::refused(why, how));
        failure.typed("说明", &said.reason).back("回到这件纠错", here.clone())
    };
    let state = match State::from_code(&said.outcome).filter(|state| state.is_answered()) {
        None => return Err(refused("还没有选采纳没有。", "请选一项再保存。")),
        Some(State::Refused) if said.reason.trim().is_empty() => {
            return Err(refused("来源不采纳的，要写明理由。", "请写来源部门是怎么说的。"));
        }
        Some(state) => state,
    };
    let mut tx = app.db().begin(&actor.scope).await?;
    let signed = (app.now(), actor.account);
    if !store::answer(tx.conn(), id, state, said.reason.trim(), signed).await? {
        return Err(Trouble::Conflict("这件纠错已有答复。".to_owned()).into());
    }
    let entry = AuditEntry::new(&actor, app.now(), "纠错答复", format!("correction/{id}"))
        .note(state.chinese());
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    (app.parts().after_facts)(app.clone()).await?;
    Ok(Redirect::to(here.as_str()))
}

/// 办结
pub(crate) async fn close(
    AppState(app): AppState<App>,
    Extension(actor): Extension<Actor>,
    At(id): At<i64>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Answer<Redirect> {
    find(&app, &actor, id).await?;
    let mut tx = app.db().begin(&actor.scope).await?;
    if !store::close(tx.conn(), id, (app.now(), actor.account)).await? {
        return Err(Trouble::Conflict("先记下来源的答复，再办结。".to_owned()).into());
    }
    let entry = AuditEntry::new(&actor, app.now(), "纠错办结", format!("correction/{id}"));
    record(tx.conn(), &entry).await?;
    tx.commit().await?;
    Ok(Redirect::to(links::correction(id).as_str()))
}
