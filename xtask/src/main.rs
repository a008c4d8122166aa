//! The habits of this repository as commands: `cargo xtask check | gen | tidy | faults | bench`.

mod check;
mod direction;
mod faults;
mod generate;
mod rust_text;
mod tidy;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The habits of this repository as commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Everything that has to hold before a commit; stops at the first thing that does not
    Check,
    /// Sizes, walls and hygiene of the tree, and the direction between crates
    Tidy,
    /// Writes what is generated: documents from the code, query data from the database
    Gen {
        /// Only one of the two; both when left out
        what: Option<generate::What>,
        /// Compares and writes nothing
        #[arg(long)]
        check: bool,
    },
    /// Kills imports and closings again and again and cuts the power: nothing is lost or doubled
    Faults {
        /// Only this one; all when left out
        rig: Option<faults::Rig>,
        /// How many kills or cuts; each rig's own number when left out
        #[arg(long)]
        times: Option<u32>,
    },
    /// Measures beside others in one run; prints a table and asserts nothing
    Bench {
        /// What to measure, with its options; everything when left out
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let root = root();
    let outcome = match Arguments::parse().command {
        Command::Check => check::run(&root),
        Command::Tidy => tidy::report(&root).and_then(|()| direction::report(&root)),
        Command::Gen { what, check } => generate::run(&root, what, check),
        Command::Faults { rig, times } => faults::run(&root, rig, times),
        Command::Bench { arguments } => faults::bench(&root, &arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace: of the run, not of the build, for builds are shared by clones.
fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR");
    let own = own.map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    own.parent().expect("xtask lies in the workspace").into()
}

// So that plain `cargo test` holds the walls too, without anybody having to know of xtask.
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        holds(tidy::report(&root()));
    }

    #[test]
    fn crates_depend_on_each_other_in_one_direction_only() {
        holds(direction::report(&root()));
    }

    fn holds(outcome: Result<(), String>) {
        if let Err(sentences) = outcome {
            panic!("\n{sentences}");
        }
    }
}
