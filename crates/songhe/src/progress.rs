//! Progress on the terminal: a bar with the time left when somebody watches, plain lines else.

use std::io::IsTerminal;
use std::time::Duration;

use capabilities::{Work, WorkState};
use indicatif::{ProgressBar, ProgressStyle};

use crate::clock::Stopwatch;

const TICK: Duration = Duration::from_millis(120);

/// A bar that follows a work until it is dropped.
pub(crate) struct Follower {
    task: tokio::task::JoinHandle<()>,
    bar: ProgressBar,
}

impl Follower {
    /// Follows the work when the standard error output is a terminal.
    pub(crate) fn of(work: &Work) -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::no_length()
        } else {
            ProgressBar::hidden()
        };
        let style = "{msg} {wide_bar} {pos}/{len} 还要 {eta}";
        bar.set_style(ProgressStyle::with_template(style).expect("a template of known words"));
        let (work, shown) = (work.clone(), bar.clone());
        let task = tokio::spawn(async move {
            let mut current = "";
            loop {
                if let WorkState::Running { step, done, of, .. } = work.state() {
                    if step != current {
                        current = step;
                        shown.reset();
                        shown.set_message(step);
                    }
                    shown.set_length(of.max(done));
                    shown.set_position(done);
                }
                tokio::time::sleep(TICK).await;
            }
        });
        Self { task, bar }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
        self.bar.finish_and_clear();
    }
}

/// A step of a long start, told with its seconds.
pub(crate) struct Step {
    words: String,
    watch: Stopwatch,
    bar: ProgressBar,
}

impl Step {
    /// Begins, with something that turns meanwhile.
    pub(crate) fn begin(words: impl Into<String>) -> Self {
        Self::begun(words, Stopwatch::start())
    }

    /// Looks at what began before.
    pub(crate) fn begun(words: impl Into<String>, watch: Stopwatch) -> Self {
        let words = words.into();
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner().with_message(words.clone())
        } else {
            ProgressBar::hidden()
        };
        bar.enable_steady_tick(TICK);
        Self { words, watch, bar }
    }

    /// Begins what shows its own progress.
    pub(crate) fn followed(words: impl Into<String>) -> Self {
        Self { words: words.into(), watch: Stopwatch::start(), bar: ProgressBar::hidden() }
    }

    /// Ends it, with what came of it.
    pub(crate) fn end(self, said: &str) {
        self.bar.finish_and_clear();
        let seconds = self.watch.elapsed().as_secs_f64();
        let colon = if said.is_empty() { "" } else { "：" };
        tell!("{:6.1} 秒  {}{colon}{said}", seconds, self.words);
    }
}
