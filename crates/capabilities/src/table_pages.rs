//! 分页 of a list that counts its pages from 0.

use webkit::{Href, Pager};

/// The pager of a page with so many rows shown, when there is more than one page.
pub(crate) fn pager(page: u32, rows: u32, shown: usize, all: u64, at: &Href) -> Option<Pager> {
    let before = u64::from(page) * u64::from(rows);
    let to = before + u64::try_from(shown).unwrap_or(0);
    let href = |page: u32| at.clone().query("page", page);
    (page > 0 || to < all).then(|| Pager {
        from: (before + 1).min(to),
        to,
        of: all,
        previous: (page > 0).then(|| href(page - 1)),
        next: (to < all).then(|| href(page + 1)),
    })
}
