//! 公示期

use kernel::{Day, Fen};

/// 公示期: the day on which a sheet is put up and the last day on which somebody may object.
///
/// Calendar days; the day of posting is not counted (民法典 201). A last day that is a holiday
/// stays the last day: whoever waits for money waits no longer, and the telephone is answered.
#[doc(alias = "公示期")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) posted_on: Day,
    pub(crate) last_day: Day,
}

impl Period {
    /// From a day on for so many days.
    pub(crate) fn from(posted_on: Day, days: u16) -> Self {
        Self { posted_on, last_day: posted_on.plus_days(i64::from(days)) }
    }

    /// Whether somebody may still object.
    pub(crate) fn runs(self, today: Day) -> bool {
        self.posted_on <= today && today <= self.last_day
    }

    /// Whether it has run out.
    pub(crate) fn is_over(self, today: Day) -> bool {
        self.last_day < today
    }

    /// `2026 年 6 月 5 日至 2026 年 6 月 12 日`
    pub(crate) fn chinese(self) -> String {
        format!("{}至 {}", self.posted_on.chinese(), self.last_day.chinese())
    }
}

/// 张贴状态
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hanging {
    /// 公示中
    Running,
    /// 期满待撤: should have come down after its last day.
    Overdue {
        /// Since how many days.
        days: i64,
    },
    /// 已撤下
    Down(Day),
}

impl Hanging {
    pub(super) fn of(period: Period, ended_on: Option<Day>, today: Day) -> Self {
        match ended_on {
            Some(day) => Self::Down(day),
            None if period.is_over(today) => {
                Self::Overdue { days: today.days_since(period.last_day) }
            }
            None => Self::Running,
        }
    }
}

/// `40 元` or `40.50 元`: a sum as a sheet says it.
pub(super) fn yuan(fen: Fen) -> String {
    format!("{} 元", crate::list_words::yuan(fen))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn seven_days_from_friday_end_on_friday_and_a_holiday_changes_nothing() {
        let period = Period::from(day("2026-06-05"), 7);
        assert_eq!(period.last_day, day("2026-06-12"));
        assert!(period.runs(day("2026-06-05")) && period.runs(day("2026-06-12")));
        assert!(!period.runs(day("2026-06-04")) && !period.runs(day("2026-06-13")));
        let over_the_festival = Period::from(day("2026-06-12"), 7);
        assert_eq!(over_the_festival.last_day, day("2026-06-19"), "the Dragon Boat day");
    }

    #[test]
    fn a_sheet_that_still_hangs_after_its_period_is_overdue_by_days() {
        let period = Period::from(day("2026-06-05"), 7);
        assert_eq!(Hanging::of(period, None, day("2026-06-12")), Hanging::Running);
        let late = Hanging::of(period, None, day("2026-06-15"));
        assert_eq!(late, Hanging::Overdue { days: 3 });
        let down = Hanging::of(period, Some(day("2026-06-13")), day("2026-06-20"));
        assert_eq!(down, Hanging::Down(day("2026-06-13")));
    }
}
