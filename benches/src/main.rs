//! Measures of Songhe beside others, in one run. It prints a table and asserts nothing: times of
//! a shared machine are not portable, ratios within one run nearly are.
//!
//! `cargo xtask bench` builds it in release and runs it; `cargo xtask bench link` runs one part.
//! Peers (DuckDB, Splink) are looked for in the Python that `SONGHE_BENCH_PYTHON` names, else in
//! `python3` of the PATH; a peer that is not there is said and left out.

mod clock;
mod extract;
mod http;
mod link;
mod many;
mod pages;
mod payments;
mod program;
mod store;
mod table;
mod write;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use kernel::Trouble;

/// Measures of Songhe beside others.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    part: Option<Part>,
}

/// What to measure.
#[derive(Clone, Subcommand)]
enum Part {
    /// Rows of an extract to as many known people: our matcher, DuckDB, Splink
    Link {
        #[arg(long, default_value_t = 1_000_000)]
        rows: usize,
    },
    /// Assertions under row-level security against a plain COPY of the same rows
    Facts {
        #[arg(long, default_value_t = 1_000_000)]
        rows: usize,
    },
    /// The demo's files through the real program, one after the other, and unchanged ones again
    Intake {
        #[arg(long, default_value = "county")]
        preset: String,
        /// The program; the one beside this one when left out
        #[arg(long)]
        program: Option<PathBuf>,
    },
    /// A pay run from proposal to posting against a plain COPY of the same rows
    Payments {
        #[arg(long, default_value_t = 1_000_000)]
        lines: usize,
    },
    /// Pages of the demo, then with as many people more, as a browser asks for them
    Pages {
        #[arg(long, default_value = "county")]
        preset: String,
        /// People to add by copying the county's in the database; 0 adds none
        #[arg(long, default_value_t = 2_000_000)]
        people: i64,
        #[arg(long)]
        program: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let parts = match Arguments::parse().part {
        Some(part) => vec![part],
        None => vec![
            Part::Link { rows: 1_000_000 },
            Part::Facts { rows: 1_000_000 },
            Part::Payments { lines: 1_000_000 },
            Part::Intake { preset: "county".to_owned(), program: None },
            Part::Pages { preset: "county".to_owned(), people: 2_000_000, program: None },
        ],
    };
    for part in parts {
        if let Err(trouble) = run(part) {
            eprintln!("{trouble:?}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn run(part: Part) -> Result<(), Trouble> {
    match part {
        Part::Link { rows } => link::run(rows),
        Part::Facts { rows } => wait_for(write::run(rows)),
        Part::Payments { lines } => wait_for(payments::run(lines)),
        Part::Intake { preset, program } => program::run(&preset, program),
        Part::Pages { preset, people, program } => pages::run(&preset, people, program),
    }
}

/// Runs what waits for a database.
fn wait_for<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(Trouble::fault)?.block_on(work)
}
