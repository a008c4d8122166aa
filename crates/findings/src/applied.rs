//! 在办的申领: who has applied already. While the application is open, nobody is asked to apply.

use std::collections::HashSet;

use kernel::PersonId;

/// 在办的申领 by person and item.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    of: HashSet<(PersonId, String)>,
}

impl Applied {
    /// One more.
    pub fn add(&mut self, person: PersonId, item: String) {
        self.of.insert((person, item));
    }

    /// Whether an application of this person for this item is under way.
    pub fn has(&self, person: PersonId, item: &str) -> bool {
        self.of.contains(&(person, item.to_owned()))
    }
}
