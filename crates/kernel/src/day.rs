use std::fmt;
use std::str::FromStr;

use jiff::civil::{self, Date};
use serde::{Deserialize, Serialize};

/// 日期: a civil day. Written `2026-06-02`; [`Day::chinese`] gives `2026 年 6 月 2 日`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(Date);

/// 月份: a calendar month. Written `2026-06`.
#[doc(alias = "计发月份")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Day);

/// A text that is not a day or a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是日期，请写成 2026-06-02；月份写成 2026-06")]
pub struct DayError(pub String);

/// The instant that the caller says it is, in the region's civil time.
///
/// The binary makes it (from the machine's clock or the demo's); everybody else is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Now(civil::DateTime);

/// 起止: days from `from` on, up to and not including `to`; open when `to` is none.
#[doc(alias = "生效")]
#[doc(alias = "失效")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: Day,
    /// First day that is outside again, if any.
    pub to: Option<Day>,
}

impl Day {
    /// A day by its civil parts, if there is such a day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self)
    }

    /// The civil year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month of the year, 1 to 12.
    pub fn month_number(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// The month that the day lies in.
    pub fn month(self) -> Month {
        Month(Self(self.0.first_of_month()))
    }

    /// So many days later (earlier when negative).
    ///
    /// # Panics
    /// Beyond the years −9999 to 9999, which no caller reaches with civil dates.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// The same day so many years later; 29 February becomes 28 February in common years.
    #[must_use]
    pub fn plus_years(self, years: i16) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().years(years)))
    }

    /// Days from `earlier` to this day.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0.since(earlier.0).map_or(0, |span| span.get_days()))
    }

    /// 周岁: completed years of age on this day of somebody born on `birth`; the birthday counts
    /// as completed, and who is born on 29 February completes the year on 28 February.
    #[doc(alias = "周岁")]
    pub fn full_years_since(self, birth: Self) -> i32 {
        let mut years = self.year() - birth.year();
        if birth.plus_years(years) > self {
            years -= 1;
        }
        i32::from(years)
    }

    /// `2026 年 6 月 2 日`.
    pub fn chinese(self) -> String {
        format!("{} 年 {} 月 {} 日", self.year(), self.month_number(), self.day())
    }

    /// `6 月 2 日`.
    pub fn chinese_short(self) -> String {
        format!("{} 月 {} 日", self.month_number(), self.day())
    }

    /// `星期二`.
    pub fn weekday_chinese(self) -> &'static str {
        ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
            [usize::from(self.0.weekday().to_monday_zero_offset().unsigned_abs())]
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        self.0.weekday().to_monday_zero_offset() >= 5
    }

    /// The wrapped civil date, for the mapping to other libraries.
    pub fn civil(self) -> Date {
        self.0
    }

    /// Wraps a civil date.
    pub fn from_civil(date: Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Day {
    type Err = DayError;

    /// Reads `2026-06-02` and nothing else; the dirt of files is read by the importer.
    fn from_str(text: &str) -> Result<Self, DayError> {
        let exact = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
        match text.parse::<Date>() {
            Ok(date) if exact => Ok(Self(date)),
            _ => Err(DayError(text.to_owned())),
        }
    }
}

impl Month {
    /// A month by year and number, if there is such a month.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        Day::new(year, month, 1).map(Self)
    }

    /// The first day.
    pub fn first(self) -> Day {
        self.0
    }

    /// The last day.
    pub fn last(self) -> Day {
        Day(self.0.0.last_of_month())
    }

    /// So many months later (earlier when negative).
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(Day(self.0.0.saturating_add(jiff::Span::new().months(months))))
    }

    /// The next month.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// Months from `earlier` to this month.
    pub fn months_since(self, earlier: Self) -> i32 {
        let years = i32::from(self.0.year()) - i32::from(earlier.0.year());
        years * 12 + i32::from(self.0.month_number()) - i32::from(earlier.0.month_number())
    }

    /// The civil year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn number(self) -> i8 {
        self.0.month_number()
    }

    /// `2026 年 6 月`.
    pub fn chinese(self) -> String {
        format!("{} 年 {} 月", self.year(), self.number())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl FromStr for Month {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let refuse = || DayError(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(refuse)?;
        if year.len() != 4 || month.len() != 2 {
            return Err(refuse());
        }
        let year = year.parse().map_err(|_| refuse())?;
        let month = month.parse().map_err(|_| refuse())?;
        Self::new(year, month).ok_or_else(refuse)
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Span {
    /// From a day on, with no end.
    pub fn from(from: Day) -> Self {
        Self { from, to: None }
    }

    /// From a day up to and not including another, if that is at least one day.
    pub fn between(from: Day, to: Day) -> Option<Self> {
        (from < to).then_some(Self { from, to: Some(to) })
    }

    /// Whether the day lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }
}

impl Now {
    /// A civil instant.
    pub fn new(day: Day, hour: i8, minute: i8) -> Option<Self> {
        civil::Time::new(hour, minute, 0, 0).ok().map(|time| Self(day.civil().to_datetime(time)))
    }

    /// Wraps a civil instant.
    pub fn from_civil(at: civil::DateTime) -> Self {
        Self(at)
    }

    /// The wrapped civil instant.
    pub fn civil(self) -> civil::DateTime {
        self.0
    }

    /// The day.
    pub fn day(self) -> Day {
        Day(self.0.date())
    }

    /// `08:30`.
    pub fn clock(self) -> String {
        format!("{:02}:{:02}", self.0.hour(), self.0.minute())
    }

    /// So many seconds later (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(jiff::Span::new().seconds(seconds)))
    }

    /// Whole seconds from `earlier` to this instant.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.duration_since(earlier.0).as_secs()
    }
}

impl fmt::Display for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.day(), self.clock())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn who_is_born_on_29_february_completes_the_year_on_28_february() {
        assert_eq!(day("2026-02-27").full_years_since(day("1944-02-29")), 81);
        assert_eq!(day("2026-02-28").full_years_since(day("1944-02-29")), 82);
        assert_eq!(day("2024-02-28").full_years_since(day("1944-02-29")), 79);
        assert_eq!(day("2024-02-29").full_years_since(day("1944-02-29")), 80);
    }

    #[test]
    fn a_birthday_completes_the_year() {
        assert_eq!(day("2026-05-30").full_years_since(day("1946-05-31")), 79);
        assert_eq!(day("2026-05-31").full_years_since(day("1946-05-31")), 80);
    }

    #[test]
    fn days_are_written_in_one_way_only() {
        for text in ["2026-6-2", "2026/06/02", "20260602", "2026-02-30", ""] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
        for text in ["2026-6", "2026", "2026-13", "26-06"] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn months_count_across_years() {
        let from: Month = "2025-11".parse().expect("a month");
        let to: Month = "2026-06".parse().expect("a month");
        assert_eq!(to.months_since(from), 7);
        assert_eq!(from.plus(7), to);
        assert_eq!(day("2026-06-02").weekday_chinese(), "星期二");
    }
}
