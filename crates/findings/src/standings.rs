//! 待遇: how each item of the list stands for one person: what they get, could get, have lost.

use access::AreaTree;
use facts::Fact;
use facts::people::PersonCard;
use facts::population::{ClosedWorld, EngineTree, engine_facts, subject_of};
use kernel::{Day, FactValue, Fen, Month, Trouble};
use policy::{ConditionLine, Explanation, Form, Item, List, Service, Verdict};

use crate::award_kind;

/// 待遇: how one item of the list stands for an elder.
pub struct Standing<'a> {
    /// The item.
    pub item: &'a Item,
    /// The verdict of the month with its reasons.
    pub explanation: Explanation,
    /// What is or was paid for it, the best source's word first. A decision to pay nothing is a
    /// stop.
    awards: Vec<&'a Fact>,
    /// What is owed for past months.
    pub arrears: Vec<(Month, Fen)>,
}

/// Every item of the list, judged for the month of the day by the same code as a determination.
pub fn standings<'a>(
    list: Option<&'a List>,
    card: &PersonCard,
    facts: &'a [Fact],
    today: Day,
    areas: &AreaTree,
    closed: &ClosedWorld,
) -> Result<Vec<Standing<'a>>, Trouble> {
    let subject = subject_of(card.id, card.area, card.life, facts);
    let known = engine_facts(&subject, areas, closed)?;
    let tree = EngineTree(areas);
    let names = |code: &str| tree.name(code);
    let items = list.map(|list| list.items.as_slice()).unwrap_or_default();
    let items = items.iter().filter(|item| item.is_judged());
    let standing = |item: &'a Item| {
        let kind = award_kind(item).unwrap_or_default();
        let awards: Vec<&Fact> = facts.iter().filter(|fact| fact.kind == kind).collect();
        let paid = |month: Month| paid_in(&awards, month);
        let month = today.month();
        let span = policy::span(item, &known, item.encoded_from(), month, &tree, &paid);
        Standing {
            item,
            explanation: policy::explain(item, &known, month, &tree, &names),
            arrears: span.arrears,
            awards,
        }
    };
    Ok(items.map(standing).collect())
}

/// The sum of a month, by the first source whose word covers it.
fn paid_in(awards: &[&Fact], month: Month) -> Fen {
    let covers = |award: &&&Fact| {
        award.valid_from.month() <= month && award.valid_to.is_none_or(|to| month < to.month())
    };
    awards.iter().find(covers).map_or(Fen::ZERO, |award| sum(award))
}

fn sum(award: &Fact) -> Fen {
    match award.value {
        FactValue::Fen(fen) => fen,
        _ => Fen::ZERO,
    }
}

impl<'a> Standing<'a> {
    /// The award, when it is paid today.
    pub fn gets(&self, today: Day) -> Option<&'a Fact> {
        let holds = |it: &&Fact| it.valid_from <= today && it.valid_to.is_none_or(|to| today < to);
        self.awards.iter().copied().find(holds).filter(|award| sum(award) != Fen::ZERO)
    }

    /// The award and the day from which it is not paid any more. Of an award that was decided
    /// here and stopped here, the decision to stop itself.
    pub fn stopped(&self, today: Day) -> Option<(&'a Fact, Day)> {
        let award = *self.awards.first()?;
        if sum(award) == Fen::ZERO {
            let before = self.awards.iter().copied().find(|it| sum(it) != Fen::ZERO);
            let from = award.valid_from;
            return (from <= today).then(|| (before.unwrap_or(award), from));
        }
        award.valid_to.filter(|to| *to <= today).map(|to| (award, to))
    }

    /// Whether it is not paid and is due; or nobody can tell, and it is of those that are paid.
    pub fn could_get(&self, today: Day) -> bool {
        self.item.form == Form::Cash
            && self.gets(today).is_none()
            && match self.explanation.verdict {
                Verdict::Entitled { .. } => true,
                Verdict::Unknown(_) => {
                    let alive = ["life", "death_date"];
                    self.needs().iter().all(|need| alive.contains(need))
                        || self.explanation.conditions.iter().any(decided)
                }
                _ => false,
            }
    }

    /// Whether it is a service to which the elder has a right.
    pub fn is_served(&self) -> bool {
        matches!(self.item.form, Form::Service(_))
            && matches!(self.explanation.verdict, Verdict::Entitled { .. })
    }

    /// The day on which the service was given last.
    pub fn served_on(&self, facts: &[Fact]) -> Option<Day> {
        let Form::Service(Service { record: Some(record), .. }) = self.item.form else {
            return None;
        };
        let days = facts.iter().filter(|fact| fact.kind == record.kind().id);
        days.filter_map(|fact| match fact.value {
            FactValue::Day(day) => Some(day),
            _ => None,
        })
        .max()
    }

    /// What is due a month, when it is certain.
    pub fn due(&self) -> Option<Fen> {
        match self.explanation.verdict {
            Verdict::Entitled { amount, .. } => Some(amount),
            _ => None,
        }
    }

    /// Facts without which it cannot be judged.
    pub fn needs(&self) -> &[&'static str] {
        match &self.explanation.verdict {
            Verdict::Unknown(needs) => needs,
            _ => &[],
        }
    }

    /// What is owed for past months, in all.
    pub fn arrears_fen(&self) -> Fen {
        self.arrears.iter().map(|(_, fen)| *fen).sum()
    }
}

/// Whether a condition holds that not everybody of that age here fulfils: of what is not known at
/// all there is nothing to tell the elder.
fn decided(line: &ConditionLine) -> bool {
    let everybody = ["birth_date", "hukou_area", "life", "death_date"];
    line.mark() == '✓' && !line.facts.iter().all(|kind| everybody.contains(kind))
}
