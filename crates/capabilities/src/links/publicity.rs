//! 公示

use webkit::Href;

/// 公示: what waits and what hangs.
pub fn postings() -> Href {
    Href::to("/publicity")
}

/// The same in a state; empty for all.
pub fn postings_in(state: &str) -> Href {
    if state.is_empty() { postings() } else { postings().query("state", state) }
}

/// The same as a workbook.
pub fn postings_book(state: &str) -> Href {
    let book = Href::to("/publicity.xlsx");
    if state.is_empty() { book } else { book.query("state", state) }
}

/// Puts up what waits, or prints all that hangs: `post`, `sheets`, `print`.
pub fn postings_part(part: &'static str) -> Href {
    postings().seg(part)
}

/// One sheet.
pub fn posting(posting: i64) -> Href {
    postings().seg(posting)
}

/// A part of one, or an act on it: `sheet`, `print`, `take-down`.
pub fn posting_part(posting: i64, part: &'static str) -> Href {
    self::posting(posting).seg(part)
}

/// 公示栏: what hangs in a county, without signing in.
pub fn notices(area: &str) -> Href {
    let all = Href::to("/public/notices");
    if area.is_empty() { all } else { all.query("area", area) }
}

/// One sheet, without signing in.
pub fn notice(posting: i64) -> Href {
    Href::to("/public/notices").seg(posting)
}
