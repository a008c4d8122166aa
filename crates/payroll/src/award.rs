//! 待遇: from when to when somebody has an award, by the roster and by decisions.

use facts::population::{Said, Subject};
use kernel::{FactValue, Fen, Month};

use crate::Grant;

/// 待遇: which months somebody is owed, if the rule of each month agrees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Award {
    /// What the roster says, when one ever paid the person.
    pub(crate) roster: Option<Roster>,
    /// Decisions, in the order in which they were taken.
    pub(crate) grants: Vec<Grant>,
}

/// 名册: the months up to this one were paid by whoever keeps the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Roster {
    /// Month as of which it speaks, and through which it paid.
    pub(crate) through: Month,
    /// What it paid a month.
    pub(crate) monthly: Fen,
    /// First month for which it does not pay any more, when it ended.
    pub(crate) ended: Option<Month>,
}

/// Whether a month is covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cover {
    /// Nobody has said anything about the month.
    Silent,
    /// The roster's months count as paid.
    PaidByRoster,
    /// The award covers it.
    Owed,
    /// It was stopped before.
    Stopped,
}

impl Award {
    /// What stands about the person. Decisions in full, where they were read; else the one that
    /// stands.
    pub(crate) fn of(subject: &Subject, kind: &str, granted: Option<&[Grant]>) -> Self {
        let mine = || subject.said.iter().filter(|said| said.kind == kind);
        let statement = || mine().filter(|said| said.supplier.is_empty()).filter_map(grant_of);
        let rosters = || mine().filter(|said| !said.supplier.is_empty());
        let roster = rosters().find(|said| !said.gone).or_else(|| rosters().next());
        Self {
            roster: roster.and_then(roster_of),
            grants: granted.map_or_else(|| statement().collect(), <[_]>::to_vec),
        }
    }

    /// Nobody ever said that the person gets the item.
    pub(crate) fn is_none(&self) -> bool {
        self.roster.is_none() && self.grants.is_empty()
    }

    /// The first month that may be owed.
    pub(crate) fn start(&self) -> Option<Month> {
        let roster = self.roster.map(|roster| roster.through.next());
        let paying = self.grants.iter().filter(|grant| grant.monthly > Fen::ZERO);
        paying.map(|grant| grant.from).chain(roster).min()
    }

    /// What is said of a month: the last decision that covers it, else the roster.
    pub(crate) fn cover(&self, month: Month) -> Cover {
        if self.roster.is_some_and(|roster| month <= roster.through) {
            return Cover::PaidByRoster;
        }
        let said = self.grants.iter().rev().find(|grant| grant.from <= month);
        match (said, self.roster) {
            (Some(grant), _) if grant.to.is_some_and(|to| to <= month) => Cover::Stopped,
            (Some(grant), _) if grant.monthly > Fen::ZERO => Cover::Owed,
            (Some(_), _) => Cover::Stopped,
            (None, Some(roster)) if roster.ended.is_some_and(|ended| ended <= month) => {
                Cover::Stopped
            }
            (None, Some(_)) => Cover::Owed,
            (None, None) => Cover::Silent,
        }
    }
}

fn grant_of(said: &Said) -> Option<Grant> {
    let FactValue::Fen(monthly) = said.value else { return None };
    Some(Grant { from: said.from.month(), to: ended(said), monthly })
}

fn roster_of(said: &Said) -> Option<Roster> {
    let FactValue::Fen(monthly) = said.value else { return None };
    let ended = ended(said);
    let as_of = said.as_of.unwrap_or(said.from).month();
    let through = ended.map_or(as_of, |ended| as_of.min(ended.plus(-1)));
    (monthly > Fen::ZERO).then_some(Roster { through, monthly, ended })
}

/// The month after that of the last day.
fn ended(said: &Said) -> Option<Month> {
    said.to.map(|to| to.plus_days(-1).month().next())
}
