//! 代发: the file by which a bank credits accounts, and what the bank says came of it.
//!
//! 1. [`BankLayout`]: `bank/<id>.toml` says which columns go out and how the bank answers.
//! 2. [`Manifest`] and [`bytes`]: the same lines give the same bytes, with count, total and SM3.
//! 3. [`answers`]: the bank's answer, held against the lines that were sent; one that was changed,
//!    is another run's or says something that nobody knows is refused with its line.
//!
//! `store` remembers which file left and which answers came; the lines are `payroll`'s.

mod answer;
mod file;
mod layout;
mod sent;
pub(crate) mod store;

use kernel::Fen;
use serde::Deserialize;

pub use answer::{Answer, Outcome, answers};
pub use file::{Heading, Manifest, bytes};
pub use layout::{
    BankColumn, BankEncoding, BankFormat, BankLayout, BankOrigin, ReturnLayout, Unit, load,
};
pub(crate) use sent::lines_in;

/// 退汇待处理: the duty that the village owes while money that came back is at rest. Stored word.
pub(crate) const RETURNED_DUTY: &str = "payment_returned";

/// 代发明细: one credit, in clear. Lives only while a file is made or an answer is checked.
#[derive(Clone, PartialEq, Eq)]
pub struct BankLine {
    /// 序号, from 1.
    pub no: u32,
    /// 户名
    pub name: String,
    /// 证件号码
    pub number: String,
    /// 收款账号
    pub account: String,
    /// How much.
    pub amount: Fen,
}

/// 退汇原因: why money came back, in five words that every bank's codes lead to.
#[doc(alias = "退汇原因")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnCause {
    /// 账户注销
    Closed,
    /// 户名不符
    NameMismatch,
    /// 账户冻结
    Frozen,
    /// 已故
    Deceased,
    /// 其他
    Other,
}

impl ReturnCause {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Closed, Self::NameMismatch, Self::Frozen, Self::Deceased, Self::Other];

    /// The stored word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::NameMismatch => "name_mismatch",
            Self::Frozen => "frozen",
            Self::Deceased => "deceased",
            Self::Other => "other",
        }
    }

    /// The bureau's word.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::Closed => "账户注销",
            Self::NameMismatch => "户名不符",
            Self::Frozen => "账户冻结",
            Self::Deceased => "已故",
            Self::Other => "其他",
        }
    }

    /// What is to be done about it, in one sentence.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Closed => "请联系本人或家属重新提供一卡通账户。",
            Self::NameMismatch => "请核对户名和证件，改正后再发。",
            Self::Frozen => "请本人到开户银行问明冻结原因，或另提供账户。",
            Self::Deceased => "请核实是否去世；确已去世的办理停发，误传的请提供在世证明。",
            Self::Other => "请向开户银行问明原因，改正账户后再发。",
        }
    }

    /// From the stored word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.code() == code)
    }
}
