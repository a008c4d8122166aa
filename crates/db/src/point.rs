//! 断点: named points at which the fault runs let the program die, as if it were killed there.
//!
//! `SONGHE_DIE_AT=before_commit:7` ends it the seventh time that it comes by. Only a program that
//! was built with the feature `failpoints` looks; any other one passes by for nothing.

/// Passes a named point.
#[cfg(not(feature = "failpoints"))]
pub const fn point(_name: &str) {}

/// Passes a named point; dies there when it was told to.
#[cfg(feature = "failpoints")]
pub fn point(name: &str) {
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};

    static PASSED: Mutex<Option<HashMap<String, u32>>> = Mutex::new(None);
    let Ok(told) = std::env::var("SONGHE_DIE_AT") else { return };
    let Some((at, times)) = told.split_once(':') else { return };
    let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
    let count = passed.get_or_insert_default().entry(name.to_owned()).or_default();
    *count += 1;
    if at == name && times.parse() == Ok(*count) {
        // Not a panic: nothing is to be unwound, closed or rolled back by us.
        std::process::abort();
    }
}
