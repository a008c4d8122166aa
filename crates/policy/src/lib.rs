//! 清单引擎: published service lists as rules.
//!
//! A list is data: a folder `policy/<issuer>/<edition>/` with `list.toml`, one file per item and
//! `examples/`. This crate reads it ([`List::load`]), judges a person in a month ([`evaluate`]),
//! over months ([`span`]), says why in plain Chinese ([`explain`]), and checks lists with their
//! examples ([`check()`]). It knows no amount, age, date or county, and besides list files it
//! reads nothing: facts, month and area tree are given. `README.md` shows the grammar with a
//! full example; [`condition`] says what a condition may be.
//!
//! ```
//! use policy::{CodePrefix, Facts, Verdict, evaluate};
//! # let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policy/songhe/v4");
//! let list = policy::List::load(root.as_ref())?;
//! let facts = Facts::from_json(&serde_json::json!({
//!     "birth_date": "1945-10-17",
//!     "hukou_area": "990121003012",
//! }))?;
//! let item = list.item("old_age_allowance").expect("an item of the list");
//! let verdict = evaluate(item, &facts, "2025-11".parse()?, &CodePrefix);
//! assert_eq!(verdict.amount(), kernel::Fen::from_yuan(40));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! **A month** is judged on one day: the last day of the month before when an item starts in the
//! month after the age is reached, else the last day of the month. Age, register and band are
//! read on that day. Death is judged by the stop rule instead: when the month of death is still
//! paid, who died before the first day of the month is dead for it.
//!
//! **Four verdicts.** Not entitled as soon as one condition is false; unknown, with the facts
//! that would decide, only when none is; not encoded for months before the first text. A missing
//! claim of death counts as alive, and the explanation says so (没有死亡登记).

mod amount;
mod area;
mod check;
pub mod condition;
mod coverage;
mod digest;
mod explain;
mod facts;
mod json;
mod list;
mod load;
mod overlap;
mod pay;
mod problem;
mod raw;
/// 事实登记表: the kinds of facts that lists may ask about.
pub mod register;
mod review;
mod say;
mod slots;
mod source;
mod span;
mod verdict;

pub use area::{AreaTree, CodePrefix};
pub use check::{Report, check};
pub use digest::Digest;
pub use explain::{AmountLine, ConditionLine, Explanation, explain};
pub use facts::{Dated, FactError, Facts, Value};
pub use json::{When, eval_json};
pub use list::{
    Band, BandAmount, Every, Exclusion, Form, Item, List, ListHead, Parameter, Service,
};
pub use overlap::{Keeps, Overlap, overlaps};
pub use pay::{Expires, Given, Level, Pay, Quota, Shares};
pub use problem::{Problem, Problems};
pub use raw::{Assumption, BackPay, Choose, Cycle, ItemKind, Per, SlotName, Start, Stop, Time};
pub use review::{Review, Step};
pub use source::{Basis, Source, Sources};
pub use span::{SpanReport, first_entitled, span};
pub use verdict::{Failed, Period, Verdict, evaluate};
