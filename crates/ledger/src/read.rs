use kernel::{AreaId, Fen, LedgerAccountId, Month, Now, PersonId, TransferId, Trouble};
use sqlx::PgConnection;

use crate::store::reading;
use crate::{AccountKey, AccountKind};

/// What a stored transfer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// 记账: moves at once.
    Single,
    /// 预留: sets aside.
    Pending,
    /// 入账 of a pending transfer.
    Post,
    /// 撤销 of a pending transfer.
    Void,
}

impl Act {
    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Single => "single",
            Self::Pending => "pending",
            Self::Post => "post",
            Self::Void => "void",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Single => "记账",
            Self::Pending => "预留",
            Self::Post => "入账",
            Self::Void => "撤销",
        }
    }

    /// The one with this stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Single, Self::Pending, Self::Post, Self::Void]
            .into_iter()
            .find(|it| it.code() == code)
    }
}

/// What became of a pending transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// 预留: nothing yet.
    Pending,
    /// 入账, and when.
    Posted(Now),
    /// 撤销, and when.
    Voided(Now),
}

/// 余额: the sums of an account.
#[doc(alias = "余额")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Which.
    pub id: LedgerAccountId,
    /// What names it.
    pub key: AccountKey,
    /// Set aside to leave it.
    pub debits_pending: Fen,
    /// Left it.
    pub debits_posted: Fen,
    /// Set aside to come in.
    pub credits_pending: Fen,
    /// Came in.
    pub credits_posted: Fen,
}

impl Balance {
    /// 可用: what came in, less what left it or is set aside to leave it.
    pub fn left(&self) -> Fen {
        let left = self.credits_posted.get() - self.debits_posted.get();
        Fen::new(left - self.debits_pending.get())
    }

    /// What came in, less what left it.
    pub fn balance(&self) -> Fen {
        Fen::new(self.credits_posted.get() - self.debits_posted.get())
    }
}

/// Which accounts: those of which each part that is given is so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalanceFilter {
    /// What they hold.
    pub kind: Option<AccountKind>,
    /// In whose book.
    pub area: Option<AreaId>,
    /// Fund.
    pub fund: Option<String>,
    /// Item.
    pub item: Option<String>,
    /// 预算年度
    pub year: Option<i16>,
    /// Whose.
    pub person: Option<PersonId>,
}

/// 分户账: what one statement moved between two accounts. A run's million lines are one.
#[doc(alias = "分户账")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalLine {
    /// Counted through the whole ledger.
    pub no: i64,
    /// When.
    pub at: Now,
    /// What it did.
    pub act: Act,
    /// What for, as the audit trail names it.
    pub about: String,
    /// 借方
    pub debit: LedgerAccountId,
    /// 贷方
    pub credit: LedgerAccountId,
    /// How many transfers.
    pub lines: i64,
    /// Together.
    pub amount: Fen,
}

/// A transfer as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its id.
    pub id: TransferId,
    /// What it does.
    pub act: Act,
    /// 借方
    pub debit: LedgerAccountId,
    /// 贷方
    pub credit: LedgerAccountId,
    /// How much.
    pub amount: Fen,
    /// Whom it is about.
    pub person: Option<PersonId>,
    /// What it is for.
    pub about: String,
    /// When.
    pub at: Now,
    /// What became of it, when it is a pending one.
    pub standing: Option<Standing>,
}

/// The sums of one account.
///
/// # Errors
/// `NotFound` when it lies outside of the scope.
pub async fn balance(conn: &mut PgConnection, id: LedgerAccountId) -> Result<Balance, Trouble> {
    reading::balances(conn, Some(id), &BalanceFilter::default(), 1, 0)
        .await?
        .pop()
        .ok_or(Trouble::NotFound)
}

/// Accounts of the scope with their sums, by area, fund, item, year, kind and id.
pub async fn balances(
    conn: &mut PgConnection,
    filter: &BalanceFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<Balance>, Trouble> {
    reading::balances(conn, None, filter, limit, offset).await
}

/// The journal of an account, newest first.
pub async fn journal(
    conn: &mut PgConnection,
    account: LedgerAccountId,
    limit: i64,
    offset: i64,
) -> Result<Vec<JournalLine>, Trouble> {
    reading::journal(conn, account, limit, offset).await
}

/// How many lines the journal of an account has.
pub async fn count_journal(
    conn: &mut PgConnection,
    account: LedgerAccountId,
) -> Result<i64, Trouble> {
    reading::count_journal(conn, account).await
}

/// What was set aside or spent of an account in each month in which something was, from the first;
/// what fell back in a month lowers that month. Money that went back to its source is not spent.
pub async fn spent_by_month(
    conn: &mut PgConnection,
    account: LedgerAccountId,
) -> Result<Vec<(Month, Fen)>, Trouble> {
    reading::spent_by_month(conn, account).await
}

/// 已下达: what each of these accounts got from sources, less what went back there. An account that
/// got nothing is left out.
#[doc(alias = "已下达")]
pub async fn allotted(
    conn: &mut PgConnection,
    accounts: &[LedgerAccountId],
) -> Result<Vec<(LedgerAccountId, Fen)>, Trouble> {
    reading::allotted(conn, accounts).await
}

/// Transfers about a person, newest first; what settles one shows as its standing.
pub async fn transfers_of_person(
    conn: &mut PgConnection,
    person: PersonId,
    limit: i64,
    offset: i64,
) -> Result<Vec<Moved>, Trouble> {
    reading::of_person(conn, person, None, limit, offset).await
}

/// Transfers of one matter about a person, newest first.
pub async fn transfers_about(
    conn: &mut PgConnection,
    about: &str,
    person: PersonId,
) -> Result<Vec<Moved>, Trouble> {
    reading::of_person(conn, person, Some(about), i64::MAX, 0).await
}

/// What became of pending transfers; of those in the scope.
pub async fn standing(
    conn: &mut PgConnection,
    pending: &[TransferId],
) -> Result<Vec<(TransferId, Standing)>, Trouble> {
    reading::standing(conn, pending).await
}
