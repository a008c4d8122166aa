//! S6 审核审批: the list.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use cases::{Filter, Tally};
use kernel::{Role, Trouble};
use serde::Deserialize;
use webkit::{Answer, Chip, FilterLink, Link, Notice, Page, Pager, PostButton, Tone};

use super::desk::{self, Row};
use super::sheet::AT_ONCE;
use super::views::{Batch, QueuePage, QueueRow};
use crate::applying::{
    APPROVED, FLOW, IN_APPROVAL, IN_REVIEW, OBJECTED, REFUSED, RETURNED, Terms, WITHDRAWN,
};
use crate::download::{self, Cell, Head};
use crate::list_words::yuan;
use crate::{App, links, shell, words};

/// Applications on a page.
const PAGE_ROWS: usize = 50;
/// As many are weighed to put what needs a look first; the rest follows by deadline.
const MOST: i64 = 500;
const SHEET_ROWS: i64 = 5_000;

/// What the list is asked for.
#[derive(Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    state: String,
    #[serde(default)]
    page: usize,
    /// How many were decided at once just now.
    done: Option<u32>,
    /// How many of those chosen were not.
    left: Option<u32>,
}

/// Everything that has not ended.
const OPEN: &str = "open";

impl Asked {
    /// The state asked for; without one, what waits for the reader, or everything that is open.
    pub(super) fn state<'a>(&'a self, actor: &Actor) -> &'a str {
        match (self.state.as_str(), actor.role) {
            ("", Role::TownReviewer) => IN_REVIEW,
            ("", Role::CountyApprover) => IN_APPROVAL,
            ("", _) => OPEN,
            (state, _) => state,
        }
    }

    fn words(&self, actor: &Actor) -> String {
        let state = self.state(actor);
        FLOW.state(state).map_or("在办", |state| state.chinese).to_owned()
    }

    pub(super) fn filter(&self, actor: &Actor) -> Filter {
        let state = self.state(actor);
        let states = match FLOW.state(state) {
            Some(state) => vec![state.id.to_owned()],
            None => FLOW
                .states
                .iter()
                .filter(|it| it.owner.is_some())
                .map(|it| it.id.to_owned())
                .collect(),
        };
        Filter { flow: Some(FLOW.id.to_owned()), states, ..Filter::default() }
    }
}

/// What needs a look first, then by deadline.
async fn weighed(
    app: &App,
    tx: &mut db::Tx,
    actor: &Actor,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Row>, Trouble> {
    let cases = cases::cases(tx.conn(), filter, limit, 0).await?;
    let mut rows = desk::rows(app, tx, actor, cases).await?;
    rows.sort_by_key(|row| std::cmp::Reverse(row.gaps.len()));
    Ok(rows)
}

/// The list.
pub(crate) async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Page<QueuePage>> {
    let filter = asked.filter(&actor);
    let mut tx = app.db().begin(&actor.scope).await?;
    let tallies = cases::tally(tx.conn(), app.now().day()).await?;
    let all = usize::try_from(cases::count(tx.conn(), &filter).await?).unwrap_or(0);
    let rows = weighed(&app, &mut tx, &actor, &filter, MOST).await?;
    drop(tx);
    let state = asked.state(&actor);
    let from = (asked.page * PAGE_ROWS).min(rows.len());
    let to = (from + PAGE_ROWS).min(rows.len());
    let frame = shell::shell(&app, &actor, &links::applications::queue()).await?;
    let page = |page: usize| links::applications::queue_of(&asked.state).query("page", page);
    let count = |n: usize| u64::try_from(n).unwrap_or(0);
    Ok(Page::new(QueuePage {
        shell: shell::with_notice(frame, notice(&asked, state)),
        sentence: sentence(&rows, all, state),
        first: rows.first().map(|row| links::applications::one(row.case.id)),
        batch: batch(&actor, &rows[from..to], state),
        filters: filters(&tallies, state),
        filter_words: asked.words(&actor),
        export: links::applications::sheet(&asked.state),
        print: print(&actor, all, state),
        rows: rows[from..to].iter().map(|row| line(&app, row)).collect(),
        pager: (rows.len() > PAGE_ROWS).then(|| Pager {
            from: count(from + 1),
            to: count(to),
            of: count(rows.len()),
            previous: (asked.page > 0).then(|| page(asked.page - 1)),
            next: (to < rows.len()).then(|| page(asked.page + 1)),
        }),
    }))
}

fn notice(asked: &Asked, state: &str) -> Option<Notice> {
    let (done, left) = (asked.done?, asked.left.unwrap_or(0));
    let act = if state == IN_APPROVAL { "审批" } else { "审核" };
    let rest = match left {
        0 => String::new(),
        left => format!("有 {left} 件不能批量{act}，仍在下面，原因写在每一行。"),
    };
    let tone = if left == 0 { Tone::Ok } else { Tone::Wait };
    Some(Notice { tone, sentence: format!("已{act} {done} 件。{rest}"), next: None })
}

fn sentence(rows: &[Row], all: usize, state: &str) -> String {
    let looked = rows.iter().filter(|row| !row.gaps.is_empty()).count();
    match (state, all) {
        (_, 0) => "没有等着办的申领。".to_owned(),
        (IN_REVIEW | IN_APPROVAL, all) => format!(
            "共 {all} 件，其中 {} 件每个条件都有据，{looked} 件需要看一眼，排在前面。",
            rows.len() - looked
        ),
        (_, all) => format!("共 {all} 件。"),
    }
}

fn batch(actor: &Actor, rows: &[Row], state: &str) -> Option<Batch> {
    let (part, act, owner) = match state {
        IN_REVIEW => ("pass", "审核", Role::TownReviewer),
        IN_APPROVAL => ("approve", "审批", Role::CountyApprover),
        _ => return None,
    };
    let proved = rows.iter().filter(|row| row.gaps.is_empty()).count();
    if actor.role != owner || proved == 0 {
        return None;
    }
    let left = match rows.len() - proved {
        0 => format!("本页 {proved} 件都可以批量{act}。"),
        left => format!("有 {left} 件不能批量{act}，原因写在“要看一眼”里，请逐件办理。"),
    };
    Some(Batch {
        action: links::applications::batch(part),
        csrf: actor.csrf.clone(),
        label: format!("所选的{act}通过"),
        left,
    })
}

/// 打印申请审批表 of the state, as many as are printed at once.
fn print(actor: &Actor, all: usize, state: &str) -> Option<PostButton> {
    let most = usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
    let label = match all {
        0 => return None,
        all if all <= most => format!("打印申请审批表（{all} 份）"),
        _ => format!("打印前 {most} 份申请审批表"),
    };
    let print = PostButton::new(links::applications::print_papers(), &actor.csrf, label);
    may(actor.role, Action::DecideDuties).then(|| print.class("btn").hidden("state", state))
}

fn filters(tallies: &[Tally], on: &str) -> Vec<FilterLink> {
    let of = |state: &str| -> i64 {
        let mine = tallies.iter().filter(|it| it.flow == FLOW.id && it.state == state);
        mine.map(|it| it.count).sum()
    };
    let open: i64 = FLOW.states.iter().filter(|it| it.owner.is_some()).map(|it| of(it.id)).sum();
    let link = |text: &str, count: i64, id: &str, tone| FilterLink {
        text: text.to_owned(),
        count: u64::try_from(count).unwrap_or(0),
        href: links::applications::queue_of(id),
        tone,
        current: on == id,
    };
    let mut filters = vec![link("在办", open, OPEN, Tone::Plain)];
    filters.extend(
        FLOW.states.iter().map(|state| link(state.chinese, of(state.id), state.id, tone(state.id))),
    );
    filters.retain(|filter| filter.count > 0 || filter.current);
    filters
}

/// The colour of a state.
pub(super) fn tone(state: &str) -> Tone {
    match state {
        APPROVED => Tone::Ok,
        OBJECTED | REFUSED => Tone::Bad,
        RETURNED => Tone::Wait,
        WITHDRAWN => Tone::Plain,
        _ => Tone::Info,
    }
}

/// `每月 40.00 元，从 2025 年 11 月起，补发 7 个月 280.00 元`
pub(super) fn sum(terms: &Terms) -> String {
    let monthly =
        format!("每月 {} 元，从 {}起", yuan(terms.monthly_fen), terms.first_month.chinese());
    match terms.arrears_months {
        0 => monthly,
        months => format!("{monthly}，补发 {months} 个月 {} 元", yuan(terms.arrears_fen)),
    }
}

/// Where it stands.
pub(super) fn state_chip(row: &Row) -> Chip {
    let state = FLOW.state(&row.case.state).map_or("", |state| state.chinese);
    Chip::new(tone(&row.case.state), state)
}

fn line(app: &App, row: &Row) -> QueueRow {
    let today = app.now().day();
    let judged = row.judged.as_ref();
    let chips = judged.map_or(&[][..], |it| &it.explained.conditions).iter().map(|it| {
        let tone = match it.mark() {
            '✓' => Tone::Ok,
            '✗' => Tone::Bad,
            _ => Tone::Wait,
        };
        Chip::new(tone, format!("{} {}", it.mark(), it.asked))
    });
    let due = row.case.owner.and_then(|owner| owner.due_on);
    QueueRow {
        case: row.case.id.to_string(),
        proved: row.gaps.is_empty(),
        elder: Link::new(&row.card.name, links::applications::one(row.case.id)),
        about: format!("{} · {}", row.card.sex_and_age(today), app.areas().spoken(row.card.area)),
        item: row.item.clone(),
        sum: judged.and_then(|it| it.terms.as_ref()).map_or_else(String::new, sum),
        chips: chips.collect(),
        gaps: row.gaps.clone(),
        state: state_chip(row),
        due: due.map(|day| words::due_chip(day, today)),
    }
}

/// The list as a workbook.
pub(crate) async fn sheet(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Query(asked): Query<Asked>,
) -> Answer<Response> {
    let filter = asked.filter(&actor);
    let mut tx = app.db().begin(&actor.scope).await?;
    let all = cases::count(tx.conn(), &filter).await?;
    let rows = weighed(&app, &mut tx, &actor, &filter, SHEET_ROWS).await?;
    drop(tx);
    let head = Head {
        title: "申领办理".to_owned(),
        filter_words: asked.words(&actor),
        personal: true,
        cut_off: (all > SHEET_ROWS).then(|| format!("只列前 {SHEET_ROWS} 行，共 {all} 行")),
    };
    let columns = [
        ("编号", 8.0),
        ("姓名", 12.0),
        ("村居", 22.0),
        ("项目", 18.0),
        ("月标准（元）", 12.0),
        ("从哪个月起", 12.0),
        ("补发月数", 10.0),
        ("补发（元）", 12.0),
        ("申请方式", 20.0),
        ("环节", 16.0),
        ("期限", 12.0),
        ("要看一眼", 40.0),
    ];
    let cells: Vec<Vec<Cell>> = rows.iter().map(|row| cells(&app, row)).collect();
    let bytes = download::list(&app, &actor, &head, &columns, &cells).await?;
    Ok(download::xlsx("申领办理.xlsx", bytes))
}

fn cells(app: &App, row: &Row) -> Vec<Cell> {
    let terms = row.judged.as_ref().and_then(|it| it.terms.as_ref());
    let number = u64::try_from(row.case.number).unwrap_or(0);
    let channel = row.written.as_ref().map_or("", |it| it.filled.channel.chinese());
    let due = row.case.owner.and_then(|owner| owner.due_on);
    vec![
        Cell::Count(number),
        row.card.name.as_str().into(),
        app.areas().spoken(row.card.area).into(),
        row.item.as_str().into(),
        terms.map_or(Cell::Empty, |it| Cell::Money(it.monthly_fen)),
        terms.map_or(Cell::Empty, |it| it.first_month.to_string().into()),
        terms.map_or(Cell::Empty, |it| Cell::Count(u64::from(it.arrears_months))),
        terms.map_or(Cell::Empty, |it| Cell::Money(it.arrears_fen)),
        channel.into(),
        state_chip(row).text.into(),
        due.map_or(Cell::Empty, Cell::Day),
        row.gaps.join("；").into(),
    ]
}
