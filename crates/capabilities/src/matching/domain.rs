//! The difference between what is owed and what is paid, for one person: pure decisions.

use std::fmt::Write as _;

use access::AreaTree;
use duties::DutyKind;
use facts::population::{EngineTree, Said, Subject, engine_facts};
use kernel::{AreaId, AreaLevel, Day, FactValue, Fen, Life, Month, Role, Trouble};
use policy::{Facts, Item, Verdict};
use sm3::{Digest, Sm3};

use super::duty_kinds::{
    AFTER_DEATH, CLASS_CHANGE, CONTRADICTED, FACT_MISSING, NOT_DEREGISTERED, NOT_ENTITLED, SOON,
    UNCLAIMED,
};
use crate::app::award_kind;

/// How far ahead people are told that they will be entitled.
pub(crate) const NOTICE_DAYS: i64 = 60;

/// Months looked ahead to find who is entitled soon: those that [`NOTICE_DAYS`] can reach, and
/// the one after a birthday.
const NOTICE_MONTHS: i32 = 3;

/// What everybody is judged by.
pub(crate) struct Judge<'a> {
    /// Areas as they are today.
    pub(crate) tree: &'a AreaTree,
    /// The day.
    pub(crate) today: Day,
    /// What a supplier is called.
    pub(crate) source_name: &'a dyn Fn(&str) -> String,
}

/// 差异: what was found about a person, before it is somebody's duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) kind: &'static DutyKind,
    pub(crate) cause_code: String,
    pub(crate) cause: String,
    pub(crate) item: Option<String>,
    pub(crate) owner_area: AreaId,
    pub(crate) due: Option<Day>,
    pub(crate) amount_fen: Fen,
    pub(crate) monthly_fen: Fen,
    pub(crate) basis: [u8; 32],
}

impl Judge<'_> {
    /// Everything found about a person. `unpaid` tells whether somebody without an award of this
    /// kind is known not to be paid: a roster is in, and no row of it about them waits on the desk.
    pub(crate) fn findings(
        &self,
        subject: &Subject,
        items: &[&Item],
        unpaid: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Finding>, Trouble> {
        let facts = engine_facts(subject, self.tree)?;
        let mut found = Vec::new();
        self.about_death(subject, &mut found);
        for item in items {
            let one = OneItem { judge: self, subject, facts: &facts, item };
            match one.award() {
                Some(award) => one.about_award(&award, &mut found)?,
                None if award_kind(item).is_some_and(unpaid) => one.about_entitlement(&mut found),
                None => {}
            }
        }
        Ok(found)
    }

    fn about_death(&self, subject: &Subject, found: &mut Vec<Finding>) {
        let claims: Vec<&Said> = subject.said.iter().filter(|s| s.kind == "death_date").collect();
        let Some(first) = claims.first() else { return };
        let says = |said: &Said| match said.value {
            FactValue::Day(day) => {
                format!("{} {}死亡", (self.source_name)(&said.supplier), day.chinese_short())
            }
            _ => String::new(),
        };
        if subject.life == Life::Contradicted
            && let Some(seen) = subject.best("last_seen")
            && let FactValue::Day(day) = seen.value
        {
            let cause = format!(
                "{}，{} {}仍有记录",
                says(first),
                (self.source_name)(&seen.supplier),
                day.chinese_short()
            );
            let basis = basis(subject, &["death_date", "last_seen", "life"]);
            found.push(self.finding(&CONTRADICTED, "trace_after_death", cause, subject, basis));
        }
        let registered = subject.word("register_state") == Some("present");
        if registered
            && matches!(subject.life, Life::Reported | Life::Corroborated | Life::Confirmed)
        {
            let cause = format!("{}，公安仍登记为正常", says(first));
            let basis = basis(subject, &["death_date", "register_state", "life"]);
            found.push(self.finding(&NOT_DEREGISTERED, "still_registered", cause, subject, basis));
        }
    }

    /// A finding without an item and without money, owned in the area of its kind's role.
    fn finding(
        &self,
        kind: &'static DutyKind,
        cause_code: &str,
        cause: String,
        subject: &Subject,
        basis: [u8; 32],
    ) -> Finding {
        Finding {
            kind,
            cause_code: cause_code.to_owned(),
            cause,
            item: None,
            owner_area: self.owner_area(kind.owner, subject.area),
            due: None,
            amount_fen: Fen::ZERO,
            monthly_fen: Fen::ZERO,
            basis,
        }
    }

    fn owner_area(&self, role: Role, area: AreaId) -> AreaId {
        let level = match role {
            Role::VillageWorker => AreaLevel::Village,
            Role::TownReviewer => AreaLevel::Township,
            _ => AreaLevel::County,
        };
        self.tree.at_level(area, level).map_or(area, |node| node.id)
    }
}

/// An item that is being paid to somebody, as the roster says.
struct Award {
    monthly: Fen,
    /// Last month that the roster attests.
    paid_through: Month,
}

struct OneItem<'a> {
    judge: &'a Judge<'a>,
    subject: &'a Subject,
    facts: &'a Facts,
    item: &'a Item,
}

impl OneItem<'_> {
    fn month(&self) -> Month {
        self.judge.today.month()
    }

    fn verdict(&self, month: Month) -> Verdict {
        policy::evaluate(self.item, self.facts, month, &EngineTree(self.judge.tree))
    }

    fn award(&self) -> Option<Award> {
        let said = self.subject.best(award_kind(self.item)?)?;
        let FactValue::Fen(monthly) = said.value else { return None };
        let stands = said.to.is_none_or(|to| to > self.judge.today);
        stands.then(|| Award {
            monthly,
            paid_through: said.as_of.unwrap_or(self.judge.today).month(),
        })
    }

    fn finding(&self, kind: &'static DutyKind, cause_code: &str, cause: String) -> Finding {
        let award = award_kind(self.item).unwrap_or_default();
        let rests_on = ["birth_date", "hukou_area", "register_state", "death_date", "life", award];
        let basis = basis(self.subject, &rests_on);
        Finding {
            item: Some(self.item.id.clone()),
            ..self.judge.finding(kind, cause_code, cause, self.subject, basis)
        }
    }

    /// Paid: should they be, and so much?
    fn about_award(&self, award: &Award, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let name = &self.item.name;
        let from = self.month();
        match (self.verdict(from), self.subject.life) {
            (Verdict::Entitled { amount, band }, _) if amount != award.monthly => {
                let birthday = self.band_birthday(band);
                let turned = birthday.map_or_else(String::new, |(age, day)| {
                    format!("{}满 {age} 周岁，", day.chinese())
                });
                let cause = format!(
                    "{turned}{}起{name}按每月 {amount} 元，现按 {} 元",
                    from.chinese(),
                    award.monthly
                );
                let code = birthday.map_or_else(|| "other".into(), |(age, _)| format!("age_{age}"));
                found.push(Finding {
                    monthly_fen: amount.checked_sub(award.monthly).map_err(Trouble::fault)?,
                    ..self.finding(&CLASS_CHANGE, &code, cause)
                });
            }
            (Verdict::NotEntitled(_), Life::Reported | Life::Corroborated | Life::Confirmed) => {
                self.paid_after_death(award, found)?;
            }
            (Verdict::NotEntitled(_), _) => {
                let cause = format!("{name}名册在发，但不符合条件：{}", self.failed(from));
                found.push(Finding {
                    monthly_fen: award.monthly,
                    ..self.finding(&NOT_ENTITLED, "condition_fails", cause)
                });
            }
            (Verdict::Unknown(needs), _) => self.missing(&needs, found),
            (Verdict::Entitled { .. } | Verdict::NotEncoded(_), _) => {}
        }
        Ok(())
    }

    /// Months that were paid though the verdict of the month was no, up to the roster's last one.
    fn paid_after_death(&self, award: &Award, found: &mut Vec<Finding>) -> Result<(), Trouble> {
        let Some(died) = self.subject.day("death_date") else { return Ok(()) };
        let mut months = 0;
        let mut month = died.month();
        while month <= award.paid_through {
            months += i64::from(matches!(self.verdict(month), Verdict::NotEntitled(_)));
            month = month.next();
        }
        let source = self.subject.best("death_date").map(|said| said.supplier.as_str());
        let mut cause = format!(
            "{}死亡（{}），",
            died.chinese(),
            (self.judge.source_name)(source.unwrap_or_default())
        );
        let overpaid = award.monthly.checked_mul(months).map_err(Trouble::fault)?;
        if months > 0 {
            write!(cause, "去世后多发 {months} 个月").expect("a String takes every write");
        } else {
            write!(cause, "从 {}起停发，不用追回", self.month().chinese())
                .expect("a String takes every write");
        }
        let code = if months > 0 { "paid_after" } else { "stop_in_time" };
        found.push(Finding {
            amount_fen: overpaid,
            monthly_fen: award.monthly,
            ..self.finding(&AFTER_DEATH, code, cause)
        });
        Ok(())
    }

    /// Not paid: should they be, or soon?
    fn about_entitlement(&self, found: &mut Vec<Finding>) {
        let month = self.month();
        match self.verdict(month) {
            Verdict::Entitled { amount, .. } => self.unclaimed(amount, found),
            Verdict::NotEntitled(_) => self.soon(found),
            Verdict::Unknown(needs) => self.missing(&needs, found),
            Verdict::NotEncoded(_) => {}
        }
    }

    fn unclaimed(&self, amount: Fen, found: &mut Vec<Finding>) {
        let month = self.month();
        let tree = EngineTree(self.judge.tree);
        let first = policy::first_entitled(self.item, self.facts, month, &tree).unwrap_or(month);
        let owed = policy::span(self.item, self.facts, first, month, &tree, &|_| Fen::ZERO);
        let band = match self.verdict(first) {
            Verdict::Entitled { band, .. } => band,
            _ => 0,
        };
        let turned = self.band_birthday(band).map_or_else(
            || format!("{}起符合条件", first.chinese()),
            |(age, day)| format!("{}满 {age} 周岁", day.chinese()),
        );
        let (code, tail) = if first == month {
            ("newly_entitled", "尚未申请")
        } else {
            ("entitled_before", "至今未申请")
        };
        let cause = format!("{turned}，{tail}{}", self.item.name);
        found.push(Finding {
            amount_fen: owed.arrears_fen,
            monthly_fen: amount,
            ..self.finding(&UNCLAIMED, code, cause)
        });
    }

    /// Who crosses a line of age within [`NOTICE_DAYS`], and is entitled after it.
    fn soon(&self, found: &mut Vec<Finding>) {
        for ahead in 1..=NOTICE_MONTHS {
            let month = self.month().plus(ahead);
            let Verdict::Entitled { amount, band } = self.verdict(month) else { continue };
            let Some((age, birthday)) = self.band_birthday(band) else { return };
            let days = birthday.days_since(self.judge.today);
            if days <= NOTICE_DAYS {
                let cause = format!(
                    "{}满 {age} 周岁，{}起每月 {amount} 元",
                    birthday.chinese(),
                    month.chinese()
                );
                found.push(Finding {
                    due: Some(birthday.max(self.judge.today)),
                    monthly_fen: amount,
                    ..self.finding(&SOON, &format!("age_{age}"), cause)
                });
            }
            return;
        }
    }

    fn missing(&self, needs: &[&'static str], found: &mut Vec<Finding>) {
        let labels: Vec<&str> = needs
            .iter()
            .filter(|need| !matches!(**need, "life" | "death_date"))
            .filter_map(|need| policy::register::kind_of(need))
            .map(|kind| kind.label)
            .collect();
        if !labels.is_empty() {
            let cause = format!("还差{}，认定不了{}", labels.join("、"), self.item.name);
            found.push(self.finding(&FACT_MISSING, "facts_unknown", cause));
        }
    }

    /// Age from which the band counts, and the day on which the person reached it.
    fn band_birthday(&self, band: usize) -> Option<(i32, Day)> {
        let age = self.item.bands.get(band)?.age_from;
        let birth = self.subject.day("birth_date")?;
        Some((age, birth.plus_years(i16::try_from(age).ok()?)))
    }

    fn failed(&self, month: Month) -> String {
        let tree = EngineTree(self.judge.tree);
        let name = |code: &str| tree.name(code);
        let explained = policy::explain(self.item, self.facts, month, &tree, &name);
        let failed = explained.conditions.iter().find(|line| line.mark() == '✗');
        failed.map_or_else(|| explained.sentence.clone(), policy::ConditionLine::text)
    }
}

/// Digest of what a finding rests on: the words of every source on these kinds.
fn basis(subject: &Subject, kinds: &[&str]) -> [u8; 32] {
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
    hash.finalize().into()
}
