use kernel::{Day, Month};

use crate::numbers::{census, day};
use crate::people::{Fate, Person};

/// What the other departments know of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traits {
    pub(crate) relief: Option<Relief>,
    pub(crate) disability: Option<Disability>,
    pub(crate) family_planning: Option<FamilyPlanning>,
    pub(crate) veteran: bool,
    pub(crate) assessment: Option<Assessment>,
    /// Day of the last visit that the ledger knows.
    pub(crate) visited: Option<Day>,
    /// 养老服务补贴 on the roster, in yuan a month.
    pub(crate) care_yuan: Option<u32>,
    /// 护理补贴 on the roster, in yuan a month.
    pub(crate) nursing_yuan: Option<u32>,
    pub(crate) lead: Option<Lead>,
    /// Not seen for more than a year.
    pub(crate) quiet: bool,
    pub(crate) spouse: Option<usize>,
    /// Shares the account with this person.
    pub(crate) shares: Option<usize>,
    pub(crate) pension: Option<Pension>,
    pub(crate) account: Option<String>,
    /// Number of the household within its village.
    pub(crate) household: u32,
    /// Where the household register had the person a month ago, if not here.
    pub(crate) moved: Option<Origin>,
}

/// 原户籍地
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In another county.
    Elsewhere,
    /// In this village of the county.
    Village(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relief {
    pub(crate) category: Category,
    pub(crate) since: Month,
}

/// 低收入类别
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    MinimumLiving,
    Edge,
    Destitute,
    Rigid,
    Other,
}

impl Category {
    /// As the county's relief office writes it.
    pub(crate) const fn chinese(self) -> &'static str {
        match self {
            Self::MinimumLiving => "农村低保",
            Self::Edge => "低保边缘",
            Self::Destitute => "特困分散供养",
            Self::Rigid => "刚性支出困难",
            Self::Other => "其他低收入",
        }
    }

    /// 养老服务补贴 of somebody of 80 and more, by the county's list.
    pub(crate) const fn care_yuan(self) -> Option<u32> {
        match self {
            Self::Destitute => Some(100),
            Self::MinimumLiving => Some(60),
            Self::Edge | Self::Rigid | Self::Other => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Disability {
    pub(crate) kind: &'static str,
    /// 1 is the gravest of four.
    pub(crate) grade: u8,
    pub(crate) issued: Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FamilyPlanning {
    OnlyChildDead,
    OnlyChildDisabled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Assessment {
    /// By the standard that was retired at the end of 2022.
    pub(crate) retired: bool,
    pub(crate) level: Level,
    pub(crate) on: Day,
    pub(crate) until: Day,
    pub(crate) living: Living,
}

/// 能力等级
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Able,
    Mild,
    Moderate,
    Severe,
    Complete,
}

impl Level {
    pub(crate) const fn chinese(self) -> &'static str {
        match self {
            Self::Able => "能力完好",
            Self::Mild => "轻度失能",
            Self::Moderate => "中度失能",
            Self::Severe => "重度失能",
            Self::Complete => "完全失能",
        }
    }

    /// 护理补贴 of a low-income person with a card of grade 1 or 2, by the county's list.
    pub(crate) const fn nursing_yuan(self) -> Option<u32> {
        match self {
            Self::Able | Self::Mild => None,
            Self::Moderate => Some(100),
            Self::Severe => Some(200),
            Self::Complete => Some(300),
        }
    }
}

/// 居住情况
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Living {
    Alone,
    EmptyNest,
    LeftBehind,
    WithFamily,
    InInstitution,
}

impl Living {
    pub(crate) const fn chinese(self) -> &'static str {
        match self {
            Self::Alone => "独居",
            Self::EmptyNest => "空巢",
            Self::LeftBehind => "留守",
            Self::WithFamily => "与子女同住",
            Self::InInstitution => "入住机构",
        }
    }
}

/// 省级线索
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// Paid the allowance there as well, so many yuan a month.
    Elsewhere { area: &'static str, yuan: u32 },
    /// 重度残疾人护理补贴, so many yuan a month.
    Exclusive { yuan: u32 },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pension {
    /// Of the employees' insurance and not of the residents'.
    pub(crate) employee: bool,
    pub(crate) yuan: u32,
    pub(crate) certified: Option<Day>,
}

impl Traits {
    /// One of the story's few: such people get nothing else, so that a finding stays alone.
    pub(crate) fn apart(&self) -> bool {
        let elsewhere = matches!(self.lead, Some(Lead::Elsewhere { .. }));
        self.quiet || elsewhere || self.shares.is_some()
    }

    pub(crate) fn grave(&self) -> bool {
        self.disability.is_some_and(|it| it.grade <= 2)
    }

    /// 经济困难的重度残疾老年人: owed an assessment.
    pub(crate) fn owed_assessment(&self) -> bool {
        self.relief.is_some() && self.grave()
    }

    /// The level that holds on the day by which June is judged.
    pub(crate) fn level(&self) -> Option<Level> {
        self.assessment.filter(|it| it.until >= census()).map(|it| it.level)
    }

    pub(crate) fn lapsed(&self) -> bool {
        self.assessment.is_some_and(|it| it.until < day(2026, 6, 2))
    }

    /// 探访对象, by the county's list.
    pub(crate) fn visited_monthly(&self) -> bool {
        let living = self.assessment.map(|it| it.living);
        matches!(living, Some(Living::Alone | Living::EmptyNest | Living::LeftBehind))
            || self.level() >= Some(Level::Severe)
            || self.grave()
            || self.family_planning.is_some()
    }

    /// Paid one of the two subsidies.
    pub(crate) fn subsidised(&self) -> bool {
        self.care_yuan.is_some() || self.nursing_yuan.is_some()
    }
}

impl Person {
    /// Member of a set of the truth: every row about such a person is good.
    pub(crate) fn kept(&self) -> bool {
        let traits = &self.traits;
        traits.apart()
            || traits.visited_monthly()
            || traits.owed_assessment()
            || traits.subsidised()
            || traits.lead.is_some()
    }

    /// Living, and as far as every file knows.
    pub(crate) fn certain(&self) -> bool {
        self.fate == Fate::Living
    }
}
