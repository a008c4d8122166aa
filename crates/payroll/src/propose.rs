//! 拟制: who is in a run, with which months, and who is not and why.
//!
//! A month is *owed* when the award covers it and the rule of that month says so; what is paid is
//! what is owed and not paid yet, each month at its own rate. The run's own month comes first;
//! earlier months are arrears as far back as the item pays back. For months that came back, or
//! whose run was dropped, no limit holds: their payment had begun in time. A month that nobody can
//! decide is not paid. What was paid and is not owed is told, and never netted.

use std::collections::BTreeMap;
use std::num::NonZero;

use access::AreaTree;
use facts::population::{ClosedWorld, EngineTree, Subject, engine_facts};
use kernel::{AreaId, Day, FactValue, Fen, Life, Month, PersonId, Trouble};
use policy::{Facts, Item, Verdict};

use crate::award::{Award, Cover};
use crate::line::{History, Line, PaidMonth, PaidState, Segment, account_digest, net_paid};
use crate::{HoldCause, Out, SegmentKind};

/// What holds somebody's payment by itself, in the order in which it is told.
const HOLDS: [(&str, HoldCause); 3] = [
    ("hold.objection", HoldCause::Objection),
    ("hold.survival", HoldCause::Survival),
    ("hold.decision", HoldCause::Decision),
];

/// The kind that holds the account, sealed.
const ACCOUNT: &str = "bank_account";

/// 拟制依据: what a run is proposed by.
#[doc(alias = "拟制")]
pub struct Payroll<'a> {
    /// The item that is paid.
    pub item: &'a Item,
    /// The month.
    pub month: Month,
    /// Areas as they are today.
    pub tree: &'a AreaTree,
    /// What the files of everybody say about those whom they do not name.
    pub closed: &'a ClosedWorld,
    /// What was paid and decided before.
    pub history: &'a History,
}

/// 拟制结果: what the run does about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Who.
    pub person: PersonId,
    /// Village of the household register.
    pub area: AreaId,
    /// Its place in the area tree.
    pub area_pos: i32,
    /// Paid, held or out.
    pub outcome: Outcome,
    /// 多发: paid months that are not owed, ascending.
    pub overpaid: Vec<Overpaid>,
}

/// Paid, held or out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 发放
    Line(Line),
    /// 暂缓
    Held(Held),
    /// 不发
    Nothing(Out),
}

/// 暂缓: not paid this month, with what would be.
#[doc(alias = "暂缓")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Why.
    pub cause: HoldCause,
    /// 还差的资料: kinds of facts that would decide it.
    pub needs: Vec<&'static str>,
    /// What the line would come to; nothing where that cannot be said.
    pub amount: Fen,
}

/// 多发: a month that was paid and is not owed.
#[doc(alias = "多发")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overpaid {
    /// Which month.
    pub month: Month,
    /// What was paid.
    pub paid: Fen,
    /// What is owed.
    pub due: Fen,
    /// Paid by the roster, before our own runs.
    pub by_roster: bool,
}

impl Payroll<'_> {
    /// Everybody who has an award or a history of payments, in their order, by so many threads.
    pub fn all(
        &self,
        subjects: &[Subject],
        threads: NonZero<usize>,
    ) -> Result<Vec<Proposed>, Trouble> {
        let share = subjects.len().div_ceil(threads.get()).max(1);
        std::thread::scope(|scope| {
            let parts: Vec<_> =
                subjects.chunks(share).map(|share| scope.spawn(move || self.each(share))).collect();
            let mut all = Vec::new();
            for part in parts {
                all.extend(part.join().map_err(|_| Trouble::fault("a proposer panicked"))??);
            }
            Ok(all)
        })
    }

    fn each(&self, subjects: &[Subject]) -> Result<Vec<Proposed>, Trouble> {
        let kind = self.kind()?;
        subjects.iter().filter_map(|subject| self.propose(subject, kind).transpose()).collect()
    }

    /// One person; nobody when there is neither an award nor a history of payments.
    pub fn one(&self, subject: &Subject) -> Result<Option<Proposed>, Trouble> {
        self.propose(subject, self.kind()?)
    }

    /// The kind of fact that says that the item is paid.
    fn kind(&self) -> Result<&'static str, Trouble> {
        let kind = policy::register::kind_of(&format!("award.{}", self.item.id));
        let missing = || Trouble::fault(format!("{} has no award kind", self.item.id));
        kind.map(|kind| kind.id).ok_or_else(missing)
    }

    fn propose(&self, subject: &Subject, kind: &str) -> Result<Option<Proposed>, Trouble> {
        let granted = self.history.granted.get(&subject.id).map(Vec::as_slice);
        let award = Award::of(subject, kind, granted);
        let paid = self.history.paid_to(subject.id);
        if award.is_none() && paid.is_empty() {
            return Ok(None);
        }
        let facts = engine_facts(subject, self.tree, self.closed)?;
        let place = self.tree.node(subject.area).map(|node| node.lo);
        let one = One { payroll: self, subject, award, paid, facts };
        Ok(Some(Proposed {
            person: subject.id,
            area: subject.area,
            area_pos: place.ok_or_else(|| Trouble::fault("a village is not in the tree"))?,
            outcome: one.outcome(place.unwrap_or_default())?,
            overpaid: one.overpaid(),
        }))
    }
}

struct One<'a> {
    payroll: &'a Payroll<'a>,
    subject: &'a Subject,
    award: Award,
    paid: &'a [PaidMonth],
    facts: Facts,
}

impl One<'_> {
    fn outcome(&self, area_pos: i32) -> Result<Outcome, Trouble> {
        let month = self.payroll.month;
        let owed = self.award.cover(month) == Cover::Owed;
        let verdict = if owed { Some(self.verdict(month)) } else { None };
        let mut segments = self.arrears();
        let without_current = match verdict.as_ref() {
            Some(Verdict::Entitled { amount, .. }) => {
                let missing = self.missing(month, *amount);
                let kind = self.kind_of(month);
                segments.extend(missing.map(|amount| self.segment(month, kind, amount)));
                let paid = missing.is_some() && kind == SegmentKind::Current;
                (!paid).then_some(Out::NothingDue)
            }
            _ => Some(self.out(owed)),
        };
        let amount =
            Fen::checked_sum(segments.iter().map(|it| it.amount)).map_err(Trouble::fault)?;
        if let Some(cause) = self.held_by(owed, verdict.as_ref(), &segments) {
            let needs = verdict.as_ref().filter(|_| cause == HoldCause::Unknown);
            let needs = needs.map_or_else(Vec::new, |verdict| verdict.needs().to_vec());
            return Ok(Outcome::Held(Held { cause, needs, amount }));
        }
        Ok(match (segments.is_empty(), self.account()) {
            (true, _) => Outcome::Nothing(without_current.unwrap_or(Out::NothingDue)),
            (false, None) => {
                Outcome::Held(Held { cause: HoldCause::NoAccount, needs: Vec::new(), amount })
            }
            (false, Some(account)) => Outcome::Line(Line {
                person: self.subject.id,
                area: self.subject.area,
                area_pos,
                band: self.band(&segments),
                account,
                segments,
                without_current,
                look: self.subject.life == Life::Confirmed,
            }),
        })
    }

    /// What keeps the payment back, if anything is due or may be.
    fn held_by(
        &self,
        owed: bool,
        verdict: Option<&Verdict>,
        segments: &[Segment],
    ) -> Option<HoldCause> {
        let open = match verdict {
            Some(Verdict::Unknown(_)) => Some(HoldCause::Unknown),
            Some(Verdict::NotEncoded(_)) => Some(HoldCause::NotEncoded),
            _ => None,
        };
        let claimed =
            matches!(self.subject.life, Life::Reported | Life::Corroborated | Life::Contradicted);
        if claimed && (owed || !segments.is_empty()) {
            return Some(HoldCause::DeathClaim);
        }
        if segments.is_empty() && open.is_none() {
            return None;
        }
        let flagged = HOLDS.iter().find(|(kind, _)| self.flag(kind));
        flagged.map(|(_, cause)| *cause).or(open)
    }

    /// Why the current month is not paid.
    fn out(&self, owed: bool) -> Out {
        let subject = self.subject;
        let claimed = subject.best("death_date").is_some() && subject.life != Life::Living;
        if subject.life == Life::Confirmed || claimed && subject.life != Life::Contradicted {
            Out::Death
        } else if subject.word("register_state") == Some("moved_out") {
            Out::MovedOut
        } else if owed {
            Out::NotEntitled
        } else if self.award.is_none() {
            Out::NoAward
        } else if self.award.cover(self.payroll.month) == Cover::PaidByRoster {
            Out::NothingDue
        } else {
            Out::Stopped
        }
    }

    /// Earlier months that are owed and not paid, ascending.
    fn arrears(&self) -> Vec<Segment> {
        let Payroll { item, month: current, tree, .. } = self.payroll;
        let first_paid = self.paid.iter().map(|it| it.month).min();
        let from = self.award.start().into_iter().chain(first_paid).min().unwrap_or(*current);
        if from >= *current {
            return Vec::new();
        }
        let tree = EngineTree(tree);
        // What is not owed counts as paid in full.
        let paid = |month| match self.due(month) {
            Some(due) if due > Fen::ZERO => net_paid(self.paid, month),
            _ => Fen::new(i64::MAX),
        };
        let back = policy::span(item, &self.facts, from, *current, &tree, &paid).arrears;
        let mut segments: Vec<Segment> = back
            .into_iter()
            .map(|(month, amount)| self.segment(month, SegmentKind::Arrears, amount))
            .collect();
        for (month, kind) in self.again().into_iter().filter(|(month, _)| month < current) {
            segments.retain(|segment| segment.month != month);
            let missing = self.due(month).and_then(|due| self.missing(month, due));
            segments.extend(missing.map(|amount| self.segment(month, kind, amount)));
        }
        segments.sort_by_key(|segment| segment.month);
        segments
    }

    /// What of a month's sum is not paid, if anything.
    fn missing(&self, month: Month, due: Fen) -> Option<Fen> {
        let missing = due.checked_sub(net_paid(self.paid, month)).ok()?;
        (missing > Fen::ZERO).then_some(missing)
    }

    /// Months that were in a run which did not pay them in the end.
    fn again(&self) -> BTreeMap<Month, SegmentKind> {
        let mut months = BTreeMap::new();
        for paid in self.paid {
            match paid.state {
                PaidState::Returned => {
                    months.insert(paid.month, SegmentKind::Reissue);
                }
                PaidState::Dropped => {
                    months.entry(paid.month).or_insert(SegmentKind::Arrears);
                }
                PaidState::Live | PaidState::Recovered => {}
            }
        }
        months
    }

    /// The run's own month, unless a part of it has been paid.
    fn kind_of(&self, month: Month) -> SegmentKind {
        if net_paid(self.paid, month) > Fen::ZERO {
            SegmentKind::Arrears
        } else {
            SegmentKind::Current
        }
    }

    fn segment(&self, month: Month, kind: SegmentKind, amount: Fen) -> Segment {
        let ran = self.paid.iter().filter(|it| it.month == month);
        Segment { month, kind, amount, earlier: ran.map(|it| it.sequence).max().unwrap_or(0) }
    }

    /// What is owed for a month; none when nobody can decide it.
    fn due(&self, month: Month) -> Option<Fen> {
        let ours = || self.paid.iter().any(|it| it.month == month);
        match self.award.cover(month) {
            Cover::Stopped => Some(Fen::ZERO),
            // A later roster may name months that we have paid ourselves.
            Cover::PaidByRoster if !ours() => Some(Fen::ZERO),
            Cover::PaidByRoster | Cover::Owed | Cover::Silent => match self.verdict(month) {
                Verdict::Entitled { amount, .. } => Some(amount),
                Verdict::NotEntitled(_) => Some(Fen::ZERO),
                Verdict::Unknown(_) | Verdict::NotEncoded(_) => None,
            },
        }
    }

    /// Months that were paid and are not owed: by our runs, and by the roster after a death.
    fn overpaid(&self) -> Vec<Overpaid> {
        let mut months: Vec<Month> = self.paid.iter().map(|it| it.month).collect();
        months.sort_unstable();
        months.dedup();
        let ours = months.into_iter().filter_map(|month| {
            let (paid, due) = (net_paid(self.paid, month), self.due(month)?);
            (paid > due).then_some(Overpaid { month, paid, due, by_roster: false })
        });
        let mut all: Vec<Overpaid> = self.paid_by_roster_after_death();
        all.extend(ours);
        all
    }

    fn paid_by_roster_after_death(&self) -> Vec<Overpaid> {
        let dead = !matches!(self.subject.life, Life::Living | Life::Contradicted);
        let died = self.subject.day("death_date").filter(|_| dead).map(Day::month);
        let (Some(died), Some(roster)) = (died, self.award.roster) else { return Vec::new() };
        let months = (0..=roster.through.months_since(died)).map(|later| died.plus(later));
        months
            .filter(|month| matches!(self.verdict(*month), Verdict::NotEntitled(_)))
            .map(|month| Overpaid { month, paid: roster.monthly, due: Fen::ZERO, by_roster: true })
            .collect()
    }

    /// The band of the newest month paid.
    fn band(&self, segments: &[Segment]) -> Option<u8> {
        match self.verdict(segments.last()?.month) {
            Verdict::Entitled { band, .. } => u8::try_from(band).ok(),
            _ => None,
        }
    }

    fn verdict(&self, month: Month) -> Verdict {
        policy::evaluate(self.payroll.item, &self.facts, month, &EngineTree(self.payroll.tree))
    }

    /// The best source's word on a kind that holds on the last day of the run's month.
    fn standing(&self, kind: &str) -> Option<&FactValue> {
        let day = self.payroll.month.last();
        let mut said = self.subject.said.iter().filter(|said| said.kind == kind);
        said.find(|said| said.to.is_none_or(|to| to > day)).map(|said| &said.value)
    }

    fn flag(&self, kind: &str) -> bool {
        self.standing(kind) == Some(&FactValue::Bool(true))
    }

    fn account(&self) -> Option<[u8; 32]> {
        match self.standing(ACCOUNT)? {
            FactValue::Text(token) => account_digest(token),
            _ => None,
        }
    }
}
