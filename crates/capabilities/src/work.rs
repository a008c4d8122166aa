use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use kernel::{Now, Refusal};

/// 长任务: work that takes longer than a page waits, with progress and a way to stop it. What it
/// changes it changes in one transaction, so a stop leaves nothing behind.
#[derive(Clone)]
pub struct Work(Arc<Inner>);

struct Inner {
    started_at: Now,
    done: AtomicU64,
    of: AtomicU64,
    step: Mutex<&'static str>,
    stopped: AtomicBool,
    end: Mutex<Option<Result<(), Refusal>>>,
    on_stop: Mutex<Vec<Box<dyn Fn() + Send>>>,
}

/// How far a work has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkState {
    /// Under way.
    Running {
        /// Which step, in the bureau's words.
        step: &'static str,
        /// Units done.
        done: u64,
        /// Units in all; 0 when not known.
        of: u64,
        /// When it began, by the machine's clock.
        started_at: Now,
    },
    /// Finished, or ended with a sentence.
    Ended(Result<(), Refusal>),
}

impl Work {
    /// A work that begins now.
    pub fn new(started_at: Now) -> Self {
        Self(Arc::new(Inner {
            started_at,
            done: AtomicU64::new(0),
            of: AtomicU64::new(0),
            step: Mutex::new("准备"),
            stopped: AtomicBool::new(false),
            end: Mutex::new(None),
            on_stop: Mutex::new(Vec::new()),
        }))
    }

    /// Begins a step of so many units.
    pub fn step(&self, words: &'static str, of: u64) {
        *self.0.step.lock().unwrap_or_else(PoisonError::into_inner) = words;
        self.0.of.store(of, Ordering::Relaxed);
        self.0.done.store(0, Ordering::Relaxed);
    }

    /// So many units are done.
    pub fn done(&self, units: u64) {
        self.0.done.store(units, Ordering::Relaxed);
    }

    /// Asks it to stop; what it has started is told too.
    pub fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
        for stop in self.0.on_stop.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            stop();
        }
    }

    /// To be called when it is stopped.
    pub fn on_stop(&self, stop: impl Fn() + Send + 'static) {
        self.0.on_stop.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(stop));
    }

    /// An error once it was asked to stop.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.0.stopped.load(Ordering::Relaxed) {
            return Err(Refusal::new(
                "已按您的要求停下，没有写入任何数据。",
                "需要时可以重新开始。",
            ));
        }
        Ok(())
    }

    /// Ends it.
    pub fn end(&self, result: Result<(), Refusal>) {
        *self.0.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    /// How far it has come.
    pub fn state(&self) -> WorkState {
        if let Some(end) = self.0.end.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return WorkState::Ended(end);
        }
        WorkState::Running {
            step: *self.0.step.lock().unwrap_or_else(PoisonError::into_inner),
            done: self.0.done.load(Ordering::Relaxed),
            of: self.0.of.load(Ordering::Relaxed),
            started_at: self.0.started_at,
        }
    }
}

/// Works under way, by what they work on.
#[derive(Clone, Default)]
pub struct Works(Arc<Mutex<HashMap<String, Work>>>);

impl Works {
    /// Starts a work on an object, unless one is under way on it.
    pub fn start(&self, object: &str, now: Now) -> Option<Work> {
        let mut works = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(work) = works.get(object)
            && matches!(work.state(), WorkState::Running { .. })
        {
            return None;
        }
        works.retain(|_, work| matches!(work.state(), WorkState::Running { .. }));
        let work = Work::new(now);
        works.insert(object.to_owned(), work.clone());
        Some(work)
    }

    /// Asks everything under way to stop, because the program ends.
    pub fn stop_all(&self) {
        for work in self.0.lock().unwrap_or_else(PoisonError::into_inner).values() {
            work.stop();
        }
    }

    /// The work on an object, if there is one.
    pub fn on(&self, object: &str) -> Option<Work> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(object).cloned()
    }
}
