use crate::AccountId;

/// 四眼原则: two people who are not the same person. There is no other way to make one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TwoPeople {
    first: AccountId,
    second: AccountId,
}

/// Both signatures are of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("须由另一人复核，不能自己复核自己")]
pub struct SamePerson;

impl TwoPeople {
    /// The pair, unless it is one person.
    pub fn new(first: AccountId, second: AccountId) -> Result<Self, SamePerson> {
        if first == second { Err(SamePerson) } else { Ok(Self { first, second }) }
    }

    /// Who proposed.
    pub fn first(self) -> AccountId {
        self.first
    }

    /// Who agreed.
    pub fn second(self) -> AccountId {
        self.second
    }
}
