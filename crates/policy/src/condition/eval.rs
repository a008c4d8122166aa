use kernel::{Day, Month};

use super::{Cond, Gate, Place, Term, Truth};
use crate::area::AreaTree;
use crate::facts::{Facts, Value};
use crate::register::{
    BIRTH_DATE, DEATH_DATE, KindIx, LIFE_STATE, PAID_ELSEWHERE_UNTIL, RECEIVES_ELSEWHERE,
    REGISTER_STATE,
};

/// One person in one month, with the days on which the item judges.
pub(crate) struct At<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) month: Month,
    /// On which facts are read.
    pub(crate) reference: Day,
    /// On which the age is counted.
    pub(crate) age_day: Day,
    /// Who died before this day counts as dead in the month.
    pub(crate) dead_before: Day,
    pub(crate) issuer: &'a str,
    pub(crate) areas: &'a dyn AreaTree,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Scalar {
    Number(i64),
    Day(Day),
    Word(&'static str),
}

impl At<'_> {
    /// 周岁 on the day on which the item counts it.
    pub(crate) fn age(&self) -> Option<i32> {
        self.facts.event(BIRTH_DATE).map(|birth| self.age_day.full_years_since(birth))
    }

    fn scalar(&self, term: &Term) -> Option<Scalar> {
        match term {
            Term::Age => self.age().map(|age| Scalar::Number(i64::from(age))),
            Term::Int(number) => Some(Scalar::Number(*number)),
            Term::Day(day) => Some(Scalar::Day(*day)),
            Term::Word(word) => Some(Scalar::Word(word)),
            Term::Fact(kind) => match self.facts.on(*kind, self.reference)? {
                Value::Day(day) => Some(Scalar::Day(*day)),
                Value::Int(number) => Some(Scalar::Number(*number)),
                Value::Fen(fen) => Some(Scalar::Number(fen.get())),
                Value::Word(word) => Some(Scalar::Word(word)),
                Value::Bool(_) | Value::Area(_) | Value::Text(_) => None,
            },
        }
    }

    /// Whether the person is dead for this month, and else what would have to be known.
    pub(crate) fn deceased(&self) -> Result<bool, KindIx> {
        let died = self.facts.event(DEATH_DATE);
        let by_day = |died: Option<Day>| match died {
            Some(day) => Ok(day < self.dead_before),
            None => Err(DEATH_DATE),
        };
        match self.facts.newest_word(LIFE_STATE) {
            Some("living") => Ok(false),
            // Even if the claim is right, the person lived until that day.
            Some("contradicted") if died.is_some_and(|day| day >= self.dead_before) => Ok(false),
            Some("contradicted") => Err(LIFE_STATE),
            Some(_) => by_day(died),
            None if died.is_some() => by_day(died),
            None if self.facts.newest_word(REGISTER_STATE) == Some("cancelled_by_death") => {
                Err(DEATH_DATE)
            }
            None => Ok(false),
        }
    }

    /// Whether another place pays for this month.
    pub(crate) fn paid_elsewhere(&self) -> Result<bool, KindIx> {
        let receives =
            matches!(self.facts.on(RECEIVES_ELSEWHERE, self.reference), Some(Value::Bool(true)));
        match self.facts.event(PAID_ELSEWHERE_UNTIL) {
            Some(until) if until.month() >= self.month => Ok(true),
            // The certificate says that it ended, the comparison that it goes on.
            Some(_) if receives => Err(RECEIVES_ELSEWHERE),
            Some(_) => Ok(false),
            None => Ok(receives),
        }
    }

    fn place<'b>(&'b self, place: &'b Place) -> &'b str {
        match place {
            Place::Issuer => self.issuer,
            Place::Code(code) => code,
        }
    }
}

impl Cond {
    /// Its truth for a person in a month. Builds no strings.
    pub(crate) fn truth(&self, at: &At<'_>) -> Truth {
        let told = |told: Result<bool, KindIx>| told.map_or(Truth::Unknown, Truth::of);
        match self {
            Self::Constant(constant) => Truth::of(*constant),
            Self::Not(inner) => inner.truth(at).not(),
            Self::All(all) => fold(all, at, Truth::False),
            Self::Any(any) => fold(any, at, Truth::True),
            Self::Compare(left, op, right) => match (at.scalar(left), at.scalar(right)) {
                (Some(left), Some(right)) => Truth::of(op.holds(left.cmp(&right))),
                _ => Truth::Unknown,
            },
            Self::Flag(kind) => match at.facts.on(*kind, at.reference) {
                Some(Value::Bool(flag)) => Truth::of(*flag),
                _ => Truth::Unknown,
            },
            Self::Within(kind, place) => match at.facts.on(*kind, at.reference) {
                Some(Value::Area(area)) => {
                    at.areas.within(area, at.place(place)).map_or(Truth::Unknown, Truth::of)
                }
                _ => Truth::Unknown,
            },
            Self::Deceased => told(at.deceased()),
            Self::PaidElsewhere => told(at.paid_elsewhere()),
            Self::Known(inner) => Truth::of(inner.truth(at) == Truth::True),
            Self::Happened(kind, gate) => match at.facts.event(*kind) {
                None => Truth::Unknown,
                Some(day) => Truth::of(match gate {
                    Gate::InMonth => day.month() <= at.month,
                    Gate::BeforeMonth => day.month() < at.month,
                }),
            },
        }
    }

    /// The facts that would have to be known to decide it, in the order in which it asks for
    /// them. Parts that are decided ask for nothing.
    pub(crate) fn needs(&self, at: &At<'_>, needs: &mut Vec<&'static str>) {
        if self.truth(at) != Truth::Unknown {
            return;
        }
        let mut add = |kind: KindIx| {
            if !needs.contains(&kind.kind().id) {
                needs.push(kind.kind().id);
            }
        };
        match self {
            Self::Constant(_) | Self::Known(_) => {}
            Self::Not(inner) => inner.needs(at, needs),
            Self::All(all) | Self::Any(all) => all.iter().for_each(|one| one.needs(at, needs)),
            Self::Compare(left, _, right) => {
                for term in [left, right].into_iter().filter(|term| at.scalar(term).is_none()) {
                    match term {
                        Term::Age => add(BIRTH_DATE),
                        Term::Fact(kind) => add(*kind),
                        Term::Int(_) | Term::Day(_) | Term::Word(_) => {}
                    }
                }
            }
            Self::Flag(kind) | Self::Within(kind, _) | Self::Happened(kind, _) => add(*kind),
            Self::Deceased => at.deceased().err().into_iter().for_each(add),
            Self::PaidElsewhere => at.paid_elsewhere().err().into_iter().for_each(add),
        }
    }
}

/// Decided by the first part that has the deciding value; unknown when none has and one is.
fn fold(parts: &[Cond], at: &At<'_>, deciding: Truth) -> Truth {
    let mut result = deciding.not();
    for part in parts {
        match part.truth(at) {
            truth if truth == deciding => return deciding,
            Truth::Unknown => result = Truth::Unknown,
            _ => {}
        }
    }
    result
}
