//! 已发月份: what was paid to somebody month by month: by the roster that was taken over, and
//! since then by our own runs.

use std::collections::{BTreeMap, HashMap};

use access::AreaTree;
use facts::population::{EngineTree, Said, Subject};
use kernel::{FactValue, Fen, Month, PersonId};
use policy::{Facts, Item, Verdict};

use crate::award_kind;

/// 实发: what our own runs have paid, by person and item, month by month. A month that came back
/// from the bank is not in it.
#[doc(alias = "实发")]
#[derive(Clone, Debug, Default)]
pub struct Payments {
    by: HashMap<(PersonId, String), BTreeMap<Month, Fen>>,
}

/// Nothing was paid.
static NOTHING: BTreeMap<Month, Fen> = BTreeMap::new();

impl Payments {
    /// One payment more; several of one month add up.
    pub fn add(&mut self, person: PersonId, item: &str, month: Month, amount_fen: Fen) {
        let months = self.by.entry((person, item.to_owned())).or_default();
        let before = months.get(&month).copied().unwrap_or(Fen::ZERO);
        months.insert(month, [before, amount_fen].into_iter().sum());
    }

    /// What one person was paid for one item.
    pub fn of(&self, person: PersonId, item: &str) -> &BTreeMap<Month, Fen> {
        self.by.get(&(person, item.to_owned())).unwrap_or(&NOTHING)
    }
}

/// A month that was paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// The month that it was paid for.
    pub month: Month,
    /// How much of it was not due.
    pub amount_fen: Fen,
    /// Whether one of our own runs paid it; else the roster that was taken over says so.
    pub by_us: bool,
}

/// What the roster says of an item: the last file in which the person stands.
fn roster<'a>(subject: &'a Subject, item: &Item) -> Option<&'a Said> {
    let kind = award_kind(item)?;
    subject.said.iter().find(|said| {
        said.kind == kind
            && said.as_of.is_some()
            && matches!(said.value, FactValue::Fen(fen) if fen != Fen::ZERO)
    })
}

/// 名册已发至: the last month that a roster attests as paid.
#[doc(alias = "名册已发至")]
pub fn roster_month(subject: &Subject, item: &Item) -> Option<Month> {
    let said = roster(subject, item)?;
    let through = said.as_of?.month();
    // An award that ended in the roster was paid for the last time in the month before.
    Some(said.to.map_or(through, |to| through.min(to.plus_days(-1).month())))
}

/// 最后发放月: the last month that was paid, by a roster or by our own runs.
#[doc(alias = "最后发放月")]
pub fn last_paid_month(
    subject: &Subject,
    item: &Item,
    ours: &BTreeMap<Month, Fen>,
) -> Option<Month> {
    let last = ours.iter().rev().find(|(_, fen)| **fen > Fen::ZERO).map(|(month, _)| *month);
    roster_month(subject, item).max(last)
}

/// 去世后已发的月份: months that were paid though nothing was due any more after the death, the
/// earliest first. Empty while nobody knows the day of death.
///
/// A roster says only what a month costs now, so that of its months those count for which nothing
/// was due; of our own months, whatever was more than what was due.
#[doc(alias = "多发月份")]
pub fn paid_after_death(
    subject: &Subject,
    item: &Item,
    facts: &Facts,
    tree: &AreaTree,
    ours: &BTreeMap<Month, Fen>,
) -> Vec<Paid> {
    let Some(died) = subject.day("death_date").map(kernel::Day::month) else { return Vec::new() };
    let due = |month| match policy::evaluate(item, facts, month, &EngineTree(tree)) {
        Verdict::Entitled { amount, .. } => Some(amount),
        Verdict::NotEntitled(_) => Some(Fen::ZERO),
        Verdict::Unknown(_) | Verdict::NotEncoded(_) => None,
    };
    let mut months: BTreeMap<Month, Paid> = BTreeMap::new();
    if let (Some(said), Some(through)) = (roster(subject, item), roster_month(subject, item))
        && let FactValue::Fen(amount_fen) = said.value
    {
        let from = died.max(said.from.month());
        let count = through.months_since(from) + 1;
        for month in (0..count).map(|later| from.plus(later)) {
            if due(month) == Some(Fen::ZERO) {
                months.insert(month, Paid { month, amount_fen, by_us: false });
            }
        }
    }
    for (month, paid) in ours.range(died..) {
        let over = due(*month).and_then(|due| paid.checked_sub(due).ok());
        if let Some(amount_fen) = over.filter(|over| *over > Fen::ZERO) {
            months.insert(*month, Paid { month: *month, amount_fen, by_us: true });
        }
    }
    months.into_values().collect()
}

/// 从某月起已发的月份: every month from this one on that was paid, whole: for a stop whose reason
/// is not the person's death.
pub fn paid_since(
    subject: &Subject,
    item: &Item,
    from: Month,
    ours: &BTreeMap<Month, Fen>,
) -> Vec<Paid> {
    let mut months: BTreeMap<Month, Paid> = BTreeMap::new();
    if let (Some(said), Some(through)) = (roster(subject, item), roster_month(subject, item))
        && let FactValue::Fen(amount_fen) = said.value
    {
        let from = from.max(said.from.month());
        let count = through.months_since(from) + 1;
        let each = (0..count).map(|later| from.plus(later));
        months.extend(each.map(|month| (month, Paid { month, amount_fen, by_us: false })));
    }
    let paid = ours.range(from..).filter(|(_, fen)| **fen > Fen::ZERO);
    months.extend(
        paid.map(|(month, fen)| (*month, Paid { month: *month, amount_fen: *fen, by_us: true })),
    );
    months.into_values().collect()
}
