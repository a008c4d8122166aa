//! 服务额度: which month's quota bears what.

use kernel::{Day, Fen, Month, PersonId};

/// A month's quota of somebody, as far as it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) person: PersonId,
    pub(super) item: String,
    pub(super) month: Month,
    /// From which fund: its account is named by it.
    pub(super) fund: String,
    pub(super) amount: Fen,
    pub(super) used: Fen,
    /// 有效期至; none when what is left goes on.
    pub(super) last_day: Option<Day>,
    /// 已作废
    pub(super) closed: bool,
}

impl Grant {
    /// What can still be drawn; nothing once it is closed.
    pub(super) fn left(&self) -> Fen {
        if self.closed { Fen::ZERO } else { self.rest() }
    }

    /// What was not drawn.
    pub(super) fn rest(&self) -> Fen {
        self.amount.checked_sub(self.used).unwrap_or(Fen::ZERO)
    }

    /// Whether a service on this day can draw from it.
    pub(super) fn serves(&self, day: Day) -> bool {
        let in_time = self.month.first() <= day && self.last_day.is_none_or(|last| day <= last);
        in_time && self.left() > Fen::ZERO
    }
}

/// What a service on a day can draw in all.
pub(super) fn left_on(grants: &[Grant], day: Day) -> Fen {
    grants.iter().filter(|grant| grant.serves(day)).map(Grant::left).sum()
}

/// Which months bear a sum, what ends first before the rest; no more than is left.
pub(super) fn spread(grants: &[Grant], day: Day, sum: Fen) -> Vec<(&Grant, Fen)> {
    let mut open: Vec<&Grant> = grants.iter().filter(|grant| grant.serves(day)).collect();
    open.sort_by_key(|grant| (grant.last_day.is_none(), grant.last_day, grant.month));
    let mut missing = sum;
    let mut parts = Vec::new();
    for grant in open {
        let part = grant.left().min(missing);
        if part > Fen::ZERO {
            parts.push((grant, part));
            missing = missing.checked_sub(part).unwrap_or(Fen::ZERO);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grant(month: &str, amount: i64, used: i64, last_day: Option<&str>) -> Grant {
        Grant {
            person: PersonId::new(uuid::Uuid::nil()),
            item: "care_service_subsidy".to_owned(),
            month: month.parse().expect("a month"),
            fund: "县级财政".to_owned(),
            amount: Fen::new(amount),
            used: Fen::new(used),
            last_day: last_day.map(|day| day.parse().expect("a day")),
            closed: false,
        }
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn what_ends_first_is_drawn_first_and_what_never_ends_last() {
        let grants = [
            grant("2026-06", 100, 0, None),
            grant("2026-06", 100, 0, Some("2026-06-30")),
            grant("2026-05", 100, 90, Some("2026-06-15")),
        ];
        let parts = spread(&grants, day("2026-06-10"), Fen::new(150));
        let parts: Vec<_> = parts.iter().map(|(it, fen)| (it.last_day, fen.get())).collect();
        let ends = |text| Some(day(text));
        assert_eq!(parts, [(ends("2026-06-15"), 10), (ends("2026-06-30"), 100), (None, 40)]);
    }

    #[test]
    fn a_quota_serves_neither_before_its_month_nor_after_its_last_day_nor_when_closed() {
        let mut one = grant("2026-06", 100, 0, Some("2026-06-30"));
        let on = |it: &Grant, text| left_on(std::slice::from_ref(it), day(text)).get();
        assert_eq!(on(&one, "2026-05-31"), 0);
        assert_eq!((on(&one, "2026-06-01"), on(&one, "2026-06-30")), (100, 100));
        assert_eq!(on(&one, "2026-07-01"), 0);
        one.closed = true;
        assert_eq!(on(&one, "2026-06-10"), 0);
        assert_eq!(one.rest(), Fen::new(100));
    }

    proptest! {
        #[test]
        fn the_parts_are_the_sum_or_all_there_is(
            amounts in prop::collection::vec((1_i64..10_000, 0_i64..10_000), 0..6),
            sum in 0_i64..40_000,
        ) {
            let grants: Vec<Grant> = amounts
                .iter()
                .map(|(amount, used)| grant("2026-06", *amount, (*used).min(*amount), None))
                .collect();
            let on = day("2026-06-10");
            let left = left_on(&grants, on);
            let parts = spread(&grants, on, Fen::new(sum));
            let all: Fen = parts.iter().map(|(_, fen)| *fen).sum();
            prop_assert_eq!(all, left.min(Fen::new(sum)));
            prop_assert!(parts.iter().all(|(grant, fen)| *fen <= grant.left()));
        }
    }
}
