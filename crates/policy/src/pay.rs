//! 发放: to whom, from which fund, as money or as a quota, and shared by whom.

use std::collections::BTreeMap;

use kernel::{Day, Fen, Month};
use serde::Deserialize;
use toml::Spanned;

use crate::problem::{Problem, SourceFile};
use crate::raw::Cycle;

/// 发放
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pay {
    /// 发放周期
    pub cycle: Cycle,
    /// 发给谁: who receives it, in the bureau's words.
    pub to: String,
    /// 资金来源: which fund pays, in the bureau's words.
    pub fund: String,
    /// 统计月截止日: last day of the month that the statistical month counts.
    pub month_closes_on: Option<u8>,
    /// 应发月: for sums per quarter, half-year or year, the month of the period in which the
    /// whole sum is due: 1–3, 1–6 or 1–12.
    pub due_month: Option<i8>,
    /// 给付方式
    pub given: Given,
    /// 服务额度: how the sum is used up when it is not money.
    pub quota: Option<Quota>,
    /// 分级负担; none where the text says nothing.
    pub share: Option<Shares>,
}

/// 给付方式: what the sum of an item comes as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[doc(alias = "给付方式")]
pub enum Given {
    /// 现金
    #[default]
    Cash,
    /// 政府购买服务额度: the government pays whoever serves, up to the sum.
    Service,
    /// 电子消费券: the elder pays with it, up to the sum.
    Voucher,
}

impl Given {
    /// The word in lists and JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Service => "service",
            Self::Voucher => "voucher",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Cash => "现金",
            Self::Service => "政府购买服务额度",
            Self::Voucher => "电子消费券",
        }
    }
}

/// 服务额度: a month's sum that is drawn by services and cannot be turned into money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[doc(alias = "服务额度")]
pub struct Quota {
    /// 有效期; none when what is left rolls over (结转).
    pub expires: Option<Expires>,
    /// 报销比例: per cent of the actual cost that the quota bears, 1–100.
    pub percent_of_cost: u8,
    /// 每日限额
    pub most_per_day: Option<Fen>,
}

/// 有效期 of a month's quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expires {
    /// 当月月底
    MonthEnd,
    /// 当季季末
    QuarterEnd,
    /// 若干个月, the month itself included
    Months(u16),
}

impl Quota {
    /// The last day on which a month's quota can be drawn; none when it rolls over.
    pub fn last_day(&self, month: Month) -> Option<Day> {
        let ahead = match self.expires? {
            Expires::MonthEnd => 0,
            Expires::QuarterEnd => i32::from(2 - (month.number() - 1).rem_euclid(3)),
            Expires::Months(months) => i32::from(months) - 1,
        };
        Some(month.plus(ahead).last())
    }

    /// What the quota bears of a cost: its share of it, half up to the fen, but no more than is
    /// left of the day and of the account.
    pub fn covers(&self, cost: Fen, covered_today: Fen, left: Fen) -> Fen {
        let share = (i128::from(cost.get()) * i128::from(self.percent_of_cost) + 50) / 100;
        let share = i64::try_from(share).map_or(cost, Fen::new);
        let today = self
            .most_per_day
            .map_or(left, |most| most.checked_sub(covered_today).unwrap_or(Fen::ZERO));
        share.min(today).min(left).max(Fen::ZERO)
    }

    /// `当月月底前用完，不结转，不兑现`
    pub fn chinese(&self) -> String {
        let mut words = vec![match self.expires {
            Some(Expires::MonthEnd) => "当月月底前用完，不结转".to_owned(),
            Some(Expires::QuarterEnd) => "当季季末前用完，不结转".to_owned(),
            Some(Expires::Months(months)) => format!("{months} 个月内用完，不结转"),
            None => "用不完的结转下月".to_owned(),
        }];
        if self.percent_of_cost < 100 {
            words.push(format!("抵扣服务费用的 {}%", self.percent_of_cost));
        }
        if let Some(most) = self.most_per_day {
            words.push(format!("每日不超过 {} 元", crate::say::yuan(most)));
        }
        words.push("不兑现".to_owned());
        words.join("，")
    }
}

/// 负担级次: a level of government that bears a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 中央
    Central,
    /// 省级
    Province,
    /// 市级
    City,
    /// 县级
    County,
}

impl Level {
    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Central => "中央",
            Self::Province => "省级",
            Self::City => "市级",
            Self::County => "县级",
        }
    }
}

/// 分级负担: what each level of government bears, in per cent that sum to 100; highest first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[doc(alias = "分级负担")]
pub struct Shares(Vec<(Level, u8)>);

impl Shares {
    /// Splits a sum to the fen: every level but the lowest bears its share rounded down, and the
    /// lowest bears what is left, so that the parts always add up.
    pub fn split(&self, sum: Fen) -> Vec<(Level, Fen)> {
        let (hundreds, rest) = (sum.get() / 100, sum.get() % 100);
        let part = |percent: i64| Fen::new(hundreds * percent + rest * percent / 100);
        let mut parts: Vec<(Level, Fen)> =
            self.0.iter().map(|(level, percent)| (*level, part(i64::from(*percent)))).collect();
        let said: Fen = parts.iter().map(|(_, fen)| *fen).sum();
        if let Some((_, lowest)) = parts.last_mut() {
            *lowest = Fen::new(lowest.get() + sum.get() - said.get());
        }
        parts
    }

    /// `省级 30%、市级 20%、县级 50%，零头归县级`
    pub fn chinese(&self) -> String {
        let parts: Vec<String> =
            self.0.iter().map(|(level, part)| format!("{} {part}%", level.chinese())).collect();
        let lowest = self.0.last().map_or("", |(level, _)| level.chinese());
        format!("{}，零头归{lowest}", parts.join("、"))
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPay {
    cycle: Cycle,
    to: String,
    fund: String,
    month_closes_on: Option<u8>,
    due_month: Option<i8>,
    #[serde(default)]
    form: Given,
    quota: Option<Spanned<RawQuota>>,
    share: Option<Spanned<BTreeMap<Level, u8>>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuota {
    #[expect(dead_code, reason = "written out in lists, and yuan is the only one so far")]
    unit: Unit,
    expires: Option<Expires>,
    #[serde(default)]
    rollover: bool,
    #[serde(default)]
    cashable: bool,
    percent_of_cost: Option<u8>,
    most_yuan_per_day: Option<i64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Yuan,
}

pub(crate) fn read_pay(file: &SourceFile, raw: &RawPay, problems: &mut Vec<Problem>) -> Pay {
    if raw.form != Given::Cash && raw.quota.is_none() {
        let remedy = "请写 [pay.quota]：单位、有效期、是否结转。";
        problems.push(file.whole("给付服务额度或消费券，却没有写额度怎么用", remedy));
    }
    Pay {
        cycle: raw.cycle,
        to: raw.to.clone(),
        fund: raw.fund.clone(),
        month_closes_on: raw.month_closes_on,
        due_month: raw.due_month,
        given: raw.form,
        quota: raw.quota.as_ref().and_then(|quota| read_quota(file, raw.form, quota, problems)),
        share: raw.share.as_ref().and_then(|share| read_share(file, share, problems)),
    }
}

fn read_quota(
    file: &SourceFile,
    form: Given,
    raw: &Spanned<RawQuota>,
    problems: &mut Vec<Problem>,
) -> Option<Quota> {
    let (quota, span) = (raw.get_ref(), raw.span());
    let percent_of_cost = quota.percent_of_cost.unwrap_or(100);
    let wrong = if form == Given::Cash {
        Some(("现金没有额度", "请写 form = \"service\" 或 \"voucher\"，或删去这一节。"))
    } else if quota.cashable {
        Some(("额度不能兑现", "能兑现的就是现金，请写 form = \"cash\"。"))
    } else if quota.rollover == quota.expires.is_some() {
        let remedy = "到期作废的写 expires，结转的写 rollover = true，只写一个。";
        Some(("没有写用不完的怎么办，或写了两样", remedy))
    } else if quota.expires == Some(Expires::Months(0)) {
        Some(("有效期是 0 个月", "从当月算起，至少 1 个月。"))
    } else if !(1..=100).contains(&percent_of_cost) {
        Some(("抵扣比例不在 1 到 100 之间", "请写百分数的整数，如 percent_of_cost = 50。"))
    } else if quota.most_yuan_per_day.is_some_and(|most| most <= 0) {
        Some(("每日限额不是正数", "请写元的正整数，不限的删去 most_yuan_per_day。"))
    } else {
        None
    };
    if let Some((sentence, remedy)) = wrong {
        problems.push(file.at(&span, sentence, remedy));
        return None;
    }
    let most_per_day = quota.most_yuan_per_day.map(Fen::from_yuan);
    Some(Quota { expires: quota.expires, percent_of_cost, most_per_day })
}

fn read_share(
    file: &SourceFile,
    raw: &Spanned<BTreeMap<Level, u8>>,
    problems: &mut Vec<Problem>,
) -> Option<Shares> {
    let sum: u32 = raw.get_ref().values().map(|part| u32::from(*part)).sum();
    if sum != 100 || raw.get_ref().values().any(|part| *part == 0) {
        let sentence = format!("各级负担的比例合计 {sum}%");
        let remedy = "请写成合计 100 的正整数，不负担的级次不写。";
        problems.push(file.at(&raw.span(), sentence, remedy));
        return None;
    }
    Some(Shares(raw.get_ref().iter().map(|(level, part)| (*level, *part)).collect()))
}
