//! 金额怎么来的: the sum of a duty and what it is made of.

use duties::Duty;
use facts::population::EngineTree;
use findings::kinds::{AFTER_DEATH, EXCLUSIVE, SOON, TWO_COUNTIES, UNCLAIMED};
use findings::{Offer, award_kind, exclusive_offer, standing, two_counties_offer};
use kernel::{Fen, Month, Trouble};
use policy::{Explanation, Item};

use super::evidence::Case;
use super::views::BigAmount;
use crate::App;

/// The one sum that the page says large.
pub(super) fn big_amount(duty: &Duty, month: Month) -> Option<BigAmount> {
    let nothing = Fen::ZERO;
    let (label, sum, note) = match duty.kind.as_str() {
        kind if kind == UNCLAIMED.id && duty.amount_fen != nothing => (
            format!("到 {} 月应补", month.number()),
            duty.amount_fen,
            format!("{} 月起另按每月 {} 发", month.number(), duty.monthly_fen),
        ),
        kind if kind == AFTER_DEATH.id && duty.amount_fen != nothing => {
            ("去世后已多发".to_owned(), duty.amount_fen, format!("现每月仍列 {}", duty.monthly_fen))
        }
        kind if kind == TWO_COUNTIES.id || kind == EXCLUSIVE.id => {
            ("每月重复".to_owned(), duty.monthly_fen, "按建议停发的那一项".to_owned())
        }
        kind if kind == SOON.id => {
            ("满龄后每月".to_owned(), duty.monthly_fen, "从哪个月起，见缘由".to_owned())
        }
        _ if duty.monthly_fen != nothing => {
            ("每月涉及".to_owned(), duty.monthly_fen, format!("从 {} 起", month.chinese()))
        }
        _ => return None,
    };
    Some(BigAmount { label, sum, note })
}

/// What an item pays, band by band.
pub(super) fn amounts(item: &Item, explained: &Explanation) -> Vec<(String, String)> {
    let per = item.per.chinese();
    let amounts = explained.amounts.iter();
    amounts.map(|line| (line.text.clone(), format!("{per} {}", line.amount))).collect()
}

/// The sum of the duty step by step: what is due month by month, what was paid too much, or the
/// two sums of which one is to stay.
pub(super) fn build_up(
    app: &App,
    case: &Case,
    item: Option<&Item>,
    duty: &Duty,
    month: Month,
) -> Result<Vec<(String, String)>, Trouble> {
    let Some(item) = item else { return Ok(Vec::new()) };
    let mut lines = amounts(item, &case.explain(app, item, month)?);
    if duty.kind == UNCLAIMED.id {
        lines.extend(owed(app, case, item, month)?);
    }
    if duty.kind == AFTER_DEATH.id {
        lines.extend(overpaid(case, item, duty));
    }
    if let Some(offer) = offer(app, case, item, duty) {
        lines = choice(&offer);
    }
    Ok(lines)
}

fn owed(
    app: &App,
    case: &Case,
    item: &Item,
    month: Month,
) -> Result<Vec<(String, String)>, Trouble> {
    let areas = app.areas();
    let facts = case.known(app)?;
    let tree = EngineTree(&areas);
    let first = policy::first_entitled(item, &facts, month, &tree).unwrap_or(month);
    let owed = policy::span(item, &facts, first, month, &tree, &|_| Fen::ZERO);
    let (Some((from, _)), Some((to, _))) = (owed.arrears.first(), owed.arrears.last()) else {
        return Ok(Vec::new());
    };
    Ok(vec![
        (format!("{from} 至 {to}"), format!("{} 个月", owed.arrears.len())),
        ("补发".to_owned(), owed.arrears_fen.to_string()),
    ])
}

fn overpaid(case: &Case, item: &Item, duty: &Duty) -> Vec<(String, String)> {
    let award = award_kind(item).and_then(|kind| case.subject.best(kind));
    let (Some(award), Some(died)) = (award, case.subject.day("death_date")) else {
        return Vec::new();
    };
    let through = award.as_of.unwrap_or(died).month();
    let mut lines = vec![("名册月标准".to_owned(), format!("{} / 月", duty.monthly_fen))];
    if duty.amount_fen != Fen::ZERO {
        lines.push((
            format!("{} 至 {through}", died.month().next()),
            format!("{} 个月", through.months_since(died.month())),
        ));
    }
    lines.push(("去世后多发".to_owned(), duty.amount_fen.to_string()));
    lines
}

fn offer(app: &App, case: &Case, item: &Item, duty: &Duty) -> Option<Offer> {
    let today = app.now().day();
    let award = standing(&case.subject, award_kind(item)?, today)?;
    let kernel::FactValue::Fen(monthly) = award.value else { return None };
    if duty.kind == TWO_COUNTIES.id {
        two_counties_offer(&case.subject, item, monthly, today)
    } else if duty.kind == EXCLUSIVE.id {
        exclusive_offer(&case.subject, item, monthly, today).map(|(offer, _)| offer)
    } else {
        None
    }
}

fn choice(offer: &Offer) -> Vec<(String, String)> {
    let a_month = |sum: Fen| format!("{sum} / 月");
    vec![
        (offer.ours.0.clone(), a_month(offer.ours.1)),
        (offer.other.0.clone(), a_month(offer.other.1)),
        ("相差".to_owned(), a_month(offer.difference())),
        (format!("建议保留{}", offer.sides().0.0), a_month(offer.sides().0.1)),
    ]
}
