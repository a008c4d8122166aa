use std::collections::{HashMap, HashSet};

use kernel::{Day, Refusal, Trouble};
use sqlx::PgConnection;

use crate::store::calendar as store;

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
                "请系统管理员用 songhe calendar 命令导入该年放假通知后重试。",
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

/// A day on which a year differs from the week's rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// The day.
    pub day: Day,
    /// Whether it is worked.
    pub working: bool,
    /// What it is called, such as 国庆节 or 调休上班.
    pub name: String,
}

/// 放假安排: one year of the calendar, as the yearly notice has it.
#[doc(alias = "放假通知")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarYear {
    /// The civil year in which all its days lie.
    pub year: i16,
    /// Name of the notice.
    pub document: String,
    /// Days off, and weekend days that are worked.
    pub days: Vec<CalendarDay>,
}

/// What is done with a year that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldYear {
    /// It stays: the new one is refused.
    Stays,
    /// The new one takes its place.
    IsReplaced,
}

/// Stores a year of the calendar, as somebody typed it and nobody has checked.
pub async fn put_calendar(
    conn: &mut PgConnection,
    year: &CalendarYear,
    old: OldYear,
) -> Result<(), Trouble> {
    if old == OldYear::Stays && store::calendar_years(conn).await?.contains(&year.year) {
        return Err(Trouble::refused(
            format!("{} 年的放假安排已经有了，没有改动。", year.year),
            "确要用这份替换的，请加上 --replace 再运行。",
        ));
    }
    store::put_calendar_year(conn, year).await?;
    store::clear_calendar_days(conn, year.year).await?;
    for day in &year.days {
        store::insert_calendar_day(conn, day).await?;
    }
    Ok(())
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
