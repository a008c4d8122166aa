//! Pure: what an answer, or the lack of one, amounts to.

use facts::Fact;
use kernel::{FactValue, Life, Now};

use signed_http::{AnswerLine, OnFailure};

/// 核验用途: why somebody is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Entitlement,
    BeforePaying,
    Death,
    Objection,
}

impl Why {
    pub(super) const ALL: [Self; 4] =
        [Self::Entitlement, Self::BeforePaying, Self::Death, Self::Objection];

    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Entitlement => "entitlement",
            Self::BeforePaying => "before_paying",
            Self::Death => "death",
            Self::Objection => "objection",
        }
    }

    pub(super) const fn chinese(self) -> &'static str {
        match self {
            Self::Entitlement => "认定复核",
            Self::BeforePaying => "发放前核验",
            Self::Death => "死亡信息核实",
            Self::Objection => "处理申诉",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.code() == code)
    }
}

/// 核验现状: what can be said of a person by this system now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nobody has asked.
    Never,
    /// Answered, and young enough not to be asked again.
    Fresh(Now),
    /// Answered, some time ago.
    Aged(Now),
    /// Not answered; the last answer is used.
    Cached(Now),
    /// Not answered; what depends on it waits.
    Hold,
    /// Not answered; nobody knows.
    Unknown,
}

/// The rule of the line, and what happened.
pub(super) struct Seen {
    pub(super) cache_hours: i64,
    pub(super) on_failure: OnFailure,
    /// When the last answer came.
    pub(super) answered_at: Option<Now>,
    /// Whether the last call came to nothing.
    pub(super) failed: bool,
}

impl Seen {
    pub(super) fn standing(&self, now: Now) -> Standing {
        let within = |at: Now, hours: i64| now.seconds_since(at) < hours.saturating_mul(3600);
        if let Some(at) = self.answered_at
            && within(at, self.cache_hours)
        {
            return Standing::Fresh(at);
        }
        match (self.failed, self.answered_at, self.on_failure) {
            (false, None, _) => Standing::Never,
            (false, Some(at), _) => Standing::Aged(at),
            (true, Some(at), OnFailure::UseCache { hours }) if within(at, hours) => {
                Standing::Cached(at)
            }
            (true, _, OnFailure::Hold) => Standing::Hold,
            (true, ..) => Standing::Unknown,
        }
    }

    /// Whether asking now would only repeat what is known.
    pub(super) fn is_fresh(&self, now: Now) -> bool {
        matches!(self.standing(now), Standing::Fresh(_))
    }
}

impl Standing {
    /// When the answer that is shown was given, if one is.
    pub(super) fn answer_of(self) -> Option<Now> {
        match self {
            Self::Fresh(at) | Self::Aged(at) | Self::Cached(at) => Some(at),
            Self::Never | Self::Hold | Self::Unknown => None,
        }
    }
}

/// 比对: how an answer compares with what stands here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// 一致
    Same,
    /// 不一致
    Differs,
    /// 本系统没有
    OnlyThere,
    /// 对方没有
    OnlyHere,
    /// Nothing on either side, or nothing to compare with.
    Nothing,
}

/// Compares a line of an answer with the best fact of its kind.
pub(super) fn compare(answered: &AnswerLine, life: Life, facts: &[Fact]) -> Agreement {
    let ours = match answered.kind.as_deref() {
        None => return Agreement::Nothing,
        Some("life") => Some(life.code().to_owned()),
        Some(kind) => facts.iter().find(|fact| fact.kind == kind).map(|fact| plain(&fact.value)),
    };
    match (&answered.value, ours) {
        (None, None) => Agreement::Nothing,
        (Some(_), None) => Agreement::OnlyThere,
        (None, Some(_)) => Agreement::OnlyHere,
        (Some(theirs), Some(ours)) if *theirs == ours => Agreement::Same,
        (Some(_), Some(_)) => Agreement::Differs,
    }
}

/// A value as an answer writes it.
fn plain(value: &FactValue) -> String {
    match value {
        FactValue::Bool(yes) => yes.to_string(),
        FactValue::Fen(sum) => sum.get().to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, hour: i8) -> Now {
        Now::new(day.parse().expect("a day"), hour, 0).expect("a time")
    }

    #[test]
    fn without_an_answer_the_last_one_holds_for_its_hours_and_then_nobody_knows() {
        let now = at("2026-06-02", 9);
        let seen = |answered_at, failed, on_failure| {
            Seen { cache_hours: 24, on_failure, answered_at, failed }.standing(now)
        };
        let cache = OnFailure::UseCache { hours: 72 };
        let (young, old, older) = (at("2026-06-01", 10), at("2026-05-31", 9), at("2026-05-30", 8));
        assert_eq!(seen(None, false, cache), Standing::Never);
        assert_eq!(seen(Some(young), true, OnFailure::Hold), Standing::Fresh(young));
        assert_eq!(seen(Some(old), false, cache), Standing::Aged(old));
        assert_eq!(seen(Some(old), true, cache), Standing::Cached(old));
        assert_eq!(seen(Some(older), true, cache), Standing::Unknown);
        assert_eq!(seen(Some(old), true, OnFailure::Hold), Standing::Hold);
        assert_eq!(seen(None, true, OnFailure::Unknown), Standing::Unknown);
    }

    #[test]
    fn an_answer_is_compared_with_what_stands_and_an_empty_one_is_no_difference() {
        let answered = |kind: &str, value: Option<&str>| AnswerLine {
            label: String::new(),
            kind: Some(kind.to_owned()),
            value: value.map(ToOwned::to_owned),
        };
        let life = Life::Living;
        assert_eq!(compare(&answered("life", Some("living")), life, &[]), Agreement::Same);
        assert_eq!(compare(&answered("life", Some("confirmed")), life, &[]), Agreement::Differs);
        assert_eq!(compare(&answered("death_date", None), life, &[]), Agreement::Nothing);
        let found = answered("death_date", Some("2026-05-03"));
        assert_eq!(compare(&found, life, &[]), Agreement::OnlyThere);
    }
}
