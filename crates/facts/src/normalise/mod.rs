//! 规范化: from what people type to values, by stated steps and by nothing else.
//!
//! Every function says which steps it took. What is lost is never guessed: a number in scientific
//! notation, a year of two digits and an impossible day are refused with their reason.

mod day;
mod name;
mod number;
mod text;

use serde::{Deserialize, Serialize};

pub use day::{DayFault, day, month};
pub use name::{Name, name, pinyin_initials};
pub use number::{NumberFault, resident_number};
pub use text::{count, plain, yuan};

/// 规范化步骤: what was undone to read a value. Each is stated wherever it led to a match.
#[doc(alias = "规范化后一致")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalised {
    /// Spaces and invisible signs.
    Spaces,
    /// Full-width digits and letters.
    FullWidth,
    /// A quote that keeps a spreadsheet from reading digits as a number.
    Quote,
    /// A small x as the last sign of a number.
    LowerX,
    /// A number of 15 digits as given out before 1999.
    FifteenDigits,
    /// Another sign for the dot within a name.
    DotVariant,
    /// Another form or code of a rare character.
    RareVariant,
    /// A day as the spreadsheet's count of days.
    DateSerial,
    /// A day in another spelling.
    DateSpelling,
}

impl Normalised {
    /// All steps.
    pub const ALL: [Self; 9] = [
        Self::Spaces,
        Self::FullWidth,
        Self::Quote,
        Self::LowerX,
        Self::FifteenDigits,
        Self::DotVariant,
        Self::RareVariant,
        Self::DateSerial,
        Self::DateSpelling,
    ];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Spaces => "spaces",
            Self::FullWidth => "full_width",
            Self::Quote => "quote",
            Self::LowerX => "lower_x",
            Self::FifteenDigits => "fifteen_digits",
            Self::DotVariant => "dot_variant",
            Self::RareVariant => "rare_variant",
            Self::DateSerial => "date_serial",
            Self::DateSpelling => "date_spelling",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Spaces => "去掉空格",
            Self::FullWidth => "全角转半角",
            Self::Quote => "去掉引号",
            Self::LowerX => "小写 x 转大写",
            Self::FifteenDigits => "15 位号码升为 18 位",
            Self::DotVariant => "统一间隔号",
            Self::RareVariant => "统一生僻字写法",
            Self::DateSerial => "日期序号转日期",
            Self::DateSpelling => "统一日期写法",
        }
    }

    /// The step with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }
}

/// A value and the steps that led to it, sorted, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normal<T> {
    /// The value.
    pub value: T,
    /// What was undone; empty when the text was already as it should be.
    pub steps: Vec<Normalised>,
}

impl<T> Normal<T> {
    pub(crate) fn new(value: T, mut steps: Vec<Normalised>) -> Self {
        steps.sort_unstable();
        steps.dedup();
        Self { value, steps }
    }
}

#[cfg(test)]
mod tests;
