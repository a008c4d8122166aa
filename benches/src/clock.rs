//! The one place that asks for the time.

use std::time::{Duration, Instant};

/// Adds up the time of what it is given.
#[derive(Default)]
pub(crate) struct Stopwatch(Duration);

impl Stopwatch {
    /// Runs it and counts its time.
    #[expect(clippy::disallowed_methods, reason = "to measure is what this program is for")]
    pub(crate) fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let done = work();
        self.0 += begun.elapsed();
        done
    }

    /// The same for what waits.
    #[expect(clippy::disallowed_methods, reason = "to measure is what this program is for")]
    pub(crate) async fn wait<T>(&mut self, work: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = work.await;
        self.0 += begun.elapsed();
        done
    }

    /// What has been counted.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.as_secs_f64()
    }
}
