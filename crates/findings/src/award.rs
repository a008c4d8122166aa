//! 应享未享、不应享而享: what an item pays against what it owes.

use std::fmt::Write as _;

use duties::DutyKind;
use facts::population::EngineTree;
use kernel::{Day, Fen, Life, Month, Trouble};
use policy::condition::{Cond, Term};
use policy::{Item, Verdict};

use crate::award_kind;
use crate::kinds::{AFTER_DEATH, CLASS_CHANGE, FACT_MISSING, NOT_ENTITLED, SOON, UNCLAIMED};
use crate::paid::paid_after_death;
use crate::{Award, Case, Finding, Rule, leads};

/// How far ahead people are told that they will be entitled.
pub const NOTICE_DAYS: i64 = 60;

/// Months looked ahead to find who is entitled soon: those that [`NOTICE_DAYS`] can reach, and
/// the one after a birthday.
const NOTICE_MONTHS: i32 = 3;

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Finding>) -> Result<(), Trouble> {
    let mut soon = Vec::new();
    for (rule, verdict) in &case.verdicts {
        let Some(kind) = rule.award else { continue };
        let one = OneItem { case, rule, item: rule.item, verdict };
        match case.award_of(kind) {
            Some(award) => one.paid(award, found)?,
            None if case.judge.arrived.tells(kind, case.subject.id) => match verdict {
                Verdict::Entitled { .. } | Verdict::NotEntitled(_) if one.is_applied_for() => {}
                Verdict::Entitled { amount, .. } => one.unclaimed(*amount, found)?,
                Verdict::NotEntitled(_) => soon.extend(one.soon()),
                Verdict::Unknown(needs) => one.missing(needs, found),
                Verdict::NotEncoded(_) => {}
            },
            None => {}
        }
    }
    tell_ahead(case, &soon, found);
    Ok(())
}

struct OneItem<'a> {
    case: &'a Case<'a>,
    rule: &'a Rule<'a>,
    item: &'a Item,
    verdict: &'a Verdict,
}

impl<'a> OneItem<'a> {
    fn finding(&self, kind: &'static DutyKind, cause_code: &str, cause: String) -> Finding {
        Finding {
            item: Some(self.item.id.clone()),
            ..self.case.finding(kind, cause_code, cause, &self.rule.rests_on)
        }
    }

    /// Whether the application is under way, so that nobody has to be asked to apply.
    fn is_applied_for(&self) -> bool {
        self.case.judge.applied.has(self.case.subject.id, &self.item.id)
    }

    /// Paid: should they be, and so much?
    fn paid(&self, award: Award, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let name = &self.item.name;
        let month = self.case.month();
        match (self.verdict, self.case.subject.life) {
            (Verdict::Entitled { amount, band }, _)
                if *amount != award.monthly && !self.item.amount_is_local() =>
            {
                let birthday = self.class_birthday(*band);
                let turned = birthday.map_or_else(String::new, |(age, day)| {
                    format!("{}满 {age} 周岁，", day.chinese())
                });
                let why = format!(
                    "{turned}{}起{name}按每月 {amount} 元，现按 {} 元",
                    month.chinese(),
                    award.monthly
                );
                let code = birthday.map_or_else(|| "other".into(), |(age, _)| format!("age_{age}"));
                found.push(Finding {
                    monthly_fen: amount.checked_sub(award.monthly).map_err(Trouble::fault)?,
                    ..self.finding(&CLASS_CHANGE, &code, why)
                });
            }
            (Verdict::NotEntitled(_), Life::Reported | Life::Corroborated | Life::Confirmed) => {
                self.paid_after_death(award, found);
            }
            (Verdict::NotEntitled(_), _) => {
                let why = format!("{name}名册在发，但不符合条件：{}", self.failed(month));
                found.push(Finding {
                    monthly_fen: award.monthly,
                    ..self.finding(&NOT_ENTITLED, "condition_fails", why)
                });
            }
            (Verdict::Unknown(needs), _) => self.missing(needs, found),
            (Verdict::Entitled { .. } | Verdict::NotEncoded(_), _) => {}
        }
        Ok(())
    }

    /// Months that were paid though nothing was due after the death.
    fn paid_after_death(&self, award: Award, found: &mut Vec<Finding>) {
        let case = self.case;
        let subject = case.subject;
        let Some(died) = subject.day("death_date") else { return };
        let ours = case.judge.payments.of(subject.id, &self.item.id);
        let paid = paid_after_death(subject, self.item, &case.facts, case.judge.tree, ours);
        let months = paid.len();
        let source = subject.best("death_date").map(|said| case.source(said));
        let mut why = format!("{}死亡（{}），", died.chinese(), source.unwrap_or_default());
        let name = &self.item.name;
        if months > 0 {
            write!(why, "去世后{name}多发 {months} 个月")
        } else {
            write!(why, "{name}从 {}起停发，不用追回", case.month().chinese())
        }
        .expect("a String takes every write");
        let code = if months > 0 { "paid_after" } else { "stop_in_time" };
        found.push(Finding {
            amount_fen: paid.iter().map(|it| it.amount_fen).sum(),
            monthly_fen: award.monthly,
            ..self.finding(&AFTER_DEATH, code, why)
        });
    }

    /// Entitled, and nobody pays. Who already gets more by an exclusive benefit misses nothing.
    fn unclaimed(&self, amount: Fen, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let case = self.case;
        let month = case.month();
        let instead = leads::instead_of(case, self.item);
        let stopped = self.rule.award.and_then(|kind| case.stopped_from(kind));
        if instead.is_some_and(|other| other >= amount)
            || stopped.is_some() && case.judge.stops.holds(case.subject, self.item)
        {
            return Ok(());
        }
        let tree = EngineTree(case.judge.tree);
        let entitled = policy::first_entitled(self.item, &case.facts, month, &tree);
        let first = entitled.max(stopped).unwrap_or(month);
        let owed = policy::span(self.item, &case.facts, first, month, &tree, &|_| Fen::ZERO);
        let class = match case.in_month(self.item, first) {
            Verdict::Entitled { band, .. } => self.class_birthday(band),
            _ => None,
        };
        let turned = class.or_else(|| self.turned(first)).map_or_else(
            || format!("{}起符合条件", first.chinese()),
            |(age, day)| format!("{}满 {age} 周岁", day.chinese()),
        );
        let (code, tail) = if stopped.is_some() {
            ("entitled_again", "已停发，情况有变，现在又符合条件")
        } else if first == month {
            ("newly_entitled", "尚未申请")
        } else {
            ("entitled_before", "至今未申请")
        };
        let name = &self.item.name;
        let why = match stopped {
            Some(from) => format!("{}起{name}{tail}", from.chinese()),
            None => format!("{turned}，{tail}{name}"),
        };
        let monthly = amount.checked_sub(instead.unwrap_or(Fen::ZERO)).map_err(Trouble::fault)?;
        found.push(Finding {
            amount_fen: if instead.is_some() { Fen::ZERO } else { owed.arrears_fen },
            monthly_fen: monthly,
            ..self.finding(&UNCLAIMED, code, why)
        });
        Ok(())
    }

    /// Who crosses a line of age within [`NOTICE_DAYS`], and is entitled after it.
    fn soon(&self) -> Option<Ahead<'a>> {
        let now = self.case.month();
        (1..=NOTICE_MONTHS).find_map(|ahead| {
            let month = now.plus(ahead);
            let Verdict::Entitled { amount, .. } = self.case.in_month(self.item, month) else {
                return None;
            };
            Some(self.turned(month).map(|(age, birthday)| Ahead {
                name: &self.item.name,
                age,
                birthday,
                month,
                amount,
                finding: self.finding(&SOON, &format!("age_{age}"), String::new()),
            }))
        })?
    }

    /// What is not known and would decide. What has a duty of its own, such as an assessment, is
    /// found there.
    fn missing(&self, needs: &[&'static str], found: &mut Vec<Finding>) {
        let mut labels = Vec::new();
        for need in needs.iter().filter(|need| !matches!(**need, "life" | "death_date")) {
            let Some(kind) = policy::register::kind_of(need) else { continue };
            if kind.owner == ASSESSMENT || !self.case.judge.arrived.asks(need) {
                return;
            }
            labels.push(kind.label);
        }
        if !labels.is_empty() {
            let why = format!("还差{}，认定不了{}", labels.join("、"), self.item.name);
            found.push(self.finding(&FACT_MISSING, "facts_unknown", why));
        }
    }

    /// The age from which a class counts and the day on which the person reached it, when the
    /// item's classes are classes of age.
    fn class_birthday(&self, band: usize) -> Option<(i32, Day)> {
        let age = self.item.bands.get(band)?.age_from;
        let classed = self.item.bands.iter().any(|band| band.age_from != age);
        let birth = self.case.subject.day("birth_date")?;
        let birthday = birth.plus_years(i16::try_from(age).ok()?);
        classed.then_some((age, birthday))
    }

    /// The line of age that the person crossed just before the month counted, and the day.
    fn turned(&self, month: Month) -> Option<(i32, Day)> {
        let birth = self.case.subject.day("birth_date")?;
        let (from, to) = (month.plus(-1).first(), month.last());
        lines_of_age(self.item).into_iter().find_map(|age| {
            let day = birth.plus_years(i16::try_from(age).ok()?);
            (from <= day && day <= to).then_some((age, day))
        })
    }

    fn failed(&self, month: Month) -> String {
        let tree = EngineTree(self.case.judge.tree);
        let name = |code: &str| tree.name(code);
        let explained = policy::explain(self.item, &self.case.facts, month, &tree, &name);
        let failed = explained.conditions.iter().find(|line| line.mark() == '✗');
        failed.map_or_else(|| explained.sentence.clone(), policy::ConditionLine::text)
    }
}

/// The capability whose facts an assessment establishes.
const ASSESSMENT: &str = "assessment";

/// An item that somebody will be entitled to.
struct Ahead<'a> {
    name: &'a str,
    age: i32,
    birthday: Day,
    month: Month,
    amount: Fen,
    finding: Finding,
}

/// One notice for one birthday, whatever it brings.
fn tell_ahead(case: &Case<'_>, soon: &[Ahead<'_>], found: &mut Vec<Finding>) {
    let today = case.judge.today;
    let near = |ahead: &&Ahead<'_>| ahead.birthday.days_since(today) <= NOTICE_DAYS;
    let Some(first) = soon.iter().find(near) else { return };
    let same = || soon.iter().filter(|it| it.birthday == first.birthday);
    let gains: Vec<String> = same().map(|it| format!("{}每月 {} 元", it.name, it.amount)).collect();
    let why = format!(
        "{}满 {} 周岁，{}起{}",
        first.birthday.chinese(),
        first.age,
        first.month.chinese(),
        gains.join("、")
    );
    found.push(Finding {
        cause: why,
        due: Some(first.birthday.max(today)),
        monthly_fen: same().map(|it| it.amount).sum(),
        ..first.finding.clone()
    });
}

/// Ages at which an item begins to be for somebody, or pays another sum.
pub fn lines_of_age(item: &Item) -> Vec<i32> {
    let mut ages: Vec<i32> = item.bands.iter().map(|band| band.age_from).collect();
    for cond in item.conditions.iter().chain(item.bands.iter().flat_map(|band| &band.who)) {
        ages_in(cond, &mut ages);
    }
    ages.sort_unstable();
    ages.dedup();
    ages
}

fn ages_in(cond: &Cond, ages: &mut Vec<i32>) {
    match cond {
        Cond::Not(inner) | Cond::Known(inner) => ages_in(inner, ages),
        Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|it| ages_in(it, ages)),
        Cond::Compare(Term::Age, _, Term::Int(age)) => ages.extend(i32::try_from(*age).ok()),
        _ => {}
    }
}

/// Kinds of facts that the verdict of an item rests on, and whether it is paid.
pub(super) fn rests_on(item: &Item) -> Vec<&'static str> {
    let mut kinds = vec!["birth_date", "hukou_area", "register_state", "death_date", "life"];
    kinds.extend(award_kind(item));
    for cond in item.conditions.iter().chain(item.bands.iter().flat_map(|band| &band.who)) {
        kinds_in(cond, &mut kinds);
    }
    kinds
}

fn kinds_in(cond: &Cond, kinds: &mut Vec<&'static str>) {
    let mut term = |term: &Term| {
        if let Term::Fact(kind) = term {
            kinds.push(kind.kind().id);
        }
    };
    match cond {
        Cond::Not(inner) | Cond::Known(inner) => kinds_in(inner, kinds),
        Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|it| kinds_in(it, kinds)),
        Cond::Compare(left, _, right) => {
            term(left);
            term(right);
        }
        Cond::Flag(kind) | Cond::Within(kind, _) | Cond::Happened(kind, _) => {
            kinds.push(kind.kind().id);
        }
        Cond::PaidElsewhere => kinds.extend(["receives_elsewhere", "paid_elsewhere_until"]),
        Cond::Constant(_) | Cond::Deceased => {}
    }
}
