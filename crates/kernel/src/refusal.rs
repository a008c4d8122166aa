use std::error::Error;

/// A plain sentence about what cannot be done, and what the person can do about it.
///
/// Both are shown as they stand: they name nothing that lies outside of the reader's area.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}{}", if .remedy.is_empty() { String::new() } else { format!(" {remedy}") })]
pub struct Refusal {
    /// What is wrong.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
}

impl Refusal {
    /// A refusal with its remedy.
    pub fn new(sentence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), remedy: remedy.into() }
    }
}

/// Why an operation did not happen. The three kinds are answered in three ways.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The person can do something: shown as it stands.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Somebody was faster: shown with what holds now.
    #[error("{0}")]
    Conflict(String),
    /// There is no such thing within the reader's area.
    #[error("没有找到")]
    NotFound,
    /// Ours: logged once at the edge with the whole chain, and shown as a number.
    #[error("系统故障")]
    Fault(#[source] Box<dyn Error + Send + Sync>),
}

impl Trouble {
    /// A fault with its cause.
    pub fn fault(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Fault(cause.into())
    }

    /// A refusal with its remedy.
    pub fn refused(sentence: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Refused(Refusal::new(sentence, remedy))
    }
}
