//! Pay runs for the capabilities that make, send and settle them.

mod blockers;
mod sums;
mod work_out;

use access::{Action, Actor, may};
use axum::response::Redirect;
use kernel::{Fen, RunId, Trouble};
use payroll::{Run, RunState, store};
use webkit::{Chip, Failure, Link, Tone};

pub(crate) use blockers::{InTheWay, blockers};
pub(crate) use sums::{Sums, by_band, by_town};
pub(crate) use work_out::{item_of, work_out};

use crate::runs::item_name;
use crate::{App, links};

/// The run, if it lies in the scope.
pub(crate) async fn find(app: &App, actor: &Actor, id: RunId) -> Result<Run, Trouble> {
    let mut tx = app.db().begin(&actor.scope).await?;
    store::run(tx.conn(), id).await
}

/// `2026 年 6 月高龄津贴`
pub(crate) fn headline(app: &App, run: &Run) -> String {
    format!("{}{}", run.month.chinese(), item_name(app, &run.item))
}

/// 批次号: how we and the bank name a run; it outlives a restore of the database.
pub(crate) fn number(app: &App, run: &Run) -> String {
    let areas = app.areas();
    let code = areas.node(run.area).map_or("", |node| node.code.as_str());
    let (year, month) = (run.month.year(), run.month.number());
    format!("{code}-{}-{year:04}{month:02}-{}", run.item, run.sequence)
}

/// How far a run has come, in its colour.
pub(crate) fn chip(state: RunState) -> Chip {
    let tone = match state {
        RunState::Settled => Tone::Ok,
        RunState::Refused => Tone::Bad,
        RunState::Dropped => Tone::Plain,
        RunState::Sent | RunState::Requested => Tone::Info,
        _ => Tone::Wait,
    };
    Chip::new(tone, state.chinese())
}

/// Whether the role sees the people of a run, or its sums only.
pub(crate) fn sees_people(actor: &Actor) -> bool {
    may(actor.role, Action::SeePay) && may(actor.role, Action::SeePeople)
}

/// Refuses whoever sees sums only, with the page of what is not there.
pub(crate) fn only_with_people(actor: &Actor) -> Result<(), Trouble> {
    if sees_people(actor) { Ok(()) } else { Err(Trouble::NotFound) }
}

/// Trouble with a run, with the way back to it.
pub(crate) fn back(run: RunId) -> impl Fn(Trouble) -> Failure {
    move |trouble| Failure::from(trouble).back("回到这一批", links::pay_runs::run(run))
}

/// To the run.
pub(crate) fn here(run: RunId) -> Redirect {
    Redirect::to(links::pay_runs::run(run).as_str())
}

/// The way from a run's part back to the run.
pub(crate) fn above(app: &App, run: &Run) -> Vec<Link> {
    vec![
        Link::new("月度发放", links::pay_runs::runs()),
        Link::new(headline(app, run), links::pay_runs::run(run.id)),
    ]
}

/// Eight signs at a time, as one reads a hash aloud.
pub(crate) fn groups(hex: &str) -> Vec<String> {
    let signs: Vec<char> = hex.chars().collect();
    signs.chunks(8).map(|eight| eight.iter().collect()).collect()
}

/// A sum with its sign: `+1,800.00`, `−4,040.00`.
pub(crate) fn signed(amount: Fen) -> String {
    match amount.get() {
        0 => "0.00".to_owned(),
        below if below < 0 => format!("−{}", Fen::new(-below)),
        _ => format!("+{amount}"),
    }
}

/// A count that is never below nought.
pub(crate) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// A form that was sent with nothing but its token and how many moves its page had seen.
#[derive(serde::Deserialize)]
pub(crate) struct Seen {
    pub(crate) moves: i32,
    #[serde(default, alias = "reason")]
    pub(crate) note: String,
}

impl Seen {
    /// The note, which must be there.
    pub(crate) fn told(&self, missing: &str) -> Result<&str, Trouble> {
        match self.note.trim() {
            "" => Err(Trouble::refused(missing.to_owned(), "请补上再提交。")),
            note => Ok(note),
        }
    }
}

/// The hash that the person saw, as the page sent it.
pub(crate) fn digest_of(text: &str) -> Result<[u8; 32], Trouble> {
    let hex: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let unread = || Trouble::refused("没有收到要锁定的校验值。", "请刷新页面，看过以后再锁定。");
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(unread());
    }
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).map_err(|_| unread())?;
    }
    Ok(digest)
}
