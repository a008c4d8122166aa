//! 待核线索: two counties, exclusive benefits. A lead is a claim: somebody looks into it, and what
//! they find counts. By itself it makes nobody not entitled.

use facts::population::Subject;
use kernel::{Day, FactValue, Fen};
use policy::register::word_chinese;
use policy::{Choose, Exclusion, Item};

use crate::award_kind;
use crate::kinds::{EXCLUSIVE, TWO_COUNTIES};
use crate::{Case, Finding, standing, word};

/// Kinds that say where else somebody is paid.
const ELSEWHERE: [&str; 2] = ["lead.elsewhere_area", "lead.elsewhere_fen"];
/// Kinds that say what else somebody is paid.
const BESIDE: [&str; 2] = ["lead.exclusive_benefit", "lead.exclusive_fen"];

/// 择高: two sums of which one is to stay, and what that makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What we pay, and the sum a month.
    pub ours: (String, Fen),
    /// What somebody else pays, and the sum a month.
    pub other: (String, Fen),
    /// Whether ours is the one to stay.
    pub keep_ours: bool,
}

impl Offer {
    fn higher(ours: (String, Fen), other: (String, Fen)) -> Self {
        let keep_ours = ours.1 >= other.1;
        Self { ours, other, keep_ours }
    }

    fn chosen(ours: (String, Fen), other: (String, Fen), choose: Choose) -> Self {
        // As `policy::overlaps`: of two equal sums the other department's stays.
        let keep_ours = match choose {
            Choose::Higher => ours.1 > other.1,
            Choose::This => true,
            Choose::Other => false,
        };
        Self { ours, other, keep_ours }
    }

    /// What stays, and what ends.
    pub fn sides(&self) -> (&(String, Fen), &(String, Fen)) {
        if self.keep_ours { (&self.ours, &self.other) } else { (&self.other, &self.ours) }
    }

    /// What the two differ by.
    pub fn difference(&self) -> Fen {
        let (ours, other) = (self.ours.1, self.other.1);
        ours.max(other).checked_sub(ours.min(other)).unwrap_or(Fen::ZERO)
    }

    /// `建议保留高龄津贴（每月 50.00 元），另一项停发，每月相差 10.00 元`.
    pub fn words(&self) -> String {
        let (stays, _) = self.sides();
        format!("建议保留{}，另一项停发，每月相差 {} 元", stays.0, self.difference())
    }
}

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Finding>) {
    two_counties(case, found);
    exclusive(case, found);
}

fn two_counties(case: &Case<'_>, found: &mut Vec<Finding>) {
    let Some((rule, award)) = case.paid().next() else { return };
    let item = rule.item;
    let today = case.judge.today;
    let Some(offer) = two_counties_offer(case.subject, item, award.monthly, today) else { return };
    let settled = case.standing("receives_elsewhere");
    if settled.is_some_and(|said| said.value == FactValue::Bool(true)) {
        return;
    }
    let rests_on = [ELSEWHERE[0], ELSEWHERE[1], rule.award.unwrap_or_default()];
    let source = case.standing(ELSEWHERE[1]).map(|said| case.source(said));
    let why = format!(
        "{}：{}也在发，每月 {} 元；本县{}每月 {} 元。{}",
        source.unwrap_or_default(),
        offer.other.0,
        offer.other.1,
        item.name,
        award.monthly,
        offer.words()
    );
    found.push(Finding {
        item: Some(item.id.clone()),
        monthly_fen: offer.sides().1.1,
        ..case.finding(&TWO_COUNTIES, "paid_elsewhere", why, &rests_on)
    });
}

/// What the lead about another county comes to, when there is one.
pub fn two_counties_offer(
    subject: &Subject,
    item: &Item,
    monthly: Fen,
    today: Day,
) -> Option<Offer> {
    let FactValue::Fen(other) = standing(subject, ELSEWHERE[1], today)?.value else { return None };
    let place = word(subject, ELSEWHERE[0], today).unwrap_or("另一地").to_owned();
    Some(Offer::higher((format!("本县{}", item.name), monthly), (place, other)))
}

fn exclusive(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (rule, award) in case.paid() {
        let item = rule.item;
        let today = case.judge.today;
        let Some((offer, rests_on)) = exclusive_offer(case.subject, item, award.monthly, today)
        else {
            continue;
        };
        let why = format!(
            "{}每月 {} 元，同时享受{}每月 {} 元，两项只能享受一项。{}",
            item.name,
            offer.ours.1,
            offer.other.0,
            offer.other.1,
            offer.words()
        );
        found.push(Finding {
            item: Some(item.id.clone()),
            monthly_fen: offer.sides().1.1,
            ..case.finding(&EXCLUSIVE, "exclusive_benefits", why, &rests_on)
        });
        return;
    }
}

/// What must not be held together with the item and is, by the rosters or by a lead, with the
/// kinds of facts that say so.
pub fn exclusive_offer(
    subject: &Subject,
    item: &Item,
    monthly: Fen,
    today: Day,
) -> Option<(Offer, Vec<&'static str>)> {
    let ours = || (item.name.clone(), monthly);
    let own = award_kind(item)?;
    let sum = |kind: &str| match standing(subject, kind, today)?.value {
        FactValue::Fen(fen) => Some(fen),
        _ => None,
    };
    item.excludes.iter().find_map(|Exclusion { kind, choose }| {
        let benefit = kind.strip_prefix("award.").unwrap_or(kind);
        let name = word_chinese(benefit).to_owned();
        let led = word(subject, BESIDE[0], today) == Some(benefit);
        let other = sum(kind).or_else(|| led.then(|| sum(BESIDE[1])).flatten())?;
        let offer = Offer::chosen(ours(), (name, other), *choose);
        Some((offer, vec![own, *kind, BESIDE[0], BESIDE[1]]))
    })
}

/// What is paid to the person in the place of an item that it may not be held together with, when
/// the rule lets that one stay.
pub(super) fn instead_of(case: &Case<'_>, item: &Item) -> Option<Fen> {
    item.excludes.iter().find_map(|Exclusion { kind, choose }| {
        let other = case.award_of(kind)?;
        match choose {
            Choose::Higher => Some(other.monthly),
            Choose::Other => Some(Fen::new(i64::MAX)),
            Choose::This => None,
        }
    })
}
