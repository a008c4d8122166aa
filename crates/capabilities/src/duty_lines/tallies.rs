use duties::{DutyKind, Tally};
use kernel::{Fen, Role};
use policy::Item;
use webkit::Href;

use crate::links;

/// Counts of the open duties of the reader's area by kind, item and cause.
pub(crate) struct Tallies(pub(crate) Vec<Tally>);

impl Tallies {
    pub(crate) fn count(&self, keep: impl Fn(&Tally) -> bool) -> u64 {
        let kept = self.0.iter().filter(|tally| keep(tally));
        kept.map(|tally| u64::try_from(tally.count).unwrap_or(0)).sum()
    }

    pub(crate) fn kind(&self, kind: &DutyKind) -> u64 {
        self.count(|tally| tally.kind == kind.id)
    }

    pub(crate) fn about(&self, kind: &DutyKind, item: &Item) -> u64 {
        self.count(|tally| tally.kind == kind.id && tally.item.as_ref() == Some(&item.id))
    }

    pub(crate) fn owned_by(&self, role: Role) -> u64 {
        self.count(|tally| tally.owner_role == role)
    }

    pub(crate) fn due(&self) -> u64 {
        self.0.iter().map(|tally| u64::try_from(tally.due).unwrap_or(0)).sum()
    }

    /// Sum a month, without regard to who gains by it.
    pub(crate) fn monthly(&self, kinds: &[&DutyKind]) -> Fen {
        let of = self.0.iter().filter(|tally| kinds.iter().any(|kind| kind.id == tally.kind));
        of.map(|tally| tally.monthly_fen).sum()
    }
}

/// The list of a kind.
pub(crate) fn by_kind(kind: &DutyKind) -> Href {
    links::duties().query("kind", kind.id)
}
