//! The files as they are written. `list.rs` turns them into the one form that all readers read.

use std::collections::BTreeMap;

use kernel::{Confidence, Day};
use serde::Deserialize;
use toml::Spanned;

use crate::pay::RawPay;
use crate::review::RawReview;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawList {
    pub(crate) grammar: Spanned<u32>,
    pub(crate) issuer: Spanned<String>,
    pub(crate) issuer_name: String,
    pub(crate) title: String,
    pub(crate) edition: String,
    pub(crate) number: Option<String>,
    pub(crate) issued_on: Option<Day>,
    pub(crate) effective_from: Day,
    pub(crate) effective_to: Option<Day>,
    pub(crate) parent: Option<Spanned<String>>,
    pub(crate) responsible: String,
    pub(crate) phone: Option<String>,
    pub(crate) confidence: Confidence,
    /// Whether the whole list is here; else only the items that are known.
    #[serde(default = "yes")]
    pub(crate) complete: bool,
    #[serde(default)]
    pub(crate) parameter: BTreeMap<String, Spanned<RawParameter>>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawParameter {
    pub(crate) name: String,
    pub(crate) yuan_per_month: Spanned<BTreeMap<String, toml::Value>>,
    pub(crate) basis: Spanned<RawBasis>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawItem {
    pub(crate) item: Spanned<String>,
    pub(crate) no: u32,
    pub(crate) name: Option<String>,
    pub(crate) confidence: Confidence,
    pub(crate) implements: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) inherits: bool,
    pub(crate) form: Option<RawForm>,
    pub(crate) rule: Option<RawRule>,
    pub(crate) no_application: Option<Spanned<bool>>,
    pub(crate) beneficiary: Option<String>,
    pub(crate) content: Option<String>,
    pub(crate) kind: Option<ItemKind>,
    pub(crate) responsible: Option<String>,
    pub(crate) bring: Option<Vec<String>>,
    pub(crate) apply_at: Option<String>,
    pub(crate) who: Option<RawWho>,
    pub(crate) amount: Option<RawAmount>,
    pub(crate) service: Option<RawService>,
    pub(crate) excludes: Option<Vec<Spanned<RawExclusion>>>,
    pub(crate) time: Option<Time>,
    pub(crate) pay: Option<RawPay>,
    pub(crate) review: Option<RawReview>,
    #[serde(default)]
    pub(crate) basis: Vec<Spanned<RawBasis>>,
    #[serde(default)]
    pub(crate) assumption: Vec<Spanned<Assumption>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawForm {
    Cash,
    Service,
    Elsewhere,
}

/// Where an item's rule is, when not in its own file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawRule {
    /// The text leaves people and sums to the lower lists.
    Below,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWho {
    pub(crate) all: Vec<Spanned<String>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawAmount {
    #[serde(default)]
    pub(crate) band: Vec<Spanned<RawBand>>,
    #[serde(default)]
    pub(crate) top_up: Vec<Spanned<RawBand>>,
    /// Since when everybody has a right whose sum the lower lists set.
    pub(crate) local_from: Option<Day>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBand {
    pub(crate) name: Option<String>,
    pub(crate) age_from: Option<i32>,
    pub(crate) age_below: Option<i32>,
    #[serde(default)]
    pub(crate) who: Vec<Spanned<String>>,
    pub(crate) channel: Option<String>,
    pub(crate) yuan_per_month: Option<RawCells>,
    pub(crate) fen_per_month: Option<RawCells>,
    pub(crate) yuan_per_quarter: Option<RawCells>,
    pub(crate) yuan_per_half_year: Option<RawCells>,
    pub(crate) yuan_per_year: Option<RawCells>,
    pub(crate) yuan_once: Option<RawCells>,
}

/// Amounts by the day from which they hold.
pub(crate) type RawCells = Spanned<BTreeMap<String, toml::Value>>;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawService {
    pub(crate) from: Option<Day>,
    pub(crate) record: Option<Spanned<String>>,
    pub(crate) every: Spanned<RawEvery>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RawEvery {
    Month,
    Months(u16),
    Once,
    UntilDay(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawExclusion {
    pub(crate) fact: Spanned<String>,
    pub(crate) choose: Choose,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBasis {
    pub(crate) doc: String,
    pub(crate) clause: String,
    pub(crate) says: String,
}

/// 时间: from which month, until which month, and how far back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Time {
    /// 从哪个月起
    pub start: Start,
    /// 到哪个月止
    pub stop: Stop,
    /// 补发
    pub back_pay: BackPay,
}

/// 从哪个月起: the first month that counts, and the day on which a month is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// 满龄当月起: judged on the last day of the month.
    MonthOfAge,
    /// 满龄次月起: judged on the last day of the month before.
    MonthAfterAge,
    /// 申请当月起: judged on the last day of the month.
    MonthOfApplication,
    /// 申请次月起: judged on the last day of the month before.
    MonthAfterApplication,
    /// 审批次月起: judged on the last day of the month before.
    MonthAfterApproval,
    /// 年龄按当年年底计: age counted on 31 December, the rest on the last day of the month.
    AgeAtYearEnd,
    /// 符合条件当月起: judged on the last day of the month.
    MonthOfEligible,
    /// 符合条件次月起: judged on the last day of the month before.
    MonthAfterEligible,
}

/// 到哪个月止: whether the month of the event (death) is still paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// 去世当月照发，次月停发
    EventMonthPaid,
    /// 去世当月起停发
    EventMonthUnpaid,
}

/// 补发: how far back unpaid months are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackPay {
    /// 不补发
    None,
    /// 只补发当年
    CurrentYear,
    /// 从符合条件之月补发
    SinceEligible,
    /// 从某日所在月起补发
    SinceDate(Day),
    /// 最多补发若干个月
    Months(u16),
}

/// 标准的单位: for how long a sum is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Per {
    /// 每月
    #[default]
    Month,
    /// 每季度
    Quarter,
    /// 每半年
    HalfYear,
    /// 每年
    Year,
    /// 一次性
    Once,
}

impl Per {
    /// The word in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::HalfYear => "half_year",
            Self::Year => "year",
            Self::Once => "once",
        }
    }

    /// As it stands before a sum: `每月 40 元`.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Month => "每月",
            Self::Quarter => "每季度",
            Self::HalfYear => "每半年",
            Self::Year => "每年",
            Self::Once => "一次性",
        }
    }

    /// As it stands after a sum: `元/月`.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Month => "元/月",
            Self::Quarter => "元/季度",
            Self::HalfYear => "元/半年",
            Self::Year => "元/年",
            Self::Once => "元（一次性）",
        }
    }

    /// Months of a period that comes again.
    pub(crate) const fn months(self) -> Option<i8> {
        match self {
            Self::Month | Self::Once => None,
            Self::Quarter => Some(3),
            Self::HalfYear => Some(6),
            Self::Year => Some(12),
        }
    }
}

/// 服务类型, as the national list sorts its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// 物质帮助
    MaterialHelp,
    /// 照护服务
    Care,
    /// 关爱服务
    Concern,
    /// 物质帮助、照护服务
    MaterialAndCare,
}

impl ItemKind {
    /// The list's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::MaterialHelp => "物质帮助",
            Self::Care => "照护服务",
            Self::Concern => "关爱服务",
            Self::MaterialAndCare => "物质帮助、照护服务",
        }
    }
}

/// 择一规则: which of two benefits stays when they must not be held together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choose {
    /// 就高: the higher one, the other one when they are equal.
    Higher,
    /// 保留本项
    This,
    /// 保留另一项
    Other,
}

/// 发放周期
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cycle {
    /// 按月
    Month,
    /// 按季
    Quarter,
    /// 按半年
    HalfYear,
    /// 按年
    Year,
}

/// 假定: what was decided because the text is silent. It is shown with every explanation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// Own name within the item.
    pub id: String,
    /// Which slot rests on it.
    pub slot: SlotName,
    /// What is assumed, in a sentence.
    pub text: String,
    /// How sure it is.
    pub confidence: Confidence,
}

/// A slot of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotName {
    /// 对象
    Who,
    /// 标准
    Amount,
    /// 起发
    Start,
    /// 停发
    Stop,
    /// 补发
    BackPay,
    /// 发放
    Pay,
    /// 办理
    Review,
    /// 服务
    Service,
}
