use kernel::{Fen, Month};

use crate::area::AreaTree;
use crate::facts::Facts;
use crate::list::Item;
use crate::raw::BackPay;
use crate::verdict::{Verdict, evaluate};

/// 一段月份: what an item says from month to month, and what is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanReport {
    /// Every month with its verdict.
    pub months: Vec<(Month, Verdict)>,
    /// First month of the span with an entitlement.
    pub first_entitled: Option<Month>,
    /// 应补: months before the last one that are due and were not paid in full, as far back as
    /// the item pays back, each with what is missing.
    pub arrears: Vec<(Month, Fen)>,
    /// Sum of the arrears.
    pub arrears_fen: Fen,
    /// Sum of the months' amounts, paid or not.
    pub total_fen: Fen,
}

/// Judges one person over months, from the first to the last inclusive. The last is the current
/// month, which is paid in its own run; `paid` tells what was paid for a month.
pub fn span(
    item: &Item,
    facts: &Facts,
    from: Month,
    to: Month,
    areas: &dyn AreaTree,
    paid: &dyn Fn(Month) -> Fen,
) -> SpanReport {
    let count = to.months_since(from).max(-1) + 1;
    let months: Vec<(Month, Verdict)> = (0..count)
        .map(|later| from.plus(later))
        .map(|month| (month, evaluate(item, facts, month, areas)))
        .collect();
    let entitled = |(_, verdict): &&(Month, Verdict)| matches!(verdict, Verdict::Entitled { .. });
    let arrears: Vec<(Month, Fen)> = months
        .iter()
        .filter(|(month, _)| *month < to && pays_back(item.time.back_pay, *month, to))
        .filter_map(|(month, verdict)| {
            let missing = verdict.amount().checked_sub(paid(*month)).ok()?;
            (missing > Fen::ZERO).then_some((*month, missing))
        })
        .collect();
    SpanReport {
        first_entitled: months.iter().find(entitled).map(|(month, _)| *month),
        arrears_fen: arrears.iter().map(|(_, fen)| *fen).sum(),
        total_fen: months.iter().map(|(_, verdict)| verdict.amount()).sum(),
        arrears,
        months,
    }
}

/// The first month, up to and with `until`, with an entitlement, as far as the list is encoded.
pub fn first_entitled(
    item: &Item,
    facts: &Facts,
    until: Month,
    areas: &dyn AreaTree,
) -> Option<Month> {
    let from = item.encoded_from();
    (0..=until.months_since(from))
        .map(|later| from.plus(later))
        .find(|month| matches!(evaluate(item, facts, *month, areas), Verdict::Entitled { .. }))
}

/// Whether a past month is still paid in the current one.
fn pays_back(rule: BackPay, month: Month, current: Month) -> bool {
    match rule {
        BackPay::None => false,
        BackPay::CurrentYear => month.year() == current.year(),
        BackPay::SinceEligible => true,
        BackPay::SinceDate(day) => month >= day.month(),
        BackPay::Months(most) => current.months_since(month) <= i32::from(most),
    }
}
