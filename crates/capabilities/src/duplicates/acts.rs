//! What is done about two files, each in one transaction with its audit entry.

use access::{Actor, AuditEntry, record};
use axum::Extension;
use axum::extract::State;
use axum::response::Redirect;
use db::Tx;
use facts::merge::{self, Merge, Word};
use facts::people;
use kernel::{Life, PersonId, Trouble};
use serde::Deserialize;
use webkit::{Answer, Failure, Posted};

use crate::links::At;
use crate::{App, links};

/// What the forms of a pair say.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    keep: String,
    #[serde(default)]
    reason: String,
    /// The reason of the second form of the page, whose fields need names of their own.
    #[serde(default)]
    ground: String,
}

impl Typed {
    fn why(&self) -> &str {
        let reason = self.reason.trim();
        if reason.is_empty() { self.ground.trim() } else { reason }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Propose,
    Confirm,
    Refuse,
    Undo,
    Clear,
    Unclear,
}

impl Act {
    /// As the audit trail calls it.
    const fn chinese(self) -> &'static str {
        match self {
            Self::Propose => "提出合并档案",
            Self::Confirm => "复核合并档案",
            Self::Refuse => "不同意合并档案",
            Self::Undo => "拆开合并档案",
            Self::Clear => "认定不是同一人",
            Self::Unclear => "撤回不是同一人",
        }
    }
}

type Pair = At<(PersonId, PersonId)>;

macro_rules! handlers {
    ($($name:ident = $act:ident;)*) => {$(
        pub(super) async fn $name(
            State(app): State<App>,
            Extension(actor): Extension<Actor>,
            At(pair): Pair,
            Posted(typed): Posted<Typed>,
        ) -> Answer<Redirect> {
            run(&app, &actor, pair, Act::$act, &typed).await
        }
    )*};
}

handlers! {
    propose = Propose;
    confirm = Confirm;
    refuse = Refuse;
    undo = Undo;
    clear = Clear;
    unclear = Unclear;
}

async fn run(
    app: &App,
    actor: &Actor,
    pair: (PersonId, PersonId),
    act: Act,
    typed: &Typed,
) -> Answer<Redirect> {
    let here = links::duplicate(pair.0, pair.1);
    let back = |trouble: Trouble| {
        Failure::from(trouble).typed("理由", typed.why()).back("回到这两份档案", here.clone())
    };
    write(app, actor, pair, act, typed).await.map_err(back)?;
    if matches!(act, Act::Confirm | Act::Undo) {
        (app.parts().after_facts)(app.clone()).await?;
    }
    Ok(Redirect::to(here.as_str()))
}

async fn write(
    app: &App,
    actor: &Actor,
    (person, other): (PersonId, PersonId),
    act: Act,
    typed: &Typed,
) -> Result<(), Trouble> {
    let word = Word { by: actor.account, at: app.now(), reason: typed.why() };
    let mut tx = app.db().begin(&actor.scope).await?;
    match act {
        Act::Propose => {
            let kept = typed.keep.parse().map_err(|_| {
                Trouble::refused("还没有选保留哪一份档案。", "请选一份，另一份并入它。")
            })?;
            if kept != person && kept != other {
                return Err(Trouble::NotFound);
            }
            let merged = if kept == person { other } else { person };
            merge::propose(tx.conn(), kept, merged, word).await?;
        }
        Act::Confirm | Act::Refuse | Act::Undo => {
            let open = merge::between(tx.conn(), person, other).await?.ok_or(Trouble::NotFound)?;
            let ranks = app.ranks();
            match act {
                Act::Undo => merge::undo(&mut tx, open.id, word, &ranks).await?,
                _ => merge::answer(&mut tx, open.id, act == Act::Confirm, word, &ranks).await?,
            };
            if act != Act::Refuse {
                show_lives(app, &mut tx, &open).await?;
            }
        }
        Act::Clear | Act::Unclear => {
            merge::clear(tx.conn(), person, other, act == Act::Clear, word).await?;
        }
    }
    let entry = AuditEntry::new(actor, app.now(), act.chinese(), format!("person/{person}"));
    record(tx.conn(), &entry.note(format!("与档案 {other}：{}", word.reason))).await?;
    tx.commit().await
}

/// Claims of death move with the files. Of two who live nobody's claims are looked at.
async fn show_lives(app: &App, tx: &mut Tx, merge: &Merge) -> Result<(), Trouble> {
    for person in [merge.kept, merge.merged] {
        let claims = facts::facts_of(tx.conn(), person).await?;
        let dead = claims.iter().any(|fact| matches!(fact.kind.as_str(), "death_date" | "life"));
        let shown = people::card(tx.conn(), person).await?.life;
        if dead || shown != Life::Living {
            return crate::show_lives(app, tx).await;
        }
    }
    Ok(())
}
