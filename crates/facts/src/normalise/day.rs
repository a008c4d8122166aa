use kernel::{Day, Month};

use super::{Normal, Normalised, plain};
use crate::sheet::{Cell, Epoch};

/// Why a cell gives no day or month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayFault {
    /// There is no such day in the calendar.
    #[error("没有这一天")]
    Impossible,
    /// The century is left open.
    #[error("年份只有两位，分不清年代")]
    ShortYear,
    /// `2023.1` may be January, or October after a spreadsheet dropped the nought.
    #[error("分不清是 1 月还是 10 月")]
    DroppedNought,
    /// It is something else.
    #[error("不是日期")]
    NotADay,
}

/// 日期: the day in a cell; nothing for a blank one.
pub fn day(cell: &Cell, epoch: Epoch) -> Result<Option<Normal<Day>>, DayFault> {
    match cell {
        _ if cell.is_blank() => Ok(None),
        Cell::Date(day) => Ok(Some(Normal::new(*day, Vec::new()))),
        Cell::Number(number) => number_day(*number, epoch).map(Some),
        Cell::Text(text) => text_day(text, epoch).map(Some),
        Cell::Bool(_) | Cell::Error(_) | Cell::Empty => Err(DayFault::NotADay),
    }
}

fn text_day(text: &str, epoch: Epoch) -> Result<Normal<Day>, DayFault> {
    let Normal { value: bare, mut steps } = plain(without_time(text));
    let (parts, separated) = parts(&bare)?;
    let day = match parts.as_slice() {
        [year, month, day] => of_parts(year, month, day)?,
        [all] if all.len() == 8 => of_parts(&all[..4], &all[4..6], &all[6..])?,
        [all] if all.len() == 4 || all.len() == 5 => {
            let serial = number_day(all.parse().map_err(|_| DayFault::NotADay)?, epoch)?;
            steps.extend(serial.steps);
            return Ok(Normal::new(serial.value, steps));
        }
        [all] if all.len() == 6 => return Err(DayFault::ShortYear),
        _ => return Err(DayFault::NotADay),
    };
    if !separated || bare != day.to_string() {
        steps.push(Normalised::DateSpelling);
    }
    Ok(Normal::new(day, steps))
}

/// A time of day behind a day says nothing here.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    match text.split_once([' ', 'T']) {
        Some((day, time)) if time.contains(':') => day,
        _ => text,
    }
}

/// The runs of digits, and whether anything separated them.
fn parts(text: &str) -> Result<(Vec<&str>, bool), DayFault> {
    let ended = text.trim_end_matches(['日', '号', '月']);
    let parts: Vec<&str> = ended.split(['-', '/', '.', '年', '月', '—', '－']).collect();
    let digits = |s: &&str| !s.is_empty() && s.len() <= 8 && s.bytes().all(|b| b.is_ascii_digit());
    if parts.iter().all(digits) {
        Ok((parts.clone(), parts.len() > 1))
    } else {
        Err(DayFault::NotADay)
    }
}

fn year_of(text: &str) -> Result<i16, DayFault> {
    match text.len() {
        4 => text.parse().ok().filter(|y| (1800..2200).contains(y)).ok_or(DayFault::Impossible),
        2 => Err(DayFault::ShortYear),
        _ => Err(DayFault::NotADay),
    }
}

fn of_parts(year: &str, month: &str, day: &str) -> Result<Day, DayFault> {
    let year = year_of(year)?;
    let (Ok(month), Ok(day)) = (month.parse(), day.parse()) else {
        return Err(DayFault::Impossible);
    };
    Day::new(year, month, day).ok_or(DayFault::Impossible)
}

/// A bare number: eight digits are a day written without signs, four or five a count of days.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn number_day(number: f64, epoch: Epoch) -> Result<Normal<Day>, DayFault> {
    if (18_000_101.0..22_000_000.0).contains(&number) && number.fract() == 0.0 {
        return text_day(&number.to_string(), epoch);
    }
    // Counts that look like a year are not read as one of 1905.
    let looks_like_a_year = (1900.0..=2100.0).contains(&number) && number.fract() == 0.0;
    if !(1.0..80_000.0).contains(&number) || looks_like_a_year {
        return Err(DayFault::NotADay);
    }
    let serial = number.floor() as i64;
    let base = |year, month, day| Day::new(year, month, day).ok_or(DayFault::NotADay);
    let day = match (epoch, serial) {
        (Epoch::From1904, _) => base(1904, 1, 1)?.plus_days(serial),
        // The 29 February 1900 that a spreadsheet counts and no calendar has.
        (Epoch::From1900, 60) => return Err(DayFault::Impossible),
        (Epoch::From1900, ..60) => base(1899, 12, 31)?.plus_days(serial),
        (Epoch::From1900, _) => base(1899, 12, 30)?.plus_days(serial),
    };
    Ok(Normal::new(day, vec![Normalised::DateSerial]))
}

/// 月份: the month in a cell; nothing for a blank one. A whole day gives its month.
pub fn month(cell: &Cell, epoch: Epoch) -> Result<Option<Normal<Month>>, DayFault> {
    if cell.is_blank() {
        return Ok(None);
    }
    if let Cell::Date(day) = cell {
        return Ok(Some(Normal::new(day.month(), Vec::new())));
    }
    let Normal { value: bare, mut steps } = plain(without_time(&cell.as_text()));
    let (parts, _) = parts(&bare)?;
    let (year, number) = match parts.as_slice() {
        [_, "1"] if bare.contains('.') && !bare.contains('月') => {
            return Err(DayFault::DroppedNought);
        }
        [year, month] => (*year, *month),
        [all] if all.len() == 6 => (&all[..4], &all[4..]),
        _ => {
            return Ok(day(cell, epoch)?.map(|it| Normal::new(it.value.month(), it.steps)));
        }
    };
    let number = number.parse().map_err(|_| DayFault::Impossible)?;
    let month = Month::new(year_of(year)?, number).ok_or(DayFault::Impossible)?;
    if bare != month.to_string() {
        steps.push(Normalised::DateSpelling);
    }
    Ok(Some(Normal::new(month, steps)))
}
