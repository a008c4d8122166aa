//! What a complaint is about, who answers it and until when. Pure.

use duties::Calendar;
use kernel::{AreaLevel, Day, Refusal, Role};
use serde::{Deserialize, Serialize};

/// 渠道: the way by which it came.
pub(super) const CHANNELS: [(&str, &str); 6] = [
    ("window", "窗口"),
    ("phone", "电话"),
    ("hotline", "12345 转办"),
    ("box", "意见箱"),
    ("village", "村（社区）反映"),
    ("publicity", "公示异议"),
];

/// 类别
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// 发放: not paid, too late, too little, wrong account.
    Payment,
    /// “本人还活着”: paid no more because somebody said they had died.
    Alive,
    /// 资格: should have it, or should not.
    Entitlement,
    /// 档次: the wrong band or level.
    Level,
    /// 服务
    Service,
    /// 隐私
    Privacy,
    /// 其他
    Other,
}

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// 当天
    Today,
    /// Working days.
    WorkingDays(u32),
}

/// An error of payment or identity is cleared within these working days.
const URGENT: u32 = 3;
/// Everything else.
const ORDINARY: u32 = 15;

impl Kind {
    pub(super) const ALL: [Self; 7] = [
        Self::Payment,
        Self::Alive,
        Self::Entitlement,
        Self::Level,
        Self::Service,
        Self::Privacy,
        Self::Other,
    ];

    /// The stored word.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Alive => "alive",
            Self::Entitlement => "entitlement",
            Self::Level => "level",
            Self::Service => "service",
            Self::Privacy => "privacy",
            Self::Other => "other",
        }
    }

    /// The bureau's word.
    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Payment => "发放",
            Self::Alive => "本人还活着",
            Self::Entitlement => "资格",
            Self::Level => "档次",
            Self::Service => "服务",
            Self::Privacy => "隐私",
            Self::Other => "其他",
        }
    }

    /// What belongs to it, for whoever chooses.
    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::Payment => "没收到、少发、晚发、发错账户",
            Self::Alive => "因死亡信息停发或暂缓，本人其实健在",
            Self::Entitlement => "该有没有，或者不该有却有",
            Self::Level => "年龄档、补贴档、能力等级不对",
            Self::Service => "服务没做、做得不好、态度",
            Self::Privacy => "信息被公开、被打听",
            Self::Other => "",
        }
    }

    /// From the stored word.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Who owes the answer, and at which level: whoever can put it right.
    pub(super) const fn owner(self) -> (Role, AreaLevel) {
        match self {
            Self::Payment => (Role::FinanceOfficer, AreaLevel::County),
            Self::Alive => (Role::CountyApprover, AreaLevel::County),
            _ => (Role::TownReviewer, AreaLevel::Township),
        }
    }

    /// How long the answer may take.
    pub(super) const fn clock(self) -> Clock {
        match self {
            Self::Alive => Clock::Today,
            Self::Payment => Clock::WorkingDays(URGENT),
            _ => Clock::WorkingDays(ORDINARY),
        }
    }

    /// 期限 of the answer.
    pub(super) fn due_on(self, calendar: &Calendar, today: Day) -> Result<Day, Refusal> {
        match self.clock() {
            Clock::Today => Ok(today),
            Clock::WorkingDays(days) => calendar.due(today, days),
        }
    }

    /// Whether a running payment may be held because of it, by a person's decision. Whoever says
    /// that they are alive is never held.
    pub(super) const fn may_hold(self) -> bool {
        !matches!(self, Self::Alive | Self::Privacy | Self::Service)
    }
}

/// The bureau's word for a channel.
pub(super) fn channel_chinese(code: &str) -> &'static str {
    CHANNELS.iter().find(|(id, _)| *id == code).map_or("", |(_, words)| words)
}

/// 认定: what the answer says of the complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// 属实
    Founded,
    /// 不属实
    Unfounded,
    /// 已解释: there was nothing to find.
    Explained,
}

impl Finding {
    pub(super) const ALL: [Self; 3] = [Self::Founded, Self::Unfounded, Self::Explained];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Founded => "founded",
            Self::Unfounded => "unfounded",
            Self::Explained => "explained",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Founded => "反映属实",
            Self::Unfounded => "反映不属实",
            Self::Explained => "属于询问，已说明",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.code() == code)
    }
}

/// What was said; kept sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    /// Who says it, and what they are to the elder; empty for nobody who gave a name.
    pub(super) by: String,
    /// How to reach them.
    pub(super) contact: String,
    /// 本人或家属: whether they may be told what the rules say of the elder. A neighbour may not.
    #[serde(default)]
    pub(super) own: bool,
    /// What they say.
    pub(super) words: String,
}

/// What was answered; kept sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reply {
    /// In plain words.
    pub(super) words: String,
    /// What the rules said of the elder at that moment, a sentence for each item.
    pub(super) trace: Vec<String>,
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn an_error_of_payment_has_three_working_days_and_the_rest_fifteen() {
        let calendar = Calendar::new(HashSet::from([2026]), HashMap::new());
        let friday = day("2026-06-05");
        let due = |kind: Kind| kind.due_on(&calendar, friday).expect("a year");
        assert_eq!(due(Kind::Payment), day("2026-06-10"));
        assert_eq!(due(Kind::Entitlement), day("2026-06-26"));
        assert_eq!(due(Kind::Alive), friday, "who is alive waits no day");
    }

    #[test]
    fn who_says_that_they_are_alive_is_never_held_and_the_county_owes_the_answer() {
        assert!(!Kind::Alive.may_hold());
        assert_eq!(Kind::Alive.owner(), (Role::CountyApprover, AreaLevel::County));
        assert!(Kind::Entitlement.may_hold() && Kind::Payment.may_hold());
    }

    #[test]
    fn every_stored_word_comes_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
        }
        for finding in Finding::ALL {
            assert_eq!(Finding::from_code(finding.code()), Some(finding));
        }
        assert_eq!(Kind::from_code("x"), None);
    }
}
