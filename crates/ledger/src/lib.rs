//! 资金账: value moves between accounts, pending, then posted or voided.
//!
//! A transfer moves value from its debit account to its credit account, so each row of it sums to
//! zero. Nothing changes or deletes a transfer: a correction is the opposite transfer. The caller
//! makes the id before it writes, so that writing twice is writing once. Balances and the journal
//! (分户账) are projections that the database keeps within the same statement; an account that may
//! not fall below zero refuses, with the sum that is missing.
//!
//! ```text
//! 下达   source ──► budget            single
//! 发放   budget ──► paid              pending, then posted (成功) or voided (退汇)
//! 追缴   paid ──► receivable(person)  single; ──► repaid 退款, ──► paid 抵扣, ──► written_off 核销
//! 额度   source ──► quota(person) ──► paid 使用, ──► source 过期
//! ```

mod account;
mod ids;
mod invariants;
mod read;
mod store;
#[cfg(test)]
mod tests;
mod write;

pub use account::{AccountKey, AccountKind, account};
pub use ids::{line_id, made_id, posting_id, voiding_id};
pub use invariants::invariants;
pub use read::{
    Act, Balance, BalanceFilter, JournalLine, Moved, Standing, allotted, balance, balances,
    count_journal, journal, spent_by_month, standing, transfers_about, transfers_of_person,
};
pub use write::{Reserve, ReserveLine, post_all, reserve, void_all, write};
