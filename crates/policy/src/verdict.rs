use kernel::{Fen, Month};

use crate::area::AreaTree;
use crate::condition::{At, Truth};
use crate::facts::Facts;
use crate::list::{Band, BandAmount, Item};
use crate::raw::{Per, Start, Stop};

/// 结论: what an item says about a person and a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 应享: so much is due in the month, by the band at this place in the item. Nothing is due
    /// for a service, for a sum that lower lists set, and in the months between two sums.
    Entitled {
        /// Due in the month.
        amount: Fen,
        /// Place in `item.bands`, when it has any.
        band: usize,
    },
    /// 不符合: some condition is false.
    NotEntitled(Failed),
    /// 不能判定: no condition is false, and these facts decide, in the list's order.
    Unknown(Vec<&'static str>),
    /// 未录入: the list encodes no rule for the month, or none at all.
    NotEncoded(Period),
}

/// Which of an item's conditions are false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Failed(u64);

/// Months without an encoded text, around the month that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First month without a text; open when none.
    pub from: Option<Month>,
    /// First month that has a text again; open when none.
    pub to: Option<Month>,
}

const NO_BAND: u32 = 63;
const ENDED: u32 = 62;

impl Failed {
    /// Places of the false conditions in `item.conditions`, in order.
    pub fn conditions(self) -> impl Iterator<Item = usize> {
        (0..60).filter(move |at| self.has(*at)).map(|at| at as usize)
    }

    /// All conditions hold or may hold, but no band is for this person.
    pub fn no_band(self) -> bool {
        self.has(NO_BAND)
    }

    /// The band has been ended.
    pub fn ended(self) -> bool {
        self.has(ENDED)
    }

    fn has(self, bit: u32) -> bool {
        self.0 >> bit & 1 == 1
    }
}

impl Verdict {
    /// The word in JSON and in the digest.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Entitled { .. } => "entitled",
            Self::NotEntitled(_) => "not_entitled",
            Self::Unknown(_) => "unknown",
            Self::NotEncoded(_) => "not_encoded",
        }
    }

    /// 结论 in the bureau's words.
    pub fn chinese(&self) -> &'static str {
        match self {
            Self::Entitled { .. } => "符合",
            Self::NotEntitled(_) => "不符合",
            Self::Unknown(_) => "不能判定",
            Self::NotEncoded(_) => "规定未录入",
        }
    }

    /// The facts that would decide it, in the list's order; none unless unknown.
    pub fn needs(&self) -> &[&'static str] {
        if let Self::Unknown(needs) = self { needs } else { &[] }
    }

    /// What is due for the month; nothing unless entitled.
    pub fn amount(&self) -> Fen {
        if let Self::Entitled { amount, .. } = self { *amount } else { Fen::ZERO }
    }
}

impl Item {
    /// The days on which the item judges a person in a month.
    pub(crate) fn at<'a>(
        &'a self,
        facts: &'a Facts,
        month: Month,
        areas: &'a dyn AreaTree,
    ) -> At<'a> {
        let reference = match self.time.start {
            Start::MonthOfAge
            | Start::MonthOfApplication
            | Start::AgeAtYearEnd
            | Start::MonthOfEligible => month.last(),
            Start::MonthAfterAge
            | Start::MonthAfterApplication
            | Start::MonthAfterApproval
            | Start::MonthAfterEligible => month.first().plus_days(-1),
        };
        let age_day = match self.time.start {
            Start::AgeAtYearEnd => month.plus(12 - i32::from(month.number())).last(),
            _ => reference,
        };
        let dead_before = match self.time.stop {
            Stop::EventMonthPaid => month.first(),
            Stop::EventMonthUnpaid => month.next().first(),
        };
        At { facts, month, reference, age_day, dead_before, issuer: &self.list.issuer, areas }
    }

    /// The months without a text, when the month is one of them.
    fn gap(&self, month: Month) -> Option<Period> {
        let Some(from) = self.encoded_from else { return Some(Period { from: None, to: None }) };
        let to = self.list.effective_to.map(kernel::Day::month);
        if month < from {
            Some(Period { from: None, to: Some(from) })
        } else {
            to.filter(|to| month >= *to).map(|to| Period { from: Some(to), to: None })
        }
    }
}

/// Judges one person in one month. Builds no strings: this is what runs over a whole county.
///
/// A sum per quarter, half-year or year is due whole in the one month of the period that the
/// item states; a sum that is paid once, in the first month in which the conditions hold.
pub fn evaluate(item: &Item, facts: &Facts, month: Month, areas: &dyn AreaTree) -> Verdict {
    let verdict = judge(item, facts, month, areas);
    let Verdict::Entitled { amount, band } = verdict else { return verdict };
    let is_due = match item.per {
        Per::Month => true,
        Per::Quarter | Per::HalfYear | Per::Year => item.is_due(month),
        Per::Once => {
            let earlier = (1..=month.months_since(item.encoded_from())).map(|ago| month.plus(-ago));
            let mut earlier = earlier.map(|month| judge(item, facts, month, areas));
            !earlier.any(|verdict| matches!(verdict, Verdict::Entitled { .. }))
        }
    };
    Verdict::Entitled { amount: if is_due { amount } else { Fen::ZERO }, band }
}

/// The verdict as if the whole sum were due in every month.
pub(crate) fn judge(item: &Item, facts: &Facts, month: Month, areas: &dyn AreaTree) -> Verdict {
    if let Some(period) = item.gap(month) {
        return Verdict::NotEncoded(period);
    }
    let at = item.at(facts, month, areas);
    let mut failed = 0;
    let mut open = false;
    for (place, cond) in item.conditions.iter().enumerate() {
        match cond.truth(&at) {
            Truth::True => {}
            Truth::Unknown => open = true,
            Truth::False => failed |= 1 << place,
        }
    }
    if failed != 0 {
        return Verdict::NotEntitled(Failed(failed));
    }
    if item.bands.is_empty() && !open {
        return Verdict::Entitled { amount: Fen::ZERO, band: 0 };
    }
    match pick(&item.bands, &at) {
        Picked::None if item.bands.is_empty() => Verdict::Unknown(needs(item, &at)),
        Picked::None => Verdict::NotEntitled(Failed(1 << NO_BAND)),
        Picked::One(band) if !open => match item.bands[band].amount(month) {
            BandAmount::Fen(amount) => match topped_up(item, amount, &at, month) {
                Some(amount) => Verdict::Entitled { amount, band },
                None => Verdict::Unknown(needs(item, &at)),
            },
            BandAmount::Ended => Verdict::NotEntitled(Failed(1 << ENDED)),
            BandAmount::NotEncoded(to) => Verdict::NotEncoded(Period { from: None, to: Some(to) }),
        },
        Picked::One(_) | Picked::Open => Verdict::Unknown(needs(item, &at)),
    }
}

/// The top-ups of the item that are for this person in the month; none where a fact decides that
/// is not known.
pub(crate) fn top_ups<'a>(
    item: &'a Item,
    at: &At<'_>,
    month: Month,
) -> Option<Vec<(&'a Band, Fen)>> {
    let age = at.age();
    let mut given = Vec::new();
    for band in &item.top_ups {
        let BandAmount::Fen(more) = band.amount(month) else { continue };
        match fits(band, age, at) {
            Truth::True => given.push((band, more)),
            Truth::False => {}
            Truth::Unknown => return None,
        }
    }
    Some(given)
}

fn topped_up(item: &Item, amount: Fen, at: &At<'_>, month: Month) -> Option<Fen> {
    let more: Fen = top_ups(item, at, month)?.into_iter().map(|(_, more)| more).sum();
    Some(amount.checked_add(more).expect("sums of a list are small"))
}

fn fits(band: &Band, age: Option<i32>, at: &At<'_>) -> Truth {
    let in_age = age.map_or(Truth::Unknown, |age| Truth::of(band.covers(age)));
    band.who.iter().map(|cond| cond.truth(at)).fold(in_age, Truth::and)
}

enum Picked {
    None,
    One(usize),
    Open,
}

fn pick(bands: &[Band], at: &At<'_>) -> Picked {
    let age = at.age();
    for (place, band) in bands.iter().enumerate() {
        match fits(band, age, at) {
            Truth::True => return Picked::One(place),
            Truth::Unknown => return Picked::Open,
            Truth::False => {}
        }
    }
    Picked::None
}

fn needs(item: &Item, at: &At<'_>) -> Vec<&'static str> {
    let mut needs = Vec::new();
    item.conditions.iter().for_each(|cond| cond.needs(at, &mut needs));
    let age = at.age();
    let asks_age = !item.bands.is_empty();
    if asks_age && age.is_none() && !needs.contains(&"birth_date") {
        needs.push("birth_date");
    }
    let bands = item.bands.iter().chain(&item.top_ups);
    for band in bands.filter(|band| age.is_none_or(|age| band.covers(age))) {
        band.who.iter().for_each(|cond| cond.needs(at, &mut needs));
    }
    needs
}
