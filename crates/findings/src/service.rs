//! 评估与探访: services that the list owes and whose record says that they are due.

use duties::DutyKind;
use kernel::{Day, FactValue, Fen, Life};
use policy::register::{KindIx, word_chinese};
use policy::{Every, Form, Item, Service, Verdict};

use crate::kinds::{ASSESSMENT_DUE, SERVICE_DUE, VISIT_DUE};
use crate::{Case, Finding, basis, word};

/// Which duty a record that is due makes; any other service makes a [`SERVICE_DUE`].
const DUTIES: [(&str, &DutyKind); 2] =
    [("assessed_on", &ASSESSMENT_DUE), ("last_visit", &VISIT_DUE)];

pub(super) fn look(case: &Case<'_>, found: &mut Vec<Finding>) {
    if matches!(case.subject.life, Life::Corroborated | Life::Confirmed) {
        return;
    }
    for (rule, verdict) in &case.verdicts {
        let item = rule.item;
        let Form::Service(Service { record: Some(record), every }) = item.form else { continue };
        if !matches!(verdict, Verdict::Entitled { .. }) {
            continue;
        }
        let one = OneService { case, item, record: record.kind().id, every };
        if let Some(due) = one.due() {
            found.push(one.finding(&due));
        }
    }
}

struct OneService<'a> {
    case: &'a Case<'a>,
    item: &'a Item,
    record: &'static str,
    every: Every,
}

/// Why a service is due.
enum Due {
    /// Nobody has recorded it yet.
    Never,
    /// It was given last on this day, which is before the period.
    Again(Day),
    /// What it established held until this day.
    Lapsed(Day),
}

impl OneService<'_> {
    fn day(&self, kind: &str) -> Option<Day> {
        // The latest word of any source: a visit is a visit, whoever tells of it.
        let days = self.case.subject.said.iter().filter(|said| said.kind == kind);
        days.filter_map(|said| match said.value {
            FactValue::Day(day) => Some(day),
            _ => None,
        })
        .max()
    }

    fn due(&self) -> Option<Due> {
        let today = self.case.judge.today;
        let Some(last) = self.day(self.record) else {
            return self.can_tell().then_some(Due::Never);
        };
        let again = match self.every {
            Every::Month => last.month() < today.month(),
            Every::Months(months) => last.month().plus(i32::from(months)) <= today.month(),
            Every::Once => false,
            Every::UntilDay(until) => {
                let until = self.day(until.kind().id)?;
                return (until < today).then_some(Due::Lapsed(until));
            }
        };
        again.then_some(Due::Again(last))
    }

    /// Whether a missing record says that it was not given. What comes anew each period is due
    /// while nobody says that it was given; what is given once needs the file of those who had it.
    fn can_tell(&self) -> bool {
        let periodic = matches!(self.every, Every::Month | Every::Months(_));
        periodic || self.case.judge.arrived.tells(self.record, self.case.subject.id)
    }

    fn kind(&self) -> &'static DutyKind {
        let own = DUTIES.iter().find(|(record, _)| *record == self.record);
        own.map_or(&SERVICE_DUE, |(_, kind)| *kind)
    }

    fn finding(&self, due: &Due) -> Finding {
        let case = self.case;
        let month = case.month();
        let at_risk = self.at_risk();
        let name = &self.item.name;
        let (code, why) = match due {
            Due::Never if self.every_period() => (
                self.group(),
                format!("{}{}还没有{name}，没有以往记录", self.living(), this(month)),
            ),
            Due::Again(last) => {
                (self.group(), format!("{}{}还没有{name}，上次 {last}", self.living(), this(month)))
            }
            Due::Never => ("new_low_income_disabled", format!("符合{name}的条件，还没有做过")),
            Due::Lapsed(until) if at_risk != Fen::ZERO => (
                "lapsed_while_paid",
                format!("{name} {until} 到期，在发待遇每月 {at_risk} 元要凭有效的结果"),
            ),
            Due::Lapsed(until) => ("lapsed", format!("{name} {until} 到期，还没有重新做")),
        };
        let mut rests_on = vec![self.record, "life", "hukou_area"];
        if let Every::UntilDay(until) = self.every {
            rests_on.push(until.kind().id);
        }
        let period = if self.every_period() { month.to_string() } else { String::new() };
        Finding {
            item: Some(self.item.id.clone()),
            due: self.every_period().then(|| month.last()),
            monthly_fen: at_risk,
            basis: basis(case.subject, &rests_on, &period),
            ..case.finding(self.kind(), code, why, &[])
        }
    }

    fn every_period(&self) -> bool {
        matches!(self.every, Every::Month | Every::Months(_))
    }

    /// What is paid now by items that cannot be judged any more without the assessment.
    fn at_risk(&self) -> Fen {
        let Every::UntilDay(_) = self.every else { return Fen::ZERO };
        let owner = KindIx::of(self.record).map(|kind| kind.kind().owner);
        let rests = |needs: &[&str]| {
            let mut kinds = needs.iter().filter_map(|need| policy::register::kind_of(need));
            kinds.any(|kind| Some(kind.owner) == owner)
        };
        let open = self.case.verdicts.iter().filter(|(_, verdict)| rests(verdict.needs()));
        open.filter_map(|(rule, _)| Some(self.case.award_of(rule.award?)?.monthly)).sum()
    }

    /// How the person lives, as the lists for a route are grouped by.
    fn group(&self) -> &'static str {
        let word = word(self.case.subject, "living_arrangement", self.case.judge.today);
        ["alone", "empty_nest", "left_behind"]
            .into_iter()
            .find(|group| Some(*group) == word)
            .unwrap_or("other")
    }

    fn living(&self) -> String {
        match self.group() {
            "other" => String::new(),
            group => format!("{}，", word_chinese(group)),
        }
    }
}

/// `6 月`.
fn this(month: kernel::Month) -> String {
    format!("{} 月", month.number())
}
