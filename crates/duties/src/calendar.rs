use std::collections::{HashMap, HashSet};

use kernel::{Day, Refusal, Trouble};
use sqlx::PgConnection;

use crate::store;

/// 工作日历: which days are worked, by the yearly holiday table. A year that is not in it is an
/// error, never a guess.
#[doc(alias = "工作日")]
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    years: HashSet<i16>,
    exceptions: HashMap<Day, bool>,
}

impl Calendar {
    /// A calendar of these years and the days on which they differ from the week's rule.
    pub fn new(years: HashSet<i16>, exceptions: HashMap<Day, bool>) -> Self {
        Self { years, exceptions }
    }

    /// Whether the day is worked.
    pub fn is_working(&self, day: Day) -> Result<bool, Refusal> {
        if !self.years.contains(&day.year()) {
            return Err(Refusal::new(
                format!("还没有 {} 年的工作日安排，算不出办理期限。", day.year()),
                "请系统管理员导入该年放假通知后重试。",
            ));
        }
        Ok(self.exceptions.get(&day).copied().unwrap_or(!day.is_weekend()))
    }

    /// The last day of a window of so many working days that begins the day after `from`
    /// (民法典 201: the first day is not counted). With 0 it is `from` itself.
    pub fn due(&self, from: Day, working_days: u32) -> Result<Day, Refusal> {
        let mut day = from;
        let mut left = working_days;
        while left > 0 {
            day = day.plus_days(1);
            if self.is_working(day)? {
                left -= 1;
            }
        }
        Ok(day)
    }

    /// Working days from `from` to `to`, both counted.
    pub fn working_days(&self, from: Day, to: Day) -> Result<u32, Refusal> {
        let mut count = 0;
        let mut day = from;
        while day <= to {
            count += u32::from(self.is_working(day)?);
            day = day.plus_days(1);
        }
        Ok(count)
    }
}

/// The calendar as it is stored.
pub async fn load_calendar(conn: &mut PgConnection) -> Result<Calendar, Trouble> {
    let years = store::calendar_years(conn).await?;
    let exceptions = store::calendar_days(conn).await?;
    Ok(Calendar::new(years.into_iter().collect(), exceptions.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn june() -> Calendar {
        let exceptions = [("2026-06-19", false), ("2026-09-20", true)].map(|(d, w)| (day(d), w));
        Calendar::new(HashSet::from([2026]), exceptions.into())
    }

    #[test]
    fn from_2_june_to_the_25th_there_are_17_working_days() {
        assert_eq!(june().working_days(day("2026-06-02"), day("2026-06-25")), Ok(17));
    }

    #[test]
    fn a_window_over_the_dragon_boat_festival_is_a_day_longer() {
        assert_eq!(june().due(day("2026-06-16"), 3), Ok(day("2026-06-22")));
        assert_eq!(june().due(day("2026-06-02"), 3), Ok(day("2026-06-05")));
        assert_eq!(june().due(day("2026-06-02"), 0), Ok(day("2026-06-02")));
    }

    #[test]
    fn a_working_sunday_counts_and_a_missing_year_is_an_error() {
        assert_eq!(june().due(day("2026-09-18"), 1), Ok(day("2026-09-20")));
        assert!(june().due(day("2026-12-31"), 1).is_err());
    }
}
