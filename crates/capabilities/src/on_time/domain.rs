//! 按时足额: what became of one month of one person. Pure.

use kernel::{Day, Fen, Month};
use policy::Cycle;

/// 结果
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Paid {
    /// 按时足额
    InTime,
    /// 晚发
    Late,
    /// 少发
    Short,
    /// 在途
    OnItsWay,
    /// 未发
    Unpaid,
}

impl Paid {
    pub(super) const ALL: [Self; 5] =
        [Self::InTime, Self::Late, Self::Short, Self::OnItsWay, Self::Unpaid];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::InTime => "in_time",
            Self::Late => "late",
            Self::Short => "short",
            Self::OnItsWay => "on_its_way",
            Self::Unpaid => "unpaid",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::InTime => "按时足额",
            Self::Late => "晚发",
            Self::Short => "少发",
            Self::OnItsWay => "在途",
            Self::Unpaid => "未发",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|paid| paid.code() == code)
    }
}

/// 缘由: why somebody was not paid in full and in time. Its code is stored.
pub(super) const CAUSES: [(&str, &str); 16] = [
    ("untouched", "还没有联系"),
    ("not_reached", "没联系上"),
    ("without_account", "没有账户"),
    ("declined", "本人不申请"),
    ("objection", "有异议"),
    ("in_progress", "申领办理中"),
    ("refused", "审批不予批准"),
    ("awaiting_run", "已批准或在册，等发放"),
    ("death_claim", "死亡信息待核"),
    ("survival", "生存核验暂缓"),
    ("decision", "决定暂缓"),
    ("returned", "退汇"),
    ("held", "暂缓"),
    ("in_run", "发放批次办理中"),
    ("at_bank", "已交银行，等回盘"),
    ("short", "只发了一部分"),
];

pub(super) fn cause_chinese(code: &str) -> &str {
    CAUSES.iter().find(|(cause, _)| *cause == code).map_or("", |(_, chinese)| chinese)
}

/// Money of a locked run that went out for the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) amount: Fen,
    /// The day on which the bank said that it was paid.
    pub(super) paid_on: Option<Day>,
    /// Whether the bank has it.
    pub(super) sent: bool,
}

/// What is on record about somebody and the month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) parts: Vec<Part>,
    /// A line of a run that is not locked yet.
    pub(super) in_run: bool,
    /// 退汇
    pub(super) returned: bool,
    /// Stored word of the cause for which a run held the line back.
    pub(super) held: Option<String>,
    /// 在册: it was awarded.
    pub(super) awarded: bool,
    /// State of the last application.
    pub(super) application: Option<String>,
    /// Outcome of the last duty to find the elder: empty while it is open.
    pub(super) asked: Option<String>,
}

/// What became of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) paid: Fen,
    pub(super) paid_on: Option<Day>,
    pub(super) result: Paid,
    pub(super) cause: &'static str,
}

/// The last day on which a month's money is in time.
pub(super) fn deadline(cycle: Cycle, month: Month) -> Day {
    let months = match cycle {
        Cycle::Month => 1,
        Cycle::Quarter => 3,
        Cycle::HalfYear => 6,
        Cycle::Year => 12,
    };
    let ahead = months - 1 - (month.number() - 1).rem_euclid(months);
    month.plus(i32::from(ahead)).last()
}

/// What became of somebody's month: this was due, by this day, and that is on record.
pub(super) fn outcome(due: Fen, deadline: Day, known: &Known) -> Outcome {
    let sum = |keep: fn(&Part) -> bool| -> Fen {
        known.parts.iter().filter(|part| keep(part)).map(|part| part.amount).sum()
    };
    let paid = sum(|part| part.paid_on.is_some());
    let all = sum(|_| true);
    let paid_on = known.parts.iter().filter_map(|part| part.paid_on).max();
    let (result, cause) = if paid >= due {
        let in_time = paid_on.is_some_and(|day| day <= deadline);
        (if in_time { Paid::InTime } else { Paid::Late }, "")
    } else if all >= due {
        let sent = known.parts.iter().all(|part| part.sent);
        (Paid::OnItsWay, if sent { "at_bank" } else { "in_run" })
    } else if paid > Fen::ZERO {
        (Paid::Short, "short")
    } else if known.in_run {
        (Paid::OnItsWay, "in_run")
    } else {
        (Paid::Unpaid, why_not(known))
    };
    Outcome { paid, paid_on, result, cause }
}

/// Why nothing went out: what stands nearest to the money first.
fn why_not(known: &Known) -> &'static str {
    let held = known.held.as_deref().map(|cause| match cause {
        "no_account" => "without_account",
        "objection" => "objection",
        "death_claim" => "death_claim",
        "survival" => "survival",
        "decision" => "decision",
        _ => "held",
    });
    let application = known.application.as_deref().map(|state| match state {
        "waiting_account" => "without_account",
        "objected" => "objection",
        "withdrawn" => "declined",
        "refused" => "refused",
        "approved" => "awaiting_run",
        _ => "in_progress",
    });
    let asked = known.asked.as_deref().map(|outcome| match outcome {
        "declined" => "declined",
        "not_found" => "not_reached",
        "" => "untouched",
        _ => "in_progress",
    });
    let returned = known.returned.then_some("returned");
    let awarded = known.awarded.then_some("awaiting_run");
    held.or(returned).or(awarded).or(application).or(asked).unwrap_or("untouched")
}

/// `99.27`: per cent with two places, never rounded up, so that 100 means all.
pub(super) fn percent(part: i64, whole: i64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let hundredths = part * 10_000 / whole;
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    fn part(yuan: i64, paid_on: Option<&str>) -> Part {
        Part { amount: Fen::from_yuan(yuan), paid_on: paid_on.map(day), sent: true }
    }

    fn of(known: &Known) -> (Paid, &'static str) {
        let outcome = outcome(Fen::from_yuan(40), day("2026-06-30"), known);
        (outcome.result, outcome.cause)
    }

    #[test]
    fn only_what_is_paid_in_full_by_the_last_day_is_in_time() {
        let parts = |parts: &[Part]| of(&Known { parts: parts.to_vec(), ..Known::default() });
        assert_eq!(parts(&[part(40, Some("2026-06-30"))]), (Paid::InTime, ""));
        assert_eq!(parts(&[part(40, Some("2026-07-01"))]), (Paid::Late, ""));
        assert_eq!(parts(&[part(30, Some("2026-06-30"))]), (Paid::Short, "short"));
        let made_up = [part(30, Some("2026-06-30")), part(10, Some("2026-07-20"))];
        assert_eq!(parts(&made_up), (Paid::Late, ""), "the rest came late");
        assert_eq!(parts(&[part(40, None)]), (Paid::OnItsWay, "at_bank"));
        let locked = Part { sent: false, ..part(40, None) };
        assert_eq!(parts(&[locked]), (Paid::OnItsWay, "in_run"));
    }

    #[test]
    fn who_was_not_paid_has_the_cause_that_stands_nearest_to_the_money() {
        let word = |text: &str| Some(text.to_owned());
        let none = Known::default();
        assert_eq!(of(&none), (Paid::Unpaid, "untouched"));
        let asked = Known { asked: word("not_found"), ..none.clone() };
        assert_eq!(of(&asked).1, "not_reached");
        assert_eq!(of(&Known { asked: word("declined"), ..none.clone() }).1, "declined");
        let applied = Known { application: word("waiting_account"), ..asked };
        assert_eq!(of(&applied).1, "without_account");
        assert_eq!(of(&Known { application: word("objected"), ..none.clone() }).1, "objection");
        assert_eq!(of(&Known { application: word("in_review"), ..none.clone() }).1, "in_progress");
        assert_eq!(of(&Known { application: word("approved"), ..none.clone() }).1, "awaiting_run");
        let returned = Known { returned: true, ..applied };
        assert_eq!(of(&returned).1, "returned");
        let held = Known { held: word("objection"), ..returned.clone() };
        assert_eq!(of(&held).1, "objection");
        assert_eq!(of(&Known { awarded: true, ..none.clone() }).1, "awaiting_run");
        assert_eq!(of(&Known { in_run: true, ..none }), (Paid::OnItsWay, "in_run"));
    }

    #[test]
    fn a_quarter_s_month_is_in_time_until_the_quarter_ends() {
        let june = "2026-04".parse().expect("a month");
        assert_eq!(deadline(Cycle::Month, june), day("2026-04-30"));
        assert_eq!(deadline(Cycle::Quarter, june), day("2026-06-30"));
        assert_eq!(deadline(Cycle::HalfYear, june), day("2026-06-30"));
        assert_eq!(deadline(Cycle::Year, june), day("2026-12-31"));
    }

    #[test]
    fn a_rate_is_a_hundred_only_when_nobody_is_missing() {
        assert_eq!(percent(13_010, 13_106), "99.26%");
        assert_eq!(percent(99_999, 100_000), "99.99%");
        assert_eq!((&*percent(7, 7), &*percent(0, 7)), ("100.00%", "0.00%"));
        assert_eq!(percent(0, 0), "—");
    }

    proptest! {
        #[test]
        fn whoever_is_not_paid_in_full_and_in_time_has_a_cause_or_is_late(
            due in 1_i64..500,
            parts in prop::collection::vec((1_i64..500, prop::option::of(0_i64..60)), 0..4),
            in_run: bool, returned: bool,
        ) {
            let from = day("2026-06-01");
            let parts: Vec<Part> = parts
                .iter()
                .map(|(amount, paid)| Part {
                    amount: Fen::new(*amount),
                    paid_on: paid.map(|days| from.plus_days(days)),
                    sent: true,
                })
                .collect();
            let paid: i64 =
                parts.iter().filter(|it| it.paid_on.is_some()).map(|it| it.amount.get()).sum();
            let known = Known { parts, in_run, returned, ..Known::default() };
            let it = outcome(Fen::new(due), day("2026-06-30"), &known);
            prop_assert_eq!(it.paid.get(), paid);
            prop_assert_eq!(matches!(it.result, Paid::InTime | Paid::Late), paid >= due);
            prop_assert_eq!(it.cause.is_empty(), paid >= due);
            prop_assert!(it.cause.is_empty() || !cause_chinese(it.cause).is_empty());
        }
    }
}
