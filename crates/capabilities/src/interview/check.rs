//! The check: which question comes next, and what the rules say to the answers.

use std::ops::RangeInclusive;

use kernel::{Day, Month};
use policy::{CodePrefix, Explanation, Facts, Item, List, Value, Verdict, evaluate, explain};

use super::answers::{Answers, ELSEWHERE, Given, set};
use super::questions::{Pick, QUESTIONS, Question};

/// What begins within so many months is told as coming soon.
const SOON_MONTHS: i32 = 12;
/// How far ahead the years are looked through for what comes with age.
const LATER_MONTHS: i32 = 30 * 12;

/// A list, the answers so far, and the day on which it is asked.
pub(crate) struct Check<'a> {
    list: &'a List,
    answers: &'a Answers,
    month: Month,
    facts: Facts,
}

/// What the rules say about an item.
pub(crate) enum Outcome {
    /// It can be had.
    Can(Explanation),
    /// It can be had from this month on, if all stays as it is.
    Soon(Month, Explanation),
    /// These have to be found out: what, and how.
    Unsure(Vec<(String, String)>),
    /// It cannot be had: why, and how that changes with the years.
    Not(Vec<String>, Option<String>),
    /// Others decide about it.
    NotOurs,
}

impl<'a> Check<'a> {
    pub(crate) fn new(list: &'a List, answers: &'a Answers, today: Day) -> Self {
        let mut facts = Facts::new();
        answers.add_to(&mut facts, &list.head.issuer);
        // Whoever asks could apply today.
        for kind in ["applied_on", "approved_on"] {
            set(&mut facts, kind, Value::Day(today));
        }
        set(&mut facts, "assessment_requested", Value::Bool(true));
        Self { list, answers, month: today.month(), facts }
    }

    /// The questions that are still open: those whose answer would change what some item says.
    pub(crate) fn open(&self) -> Vec<&'static Question> {
        let unasked = QUESTIONS.iter().filter(|it| self.answers.get(it).is_none());
        unasked.filter(|it| self.list.items.iter().any(|item| self.decides(it, item))).collect()
    }

    /// Whether an answer to the question would change what the item says, now or soon.
    fn decides(&self, question: &'static Question, item: &Item) -> bool {
        [self.month, self.month.plus(SOON_MONTHS)]
            .into_iter()
            .any(|month| self.turns(question, item, month))
    }

    fn turns(&self, question: &'static Question, item: &Item, month: Month) -> bool {
        let now = verdict(item, &self.facts, month);
        let changes = |pick| differ(&now, &verdict(item, &self.with(question, pick), month));
        now.needs().contains(&question.kind) || question.picks.iter().any(changes)
    }

    fn with(&self, question: &'static Question, pick: &'static Pick) -> Facts {
        let mut one = Answers::default();
        one.set(question, Given::Pick(pick));
        let mut facts = self.facts.clone();
        one.add_to(&mut facts, &self.list.head.issuer);
        facts
    }

    /// What every item of the list says, in the list's order.
    pub(crate) fn outcomes(&self) -> Vec<(&'a Item, Outcome)> {
        self.list.items.iter().map(|item| (item, self.outcome(item))).collect()
    }

    fn outcome(&self, item: &Item) -> Outcome {
        match verdict(item, &self.facts, self.month) {
            Verdict::Entitled { .. } => return Outcome::Can(self.explained(item, self.month)),
            Verdict::NotEncoded(_) => return Outcome::NotOurs,
            Verdict::Unknown(_) | Verdict::NotEntitled(_) => {}
        }
        let missing = self.missing(item, self.month);
        if !missing.is_empty() {
            return Outcome::Unsure(missing);
        }
        if let Some(from) = self.first(item, 1..=SOON_MONTHS) {
            return Outcome::Soon(from, self.explained(item, from));
        }
        let missing = self.missing(item, self.month.plus(SOON_MONTHS));
        if !missing.is_empty() {
            return Outcome::Unsure(missing);
        }
        let later = self.first(item, SOON_MONTHS..=LATER_MONTHS);
        Outcome::Not(self.because(item), later.map(|from| self.explained(item, from).sentence))
    }

    /// The first of the coming months in which it can be had, if all stays as it is.
    fn first(&self, item: &Item, later: RangeInclusive<i32>) -> Option<Month> {
        later
            .map(|later| self.month.plus(later))
            .find(|month| matches!(verdict(item, &self.facts, *month), Verdict::Entitled { .. }))
    }

    /// Why not, in the family's own words: the age, or else what they answered.
    fn because(&self, item: &Item) -> Vec<String> {
        let explained = self.explained(item, self.month);
        let wrong = || explained.conditions.iter().filter(|line| line.mark() == '✗');
        // Of several ages the last one asks for most.
        if let Some(line) = wrong().rfind(|line| line.facts == ["birth_date"]) {
            return vec![format!("{}（{}）", line.opposite, line.found)];
        }
        let issuer = &self.list.head.issuer_name;
        let mut told: Vec<String> = Vec::new();
        for fact in wrong().flat_map(|line| &line.facts) {
            let Some(question) = Question::about(fact) else { continue };
            let Some(given) = self.answers.get(question) else { continue };
            let short = question.short.replace("{area}", issuer);
            let text = format!("{short}“{}”", given.words());
            if !told.contains(&text) {
                told.push(text);
            }
        }
        if told.is_empty() {
            return wrong().map(|line| line.opposite.clone()).collect();
        }
        vec![format!("填的是{}", told.join("、"))]
    }

    /// What nobody could tell and might bring the item: what, and how it is found out.
    fn missing(&self, item: &Item, month: Month) -> Vec<(String, String)> {
        let now = verdict(item, &self.facts, month);
        let by_others = now.needs().iter().filter(|kind| Question::about(kind).is_none());
        let untold = QUESTIONS.iter().filter(|question| match self.answers.get(question) {
            None | Some(Given::Unknown) => true,
            Some(Given::Day(_)) => false,
            Some(Given::Pick(pick)) => pick.says.is_empty(),
        });
        let turns = untold.filter(|question| self.turns(question, item, month));
        let issuer = &self.list.head.issuer_name;
        turns
            .map(|it| (it.short.replace("{area}", issuer), it.find_out.to_owned()))
            .chain(
                by_others.filter_map(|kind| policy::register::kind_of(kind)).map(|kind| {
                    (kind.label.to_owned(), format!("由{}核对。", kind.source_department))
                }),
            )
            .collect()
    }

    fn explained(&self, item: &Item, month: Month) -> Explanation {
        let issuer = &item.list.issuer_name;
        explain(item, &self.facts, month, &Places, &|code| match code {
            ELSEWHERE => "别的县（市、区）".to_owned(),
            _ => issuer.clone(),
        })
    }
}

fn verdict(item: &Item, facts: &Facts, month: Month) -> Verdict {
    evaluate(item, facts, month, &Places)
}

/// Two ways of not being entitled are no difference to whoever asks.
fn differ(one: &Verdict, other: &Verdict) -> bool {
    !matches!((one, other), (Verdict::NotEntitled(_), Verdict::NotEntitled(_))) && one != other
}

/// The areas as the answers know them: the issuer's, and anywhere else.
struct Places;

impl policy::AreaTree for Places {
    fn within(&self, area: &str, ancestor: &str) -> Option<bool> {
        match area {
            ELSEWHERE => Some(false),
            area if area == ancestor => Some(true),
            area => CodePrefix.within(area, ancestor),
        }
    }
}
