//! Where 生存核验 is.

use webkit::Href;

/// 生存核验: the round that runs or ran last.
pub fn now() -> Href {
    Href::to("/survival")
}

/// One round.
pub fn round(round: i64) -> Href {
    now().seg(round)
}

/// One round, filtered by how people were verified.
pub fn filtered(round: i64, how: &str) -> Href {
    let page = self::round(round);
    if how.is_empty() { page } else { page.query("how", how) }
}

/// The same as a workbook.
pub fn sheet(round: i64, how: &str) -> Href {
    let sheet = self::round(round).seg("people.xlsx");
    if how.is_empty() { sheet } else { sheet.query("how", how) }
}

/// Begins a round out of turn, or ends one.
pub fn act(act: &'static str) -> Href {
    now().seg(act)
}
