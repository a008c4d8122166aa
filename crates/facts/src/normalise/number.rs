use kernel::{Day, NumberError, ResidentNumber};

use super::{Normal, Normalised, plain};
use crate::sheet::Cell;

/// Why a cell gives no resident number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// There is nothing in it.
    Blank,
    /// 科学计数法: a spreadsheet kept these first digits and lost the rest for ever.
    LostDigits {
        /// At most 15 digits.
        kept: String,
    },
    /// It is not a number that was ever given out.
    Wrong {
        /// What was read, after the stated steps.
        text: String,
        /// What is wrong with it.
        error: NumberError,
    },
}

/// 居民身份证号: the number in a cell, or why there is none.
pub fn resident_number(cell: &Cell) -> Result<Normal<ResidentNumber>, NumberFault> {
    let text = match cell {
        Cell::Number(number) => match digits_of(*number) {
            Ok(digits) => digits,
            Err(kept) => return Err(NumberFault::LostDigits { kept }),
        },
        other => other.as_text().into_owned(),
    };
    let Normal { value: mut text, mut steps } = plain(&text);
    let unquoted = text.trim_matches(['\'', '"', '‘', '’', '“', '”', '`']);
    if unquoted.len() != text.len() {
        steps.push(Normalised::Quote);
        text = String::from(unquoted);
    }
    if text.is_empty() {
        return Err(NumberFault::Blank);
    }
    if let Some(kept) = scientific(&text) {
        return Err(NumberFault::LostDigits { kept });
    }
    if text.ends_with('x') {
        steps.push(Normalised::LowerX);
        text.pop();
        text.push('X');
    }
    let number = if text.len() == 15 {
        steps.push(Normalised::FifteenDigits);
        ResidentNumber::from_15(&text)
    } else {
        text.parse()
    };
    match number {
        Ok(number) => Ok(Normal::new(number, steps)),
        // 15 digits and three noughts are what a spreadsheet leaves of 18 digits.
        Err(NumberError::Check) if text.ends_with("000") => {
            text.truncate(15);
            Err(NumberFault::LostDigits { kept: text })
        }
        Err(error) => Err(NumberFault::Wrong { text, error }),
    }
}

/// The digits of a number cell, or the first 15 when a spreadsheet cannot have kept them all.
fn digits_of(number: f64) -> Result<String, String> {
    if number.abs() < 1e15 {
        return Ok(number.to_string());
    }
    // The shortest text that reads back as this number: what the sender's spreadsheet shows.
    let shortest = format!("{number:e}");
    let mut digits: String =
        shortest.split('e').next().unwrap_or("").chars().filter(char::is_ascii_digit).collect();
    digits.truncate(15);
    while digits.len() < 15 {
        digits.push('0');
    }
    Err(digits)
}

/// The digits before the exponent of `4.11325189506153E+17` or of the rounded `4.11325E+17`.
fn scientific(text: &str) -> Option<String> {
    let (digits, power) = text.split_once(['E', 'e'])?;
    let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let shaped = digits.split_once('.').is_none_or(|(a, b)| number(a) && number(b));
    let plain = digits.replace('.', "");
    (shaped && number(&plain) && number(power.trim_start_matches('+')))
        .then(|| plain.chars().take(15).collect())
}

impl NumberFault {
    /// What is wrong, for the sender.
    pub fn reason(&self) -> String {
        match self {
            Self::Blank => "身份证号是空的。".to_owned(),
            Self::LostDigits { .. } => {
                "身份证号被表格软件存成了数字（科学计数法），末几位已经丢失。".to_owned()
            }
            Self::Wrong { error, .. } => format!("{error}。"),
        }
    }

    /// What the sender can do.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Blank => "请补填 18 位身份证号。",
            Self::LostDigits { .. } => "请把这一列设为文本格式，从原系统重新导出，不要手工补零。",
            Self::Wrong { .. } => "请对照身份证件或户口簿更正。",
        }
    }

    /// The day of birth that is still legible in a faulty number.
    pub fn birth(&self) -> Option<Day> {
        let digits = match self {
            Self::Blank => return None,
            Self::LostDigits { kept } => kept,
            Self::Wrong { text, .. } => text,
        };
        let part = |from: usize, to: usize| digits.get(from..to);
        let (year, month, day) = match (self, digits.len()) {
            (Self::LostDigits { .. }, 14 | 15) | (Self::Wrong { .. }, 17..=19) => {
                (part(6, 10)?.parse().ok()?, part(10, 12)?, part(12, 14)?)
            }
            _ => return None,
        };
        Day::new(year, month.parse().ok()?, day.parse().ok()?).filter(|day| day.year() >= 1800)
    }
}
