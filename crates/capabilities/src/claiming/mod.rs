//! Claims for the capabilities that open them, serve notices and take in money: a claim with what
//! has become of it, how it is opened, and how money goes off it.

mod booking;
mod domain;
pub(crate) mod flow;
mod opening;
pub(crate) mod store;
#[cfg(test)]
pub(crate) mod testing;

use access::Actor;
use axum::response::Redirect;
use cases::{Case, Said};
use db::Tx;
use kernel::{CaseChange, CaseId, CaseStep, Day, Effects, Fen, Now, Trouble};
use webkit::{Chip, Failure, Href, Tone};

use crate::{commit, links};

pub(crate) use booking::{TakeOff, take_off, withdraw};
pub(crate) use domain::{Balance, Channel, Instalment, equal_plan, plan};
pub(crate) use opening::{DEATH, Opened, Overpaid, open_claims};

use flow::FLOW;
use store::{Entry, Recovery};

/// A claim with what has become of it.
pub(crate) struct Claim {
    pub(crate) case: Case,
    pub(crate) recovery: Recovery,
    pub(crate) entries: Vec<Entry>,
}

impl Claim {
    /// The claim; what lies outside of the scope is not found.
    pub(crate) async fn of(tx: &mut Tx, id: CaseId) -> Result<Self, Trouble> {
        let case = cases::case(tx.conn(), id).await?;
        let recovery = store::recovery(tx.conn(), id).await?;
        let entries = store::entries(tx.conn(), id).await?;
        Ok(Self { case, recovery, entries })
    }

    pub(crate) fn balance(&self) -> Balance {
        let sum = |kind: &str| -> Fen {
            self.entries.iter().filter(|it| it.kind == kind).map(|it| it.amount).sum()
        };
        Balance {
            repaid: sum("repaid"),
            set_off: sum("set_off"),
            written_off: sum("written_off"),
            ..Balance::of(self.recovery.total)
        }
    }

    /// The next act on the claim, in the queue of whoever has it.
    pub(crate) fn step(
        &self,
        actor: &Actor,
        action: &str,
        said: Said,
        due_on: Option<Day>,
    ) -> Result<CaseStep, Trouble> {
        let area = self.case.owner.as_ref().map_or(actor.area, |owner| owner.area);
        Ok(FLOW.take(&self.case, action, actor.role, said, (area, due_on))?)
    }
}

/// Leads back to the claim.
pub(crate) fn back(case: CaseId) -> impl Fn(Trouble) -> Failure {
    move |trouble| Failure::from(trouble).back("回到这件追缴", links::recoveries::claim(case))
}

/// The claim after an act.
pub(crate) fn here(case: CaseId) -> Redirect {
    let here: Href = links::recoveries::claim(case);
    Redirect::to(here.as_str())
}

/// Under which name contacts are sealed.
pub(crate) const CONTACT: &str = "recovery_contact";

/// What a move alone does.
pub(crate) fn moved(step: CaseStep) -> Effects {
    Effects { moves: vec![CaseChange::Step(step)], ..Effects::default() }
}

/// Commits an act on a claim.
pub(crate) async fn finish(
    tx: Tx,
    actor: &Actor,
    now: Now,
    effects: Effects,
    act: &'static str,
    id: CaseId,
    note: &str,
) -> Result<(), Trouble> {
    commit(tx, actor, now, &effects, act, format!("case/{id}"), note).await
}

/// Refuses money on a claim that has ended.
pub(crate) fn refuse_ended(claim: &Claim) -> Result<(), Trouble> {
    if claim.case.owner.is_some() {
        return Ok(());
    }
    let state = FLOW.state(&claim.case.state).map_or("", |state| state.chinese);
    Err(Trouble::Conflict(format!("这件追缴{state}，没有再登记。")))
}

/// The colour of a state.
pub(crate) fn tone(state: &str) -> Tone {
    match state {
        "opened" | "referred" => Tone::Bad,
        "noticed" | "agreed" => Tone::Wait,
        "repaid" => Tone::Ok,
        _ => Tone::Plain,
    }
}

/// How far a claim is, in its colour.
pub(crate) fn chip(state: &str) -> Chip {
    Chip::new(tone(state), FLOW.state(state).map_or(state, |state| state.chinese))
}
