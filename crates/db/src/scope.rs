use kernel::{AccountId, AreaId, Role};

/// 数据范围: the part of the area tree that a signed-in person works in, and as what.
///
/// Positions are those of the area tree's projection, `[lo, hi)`. Only `access` makes one, from a
/// grant that holds today; `xtask tidy` checks that nobody else calls [`Scope::of_grant`].
#[doc(alias = "数据范围")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    area: AreaId,
    lo: i32,
    hi: i32,
    role: Role,
    account: AccountId,
}

impl Scope {
    /// The scope of a grant. An interval that is empty or upside down sees nothing.
    pub const fn of_grant(area: AreaId, lo: i32, hi: i32, role: Role, account: AccountId) -> Self {
        Self { area, lo, hi, role, account }
    }

    /// The area that the grant names.
    pub const fn area(&self) -> AreaId {
        self.area
    }

    /// First position inside.
    pub const fn lo(&self) -> i32 {
        self.lo
    }

    /// First position that is outside again.
    pub const fn hi(&self) -> i32 {
        self.hi
    }

    /// What the person is signed in as.
    pub const fn role(&self) -> Role {
        self.role
    }

    /// Who it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}
