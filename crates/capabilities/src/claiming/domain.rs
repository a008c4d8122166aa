//! What is owed back and how it comes: pure.

use findings::Paid;
use kernel::{Day, Fen, Month, Refusal};

/// 应收: what was claimed, and what has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Balance {
    /// 多发合计
    pub(crate) total: Fen,
    /// 已退还
    pub(crate) repaid: Fen,
    /// 已抵扣
    pub(crate) set_off: Fen,
    /// 已核销
    pub(crate) written_off: Fen,
}

impl Balance {
    pub(crate) fn of(total: Fen) -> Self {
        Self { total, repaid: Fen::ZERO, set_off: Fen::ZERO, written_off: Fen::ZERO }
    }

    /// 尚未追回
    pub(crate) fn left(&self) -> Fen {
        let gone = self.repaid.get() + self.set_off.get() + self.written_off.get();
        Fen::new(self.total.get() - gone)
    }

    /// Takes a sum off what is left; says whether nothing is left after it.
    pub(crate) fn take(&self, amount: Fen) -> Result<bool, Refusal> {
        let left = self.left();
        if amount <= Fen::ZERO {
            return Err(Refusal::new("金额要大于 0。", "请写实际收到的金额，如 120.00。"));
        }
        if amount > left {
            return Err(Refusal::new(
                format!("多了：还差 {left} 元没有追回，这里写的是 {amount} 元。"),
                "请核对金额；多退的部分应当还给退款人，不在这里登记。",
            ));
        }
        Ok(amount == left)
    }
}

/// 对应月份: which months a sum pays back, the earliest first, after so much was paid back before.
pub(crate) fn allocate(months: &[Paid], before: Fen, amount: Fen) -> Vec<(Month, Fen)> {
    let (mut skip, mut left) = (before.get(), amount.get());
    let mut parts = Vec::new();
    for paid in months {
        let gone = skip.min(paid.amount_fen.get());
        skip -= gone;
        let part = left.min(paid.amount_fen.get() - gone);
        left -= part;
        if part > 0 {
            parts.push((paid.month, Fen::new(part)));
        }
    }
    parts
}

/// 一期: one instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instalment {
    pub(crate) due_on: Day,
    pub(crate) amount: Fen,
}

/// Reads a plan: one instalment a line, day and sum. Days go forward, and the sums make exactly
/// what is left.
pub(crate) fn plan(text: &str, left: Fen, today: Day) -> Result<Vec<Instalment>, Refusal> {
    let mut plan: Vec<Instalment> = Vec::new();
    for (no, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let no = no + 1;
        let unread = |what: &str| {
            let why = format!("第 {no} 期读不懂：{what}。");
            Refusal::new(why, "每行写一期：日期、空格、金额，如 2026-07-31 120.00。")
        };
        let mut words = line.split_whitespace();
        let day = words.next().and_then(|word| word.parse::<Day>().ok());
        let due_on = day.ok_or_else(|| unread("开头不是日期"))?;
        let sum = words.next().and_then(|word| Fen::parse_yuan(word).ok());
        let amount = sum.ok_or_else(|| unread("日期后面不是金额"))?;
        if amount <= Fen::ZERO {
            return Err(unread("金额要大于 0"));
        }
        if due_on < plan.last().map_or(today, |last| last.due_on.plus_days(1)) {
            return Err(Refusal::new(
                format!("第 {no} 期的日期 {due_on} 不在前一期或今天之后。"),
                "请按时间先后写，从今天以后的日期写起。",
            ));
        }
        plan.push(Instalment { due_on, amount });
    }
    let sum: Fen = plan.iter().map(|it| it.amount).sum();
    if plan.is_empty() || sum != left {
        return Err(Refusal::new(
            format!("各期合计 {sum} 元，与尚未追回的 {left} 元不一致。"),
            "请调整各期金额，合计要正好等于尚未追回的金额。",
        ));
    }
    Ok(plan)
}

/// A plan of so many equal months from a day on, written as a form has it; what does not divide
/// stands in the first.
pub(crate) fn equal_plan(left: Fen, months: i64, first: Day) -> String {
    let each = left.get() / months;
    let lines = (0..months).map(|no| {
        let fen = if no == 0 { left.get() - each * (months - 1) } else { each };
        let later = i32::try_from(no).unwrap_or(0);
        format!("{} {}", first.month().plus(later).last(), Fen::new(fen))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// 退还方式: how money came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// Paid in cash at the window.
    Cash,
    /// Transferred.
    Bank,
    /// 银行扣回: taken back by the bank from the account into which it was paid.
    ClawedBack,
}

impl Channel {
    pub(crate) const ALL: [Self; 3] = [Self::Bank, Self::ClawedBack, Self::Cash];

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Bank => "bank",
            Self::ClawedBack => "clawed_back",
        }
    }

    pub(crate) const fn chinese(self) -> &'static str {
        match self {
            Self::Cash => "现金退还",
            Self::Bank => "转账退还",
            Self::ClawedBack => "银行扣回",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    const TODAY: &str = "2026-06-10";

    #[test]
    fn instalments_that_do_not_add_up_are_refused_with_both_sums() {
        let left = Fen::from_yuan(360);
        let short = plan("2026-07-31 120.00\n2026-08-31 120", left, day(TODAY));
        let refused = short.expect_err("a month is missing");
        assert!(refused.sentence.contains("240.00 元"), "{refused}");
        assert!(refused.sentence.contains("360.00 元"), "{refused}");
        let whole = "2026-07-31 120.00\n2026-08-31 120\n\n2026-09-30 120";
        assert_eq!(plan(whole, left, day(TODAY)).expect("a plan").len(), 3);
        assert!(plan("", left, day(TODAY)).is_err());
    }

    #[test]
    fn a_plan_goes_forward_from_today() {
        let left = Fen::from_yuan(80);
        let back = plan("2026-08-31 40\n2026-07-31 40", left, day(TODAY)).expect_err("backwards");
        assert!(back.sentence.contains("第 2 期"), "{back}");
        assert!(plan("2026-06-09 80", left, day(TODAY)).is_err());
        assert!(plan("七月底 80", left, day(TODAY)).is_err());
    }

    #[test]
    fn who_repays_more_than_is_owed_is_told_how_much_is() {
        let balance = Balance { repaid: Fen::from_yuan(40), ..Balance::of(Fen::from_yuan(120)) };
        let refused = balance.take(Fen::from_yuan(90)).expect_err("too much");
        assert!(refused.sentence.contains("还差 80.00 元"), "{refused}");
        assert_eq!(balance.take(Fen::from_yuan(80)), Ok(true));
        assert_eq!(balance.take(Fen::from_yuan(79)), Ok(false));
        assert!(balance.take(Fen::ZERO).is_err());
    }

    fn month(at: u8) -> Paid {
        let month = format!("2026-{at:02}").parse().expect("a month");
        Paid { month, amount_fen: Fen::from_yuan(40), by_us: false }
    }

    #[test]
    fn what_comes_back_pays_the_earliest_months_first() {
        let months = [month(3), month(4), month(5)];
        let part = |before, amount| {
            let parts = allocate(&months, Fen::from_yuan(before), Fen::from_yuan(amount));
            parts.iter().map(|(at, fen)| format!("{at} {fen}")).collect::<Vec<_>>()
        };
        assert_eq!(part(0, 60), ["2026-03 40.00", "2026-04 20.00"]);
        assert_eq!(part(60, 60), ["2026-04 20.00", "2026-05 40.00"]);
        assert_eq!(part(120, 0), [""; 0]);
    }

    proptest! {
        #[test]
        fn an_equal_plan_is_always_taken(fen in 1_000_i64..10_000_000, months in 1_i64..36) {
            let text = equal_plan(Fen::new(fen), months, day("2026-07-01"));
            let read = plan(&text, Fen::new(fen), day(TODAY)).expect("adds up");
            prop_assert_eq!(read.len(), usize::try_from(months).expect("few"));
        }
    }
}
