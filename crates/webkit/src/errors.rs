use askama::Template;
use kernel::Refusal;

use crate::{Bare, Link};

/// 不能办理: what is wrong, what to do, and what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "refusal.html")]
pub struct RefusalPage {
    /// Product and stylesheet.
    pub shell: Bare,
    /// The sentence and the remedy.
    pub refusal: Refusal,
    /// What was typed, so that nothing has to be remembered.
    pub typed: Vec<Typed>,
    /// The way back.
    pub back: Link,
}

/// What was typed into a field that can no longer be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The field's label.
    pub label: String,
    /// What was typed.
    pub value: String,
}

/// 没有找到: there is no such page, or none that the reader may know of.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "not_found.html")]
pub struct NotFoundPage {
    /// Product and stylesheet.
    pub shell: Bare,
    /// The way back.
    pub back: Link,
}

/// 系统故障: ours, with the number under which it is in the log.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(path = "fault.html")]
pub struct FaultPage {
    /// Product and stylesheet.
    pub shell: Bare,
    /// The number to tell whoever helps.
    pub number: String,
    /// The way back.
    pub back: Link,
}
