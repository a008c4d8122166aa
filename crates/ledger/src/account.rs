use kernel::{AreaId, LedgerAccountId, PersonId, Trouble};
use sqlx::PgConnection;

use crate::store;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $chinese:literal;)*) => {
        /// 账户种类: what an account holds.
        #[doc(alias = "账户种类")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AccountKind { $($(#[$doc])* $variant,)* }

        impl AccountKind {
            /// All of them, in a stated order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stored word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// The bureau's word.
            pub const fn chinese(self) -> &'static str {
                match self { $(Self::$variant => $chinese,)* }
            }

            /// The one with this stored word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.code() == code)
            }
        }
    };
}

kinds! {
    /// 资金来源: where money comes from; below zero by what it has given.
    Source = "source", "资金来源";
    /// 预算指标: what may be paid of an item in a year. Never below zero.
    Budget = "budget", "预算指标";
    /// 已发放: what people hold; its pending part is on its way through the bank.
    Paid = "paid", "已发放";
    /// 服务额度: what a person may still use. Never below zero.
    Quota = "quota", "服务额度";
    /// 应收追缴: what a person owes back. Never below zero.
    Receivable = "receivable", "应收追缴";
    /// 已追回: what came back.
    Repaid = "repaid", "已追回";
    /// 已核销: what is not asked for any more.
    WrittenOff = "written_off", "已核销";
}

impl AccountKind {
    /// Whether such an account is one person's.
    pub const fn is_of_person(self) -> bool {
        matches!(self, Self::Quota | Self::Receivable)
    }
}

/// 账户: what names an account. One account stands for each key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// What it holds.
    pub kind: AccountKind,
    /// 账套: the area in whose book it stands. Value never moves between books.
    pub area: AreaId,
    /// 资金: the item's fund in the bureau's words; of a source, whose money it is.
    pub fund: String,
    /// Item of the list.
    pub item: String,
    /// 预算年度
    pub year: i16,
    /// Whose it is, for [`AccountKind::Quota`] and [`AccountKind::Receivable`].
    pub person: Option<PersonId>,
}

impl AccountKey {
    /// An account that is nobody's in particular.
    pub fn of_fund(kind: AccountKind, area: AreaId, fund: &str, item: &str, year: i16) -> Self {
        Self { kind, area, fund: fund.to_owned(), item: item.to_owned(), year, person: None }
    }

    /// An account of one person.
    pub fn of_person(
        kind: AccountKind,
        area: AreaId,
        fund: &str,
        item: &str,
        year: i16,
        person: PersonId,
    ) -> Self {
        Self { person: Some(person), ..Self::of_fund(kind, area, fund, item, year) }
    }
}

/// Finds the account, or makes it. The person of one must lie within the scope.
///
/// # Errors
/// `NotFound` for a person or an area that the scope does not see.
pub async fn account(
    conn: &mut PgConnection,
    key: &AccountKey,
) -> Result<LedgerAccountId, Trouble> {
    if key.kind.is_of_person() != key.person.is_some() {
        return Err(Trouble::fault(format!("{} account of {:?}", key.kind.code(), key.person)));
    }
    if let Some(id) = store::find_account(conn, key).await? {
        return Ok(id);
    }
    store::make_account(conn, key).await?;
    store::find_account(conn, key).await?.ok_or(Trouble::NotFound)
}
