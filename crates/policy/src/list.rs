use std::path::PathBuf;
use std::sync::Arc;

use kernel::{Confidence, Day, Fen, Month};

use crate::condition::Cond;
use crate::raw::{Assumption, Pay, Review, Time};
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
    /// How sure we are of the list.
    pub confidence: Confidence,
    /// Folder that the list was read from.
    pub dir: PathBuf,
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
    /// 条件: all must hold, in the list's order; the time slots' own come last.
    pub conditions: Vec<Cond>,
    /// 档次: the first that fits counts.
    pub bands: Vec<Band>,
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
    pub(crate) encoded_from: Month,
}

/// 档: an age band with its dated amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    /// First full year of age.
    pub age_from: i32,
    /// First full year of age that is outside; open when none.
    pub age_below: Option<i32>,
    /// What else must hold for the band.
    pub who: Vec<Cond>,
    /// Amounts a month by the day from which they hold, ascending; none where the band ends.
    pub amounts: Vec<(Day, Option<Fen>)>,
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
    /// The first month for which any amount is encoded.
    pub fn encoded_from(&self) -> Month {
        self.encoded_from
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

    /// `80—89 周岁`.
    pub fn name(&self) -> String {
        match self.age_below {
            Some(below) if below == self.age_from + 1 => format!("{} 周岁", self.age_from),
            Some(below) => format!("{}—{} 周岁", self.age_from, below - 1),
            None => format!("{} 周岁及以上", self.age_from),
        }
    }
}
