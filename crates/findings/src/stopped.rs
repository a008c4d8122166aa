//! 停发: awards that somebody decided to end. While what the decision rested on stays, nobody is
//! asked about the person again.

use std::collections::HashMap;

use facts::population::Subject;
use kernel::PersonId;
use policy::Item;

use crate::{award_kind, basis};

/// 停发决定的依据: digest of what a stop rests on. Whether the item is paid is not in it: the stop
/// itself changes that.
pub fn stop_basis(subject: &Subject, item: &Item) -> [u8; 32] {
    let own = award_kind(item);
    let mut kinds = crate::award::rests_on(item);
    kinds.retain(|kind| Some(*kind) != own);
    basis(subject, &kinds, "stop")
}

/// 在效的停发: what each stop rested on when it was decided.
#[derive(Clone, Debug, Default)]
pub struct Stops {
    rested_on: HashMap<(PersonId, String), [u8; 32]>,
}

impl Stops {
    /// A stop; a later one of the same person and item takes the place of the earlier.
    pub fn add(&mut self, person: PersonId, item: String, rested_on: [u8; 32]) {
        self.rested_on.insert((person, item), rested_on);
    }

    /// Whether a stop was decided on just what stands today.
    pub fn holds(&self, subject: &Subject, item: &Item) -> bool {
        let rested_on = self.rested_on.get(&(subject.id, item.id.clone()));
        rested_on.is_some_and(|rested_on| *rested_on == stop_basis(subject, item))
    }
}
