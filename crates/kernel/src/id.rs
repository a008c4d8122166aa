use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty)),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($inner);

        impl $name {
            /// Wraps the stored value.
            pub const fn new(value: $inner) -> Self {
                Self(value)
            }

            /// The stored value.
            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = <$inner as FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

ids! {
    /// 老人档案编号: a person known to the system, for ever, whatever number the person has.
    PersonId(Uuid),
    /// 区划节点: a node of the area tree, stable while codes and names change.
    AreaId(i64),
    /// 断言: one assertion of one fact.
    AssertionId(i64),
    /// 批次: one department file as received.
    BatchId(i64),
    /// 待办事项: one duty.
    DutyId(Uuid),
    /// 办件: one case.
    CaseId(Uuid),
    /// 资金账户: one account of the ledger.
    LedgerAccountId(i64),
    /// 资金往来: one transfer of the ledger. Made by the caller before it is written, so that the
    /// same transfer written twice is one.
    TransferId(Uuid),
    /// 发放批次: one pay run.
    RunId(i64),
    /// 账号: somebody who logs in.
    AccountId(i64),
    /// 登录: one signed-in session.
    SessionId(i64),
}
