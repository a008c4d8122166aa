//! 问答: what the rules say to somebody who answers a few questions, without any file about them.
//!
//! Questions are data, keyed by the kind of fact that they ask about ([`QUESTIONS`]). Answers are
//! a value that travels with the page ([`Answers`]): nothing of them is kept. A question is open
//! while some answer to it would change what some item says, now or within a year ([`Check`]);
//! the result comes from the same rules as everybody's.

mod answers;
mod check;
mod questions;
#[cfg(test)]
mod tests;

pub(crate) use answers::{Act, Answers, Given, Sent, Typed, UNKNOWN};
pub(crate) use check::{Check, Outcome};
pub(crate) use questions::{QUESTIONS, Question};
