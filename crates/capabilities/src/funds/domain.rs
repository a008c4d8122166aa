//! 资金账: the words, and how far money reaches.

use kernel::{Fen, Month};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$vdoc:meta])* $variant:ident = $code:literal, $chinese:literal;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name { $($(#[$vdoc])* $variant,)* }

        impl $name {
            /// All of them, in a stated order.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stored word.
            pub(super) const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The bureau's word.
            pub(super) const fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $chinese,)* }
            }

            /// The one with this stored word.
            pub(super) fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
    };
}

words! {
    /// 资金来源: whose money it is.
    Origin {
        /// The state's.
        Central = "central", "中央财政";
        /// The province's.
        Province = "province", "省级财政";
        /// The prefecture's.
        Prefecture = "prefecture", "市级财政";
        /// The county's own.
        County = "county", "县级财政";
        /// The lottery's.
        Lottery = "lottery", "福利彩票公益金";
        /// Given by people and firms.
        Donation = "donation", "社会捐赠";
    }
}

words! {
    /// 登记状态: how far an entry is.
    EntryState {
        /// Waits for a second person.
        Entered = "entered", "待确认";
        /// The ledger knows of it.
        Confirmed = "confirmed", "已确认";
        /// Sent back or taken back.
        Returned = "returned", "已退回";
    }
}

/// 预测: how far the rest of a budget reaches when each month costs what the last one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forecast {
    /// The month whose spending is the pace.
    pub(super) month: Month,
    /// What it cost.
    pub(super) pace: Fen,
    /// What the months until December cost.
    pub(super) needed: Fen,
    /// 缺口: what is missing then; zero when the rest suffices.
    pub(super) missing: Fen,
    /// The last month that can be paid in full.
    pub(super) lasts_until: Month,
}

/// The forecast from the last month with spending; none before anything was spent.
pub(super) fn forecast(left: Fen, spent: &[(Month, Fen)]) -> Option<Forecast> {
    let (month, pace) = *spent.iter().rev().find(|(_, fen)| *fen > Fen::ZERO)?;
    let months = 12 - i64::from(month.number());
    let needed = pace.checked_mul(months).ok()?;
    let payable = left.get().max(0) / pace.get();
    let payable = i32::try_from(payable.min(months)).ok()?;
    Some(Forecast {
        month,
        pace,
        needed,
        missing: Fen::new((needed.get() - left.get()).max(0)),
        lasts_until: month.plus(payable),
    })
}

/// 使用率: how much of what was allotted is spent or set aside, in tenths of a percent.
pub(super) fn used_permille(allotted: Fen, left: Fen) -> Option<u64> {
    let (allotted, left) = (i128::from(allotted.get()), i128::from(left.get()));
    if allotted <= 0 {
        return None;
    }
    u64::try_from((allotted - left) * 1_000 / allotted).ok()
}

/// `63.2%`.
pub(super) fn percent(permille: u64) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn yuan(yuan: i64) -> Fen {
        Fen::from_yuan(yuan)
    }

    #[test]
    fn what_is_left_in_june_reaches_as_far_as_it_reaches() {
        let spent = [(month("2026-05"), yuan(90)), (month("2026-06"), yuan(100))];
        let short = forecast(yuan(450), &spent).expect("a forecast");
        assert_eq!((short.needed, short.missing), (yuan(600), yuan(150)));
        assert_eq!(short.lasts_until, month("2026-10"));
        let enough = forecast(yuan(600), &spent).expect("a forecast");
        assert_eq!((enough.missing, enough.lasts_until), (Fen::ZERO, month("2026-12")));
        let nothing = forecast(Fen::ZERO, &spent).expect("a forecast");
        assert_eq!((nothing.missing, nothing.lasts_until), (yuan(600), month("2026-06")));
    }

    #[test]
    fn a_month_in_which_money_only_came_back_is_no_pace() {
        let spent = [(month("2026-06"), yuan(100)), (month("2026-07"), yuan(-3))];
        assert_eq!(forecast(yuan(1), &spent).expect("a forecast").month, month("2026-06"));
        assert_eq!(forecast(yuan(1), &[]), None);
    }

    #[test]
    fn after_december_nothing_is_missing() {
        let december = forecast(Fen::ZERO, &[(month("2026-12"), yuan(100))]).expect("a forecast");
        assert_eq!((december.missing, december.lasts_until), (Fen::ZERO, month("2026-12")));
    }

    #[test]
    fn the_share_that_is_used_is_said_to_a_tenth() {
        assert_eq!(used_permille(yuan(1_000), yuan(368)).map(percent), Some("63.2%".to_owned()));
        assert_eq!(used_permille(Fen::ZERO, Fen::ZERO), None);
    }
}
