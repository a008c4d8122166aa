use kernel::{Fen, Month};

use crate::facts::{Facts, Value};
use crate::list::Item;
use crate::raw::Choose;
use crate::register::KindIx;

/// 重复享受: another benefit that somebody has and must not have together with this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The fact that says that it is being paid.
    pub kind: &'static str,
    /// What the other one pays a month.
    pub other: Fen,
    /// Which of the two stays.
    pub keeps: Keeps,
    /// What the one pays more than the other.
    pub gap: Fen,
}

/// 保留哪一项
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeps {
    /// The item that was judged.
    This,
    /// The other one.
    Other,
}

/// The benefits that exclude this item and are being paid on the first day of the month, for
/// somebody to whom the item gives so much. A verdict does not look at them: it says what the
/// item gives, and which of the two somebody has is a decision.
pub fn overlaps(item: &Item, facts: &Facts, month: Month, amount: Fen) -> Vec<Overlap> {
    let paid = |kind: &'static str| match facts.on(KindIx::of(kind)?, month.first())? {
        Value::Fen(fen) if *fen > Fen::ZERO => Some(*fen),
        _ => None,
    };
    item.excludes
        .iter()
        .filter_map(|exclusion| {
            let other = paid(exclusion.kind)?;
            let keeps = match exclusion.choose {
                Choose::This => Keeps::This,
                Choose::Higher if amount > other => Keeps::This,
                Choose::Higher | Choose::Other => Keeps::Other,
            };
            let gap = amount.max(other).checked_sub(amount.min(other)).unwrap_or(Fen::ZERO);
            Some(Overlap { kind: exclusion.kind, other, keeps, gap })
        })
        .collect()
}
