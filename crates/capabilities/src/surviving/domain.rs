//! 生存核验: when a round is due, and what verifies somebody: pure.

use facts::population::Subject;
use kernel::{Day, FactValue, Life, Month, Refusal};

/// Days that somebody who acts in person leaves with a department, with what they are called.
/// None of them is asked for again.
pub(crate) const TRACES: [(&str, &str); 3] =
    [("last_seen", "就诊等痕迹"), ("last_visit", "探访"), ("assessed_on", "评估")];

/// Ways in which a village makes sure, with what they are called.
pub(crate) const WAYS: [(&str, &str); 2] = [("phone", "电话"), ("home", "上门")];

/// What else a line can say.
pub(crate) const OTHERS: [(&str, &str); 3] =
    [("dead", "确已去世"), ("not_found", "没找到人"), ("stopped", "已停发")];

/// What a way of verifying is called.
pub(crate) fn called(how: &str) -> &'static str {
    let mut all = TRACES.iter().chain(&WAYS).chain(&OTHERS);
    all.find(|(id, _)| *id == how).map_or("还没有核验", |(_, words)| words)
}

/// How the rounds of a county are set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Months in which a round begins.
    pub(crate) months: Vec<i8>,
    /// How many days before its beginning a trace still counts.
    pub(crate) trace_days: i64,
    /// How long villages have, in working days.
    pub(crate) working_days: u32,
}

impl Rules {
    /// As the settings have it.
    pub(crate) fn parse(
        months: &str,
        trace_days: &str,
        working_days: &str,
    ) -> Result<Self, Refusal> {
        let unread = |what: &str| {
            Refusal::new(
                format!("生存核验的设置“{what}”读不懂。"),
                "请系统管理员改正：月份写成 5,11，天数写成整数。",
            )
        };
        let months = months
            .split(',')
            .map(|text| text.trim().parse::<i8>().ok().filter(|month| (1..=12).contains(month)))
            .collect::<Option<Vec<i8>>>()
            .ok_or_else(|| unread("月份"))?;
        let days = |text: &str| text.trim().parse::<u32>().ok().filter(|days| *days > 0);
        Ok(Self {
            months,
            trace_days: days(trace_days).ok_or_else(|| unread("痕迹天数"))?.into(),
            working_days: days(working_days).ok_or_else(|| unread("工作日"))?,
        })
    }

    /// The month of the round that should have begun by this day: the last one not after it.
    pub(crate) fn due(&self, today: Day) -> Option<Month> {
        let now = today.month();
        (0..12).map(|back| now.plus(-back)).find(|month| self.months.contains(&month.number()))
    }
}

/// What verifies somebody without being asked: the latest trace within the window, by its kind.
pub(crate) fn trace(subject: &Subject, from: Day, today: Day) -> Option<(&'static str, Day)> {
    if subject.life != Life::Living {
        return None;
    }
    let day = |value: &FactValue| match value {
        FactValue::Day(day) => Some(*day),
        _ => None,
    };
    let of = |kind: &'static str| {
        let said = subject.said.iter().filter(move |said| said.kind == kind);
        said.filter_map(move |said| Some((kind, day(&said.value)?)))
    };
    let traces = TRACES.iter().flat_map(|(kind, _)| of(kind));
    traces.filter(|(_, day)| from <= *day && *day <= today).max_by_key(|(_, day)| *day)
}

#[cfg(test)]
mod tests {
    use facts::population::Said;
    use kernel::{AreaId, PersonId};

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn seen(traces: &[(&'static str, &str)]) -> Subject {
        let said = traces.iter().map(|(kind, on)| Said {
            kind,
            supplier: "a_file".to_owned(),
            value: FactValue::Day(day(on)),
            from: day(on),
            to: None,
            as_of: None,
            gone: false,
        });
        Subject {
            id: PersonId::new(uuid::Uuid::from_u128(1)),
            area: AreaId::new(1),
            life: Life::Living,
            said: said.collect(),
        }
    }

    #[test]
    fn the_latest_trace_within_the_window_counts_and_older_ones_do_not() {
        let (from, today) = (day("2025-11-03"), day("2026-05-02"));
        let both = seen(&[("last_seen", "2026-01-05"), ("last_visit", "2026-04-20")]);
        assert_eq!(trace(&both, from, today), Some(("last_visit", day("2026-04-20"))));
        assert_eq!(trace(&seen(&[("last_seen", "2025-11-02")]), from, today), None);
        assert_eq!(trace(&seen(&[("last_seen", "2026-05-03")]), from, today), None, "not yet");
        assert_eq!(trace(&seen(&[]), from, today), None);
    }

    #[test]
    fn whoever_is_reported_dead_is_not_verified_by_an_older_trace() {
        let mut one = seen(&[("last_seen", "2026-04-20")]);
        one.life = Life::Reported;
        assert_eq!(trace(&one, day("2025-11-03"), day("2026-05-02")), None);
    }

    #[test]
    fn the_round_of_may_is_due_until_november() {
        let rules = Rules::parse("5,11", "180", "30").expect("good settings");
        let due = |on: &str| rules.due(day(on)).map(|month| month.to_string());
        assert_eq!(due("2026-05-01"), Some("2026-05".to_owned()));
        assert_eq!(due("2026-10-31"), Some("2026-05".to_owned()));
        assert_eq!(due("2026-11-01"), Some("2026-11".to_owned()));
        assert_eq!(due("2026-04-30"), Some("2025-11".to_owned()));
    }

    #[test]
    fn settings_that_cannot_be_read_are_refused_and_not_guessed() {
        for (months, days, window) in [("13", "180", "30"), ("5", "半年", "30"), ("5", "180", "0")]
        {
            assert!(Rules::parse(months, days, window).is_err(), "{months} {days} {window}");
        }
    }
}
