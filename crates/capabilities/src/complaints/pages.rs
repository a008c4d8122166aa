//! 异议与投诉: the list and its workbook.

use std::collections::HashMap;

use access::{Action, Actor, Sealed, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use facts::people::PersonCard;
use kernel::{CaseId, Day, PersonId, Role, Trouble};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use webkit::{Answer, Chip, FilterLink, Href, Line, Link, Page, Pager, Tone};

use super::domain::{Content, Kind, channel_chinese};
use super::flow::{ANSWERED, FLOW, IN_REVIEW, RECEIVED};
use super::store::{self, CountOf, Stored, Which};
use super::views::{ListPage, Row};
use crate::download::{self, Cell, Head};
use crate::whom::whom;
use crate::{App, links, shell, words};

const PAGE_ROWS: i64 = 50;
const BOOK_ROWS: i64 = 5_000;

/// What is late, whatever its state.
const LATE: &str = "late";

/// What the list is filtered by.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    page: u32,
}

impl Asked {
    fn state(&self) -> Option<&'static str> {
        match self.state.as_str() {
            LATE => Some(LATE),
            state => FLOW.state(state).map(|state| state.id),
        }
    }

    fn kind(&self) -> Option<Kind> {
        Kind::from_code(&self.kind)
    }

    fn which(&self) -> Which<'static> {
        Which { state: self.state(), kind: self.kind(), case: None }
    }

    fn words(&self) -> String {
        let state = self.state().map(state_chinese);
        let all: Vec<&str> =
            [state, self.kind().map(Kind::chinese)].into_iter().flatten().collect();
        if all.is_empty() { "全部".to_owned() } else { all.join("，") }
    }
}

fn address(list: Href, state: Option<&str>, kind: Option<Kind>) -> Href {
    let list = state.map_or(list.clone(), |state| list.query("state", state));
    match kind {
        Some(kind) => list.query("kind", kind.code()),
        None => list,
    }
}

fn state_chinese(state: &str) -> &'static str {
    match FLOW.state(state) {
        Some(state) => state.chinese,
        None => "已超期",
    }
}

/// The colour of a state.
pub(super) fn state_chip(state: &str) -> Chip {
    let tone = match state {
        RECEIVED | IN_REVIEW => Tone::Wait,
        ANSWERED => Tone::Info,
        _ => Tone::Plain,
    };
    Chip::new(tone, state_chinese(state))
}

/// Where the sealed parts of a complaint belong.
pub(super) fn place(case: CaseId, part: &str) -> String {
    format!("complaint/{case}/{part}")
}

/// A sealed part, opened.
pub(super) fn opened<T: DeserializeOwned>(
    app: &App,
    place: &str,
    (bytes, key_version): (&[u8], i16),
) -> Result<T, Trouble> {
    let clear = app.vault().open(place, &Sealed { bytes: bytes.to_vec(), key_version })?;
    serde_json::from_slice(&clear).map_err(Trouble::fault)
}

/// What was said.
pub(super) fn content(app: &App, it: &Stored) -> Result<Content, Trouble> {
    opened(app, &place(it.case, "said"), (&it.said, it.key_version))
}

/// 谁办
pub(super) fn owner(app: &App, it: &Stored) -> String {
    let role = it.owner_role.as_deref().and_then(Role::from_code);
    match (role, it.owner_area) {
        (Some(role), Some(area)) => format!("{} {}", app.areas().spoken(area), role.chinese()),
        _ => String::new(),
    }
}

/// The list: what is owed first, what is late before it.
pub(crate) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<ListPage>> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let offset = i64::from(asked.page) * PAGE_ROWS;
    let rows = store::complaints(tx.conn(), &asked.which(), today, (PAGE_ROWS, offset)).await?;
    let counts = store::counts(tx.conn(), today).await?;
    let people: Vec<PersonId> = rows.iter().map(|it| it.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let of = matching(&counts, &asked);
    Ok(Page::new(ListPage {
        shell: shell::shell(&app, &actor, &links::complaints::complaints()).await?,
        sentence: sentence(&counts),
        new: may(actor.role, Action::DecideDuties)
            .then(|| Link::new("登记异议或投诉", links::complaints::find())),
        filters: filters(&counts, &asked),
        filter_words: asked.words(),
        export: address(links::complaints::complaints_book(), asked.state(), asked.kind()),
        pager: pager(&asked, of, rows.len()),
        rows: rows.iter().map(|it| row(&app, it, &cards, today)).collect(),
    }))
}

fn number(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

fn matching(counts: &[CountOf], asked: &Asked) -> u64 {
    let kind = asked.kind().map(Kind::code);
    let here = counts.iter().filter(|it| kind.is_none_or(|kind| kind == it.kind));
    let of = |it: &CountOf| match asked.state() {
        None => it.count,
        Some(LATE) => it.late,
        Some(state) if state == it.state => it.count,
        Some(_) => 0,
    };
    number(here.map(of).sum())
}

fn sentence(counts: &[CountOf]) -> String {
    let in_state = |state: &str| -> i64 {
        counts.iter().filter(|it| it.state == state).map(|it| it.count).sum()
    };
    let late: i64 = counts.iter().map(|it| it.late).sum();
    let parts: Vec<String> = [
        (late, "件已超期"),
        (in_state(RECEIVED), "件待答复"),
        (in_state(ANSWERED), "件已答复、待回访"),
        (in_state(IN_REVIEW), "件待复查"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, words)| format!("{count} {words}"))
    .collect();
    if parts.is_empty() {
        return "没有等着办的异议和投诉。".to_owned();
    }
    format!("{}。", parts.join("，"))
}

fn filters(counts: &[CountOf], asked: &Asked) -> Vec<FilterLink> {
    let (state, kind) = (asked.state(), asked.kind());
    let count = |state: Option<&'static str>, kind: Option<Kind>| {
        let asked = Asked {
            state: state.unwrap_or("").to_owned(),
            kind: kind.map_or("", Kind::code).to_owned(),
            page: 0,
        };
        matching(counts, &asked)
    };
    let list = links::complaints::complaints;
    let states = std::iter::once(LATE).chain(FLOW.states.iter().map(|it| it.id));
    let by_state = states.map(|it| FilterLink {
        text: state_chinese(it).to_owned(),
        count: count(Some(it), kind),
        href: address(list(), Some(it), kind),
        tone: if it == LATE { Tone::Bad } else { state_chip(it).tone },
        current: state == Some(it),
    });
    let by_kind = Kind::ALL.into_iter().map(|it| FilterLink {
        text: it.chinese().to_owned(),
        count: count(state, Some(it)),
        href: address(list(), state, Some(it)),
        tone: Tone::Plain,
        current: kind == Some(it),
    });
    by_state.chain(by_kind).filter(|it| it.count > 0 || it.current).collect()
}

fn pager(asked: &Asked, of: u64, shown: usize) -> Option<Pager> {
    let rows = number(PAGE_ROWS);
    let before = u64::from(asked.page) * rows;
    let to = before + u64::try_from(shown).unwrap_or(0);
    let list = || address(links::complaints::complaints(), asked.state(), asked.kind());
    let page = |page: u32| list().query("page", page);
    (of > rows).then(|| Pager {
        from: before + 1,
        to,
        of,
        previous: (asked.page > 0).then(|| page(asked.page - 1)),
        next: (to < of).then(|| page(asked.page + 1)),
    })
}

fn row(app: &App, it: &Stored, cards: &HashMap<PersonId, PersonCard>, today: Day) -> Row {
    let kind = Kind::from_code(&it.kind).map_or("", Kind::chinese);
    Row {
        complaint: Link::new(format!("第 {} 号", it.number), links::complaints::complaint(it.case)),
        elder: cards.get(&it.person).map_or_else(Line::new, |card| {
            let place = app.areas().spoken(card.area);
            Line::from(Link::new(&card.name, links::elder(card.id))).small(place)
        }),
        kind: kind.to_owned(),
        channel: channel_chinese(&it.channel).to_owned(),
        opened: it.opened_at.day().to_string(),
        owner: owner(app, it),
        state: state_chip(&it.state),
        due: it.due_on.map(|day| words::due_chip(day, today)),
    }
}

/// The list as a workbook. What was said stays inside: it may name others.
pub(crate) async fn book(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let rows = store::complaints(tx.conn(), &asked.which(), today, (BOOK_ROWS, 0)).await?;
    let counts = store::counts(tx.conn(), today).await?;
    let people: Vec<PersonId> = rows.iter().map(|it| it.person).collect();
    let cards = whom(tx.conn(), &people).await?;
    drop(tx);
    let all = matching(&counts, &asked);
    let head = Head {
        title: "异议与投诉".to_owned(),
        filter_words: asked.words(),
        personal: true,
        cut_off: (all > number(BOOK_ROWS))
            .then(|| format!("全部 {all} 件，这里是前 {BOOK_ROWS} 件")),
    };
    let columns = [
        ("受理编号", 10.0),
        ("老人", 10.0),
        ("户籍", 24.0),
        ("类别", 12.0),
        ("渠道", 14.0),
        ("收到日期", 12.0),
        ("谁办", 26.0),
        ("状态", 18.0),
        ("期限", 12.0),
        ("是否超期", 10.0),
    ];
    let cells: Vec<Vec<Cell>> = rows
        .iter()
        .map(|it| {
            let card = cards.get(&it.person);
            let late = it.due_on.is_some_and(|day| day < today);
            vec![
                Cell::Count(number(it.number)),
                card.map_or("", |card| card.name.as_str()).into(),
                card.map_or_else(String::new, |card| app.areas().spoken(card.area)).into(),
                Kind::from_code(&it.kind).map_or("", Kind::chinese).into(),
                channel_chinese(&it.channel).into(),
                Cell::Day(it.opened_at.day()),
                owner(&app, it).into(),
                state_chinese(&it.state).into(),
                it.due_on.map_or(Cell::Empty, Cell::Day),
                if late { "是" } else { "" }.into(),
            ]
        })
        .collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx(&format!("异议与投诉-{today}.xlsx"), bytes))
}
