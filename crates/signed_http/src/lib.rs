//! 系统对接: other systems that are asked live, over signed HTTP.
//!
//! 1. What it is asked and where stands in `exchange-http/<id>.toml`; its secret in `keys.d`
//!    beside the program's keys. Without a secret it is shown as not connected.
//! 2. Each call is signed, each answer checked: signature, the question's nonce, their clock, size.
//! 3. Reads are asked again with growing waits; what is sent is sent once.
//! 4. After some failures in a row it is left alone for a while, and the pages say so.
//! 5. Each call leaves a trace: who, about whom, why, when, how long, what came of it.
//!
//! [`Line::ask`] asks; [`trace`] puts on record that it was asked.

mod client;
mod config;
mod line;
mod sign;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(test)]
mod tests;

pub use client::{Answer, AnswerLine, CallFault, Called, Exchange, Outgoing, Receipt};
pub use config::{AnswerField, Config, FOLDER, LookUp, OnFailure, Pull, ReportPaths, load};
pub use line::{Call, Exchanges, Health, Line, Spent, outcome_chinese, trace};
