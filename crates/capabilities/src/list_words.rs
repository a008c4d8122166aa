//! What lists say, in words: read by those who keep them and by those they are for.

use kernel::{Fen, Month};
use policy::{
    BandAmount, CodePrefix, Cycle, Every, Explanation, Facts, Form, Item, ListHead, Review, Step,
};

/// `每月 40、120、400 元，分 3 档`: the amounts of a month, lowest band first; or what there is
/// instead of an amount.
pub(crate) fn standard(item: &Item, month: Month) -> String {
    let amounts: Vec<String> = item
        .bands
        .iter()
        .filter_map(|band| match band.amount(month) {
            BandAmount::Fen(fen) => Some(yuan(fen)),
            BandAmount::Ended | BandAmount::NotEncoded(_) => None,
        })
        .collect();
    let per = item.per.chinese();
    match (item.form, amounts.len()) {
        (Form::Elsewhere, _) => format!("由{}认定和办理", item.responsible),
        (Form::Service(service), _) => often(service.every),
        (Form::Cash, 0) if item.amount_is_local() || !item.is_judged() => {
            "标准由下级清单规定".to_owned()
        }
        (Form::Cash, 0) => "这个月没有录入标准".to_owned(),
        (Form::Cash, 1) => format!("{per} {} 元{}", amounts[0], besides(item, month)),
        (Form::Cash, bands) => {
            let besides = besides(item, month);
            format!("{per} {} 元，分 {bands} 档{besides}", amounts.join("、"))
        }
    }
}

/// `，另加高龄增发 20 元`, and what it comes as when it is not money.
fn besides(item: &Item, month: Month) -> String {
    let more = item.top_ups.iter().filter_map(|more| match more.amount(month) {
        BandAmount::Fen(fen) => Some(format!("，另加{} {} 元", more.name(), yuan(fen))),
        BandAmount::Ended | BandAmount::NotEncoded(_) => None,
    });
    let given = item.pay.quota.map_or_else(String::new, |quota| {
        format!("，以{}给付，{}", item.pay.given.chinese(), quota.chinese())
    });
    more.chain([given]).collect()
}

/// 频次
fn often(every: Every) -> String {
    match every {
        Every::Month => "每月至少一次".to_owned(),
        Every::Months(months) => format!("每 {months} 个月一次"),
        Every::Once => "一次".to_owned(),
        Every::UntilDay(kind) => format!("一次，{}后再办", kind.kind().label),
    }
}

/// `40` or `40.50`: an amount as people say it.
pub(crate) fn yuan(fen: Fen) -> String {
    let text = fen.to_string();
    text.strip_suffix(".00").map_or(text.clone(), ToOwned::to_owned)
}

/// `按月发给本人，资金来自县级财政；每月统计到 25 日`; empty where the list pays nothing itself.
pub(crate) fn pay(item: &Item) -> String {
    if item.pay.to.is_empty() {
        return String::new();
    }
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
pub(crate) fn route(review: &Review) -> String {
    let steps: Vec<&str> = review
        .route
        .iter()
        .map(|step| match step {
            Step::Village => "村（社区）受理",
            Step::Township => "乡镇（街道）审核",
            Step::Publicity => "公示",
            Step::County => "县级审批",
        })
        .collect();
    steps.join("、")
}

/// `3 个工作日内联系，3 个工作日内审核 …`; empty where the texts say nothing.
pub(crate) fn clocks(review: &Review) -> String {
    let within = |days: Option<u16>, what: &str| days.map(|d| format!("{d} 个工作日内{what}"));
    let all = [
        within(review.contact_working_days, "联系"),
        within(review.review_working_days, "审核"),
        review.publicity_days.map(|days| format!("公示 {days} 天")),
        within(review.approval_working_days, "审批"),
    ];
    all.into_iter().flatten().collect::<Vec<_>>().join("，")
}

/// `松河县基本养老服务清单（第 4 版）`
pub(crate) fn title(head: &ListHead) -> String {
    format!("{}（{}）", head.title, head.edition)
}

/// The conditions in words: what is asked does not depend on whom it is asked about.
pub(crate) fn conditions(item: &Item, month: Month) -> Vec<String> {
    explained(item, month).conditions.into_iter().map(|line| line.asked).collect()
}

/// The item as it explains itself about nobody.
pub(crate) fn explained(item: &Item, month: Month) -> Explanation {
    policy::explain(item, &Facts::new(), month, &CodePrefix, &ToOwned::to_owned)
}
