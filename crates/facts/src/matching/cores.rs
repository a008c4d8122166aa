use std::num::NonZero;
use std::thread;

/// A thread for fewer rows costs more than it saves.
const FEWEST_AT_ONCE: usize = 500;

/// Does the same with each, in equal parts on each core; the results are in their order.
pub(super) fn on_all_cores<T: Sync, U: Send>(all: &[T], each: impl Fn(&T) -> U + Sync) -> Vec<U> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let mut parts = all.chunks(all.len().div_ceil(cores).max(FEWEST_AT_ONCE));
    let first = parts.next().unwrap_or_default();
    let each = &each;
    thread::scope(|scope| {
        let others: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().map(each).collect::<Vec<U>>()))
            .collect();
        let mut results = Vec::with_capacity(all.len());
        results.extend(first.iter().map(each));
        for other in others {
            match other.join() {
                Ok(part) => results.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}
