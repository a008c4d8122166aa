//! S1 今日待办: the difference ledger, and the duties to begin with.

use access::{Action, Actor, may};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use duties::Filter;
use findings::award_kind;
use findings::kinds::{AFTER_DEATH, CLASS_CHANGE, NOT_ENTITLED, UNCLAIMED};
use kernel::Trouble;
use webkit::{Answer, Bar, BarPart, Line, Page};

use super::cards::cards;
use super::views::{MonthStrip, StaleSource, TodayPage};
use crate::duty_lines::{Ask, Tallies, rows, urgent};
use crate::freshness::freshness;
use crate::shell::shell;
use crate::{App, applying, links};

/// The duties to begin with.
const FIRST_ROWS: i64 = 20;

/// 今日; other roles go to the page that is theirs, and who asks for a list goes to the list.
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
    if ask.is_some() {
        return Ok(Redirect::to(ask.href(links::duties()).as_str()).into_response());
    }
    Ok(Page::new(page(&app, &actor).await?).into_response())
}

async fn page(app: &App, actor: &Actor) -> Result<TodayPage, Trouble> {
    let today = app.now().day();
    let mut tx = app.db().begin(&actor.scope).await?;
    let tallies = Tallies(duties::tally(tx.conn(), today).await?);
    let filter = Filter { order: urgent(today), ..Filter::default() };
    let first = duties::open_duties(tx.conn(), &filter, FIRST_ROWS, 0).await?;
    let rows = rows(app, &mut tx, &first).await?;
    let (due, open) = (tallies.due(), tallies.count(|_| true));
    let grouped = webkit::grouped(open);
    let applications = applying::waiting_for(tx.conn(), actor.role).await?;
    let sentence = |line: Line| match applications {
        0 => line,
        n => line.text(" 另有 ").link(format!("{n} 件申领等您办"), links::applications::queue()),
    };
    Ok(TodayPage {
        shell: shell(app, actor, &links::today()).await?,
        sentence: sentence(match due {
            0 => Line::from(format!("有 {grouped} 件待办，没有到期的。")),
            due => Line::from(format!("有 {grouped} 件待办，其中 "))
                .strong(format!("{due} 件已到期"))
                .text("。"),
        }),
        first: first.first().map(|duty| links::duty(duty.id)),
        print: links::today_sheet(),
        month: month(app, actor, &mut tx, &tallies).await?,
        cards: cards(app, actor, &tallies),
        stale: stale(app, actor, &mut tx).await?,
        duties: rows,
        all: links::duties(),
        open,
        export: links::today_export(),
        nothing_due: "没有要办的事。各部门数据更新后，新的差异会自动列在这里。".to_owned(),
    })
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
    let wait = tallies.about(&UNCLAIMED, item);
    let bad = tallies.about(&AFTER_DEATH, item) + tallies.about(&NOT_ENTITLED, item);
    let near = tallies.about(&CLASS_CHANGE, item);
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

/// Sources that are older than agreed; who may see files is led to them, and sees as well which
/// have never come.
async fn stale(app: &App, actor: &Actor, tx: &mut db::Tx) -> Result<Vec<StaleSource>, Trouble> {
    let sees_files = may(actor.role, Action::SeeFiles);
    let mut all = freshness(app, tx.conn(), actor.area).await?;
    all.retain(|it| it.is_stale() || sees_files && it.is_late());
    Ok(all
        .into_iter()
        .map(|it| StaleSource { age: it.age(), name: it.name, href: sees_files.then(links::files) })
        .collect())
}
