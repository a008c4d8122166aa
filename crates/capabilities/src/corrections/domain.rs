//! A correction as it is written, and the values that may stand meanwhile.

use kernel::{Day, FactKind, FactType, FactValue, Fen, Refusal, Sensitivity};
use policy::register::word_chinese;
use serde::{Deserialize, Serialize};

/// Working days that a sender has to answer.
pub(super) const ANSWER_WORKING_DAYS: u32 = 10;

/// 纠错状态
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// 待送出
    Drafted,
    /// 已送出，待答复
    Sent,
    /// 来源已采纳
    Accepted,
    /// 来源未采纳
    Refused,
    /// 已办结
    Closed,
}

impl State {
    pub(super) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Drafted, "drafted", "待送出"),
        (Self::Sent, "sent", "已送出，待答复"),
        (Self::Accepted, "accepted", "来源已采纳"),
        (Self::Refused, "refused", "来源未采纳"),
        (Self::Closed, "closed", "已办结"),
    ];

    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        Self::ALL.iter().find(|(state, ..)| *state == self).expect("every state is in the table")
    }

    /// The stored word.
    pub(super) fn code(self) -> &'static str {
        self.entry().1
    }

    /// The bureau's word.
    pub(super) fn chinese(self) -> &'static str {
        self.entry().2
    }

    /// From the stored word.
    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word, _)| *word == code).map(|(state, ..)| *state)
    }

    /// Whether it waits for the sender's word.
    pub(super) fn is_answered(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused)
    }
}

/// What a correction says; kept sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Content {
    /// Whom, as the row names them.
    pub(super) who: String,
    /// What the row says.
    pub(super) said: String,
    /// What is right.
    pub(super) right: String,
    /// By whose evidence.
    pub(super) evidence: String,
}

/// Whether a value of this kind may stand meanwhile: what is sealed is not typed here, and a
/// death or a payment is established elsewhere.
pub(super) fn may_stand(kind: &FactKind) -> bool {
    let elsewhere = ["life", "death_date", "register_state"].contains(&kind.id)
        || kind.id.starts_with("award.")
        || kind.id.starts_with("lead.");
    let typed = !matches!(kind.value_type, FactType::Area | FactType::Person);
    typed && !elsewhere && kind.sensitivity != Sensitivity::Sealed
}

/// The value that somebody typed, in the bureau's words.
pub(super) fn typed_value(kind: &FactKind, text: &str) -> Result<FactValue, Refusal> {
    let text = text.trim();
    let wrong = |how: String| Refusal::new(format!("“{text}”不是{}的取值。", kind.label), how);
    match kind.value_type {
        FactType::Day => {
            let day = text.parse::<Day>().map(FactValue::Day);
            day.map_err(|_| wrong("请写成 2026-06-02 这样的日期。".to_owned()))
        }
        FactType::Bool => match text {
            "是" => Ok(FactValue::Bool(true)),
            "否" => Ok(FactValue::Bool(false)),
            _ => Err(wrong("请写“是”或“否”。".to_owned())),
        },
        FactType::Int(least, most) => {
            let number = text.parse().ok().filter(|number| (least..=most).contains(number));
            number
                .map(FactValue::Int)
                .ok_or_else(|| wrong(format!("请写 {least} 到 {most} 的整数。")))
        }
        FactType::Fen => {
            let sum = facts::normalise::yuan(&facts::sheet::Cell::Text(text.to_owned()));
            match sum {
                Ok(Some(fen)) if fen >= Fen::ZERO => Ok(FactValue::Fen(fen)),
                _ => Err(wrong("请写成 40 或 40.00 这样的元。".to_owned())),
            }
        }
        FactType::Word(words) => {
            let word = words.iter().find(|word| word_chinese(word) == text);
            let all: Vec<&str> = words.iter().map(|word| word_chinese(word)).collect();
            word.map(|word| FactValue::Text((*word).to_owned()))
                .ok_or_else(|| wrong(format!("请写：{}。", all.join("、"))))
        }
        FactType::Text if !text.is_empty() => Ok(FactValue::Text(text.to_owned())),
        FactType::Text | FactType::Area | FactType::Person => {
            Err(wrong("请只送纠错，等来源更正。".to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use policy::register::kind_of;

    use super::*;

    #[test]
    fn a_typed_value_is_read_in_the_bureaus_words_or_refused_with_what_is_possible() {
        let read = |kind: &str, text: &str| typed_value(kind_of(kind).expect("registered"), text);
        assert_eq!(read("low_income", "否"), Ok(FactValue::Bool(false)));
        assert_eq!(read("disability_grade", " 2 "), Ok(FactValue::Int(2)));
        assert_eq!(read("sex", "女"), Ok(FactValue::Text("female".to_owned())));
        let refused = read("disability_grade", "9").expect_err("no such grade");
        assert!(refused.remedy.contains("0 到 4"), "{refused}");
        assert!(read("birth_date", "四五年").is_err());
    }

    #[test]
    fn a_death_a_payment_and_an_account_are_not_stated_here() {
        let may = |kind: &str| may_stand(kind_of(kind).expect("registered"));
        assert!(may("low_income") && may("birth_date"));
        for kind in ["death_date", "award.old_age_allowance", "bank_account", "hukou_area"] {
            assert!(!may(kind), "{kind}");
        }
    }
}
