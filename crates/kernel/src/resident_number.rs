use std::fmt;
use std::str::FromStr;

use crate::{Day, Sex};

/// 居民身份证号: an 18-character resident number (GB 11643), checked.
///
/// It says when and as what somebody was born, and never where the person lives: the first six
/// digits are the place of the first registration, mostly a code that has been withdrawn.
/// It prints masked; [`ResidentNumber::reveal`] is the only way to the whole number.
#[doc(alias = "居民身份证号")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentNumber([u8; 18]);

/// What a reader may see of a number: its last two characters.
#[doc(alias = "脱敏")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaskedNumber([u8; 2]);

/// Why a text is not a resident number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Neither 18 nor 15 characters.
    #[error("身份证号应为 18 位")]
    Length,
    /// A sign that no number has.
    #[error("身份证号里有不该有的字符")]
    Sign,
    /// There is no such day of birth.
    #[error("身份证号里的出生日期不存在")]
    Birth,
    /// The last sign does not follow from the others: a digit is wrong.
    #[error("身份证号校验位不对，有一位写错了")]
    Check,
}

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

impl ResidentNumber {
    /// The check character of 17 digits (ISO 7064 MOD 11-2).
    pub fn check_of(first17: &[u8; 17]) -> u8 {
        let sum: u32 = first17.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        CHECKS[(sum % 11) as usize]
    }

    /// The 18-character number of a 15-digit one (before 1999): century 19, and 18 for the
    /// sequences 996 to 999 that were kept for people of 100 and more.
    pub fn from_15(text: &str) -> Result<Self, NumberError> {
        let old = text.as_bytes();
        if old.len() != 15 {
            return Err(NumberError::Length);
        }
        if !old.iter().all(u8::is_ascii_digit) {
            return Err(NumberError::Sign);
        }
        let century: &[u8; 2] =
            if &old[12..14] == b"99" && old[14] >= b'6' { b"18" } else { b"19" };
        let mut digits = [0; 17];
        digits[..6].copy_from_slice(&old[..6]);
        digits[6..8].copy_from_slice(century);
        digits[8..].copy_from_slice(&old[6..]);
        let mut all = [0; 18];
        all[..17].copy_from_slice(&digits);
        all[17] = Self::check_of(&digits);
        Self::checked(all)
    }

    fn checked(all: [u8; 18]) -> Result<Self, NumberError> {
        if birth_of(&all).is_none() {
            return Err(NumberError::Birth);
        }
        let mut first17 = [0; 17];
        first17.copy_from_slice(&all[..17]);
        if Self::check_of(&first17) == all[17] { Ok(Self(all)) } else { Err(NumberError::Check) }
    }

    /// The day of birth that the number carries.
    ///
    /// # Panics
    /// Never: no number without a day of birth is made.
    pub fn birth(&self) -> Day {
        birth_of(&self.0).expect("the constructor refuses a number without a day of birth")
    }

    /// The sex that the number carries.
    pub fn sex(&self) -> Sex {
        if (self.0[16] - b'0') % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The whole number. Every caller shows or stores personal data: it needs a purpose.
    ///
    /// # Panics
    /// Never: a number holds ASCII only.
    pub fn reveal(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the constructor takes ASCII only")
    }

    /// What may be shown.
    pub fn masked(&self) -> MaskedNumber {
        MaskedNumber([self.0[16], self.0[17]])
    }
}

fn birth_of(all: &[u8; 18]) -> Option<Day> {
    let number = |range: std::ops::Range<usize>| {
        all[range].iter().fold(0_i16, |n, d| n * 10 + i16::from(d - b'0'))
    };
    let month = i8::try_from(number(10..12)).ok()?;
    let day = i8::try_from(number(12..14)).ok()?;
    (number(6..10) >= 1800).then(|| Day::new(number(6..10), month, day)).flatten()
}

impl FromStr for ResidentNumber {
    type Err = NumberError;

    /// Reads the 18 characters exactly; what files do to numbers is undone by the importer.
    fn from_str(text: &str) -> Result<Self, NumberError> {
        let all: [u8; 18] = text.as_bytes().try_into().map_err(|_| NumberError::Length)?;
        let digits = all[..17].iter().all(u8::is_ascii_digit);
        let last = all[17].is_ascii_digit() || all[17] == b'X';
        if digits && last { Self::checked(all) } else { Err(NumberError::Sign) }
    }
}

impl fmt::Debug for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentNumber({})", self.masked())
    }
}

impl fmt::Display for ResidentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.masked().fmt(f)
    }
}

impl MaskedNumber {
    /// From the stored last two characters.
    pub fn from_last_two(last: &str) -> Option<Self> {
        last.as_bytes().try_into().ok().map(Self)
    }
}

impl fmt::Display for MaskedNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.0;
        write!(f, "****************{}{}", char::from(a), char::from(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_standard_are_numbers() {
        for text in ["11010519491231002X", "440524188001010014"] {
            assert!(text.parse::<ResidentNumber>().is_ok(), "{text}");
        }
    }

    #[test]
    fn a_wrong_digit_a_missing_day_and_a_small_x_are_refused_with_their_reason() {
        let check = |text: &str, error| assert_eq!(text.parse::<ResidentNumber>(), Err(error));
        check("110105194912310021", NumberError::Check);
        check("412901188102290012", NumberError::Birth);
        check("11010519491231002x", NumberError::Sign);
        check("1101051949123100", NumberError::Length);
    }

    #[test]
    fn an_old_number_of_15_digits_gains_its_century_and_its_check() {
        let new = ResidentNumber::from_15("110105491231002").expect("an old number");
        assert_eq!(new.reveal(), "11010519491231002X");
        assert_eq!(new.sex(), Sex::Female);
        let old = ResidentNumber::from_15("440524010101999").expect("over a hundred");
        assert_eq!(old.birth().to_string(), "1801-01-01");
    }

    #[test]
    fn a_number_prints_its_last_two_characters_only() {
        let number: ResidentNumber = "11010519491231002X".parse().expect("a number");
        assert_eq!(number.to_string(), "****************2X");
        assert_eq!(format!("{number:?}"), "ResidentNumber(****************2X)");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_never_passes(
            region in 100_000_u32..999_999,
            days in 0_i64..40_000,
            sequence in 0_u32..999,
            place in 0_usize..17,
            shift in 1_u8..10,
        ) {
            let birth = Day::new(1900, 1, 1).expect("a day").plus_days(days);
            let (y, m, d) = (birth.year(), birth.month_number(), birth.day());
            let text = format!("{region}{y:04}{m:02}{d:02}{sequence:03}");
            let digits: [u8; 17] = text.as_bytes().try_into().expect("17 digits");
            let mut all = [0; 18];
            all[..17].copy_from_slice(&digits);
            all[17] = ResidentNumber::check_of(&digits);
            let right = std::str::from_utf8(&all).expect("ascii").parse::<ResidentNumber>();
            prop_assert_eq!(right.map(|n| n.birth()), Ok(birth));
            all[place] = b'0' + (all[place] - b'0' + shift) % 10;
            let wrong = std::str::from_utf8(&all).expect("ascii").parse::<ResidentNumber>();
            prop_assert!(wrong.is_err());
        }
    }
}
