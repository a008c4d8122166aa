use kernel::{Fen, FenError};

use super::{Normal, Normalised};
use crate::sheet::Cell;

/// Text without spaces and invisible signs, with half-width digits and letters.
pub fn plain(text: &str) -> Normal<String> {
    let mut steps = Vec::new();
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        if is_space(sign) {
            steps.push(Normalised::Spaces);
        } else if let Some(half) = half_width(sign) {
            steps.push(Normalised::FullWidth);
            out.push(half);
        } else {
            out.push(sign);
        }
    }
    Normal::new(out, steps)
}

/// Spaces, and signs that have no width: nobody sees either.
pub(super) fn is_space(sign: char) -> bool {
    sign.is_whitespace()
        || sign.is_control()
        || matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(sign, '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The half-width form of a full-width ASCII sign.
pub(super) fn half_width(sign: char) -> Option<char> {
    match sign {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(sign) - 0xFEE0),
        _ => None,
    }
}

/// An amount in yuan; nothing for a blank cell.
pub fn yuan(cell: &Cell) -> Result<Option<Fen>, FenError> {
    if cell.is_blank() {
        return Ok(None);
    }
    let text = match cell {
        // A sum computed by the sheet may be off in the thirteenth digit.
        Cell::Number(yuan) if is_cents(*yuan) => format!("{yuan:.2}"),
        _ => plain(&cell.as_text()).value,
    };
    Fen::parse_yuan(&text).map(Some)
}

fn is_cents(yuan: f64) -> bool {
    let cents = yuan * 100.0;
    (cents - cents.round()).abs() < 1e-6 && yuan.abs() < 1e12
}

/// A whole number such as an age, `86` or `86岁`; nothing for a blank cell.
pub fn count(cell: &Cell) -> Option<Result<i64, String>> {
    if cell.is_blank() {
        return None;
    }
    let text = plain(&cell.as_text()).value;
    let digits = text.trim_end_matches("周岁").trim_end_matches(['岁', '人', '个']);
    Some(digits.parse().map_err(|_| text.clone()))
}
