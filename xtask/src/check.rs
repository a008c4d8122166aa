//! Everything that has to hold before a commit, cheapest first.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::generate::{self, What};
use crate::{direction, tidy};

/// A name, what to do, and the remedy when it fails.
struct Step {
    name: &'static str,
    action: Action,
    remedy: &'static str,
}

enum Action {
    Cargo(&'static [&'static str]),
    Here(fn(&Path) -> Result<(), String>),
}

/// Slow tests are marked `#[ignore = "slow: …"]`; `make test` runs them too.
const QUICK_TESTS: &[&str] = &["nextest", "run", "--workspace", "--no-fail-fast"];
const QUICK_TESTS_PLAIN: &[&str] = &["test", "--workspace", "--lib", "--bins", "--tests"];

/// Runs the steps in their order and stops at the first that fails.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let begin = now();
    for step in steps() {
        let step_begin = now();
        println!("── {}", step.name);
        let outcome = match step.action {
            Action::Cargo(arguments) => cargo(root, arguments),
            Action::Here(action) => action(root),
        };
        let seconds = step_begin.elapsed().as_secs_f64();
        if let Err(sentence) = outcome {
            return Err(format!(
                "{sentence}\n✗ {} failed after {seconds:.1} s. Remedy: {}",
                step.name, step.remedy
            ));
        }
        println!("✓ {} {seconds:.1} s", step.name);
    }
    println!("✓ all of it in {:.0} s", begin.elapsed().as_secs_f64());
    Ok(())
}

fn steps() -> Vec<Step> {
    let tests = if has_nextest() { QUICK_TESTS } else { QUICK_TESTS_PLAIN };
    let clippy = &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let policy = &["run", "--quiet", "--package", "songhe", "--", "policy", "check", "policy"];
    vec![
        Step {
            name: "format",
            action: Action::Cargo(&["fmt", "--all", "--check"]),
            remedy: "cargo fmt --all",
        },
        Step {
            name: "tidy",
            action: Action::Here(tidy::report),
            remedy: "do what each line says; STYLE.md has the reasons",
        },
        Step {
            name: "direction",
            action: Action::Here(direction::report),
            remedy: "turn the arrow around; ARCHITECTURE.md shows who may know whom",
        },
        Step {
            name: "clippy",
            action: Action::Cargo(clippy),
            remedy: "do what clippy says; where it is wrong, #[expect(…, reason = \"…\")]",
        },
        Step {
            name: "quick tests",
            action: Action::Cargo(tests),
            remedy: "run the one test that failed, `cargo test -p CRATE NAME`",
        },
        Step {
            name: "lists",
            action: Action::Cargo(policy),
            remedy: "put the list right at the file and line that is named",
        },
        Step {
            name: "golden files",
            action: Action::Here(|root| generate::run(root, Some(What::Docs), true)),
            remedy: "cargo xtask gen docs, and read the difference before you commit it",
        },
    ]
}

#[expect(clippy::disallowed_methods, reason = "how long a step takes is what we print")]
fn now() -> Instant {
    Instant::now()
}

fn has_nextest() -> bool {
    let mut command = Command::new("cargo");
    command.args(["nextest", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs cargo in the workspace.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    run_command(Command::new("cargo").args(arguments).current_dir(root))
}

/// Runs a command to its end; its output is the user's.
pub(crate) fn run_command(command: &mut Command) -> Result<(), String> {
    // Not the variables: one of them may hold a password.
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let said = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{said}: {status}")),
        Err(error) => Err(format!("{said}: {error}")),
    }
}
