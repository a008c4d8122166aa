//! 差异: what the departments' files and the list in force give together about one person, before
//! it is somebody's duty. Pure: it is handed people, list, areas and day, and gives findings.
//!
//! A *finding* holds one person's verdicts against what the rosters pay and the sources say. It
//! names its cause in a sentence, the item, the money, whose desk it is on ([`kinds`]) and the
//! digest of what it rests on: the same facts never ask twice, new facts ask anew.
//!
//! A room for each group of match rules; each reads a `Case` and adds its [`Finding`]s:
//!
//! * `award`: entitled, and nobody pays and nobody has applied ([`Applied`]); paid and not
//!   entitled; paid after death; another class;
//!   entitled soon; a fact is missing. An award of nothing is a stop: it pays nobody, and asks
//!   nobody again while what it rested on stays ([`Stops`])
//! * `death`: sources contradict each other; the register does not know yet
//! * `service`: never assessed; an assessment lapsed, also while paid on it; a visit or another
//!   service is due
//! * `leads`: two counties pay; two exclusive benefits, by a lead or by the rosters
//! * `accounts`: entitled and no account; one account for people who are nothing to each other
//! * `traces`: paid and no trace of life within the limit
//!
//! [`standings`] tells of one person how every item of the list stands.
//!
//! Match rules of audits that wait for data which no file brings yet: home resident and home-care
//! order on the same day (orders), bed claimed while hospitalised (beds and stays), assessor and
//! institution related (assessors), visits impossible in time and place (visits as records).

mod accounts;
mod applied;
mod arrived;
mod award;
mod death;
pub mod kinds;
mod leads;
mod paid;
mod service;
pub mod standings;
mod stopped;
#[cfg(test)]
mod tests;
mod traces;

use std::num::NonZero;

use access::AreaTree;
use duties::DutyKind;
use facts::population::{ClosedWorld, EngineTree, Said, Subject, engine_facts};
use kernel::{AreaId, AreaLevel, Day, FactValue, Fen, Month, PersonId, Role, Trouble};
use policy::{Facts, Item, Verdict};
use sm3::{Digest, Sm3};

pub use accounts::{ACCOUNT, Accounts};
pub use applied::Applied;
pub use arrived::Arrived;
pub use award::{NOTICE_DAYS, lines_of_age};
pub use leads::{Offer, exclusive_offer, two_counties_offer};
pub use paid::{Paid, Payments, last_paid_month, paid_after_death, paid_since, roster_month};
pub use stopped::{Stops, stop_basis};

/// What everybody is judged by.
pub struct Judge<'a> {
    /// Areas as they are today.
    pub tree: &'a AreaTree,
    /// The day.
    pub today: Day,
    /// What a supplier is called.
    pub source_name: &'a (dyn Fn(&str) -> String + Sync),
    /// Items of the list in force that judge people.
    pub rules: &'a [Rule<'a>],
    /// Which kinds of facts the files have brought so far.
    pub arrived: &'a Arrived,
    /// What the files of everybody say about those whom they do not name.
    pub closed: &'a ClosedWorld,
    /// Accounts into which several people are paid.
    pub accounts: &'a Accounts,
    /// What our own runs have paid to people of whom a source says that they died.
    pub payments: &'a Payments,
    /// Stops that stand, with what they rested on.
    pub stops: &'a Stops,
    /// Applications under way.
    pub applied: &'a Applied,
    /// How long somebody may be paid without any trace of life; none when nobody has set it.
    pub trace_limit_days: Option<i64>,
}

/// The fact kind that says that an item is being paid.
pub fn award_kind(item: &Item) -> Option<&'static str> {
    policy::register::kind_of(&format!("award.{}", item.id)).map(|kind| kind.id)
}

/// An item with what is looked up once and not for everybody.
pub struct Rule<'a> {
    /// The item.
    pub item: &'a Item,
    /// The kind of fact that says that it is being paid.
    award: Option<&'static str>,
    /// Kinds of facts that its verdict rests on.
    rests_on: Vec<&'static str>,
}

impl<'a> Rule<'a> {
    /// The rules of a list.
    pub fn of(list: &'a policy::List) -> Vec<Self> {
        let judged = list.items.iter().filter(|item| item.is_judged());
        judged
            .map(|item| Self { item, award: award_kind(item), rests_on: award::rests_on(item) })
            .collect()
    }
}

/// 差异: what was found about a person, before it is somebody's duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Whose duty it is, by when, and what may come of it.
    pub kind: &'static DutyKind,
    /// Stored word of the cause, by which lists are filtered.
    pub cause_code: String,
    /// The cause in a sentence, without its full stop.
    pub cause: String,
    /// The item that it is about.
    pub item: Option<String>,
    /// The area of whoever owes the act.
    pub owner_area: AreaId,
    /// The deadline, where it does not follow from the kind.
    pub due: Option<Day>,
    /// Owed for past months, or paid too much.
    pub amount_fen: Fen,
    /// At stake each month.
    pub monthly_fen: Fen,
    /// Digest of what it rests on.
    pub basis: [u8; 32],
}

/// A person as judged: their facts, and every item's verdict for this month.
struct Case<'a> {
    judge: &'a Judge<'a>,
    subject: &'a Subject,
    facts: Facts,
    verdicts: Vec<(&'a Rule<'a>, Verdict)>,
}

impl Judge<'_> {
    /// Everything found about a person.
    pub fn findings(&self, subject: &Subject) -> Result<Vec<Finding>, Trouble> {
        let facts = engine_facts(subject, self.tree, self.closed)?;
        let tree = EngineTree(self.tree);
        let month = self.today.month();
        let judged = self.rules.iter().map(|rule| {
            let verdict = policy::evaluate(rule.item, &facts, month, &tree);
            (rule, verdict)
        });
        let verdicts = judged.collect();
        let case = Case { judge: self, subject, facts, verdicts };
        let mut found = Vec::new();
        death::look(&case, &mut found);
        award::look(&case, &mut found)?;
        service::look(&case, &mut found);
        leads::look(&case, &mut found);
        accounts::look(&case, &mut found);
        traces::look(&case, &mut found);
        Ok(found)
    }
}

impl Judge<'_> {
    /// Everything found about everybody, in their order, by so many threads.
    pub fn all(
        &self,
        subjects: &[Subject],
        threads: NonZero<usize>,
    ) -> Result<Vec<(PersonId, Finding)>, Trouble> {
        let share = subjects.len().div_ceil(threads.get()).max(1);
        std::thread::scope(|scope| {
            let judges: Vec<_> =
                subjects.chunks(share).map(|share| scope.spawn(move || self.each(share))).collect();
            let mut all = Vec::new();
            for judge in judges {
                all.extend(judge.join().map_err(|_| Trouble::fault("a judge panicked"))??);
            }
            Ok(all)
        })
    }

    fn each(&self, subjects: &[Subject]) -> Result<Vec<(PersonId, Finding)>, Trouble> {
        let mut all = Vec::new();
        for subject in subjects {
            all.extend(self.findings(subject)?.into_iter().map(|it| (subject.id, it)));
        }
        Ok(all)
    }
}

/// An item that is being paid to somebody, as the roster or a decision says.
#[derive(Clone, Copy)]
struct Award {
    monthly: Fen,
}

impl<'a> Case<'a> {
    fn month(&self) -> Month {
        self.judge.today.month()
    }

    fn in_month(&self, item: &Item, month: Month) -> Verdict {
        policy::evaluate(item, &self.facts, month, &EngineTree(self.judge.tree))
    }

    /// What is paid today under this kind of fact. Nothing, when the award was stopped.
    fn award_of(&self, kind: &str) -> Option<Award> {
        match self.standing(kind)?.value {
            FactValue::Fen(monthly) if monthly != Fen::ZERO => Some(Award { monthly }),
            _ => None,
        }
    }

    /// The month from which an award was stopped, while the stop stands.
    fn stopped_from(&self, kind: &str) -> Option<Month> {
        let said = self.standing(kind)?;
        (said.value == FactValue::Fen(Fen::ZERO)).then(|| said.from.month())
    }

    /// The best source's word on this kind that holds today.
    fn standing(&self, kind: &str) -> Option<&'a Said> {
        standing(self.subject, kind, self.judge.today)
    }

    /// Everything that is paid to the person today, in the list's order.
    fn paid(&self) -> impl Iterator<Item = (&'a Rule<'a>, Award)> {
        self.verdicts.iter().filter_map(|(rule, _)| Some((*rule, self.award_of(rule.award?)?)))
    }

    /// Sum a month of everything that is paid to the person today.
    fn paid_fen(&self) -> Fen {
        self.paid().map(|(_, award)| award.monthly).sum()
    }

    /// Whether the files would say so if there were such a fact about the person: one of them is
    /// in, and no row of it about the person waits on the desk.
    fn known_not(&self, kind: &str) -> bool {
        self.judge.arrived.tells(kind, self.subject.id) && self.standing(kind).is_none()
    }

    fn source(&self, said: &Said) -> String {
        (self.judge.source_name)(&said.supplier)
    }

    /// A finding without an item and without money, owned in the area of its kind's role, that
    /// rests on the words of every source on these kinds.
    fn finding(
        &self,
        kind: &'static DutyKind,
        cause_code: &str,
        cause: String,
        rests_on: &[&str],
    ) -> Finding {
        Finding {
            kind,
            cause_code: cause_code.to_owned(),
            cause,
            item: None,
            owner_area: self.owner_area(kind.owner),
            due: None,
            amount_fen: Fen::ZERO,
            monthly_fen: Fen::ZERO,
            basis: basis(self.subject, rests_on, ""),
        }
    }

    fn owner_area(&self, role: Role) -> AreaId {
        let level = match role {
            Role::VillageWorker => AreaLevel::Village,
            Role::TownReviewer => AreaLevel::Township,
            _ => AreaLevel::County,
        };
        let area = self.subject.area;
        self.judge.tree.at_level(area, level).map_or(area, |node| node.id)
    }
}

/// The best source's word on a kind that has not ended by the day.
pub fn standing<'a>(subject: &'a Subject, kind: &str, day: Day) -> Option<&'a Said> {
    let mut said = subject.said.iter().filter(|said| said.kind == kind);
    said.find(|said| said.to.is_none_or(|to| to > day))
}

/// The stored word or text of [`standing`].
pub fn word<'a>(subject: &'a Subject, kind: &str, day: Day) -> Option<&'a str> {
    match &standing(subject, kind, day)?.value {
        FactValue::Text(text) => Some(text),
        _ => None,
    }
}

/// Digest of what a finding rests on: the words of every source on these kinds, and the period
/// for what comes anew each period.
fn basis(subject: &Subject, kinds: &[&str], period: &str) -> [u8; 32] {
    let mut hash = Sm3::new();
    for said in subject.said.iter().filter(|said| kinds.contains(&said.kind)) {
        for part in [said.kind, &said.supplier, &said.value.to_string()] {
            hash.update(part.as_bytes());
            hash.update([0x1f]);
        }
        if let Some(to) = said.to {
            hash.update(to.to_string().as_bytes());
        }
        hash.update([0x1e]);
    }
    hash.update(period.as_bytes());
    hash.finalize().into()
}
