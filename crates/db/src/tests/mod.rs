//! On the real PostgreSQL: what each role can see and do, and the life of the private server.

mod external;
mod people;
mod private;

use std::time::Duration;

use kernel::Trouble;

/// The refusal's two sentences, or what came instead.
fn refusal<T>(outcome: Result<T, Trouble>) -> String {
    match outcome {
        Err(Trouble::Refused(refusal)) => refusal.to_string(),
        Err(other) => panic!("no refusal: {other:?}"),
        Ok(_) => panic!("not refused"),
    }
}

/// Waits until it is so, at most ten seconds.
fn wait_until(mut so: impl FnMut() -> bool) -> bool {
    (0..1000).any(|_| {
        so() || {
            std::thread::sleep(Duration::from_millis(10));
            false
        }
    })
}
