use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

/// 分: money in whole fen, checked in every operation and never a float.
///
/// ```
/// use kernel::Fen;
/// assert_eq!(Fen::from_yuan(280).to_string(), "280.00");
/// assert_eq!(Fen::new(63_264_000).to_string(), "632,640.00");
/// ```
#[doc(alias = "分")]
#[doc(alias = "元")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

/// A sum of money that does not fit, or a text that is not a sum of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FenError {
    /// The result is outside of what an account can hold.
    #[error("金额超出范围")]
    Overflow,
    /// The text is not an amount in yuan with at most two decimals.
    #[error("“{0}”不是金额，请写成 40 或 40.00 这样的元")]
    NotAnAmount(String),
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in fen.
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount in whole yuan.
    ///
    /// # Panics
    /// When the amount does not fit; use it only for amounts that are written by us.
    pub const fn from_yuan(yuan: i64) -> Self {
        Self(yuan.checked_mul(100).expect("a yuan amount written by us fits"))
    }

    /// The amount in fen.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Reads an amount in yuan as people write it: `40`, `40.5`, `1,234.00`, `￥40元`.
    pub fn parse_yuan(text: &str) -> Result<Self, FenError> {
        let refuse = || FenError::NotAnAmount(text.to_owned());
        let plain: String = text
            .trim()
            .trim_start_matches(['￥', '¥'])
            .trim_end_matches('元')
            .chars()
            .filter(|c| !matches!(c, ',' | '，' | ' '))
            .collect();
        let (negative, plain) = match plain.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, plain.as_str()),
        };
        let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(decimals) {
            return Err(refuse());
        }
        let decimals = decimals.trim_end_matches('0');
        let cents: i64 = match decimals.len() {
            0 => 0,
            1 => decimals.parse::<i64>().map_err(|_| refuse())? * 10,
            2 => decimals.parse().map_err(|_| refuse())?,
            _ => return Err(refuse()),
        };
        let whole: i64 = whole.parse().map_err(|_| FenError::Overflow)?;
        let fen = whole
            .checked_mul(100)
            .and_then(|fen| fen.checked_add(cents))
            .ok_or(FenError::Overflow)?;
        Ok(Self(if negative { -fen } else { fen }))
    }

    /// The sum, or an error when it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, FenError> {
        self.0.checked_add(other.0).map(Self).ok_or(FenError::Overflow)
    }

    /// The difference, or an error when it does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, FenError> {
        self.0.checked_sub(other.0).map(Self).ok_or(FenError::Overflow)
    }

    /// The amount so many times, or an error when it does not fit.
    pub fn checked_mul(self, times: i64) -> Result<Self, FenError> {
        self.0.checked_mul(times).map(Self).ok_or(FenError::Overflow)
    }
}

/// Yuan with thousands commas and two decimals, as the bureau writes sums.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        let yuan = (fen / 100).to_string();
        let mut grouped = String::with_capacity(yuan.len() + yuan.len() / 3);
        for (i, digit) in yuan.chars().enumerate() {
            if i > 0 && (yuan.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "{sign}{grouped}.{:02}", fen % 100)
    }
}

impl Sum for Fen {
    /// # Panics
    /// When the sum does not fit: a total beyond 92 quadrillion yuan is a fault of ours.
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, |a, b| a.checked_add(b).expect("a total of amounts fits an account"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_are_written_as_the_bureau_writes_them() {
        for (fen, text) in [
            (0, "0.00"),
            (4000, "40.00"),
            (100_000, "1,000.00"),
            (-236_000, "-2,360.00"),
            (5, "0.05"),
        ] {
            assert_eq!(Fen::new(fen).to_string(), text);
        }
    }

    #[test]
    fn a_third_decimal_or_a_word_is_no_amount() {
        for text in ["", "四十", "40.001", "1e3", "-", "."] {
            assert!(Fen::parse_yuan(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(fen in -9_000_000_000_000_i64..9_000_000_000_000) {
            prop_assert_eq!(Fen::parse_yuan(&Fen::new(fen).to_string()), Ok(Fen::new(fen)));
        }
    }
}
