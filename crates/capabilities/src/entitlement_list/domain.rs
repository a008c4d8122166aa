//! What a list says, in words. Everything comes from the list's data.

use kernel::{Day, Fen, Month};
use policy::{Band, BandAmount, Cycle, Item, List, Review, Step};

/// `每月 40、120、400 元三档`: the amounts of a month, lowest band first.
pub(super) fn standard(item: &Item, month: Month) -> String {
    let amounts: Vec<String> = item
        .bands
        .iter()
        .filter_map(|band| match band.amount(month) {
            BandAmount::Fen(fen) => Some(yuan(fen)),
            BandAmount::Ended | BandAmount::NotEncoded(_) => None,
        })
        .collect();
    match amounts.len() {
        0 => "这个月没有录入标准".to_owned(),
        1 => format!("每月 {} 元", amounts[0]),
        bands => format!("每月 {} 元，分 {bands} 档", amounts.join("、")),
    }
}

/// `40` or `40.50`: an amount as people say it.
fn yuan(fen: Fen) -> String {
    let text = fen.to_string();
    text.strip_suffix(".00").map_or(text.clone(), ToOwned::to_owned)
}

/// Since when the item has amounts.
pub(super) fn since(item: &Item) -> Option<Day> {
    item.bands.iter().filter_map(|band| band.amounts.first()).map(|(from, _)| *from).min()
}

/// An amount with the days on which it holds.
pub(super) struct DatedAmount {
    pub(super) band: String,
    pub(super) amount: String,
    pub(super) valid: String,
}

/// Every amount of every band, newest first within a band.
pub(super) fn amounts(item: &Item) -> Vec<DatedAmount> {
    let of_band = |band: &Band| -> Vec<DatedAmount> {
        let mut until: Option<Day> = None;
        let mut rows = Vec::new();
        for (from, amount) in band.amounts.iter().rev() {
            rows.push(DatedAmount {
                band: band.name(),
                amount: amount.map_or("停止执行".to_owned(), |fen| format!("{fen} 元/月")),
                valid: match until {
                    Some(to) => format!("{from} 至 {}", to.plus_days(-1)),
                    None => format!("{from} 起"),
                },
            });
            until = Some(*from);
        }
        rows
    };
    item.bands.iter().flat_map(of_band).collect()
}

/// `按月发给本人，由县级财政安排；每月统计到 25 日`
pub(super) fn pay(item: &Item) -> String {
    let cycle = match item.pay.cycle {
        Cycle::Month => "按月",
        Cycle::Quarter => "按季",
        Cycle::HalfYear => "每半年",
        Cycle::Year => "按年",
    };
    let closes = item.pay.month_closes_on.map(|day| format!("；每月统计到 {day} 日"));
    format!("{cycle}发给{}，资金来自{}{}", item.pay.to, item.pay.fund, closes.unwrap_or_default())
}

/// `村（社区）受理、乡镇（街道）审核、县级审批`; empty where the texts say nothing.
pub(super) fn route(review: &Review) -> String {
    let steps: Vec<&str> = review
        .route
        .iter()
        .map(|step| match step {
            Step::Village => "村（社区）受理",
            Step::Township => "乡镇（街道）审核",
            Step::County => "县级审批",
        })
        .collect();
    steps.join("、")
}

/// `3 个工作日内联系，3 个工作日内审核 …`; empty where the texts say nothing.
pub(super) fn clocks(review: &Review) -> String {
    let within = |days: Option<u16>, what: &str| days.map(|d| format!("{d} 个工作日内{what}"));
    let all = [
        within(review.contact_working_days, "联系"),
        within(review.review_working_days, "审核"),
        review.publicity_days.map(|days| format!("公示 {days} 天")),
        within(review.approval_working_days, "审批"),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// The list that this one carries out.
pub(super) fn upper<'a>(lists: &'a [List], list: &List) -> Option<&'a List> {
    let dir = list.head.parent.as_ref()?.canonicalize().ok()?;
    lists.iter().find(|it| it.head.dir.canonicalize().is_ok_and(|other| other == dir))
}

/// How an item compares with the one that it carries out, in a month: band by band, at the ages
/// where a band of either begins.
pub(super) fn compare(item: &Item, upper: &Item, month: Month) -> String {
    let mut ages: Vec<i32> =
        item.bands.iter().chain(&upper.bands).map(|band| band.age_from).collect();
    ages.sort_unstable();
    ages.dedup();
    let texts: Vec<String> = ages
        .into_iter()
        .filter_map(|age| {
            let (own, above) = (amount_at(item, age, month), amount_at(upper, age, month));
            let words = match (own, above) {
                (None, None) => return None,
                (Some(own), None) => format!("上级没有，本级 {} 元", yuan(own)),
                (None, Some(above)) => format!("上级 {} 元，本级没有", yuan(above)),
                (Some(own), Some(above)) => {
                    format!("上级 {} 元，本级 {} 元", yuan(above), yuan(own))
                }
            };
            Some(format!("{age} 周岁起：{words}"))
        })
        .collect();
    texts.join("；")
}

fn amount_at(item: &Item, age: i32, month: Month) -> Option<Fen> {
    match item.bands.iter().find(|band| band.covers(age))?.amount(month) {
        BandAmount::Fen(fen) => Some(fen),
        BandAmount::Ended | BandAmount::NotEncoded(_) => None,
    }
}
