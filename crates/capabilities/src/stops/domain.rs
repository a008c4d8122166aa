//! 停发月份: from which month a stop holds: pure.

use kernel::{Day, Month};

/// 停发月份: the first month that is not paid any more. Of a death it is the first month that was
/// not paid yet and is not owed; while the day is not known, the first that was not paid yet.
pub(super) fn first_stopped(
    first_unpaid: Month,
    died_on: Option<Day>,
    not_due_from: Option<Month>,
    is_owed: &dyn Fn(Month) -> bool,
) -> Month {
    let Some(died) = died_on else {
        return not_due_from.max(Some(first_unpaid)).unwrap_or(first_unpaid);
    };
    let count = died.month().months_since(first_unpaid) + 1;
    let mut months = (0..count.max(0)).map(|later| first_unpaid.plus(later));
    months.rfind(|month| is_owed(*month)).map_or(first_unpaid, Month::next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn stopped(first_unpaid: &str, died: &str) -> String {
        let died = day(died);
        // The month of death is still paid.
        let owed = |month: Month| month <= died.month();
        first_stopped(month(first_unpaid), Some(died), None, &owed).to_string()
    }

    #[test]
    fn a_stop_begins_with_the_first_month_that_is_neither_paid_nor_owed() {
        assert_eq!(stopped("2026-06", "2026-05-01"), "2026-06");
        assert_eq!(stopped("2026-06", "2026-05-31"), "2026-06");
        assert_eq!(stopped("2026-06", "2026-06-01"), "2026-07", "June is still owed");
        assert_eq!(stopped("2026-06", "2026-06-30"), "2026-07");
        assert_eq!(stopped("2026-06", "2025-11-09"), "2026-06", "what was paid is claimed back");
    }

    #[test]
    fn while_nobody_knows_the_day_of_death_nothing_more_is_paid_and_nothing_claimed() {
        let from = first_stopped(month("2026-06"), None, None, &|_| true);
        assert_eq!(from, month("2026-06"));
    }

    #[test]
    fn another_reason_stops_from_the_month_that_was_said_or_from_the_first_unpaid() {
        let from = |said| first_stopped(month("2026-06"), None, Some(month(said)), &|_| true);
        assert_eq!(from("2026-03"), month("2026-06"));
        assert_eq!(from("2026-08"), month("2026-08"));
    }
}
