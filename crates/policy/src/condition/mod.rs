//! 条件: conditions over facts, judged in three values (Kleene).
//!
//! Conditions are written in a total subset of CEL, the same text with the same meaning:
//!
//! | Form | Example |
//! |---|---|
//! | and, or, not, parentheses | `age >= 80 && (low_income \|\| age >= 90) && !deceased` |
//! | comparison (not chained) | `age < 90`, `applied_on >= date("2025-01-01")`, `sex == "male"` |
//! | one of | `register_state in ["present", "moved_out"]`, `age in [80, 90, 100]` |
//! | lies within | `within(hukou_area, issuer)`, `within(hukou_area, "990121")` |
//! | is known to hold | `known(living_arrangement == "alone" \|\| disability_grade in [1, 2])` |
//! | literals | `80`, `-1`, `true`, `"female"`, `date("2025-01-01")` |
//!
//! Names are the ids of the register of facts and four more: `age` (full years on the reference
//! day), `deceased`, `paid_elsewhere` (both below) and `issuer` (the list's area, for `within`).
//! Money compares in fen. Everything else does not compile.
//!
//! Two names read the absence of a record as “no”, and say so in the explanation: `deceased`
//! (no claim of death: 没有死亡登记) and `paid_elsewhere` (no record of another payer). A
//! contradicted claim, or a death without a day, is unknown. `known(…)` does the same for what
//! stands in it: it is true when that is known to hold, else false. It is for groups that are
//! found by a record (who is known to live alone is visited), where nobody is asked for more.

mod compile;
mod eval;
mod parse;

pub use compile::compile;
pub(crate) use eval::At;

use kernel::Day;

use crate::register::KindIx;

/// 真值: true, false, or not to be told from what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// 否
    False,
    /// 不知道
    Unknown,
    /// 是
    True,
}

/// A compiled condition. All readers of a list read this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cond {
    /// Always so.
    Constant(bool),
    /// Not.
    Not(Box<Cond>),
    /// And.
    All(Vec<Cond>),
    /// Or.
    Any(Vec<Cond>),
    /// A comparison of two terms of one type.
    Compare(Term, Op, Term),
    /// A fact of type bool.
    Flag(KindIx),
    /// An area fact lies within an area.
    Within(KindIx, Place),
    /// 已去世, by the stop rule of the item.
    Deceased,
    /// 在别处领取, in the month.
    PaidElsewhere,
    /// An event has happened by the month: from the time slots.
    Happened(KindIx, Gate),
    /// Known to hold: what is unknown counts as no.
    Known(Box<Cond>),
}

/// A side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// 周岁 on the reference day.
    Age,
    /// A fact on the reference day.
    Fact(KindIx),
    /// A whole number; of fen against money.
    Int(i64),
    /// A day.
    Day(Day),
    /// A word of a fact's domain.
    Word(&'static str),
}

/// Where something should lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the area that issued the list.
    Issuer,
    /// In the area with this code.
    Code(Box<str>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    Differs,
    /// `>=`
    AtLeast,
    /// `>`
    More,
}

/// By when an event must have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// In the month or before.
    InMonth,
    /// Before the month.
    BeforeMonth,
}

/// Why a condition does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CondError {
    /// Byte offset in the text.
    pub offset: usize,
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
}

impl CondError {
    fn new(offset: usize, sentence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { offset, sentence: sentence.into(), remedy: remedy.into() }
    }
}

impl Cond {
    /// `!deceased`
    pub(crate) fn is_living(&self) -> bool {
        matches!(self, Self::Not(inner) if **inner == Self::Deceased)
    }
}

impl Op {
    /// The comparison with its sides exchanged.
    fn flipped(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
            same => same,
        }
    }

    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::Differs => order.is_ne(),
            Self::AtLeast => order.is_ge(),
            Self::More => order.is_gt(),
        }
    }
}

impl Truth {
    /// Of something known.
    pub fn of(known: bool) -> Self {
        if known { Self::True } else { Self::False }
    }

    /// Both: false when one is, unknown when one is and none is false.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

#[cfg(test)]
mod tests;
