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
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
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

    /// The sum of all, or an error when it does not fit.
    pub fn checked_sum(all: impl IntoIterator<Item = Self>) -> Result<Self, FenError> {
        all.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// 大写金额: as sums are written on vouchers so that nobody can add a digit (支付结算办法,
    /// annex 1). It ends in 整 unless there are fen; 零 stands for a gap between two digits.
    ///
    /// ```
    /// use kernel::Fen;
    /// assert_eq!(Fen::from_yuan(632_640).capitals(), "陆拾叁万贰仟陆佰肆拾元整");
    /// ```
    #[doc(alias = "大写金额")]
    pub fn capitals(self) -> String {
        let mut text = String::from(if self.0 < 0 { "负" } else { "" });
        let fen = self.0.unsigned_abs();
        let (yuan, tenths, hundredths) = (fen / 100, fen / 10 % 10, fen % 10);
        if yuan > 0 {
            capitals_of(yuan, &mut text);
            text.push('元');
        }
        match (tenths, hundredths) {
            (0, 0) if yuan == 0 => text.push_str("零元整"),
            (0, 0) => text.push('整'),
            (0, cents) => {
                if yuan > 0 {
                    text.push('零');
                }
                text.extend([capital(cents), '分']);
            }
            (tenths, 0) => text.extend([capital(tenths), '角', '整']),
            (tenths, cents) => text.extend([capital(tenths), '角', capital(cents), '分']),
        }
        text
    }
}

const CAPITALS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

fn capital(digit: u64) -> char {
    CAPITALS[usize::try_from(digit % 10).expect("a digit is small")]
}

/// Each unit counts what stands before it, so that 万 and 亿 need no table of groups: 1,0000,0000,
/// 0000 is one 万 of 亿.
fn capitals_of(number: u64, text: &mut String) {
    const UNITS: [(u64, char); 5] =
        [(100_000_000, '亿'), (10_000, '万'), (1000, '仟'), (100, '佰'), (10, '拾')];
    let Some((size, unit)) = UNITS.into_iter().find(|(size, _)| number >= *size) else {
        text.push(capital(number));
        return;
    };
    capitals_of(number / size, text);
    text.push(unit);
    let rest = number % size;
    if rest > 0 {
        if rest < size / 10 {
            text.push('零');
        }
        capitals_of(rest, text);
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
    fn capitals_say_zero_for_a_gap_and_whole_at_the_end() {
        for (fen, text) in [
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角整"),
            (55, "伍角伍分"),
            (100, "壹元整"),
            (1_000, "壹拾元整"),
            (4_000, "肆拾元整"),
            (10_005, "壹佰元零伍分"),
            (32_504, "叁佰贰拾伍元零肆分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (140_950, "壹仟肆佰零玖元伍角整"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "壹拾万柒仟元伍角叁分"),
            (100_000_000, "壹佰万元整"),
            (100_100_000, "壹佰万壹仟元整"),
            (1_000_100, "壹万零壹元整"),
            (63_264_000, "陆拾叁万贰仟陆佰肆拾元整"),
            (10_000_000_100, "壹亿零壹元整"),
            (1_000_000_010_000, "壹佰亿零壹佰元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (-236_000, "负贰仟叁佰陆拾元整"),
        ] {
            assert_eq!(Fen::new(fen).capitals(), text, "{fen}");
        }
    }

    #[test]
    fn a_third_decimal_or_a_word_is_no_amount() {
        for text in ["", "四十", "40.001", "1e3", "-", "."] {
            assert!(Fen::parse_yuan(text).is_err(), "{text}");
        }
    }

    /// What the capitals say, by adding up digit by digit.
    fn worth(text: &str) -> i64 {
        let (mut fen, mut part, mut digit) = (0, 0, 0);
        for sign in text.chars() {
            match sign {
                '拾' | '佰' | '仟' => {
                    part += digit
                        * [("拾", 10), ("佰", 100), ("仟", 1000)]
                            .into_iter()
                            .find(|(unit, _)| *unit == sign.to_string())
                            .map_or(0, |(_, size)| size);
                    digit = 0;
                }
                '万' => (part, digit) = ((part + digit) * 10_000, 0),
                '亿' => (fen, part, digit) = ((fen + part + digit) * 100_000_000, 0, 0),
                '元' => (fen, part, digit) = ((fen + part + digit) * 100, 0, 0),
                '角' => (fen, digit) = (fen + digit * 10, 0),
                '分' => (fen, digit) = (fen + digit, 0),
                _ => {
                    digit = CAPITALS
                        .iter()
                        .position(|it| *it == sign)
                        .map_or(0, |at| i64::try_from(at).unwrap());
                }
            }
        }
        fen
    }

    proptest! {
        #[test]
        fn capitals_are_worth_what_they_say(fen in 0_i64..9_999_999_999_999) {
            let text = Fen::new(fen).capitals();
            prop_assert_eq!(worth(&text), fen, "{}", text);
            prop_assert!(!text.contains("零零") && !text.contains("零元零"), "{}", text);
        }

        #[test]
        fn what_is_written_is_read_again(fen in -9_000_000_000_000_i64..9_000_000_000_000) {
            prop_assert_eq!(Fen::parse_yuan(&Fen::new(fen).to_string()), Ok(Fen::new(fen)));
        }
    }
}
