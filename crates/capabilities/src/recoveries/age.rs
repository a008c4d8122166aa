//! 账龄: how long money has been owed: pure.

use kernel::Day;

/// 账龄: how long money has been owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// Up to 30 days.
    Fresh,
    /// 31 to 90 days.
    Month,
    /// 91 to 180 days.
    Quarter,
    /// More than 180 days.
    Old,
}

impl Age {
    pub(super) const ALL: [Self; 4] = [Self::Fresh, Self::Month, Self::Quarter, Self::Old];

    pub(super) fn of(opened_on: Day, today: Day) -> Self {
        match today.days_since(opened_on) {
            ..=30 => Self::Fresh,
            31..=90 => Self::Month,
            91..=180 => Self::Quarter,
            _ => Self::Old,
        }
    }

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Fresh => "30",
            Self::Month => "90",
            Self::Quarter => "180",
            Self::Old => "over",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Fresh => "30 天内",
            Self::Month => "31—90 天",
            Self::Quarter => "91—180 天",
            Self::Old => "超过 180 天",
        }
    }

    /// Days since the opening, both counted.
    pub(super) const fn days(self) -> (i32, i32) {
        match self {
            Self::Fresh => (i32::MIN / 2, 30),
            Self::Month => (31, 90),
            Self::Quarter => (91, 180),
            Self::Old => (181, i32::MAX / 2),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn ages_meet_without_a_gap() {
        for days in [0, 30, 31, 90, 91, 180, 181, 4000] {
            let age = Age::of(day("2026-06-10"), day("2026-06-10").plus_days(days));
            let (from, to) = age.days();
            let days = i32::try_from(days).expect("few");
            assert!(from <= days && days <= to, "{days} {age:?}");
        }
    }
}
