use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Confidence, Day, Fen, Month};

use crate::condition::Cond;
use crate::pay::Pay;
use crate::raw::{Assumption, Choose, ItemKind, Per, Time};
use crate::register::KindIx;
use crate::review::Review;
use crate::source::Basis;

/// 清单: one edition of one issuer's published list, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct List {
    /// What the list says about itself.
    pub head: Arc<ListHead>,
    /// 项目, in the list's order.
    pub items: Vec<Item>,
}

/// What a list says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// Area code of the issuer.
    pub issuer: String,
    /// 发布地区
    pub issuer_name: String,
    /// 标题
    pub title: String,
    /// 版次, as `第 4 版`.
    pub edition: String,
    /// 文号
    pub number: Option<String>,
    /// 发布日期
    pub issued_on: Option<Day>,
    /// 生效日期 of the edition. Amounts carry their own dates, which may be earlier.
    pub effective_from: Day,
    /// 失效日期: first day on which the edition is out of force.
    pub effective_to: Option<Day>,
    /// Folder of the upper list.
    pub parent: Option<PathBuf>,
    /// 责任单位
    pub responsible: String,
    /// 咨询电话
    pub phone: Option<String>,
    /// How sure we are of the list.
    pub confidence: Confidence,
    /// Whether the whole list is here; else only the items that are known.
    pub complete: bool,
    /// 参数 that amounts are computed from.
    pub parameters: Vec<Parameter>,
    /// Folder that the list was read from.
    pub dir: PathBuf,
}

/// 参数: a dated sum that amounts refer to, as the minimum living standard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Own name, as amounts write it.
    pub id: String,
    /// 名称
    pub name: String,
    /// Values a month by the day from which they hold, ascending.
    pub values: Vec<(Day, Fen)>,
    /// 规定出处
    pub basis: Basis,
}

/// 清单项目: one item in the one form that all readers read.
#[derive(Clone, Debug)]
pub struct Item {
    /// Own name, the same in every list: `old_age_allowance`.
    pub id: String,
    /// 序号 in the list.
    pub no: u32,
    /// 名称, as the list calls it.
    pub name: String,
    /// How sure we are of the item.
    pub confidence: Confidence,
    /// The list that it stands in.
    pub list: Arc<ListHead>,
    /// Item of the upper list that it implements.
    pub implements: Option<String>,
    /// 形式: cash, a service, or another department's.
    pub form: Form,
    /// 服务对象, in the list's words.
    pub beneficiary: String,
    /// 服务内容, in the list's words.
    pub content: String,
    /// 服务类型
    pub kind: ItemKind,
    /// 责任单位
    pub responsible: String,
    /// 办理材料: what to bring.
    pub bring: Vec<String>,
    /// 免申即享: nobody has to apply for it.
    pub no_application: bool,
    /// 办理地点; empty where nothing is said.
    pub apply_at: String,
    /// 条件: all must hold, in the list's order; the time slots' own come last.
    pub conditions: Vec<Cond>,
    /// 档次: the first that fits counts. None for services and sums that lower lists set.
    pub bands: Vec<Band>,
    /// 增发: what is added to the band's sum for whoever fits besides.
    pub top_ups: Vec<Band>,
    /// For how long a sum is.
    pub per: Per,
    /// 不同时享受
    pub excludes: Vec<Exclusion>,
    /// 时间
    pub time: Time,
    /// 发放
    pub pay: Pay,
    /// 办理
    pub review: Review,
    /// 规定出处
    pub basis: Vec<Basis>,
    /// 假定
    pub assumptions: Vec<Assumption>,
    /// First month that is encoded; none when people are not judged by this list.
    pub(crate) encoded_from: Option<Month>,
    /// Where the amounts are written: in its own file or an upper item's.
    pub(crate) amounts_in: PathBuf,
    /// Whether it has a rule of its own, not only the upper item's.
    pub(crate) own_rule: bool,
}

/// 形式: what somebody gets by an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 现金
    Cash,
    /// 服务
    Service(Service),
    /// 由其他部门办理: shown and matched only; people are not judged.
    Elsewhere,
}

/// 服务: how one sees that it was given, and when it is due again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The fact of type day that says when it was given last.
    pub record: Option<KindIx>,
    /// 频次
    pub every: Every,
}

/// 频次
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// 每月: once in every calendar month.
    Month,
    /// 每隔若干个月
    Months(u16),
    /// 一次
    Once,
    /// 到期再办: again after the day that this fact names.
    UntilDay(KindIx),
}

/// 不同时享受: another benefit that must not be held together with this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The fact that says what is being paid: `award.disability_nursing`.
    pub kind: &'static str,
    /// Which of the two stays.
    pub choose: Choose,
}

/// 档: people of an age or in a state, with their dated amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// 档名, where the list names it by something else than the age.
    pub label: Option<String>,
    /// First full year of age; where the band says none, what the item asks for.
    pub age_from: i32,
    /// First full year of age that is outside; open when none.
    pub age_below: Option<i32>,
    /// What else must hold for the band.
    pub who: Vec<Cond>,
    /// 发放渠道, where it is another than the item's.
    pub channel: Option<String>,
    /// Amounts by the day from which they hold, ascending; none where the band ends. For how
    /// long a sum is says [`Item::per`].
    pub amounts: Vec<(Day, Option<Fen>)>,
    /// How an amount was computed, by the day from which it holds.
    pub(crate) formulas: Vec<(Day, String)>,
}

/// What a band says about a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BandAmount {
    /// So much.
    Fen(Fen),
    /// 已停: the band has been ended.
    Ended,
    /// 未录入: no text is encoded for the month; the first encoded month.
    NotEncoded(Month),
}

impl List {
    /// The item with this id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }
}

impl Item {
    /// The first month for which the rule is encoded; the edition's first where there is none.
    pub fn encoded_from(&self) -> Month {
        self.encoded_from.unwrap_or_else(|| self.list.effective_from.month())
    }

    /// Whether this list judges people: not when another department does, or a lower list.
    pub fn is_judged(&self) -> bool {
        self.encoded_from.is_some()
    }

    /// Whether there is a right to a sum that the lower lists set.
    pub fn amount_is_local(&self) -> bool {
        self.form == Form::Cash && self.bands.is_empty() && self.is_judged()
    }

    /// Whether a sum of this item is due in a month of the year.
    pub(crate) fn is_due(&self, month: Month) -> bool {
        match (self.per.months(), self.pay.due_month) {
            (Some(period), Some(due)) => (month.number() - 1).rem_euclid(period) == due - 1,
            _ => true,
        }
    }
}

impl Band {
    /// Whether an age falls into the band.
    pub fn covers(&self, age: i32) -> bool {
        self.age_from <= age && self.age_below.is_none_or(|below| age < below)
    }

    /// The amount that holds on the first day of the month.
    pub fn amount(&self, month: Month) -> BandAmount {
        let held = self.amounts.iter().rev().find(|(from, _)| *from <= month.first());
        match held {
            Some((_, Some(fen))) => BandAmount::Fen(*fen),
            Some((_, None)) => BandAmount::Ended,
            None => BandAmount::NotEncoded(self.amounts[0].0.month()),
        }
    }

    /// `80—89 周岁`, or what the list calls it.
    pub fn name(&self) -> String {
        if let Some(label) = &self.label {
            return label.clone();
        }
        match self.age_below {
            Some(below) if below == self.age_from + 1 => format!("{} 周岁", self.age_from),
            Some(below) => format!("{}—{} 周岁", self.age_from, below - 1),
            None => format!("{} 周岁及以上", self.age_from),
        }
    }
}
