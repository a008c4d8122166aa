//! 转办 and 低收入变化, as plain data.

use kernel::{AssertionId, Day, FactType, FactValue, Fen, Month, PersonId};
use policy::register::kind_of;
use policy::{Facts, Item, Value, Verdict};

/// 救助种类: what somebody is handed over for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Destitute,
    MinimumLiving,
    Temporary,
    Homeless,
}

impl Kind {
    pub(super) const ALL: [Self; 4] =
        [Self::Destitute, Self::MinimumLiving, Self::Temporary, Self::Homeless];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Destitute => "destitute",
            Self::MinimumLiving => "minimum_living",
            Self::Temporary => "temporary",
            Self::Homeless => "homeless",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Destitute => "特困人员救助供养",
            Self::MinimumLiving => "最低生活保障",
            Self::Temporary => "临时救助",
            Self::Homeless => "生活无着流浪乞讨人员救助",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The category of the low-income roster that says that it was granted.
    pub(super) const fn category(self) -> Option<&'static str> {
        match self {
            Self::Destitute | Self::MinimumLiving => Some(self.code()),
            Self::Temporary | Self::Homeless => None,
        }
    }
}

/// What two rosters of one source say differently about somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) person: PersonId,
    pub(super) kind: &'static str,
    /// The newer word.
    pub(super) assertion: AssertionId,
    pub(super) supplier: String,
    pub(super) as_of: Day,
    /// What the roster before said; none when it did not name them.
    pub(super) before: Option<FactValue>,
    /// What this one says; none when it does not name them.
    pub(super) after: Option<FactValue>,
}

/// 变化: which way somebody has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// 新列入
    Entered,
    /// 退出
    Left,
    /// 类别变化
    Moved,
}

impl Way {
    pub(super) const ALL: [Self; 3] = [Self::Entered, Self::Left, Self::Moved];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
            Self::Moved => "moved",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Entered => "新列入",
            Self::Left => "退出",
            Self::Moved => "类别变化",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// Which way the changes of one person go; none when nothing counts as low income before or after.
pub(super) fn way(changes: &[Change]) -> Option<Way> {
    let low = |value: fn(&Change) -> &Option<FactValue>| {
        changes.iter().any(|change| match value(change) {
            Some(FactValue::Text(word)) => word != "none",
            Some(FactValue::Bool(yes)) => *yes,
            _ => false,
        })
    };
    match (low(|it| &it.before), low(|it| &it.after)) {
        (false, true) => Some(Way::Entered),
        (true, false) => Some(Way::Left),
        (true, true) => Some(Way::Moved),
        (false, false) => None,
    }
}

/// What a roster's word means to the rules; who is not on it is in no category.
fn value(kind: &'static str, said: Option<&FactValue>) -> Option<Value> {
    let FactType::Word(words) = kind_of(kind)?.value_type else {
        return Some(Value::Bool(said == Some(&FactValue::Bool(true))));
    };
    let word = match said {
        Some(FactValue::Text(word)) => word.as_str(),
        _ => "none",
    };
    words.iter().find(|it| **it == word).map(|word| Value::Word(word))
}

/// The facts as they would be with what the rosters said before, or say now, for all time.
pub(super) fn with(facts: &Facts, changes: &[Change], now: bool) -> Facts {
    let mut facts = facts.clone();
    for change in changes {
        let said = if now { &change.after } else { &change.before };
        if let Some(value) = value(change.kind, said.as_ref()) {
            facts.set(change.kind, value).expect("the value was made for the kind");
        }
    }
    facts
}

/// What a change does to the items of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// `养老服务补贴每月 60 元`
    opens: Vec<String>,
    closes: Vec<String>,
    changes: Vec<String>,
    /// What a month's sums gain.
    pub(super) monthly: i64,
}

impl Effect {
    /// Adds what becomes of one item.
    pub(super) fn item(&mut self, item: &Item, before: &Verdict, after: &Verdict) {
        let sum = |fen: Fen| {
            if fen == Fen::ZERO { String::new() } else { format!("每月 {fen} 元") }
        };
        let (was, is) = (before.amount(), after.amount());
        let held = |verdict: &Verdict| matches!(verdict, Verdict::Entitled { .. });
        let name = &item.name;
        match (before, after) {
            (_, Verdict::Entitled { .. }) if !held(before) => {
                self.opens.push(format!("{name}{}", sum(is)));
            }
            (Verdict::NotEntitled(_), Verdict::Unknown(_)) => {
                self.opens.push(format!("{name}（还要查明一项事实）"));
            }
            (Verdict::Entitled { .. }, _) if !held(after) => {
                self.closes.push(format!("{name}{}", sum(was)));
            }
            _ if was != is => {
                self.changes.push(format!("{name}由每月 {was} 元改为 {is} 元"));
            }
            _ => return,
        }
        self.monthly += is.get() - was.get();
    }

    /// `低收入名册（截至 2026-07-01）新列入；7 月起可以享受：…`
    pub(super) fn sentence(&self, way: Way, roster: &str, as_of: Day, from: Month) -> String {
        let word = match way {
            Way::Entered => "新列入",
            Way::Left => "里已没有",
            Way::Moved => "里类别有变化",
        };
        let mut parts = vec![format!("{roster}（截至 {as_of}）{word}")];
        for (what, items) in
            [("可以享受", &self.opens), ("不再符合", &self.closes), ("标准变化", &self.changes)]
        {
            if !items.is_empty() {
                parts.push(format!("{}起{what}：{}", from.chinese(), items.join("、")));
            }
        }
        if parts.len() == 1 {
            parts.push("清单上的待遇没有变化".to_owned());
        }
        parts.join("；")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: &'static str, before: Option<FactValue>, after: Option<FactValue>) -> Change {
        Change {
            person: PersonId::new(uuid::Uuid::nil()),
            kind,
            assertion: AssertionId::new(1),
            supplier: "low_income_roster".to_owned(),
            as_of: "2026-06-30".parse().expect("a day"),
            before,
            after,
        }
    }

    fn word(word: &str) -> FactValue {
        FactValue::Text(word.to_owned())
    }

    #[test]
    fn a_roster_that_names_or_drops_somebody_or_moves_them_is_told_apart() {
        let of = |before, after| way(&[change("relief_category", before, after)]);
        assert_eq!(of(None, Some(word("destitute"))), Some(Way::Entered));
        assert_eq!(of(Some(word("none")), Some(word("destitute"))), Some(Way::Entered));
        assert_eq!(of(Some(word("minimum_living")), None), Some(Way::Left));
        assert_eq!(of(Some(word("minimum_living")), Some(word("destitute"))), Some(Way::Moved));
        assert_eq!(of(Some(word("none")), None), None);
        let yes = Some(FactValue::Bool(true));
        let both =
            [change("relief_category", None, Some(word("none"))), change("low_income", None, yes)];
        assert_eq!(way(&both), Some(Way::Entered), "one of the two words is enough");
    }

    #[test]
    fn what_a_roster_said_replaces_whatever_is_known_now() {
        let mut facts = Facts::new();
        facts.set("low_income", Value::Bool(true)).expect("a fact");
        facts.set("relief_category", Value::Word("destitute")).expect("a fact");
        let all = [
            change("low_income", None, Some(FactValue::Bool(true))),
            change("relief_category", Some(word("minimum_living")), Some(word("destitute"))),
        ];
        let on = |facts: &Facts, kind: &str| {
            let kind = policy::register::KindIx::of(kind).expect("a kind");
            facts.on(kind, "2026-06-30".parse().expect("a day")).cloned()
        };
        let before = with(&facts, &all, false);
        assert_eq!(on(&before, "relief_category"), Some(Value::Word("minimum_living")));
        assert_eq!(on(&before, "low_income"), Some(Value::Bool(false)));
        assert_eq!(on(&with(&facts, &all, true), "low_income"), Some(Value::Bool(true)));
    }
}
