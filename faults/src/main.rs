//! Rigs that break the machine under the ledger, and look at what is left.
//!
//! `kill -9` is not a power cut: what a killed program wrote is still in the system's memory. Here
//! the database lies in a file system inside of a file. At some moment every process is stopped
//! and that file is copied: the copy holds what had reached the disk, as after a power cut. The
//! database is started on the copy, and everything that had been acknowledged must be there.
//!
//! `cargo run -p faults -- power --cuts 50`, as root (loop devices are mounted). It also runs with
//! the database's waiting for the disk switched off: then something must be lost, or the rig sees
//! nothing.

mod disk;
mod power;
mod processes;
mod store;
mod writer;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Rigs that break the machine under the ledger.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    rig: Rig,
}

#[derive(Subcommand)]
enum Rig {
    /// Power cuts while transfers are committed one by one
    Power {
        /// How many cuts
        #[arg(long, default_value_t = 50)]
        cuts: u32,
        /// How many cuts at most until the control must have lost something
        #[arg(long, default_value_t = 20)]
        control: u32,
    },
    /// Commits transfers and says each number once it is acknowledged; the rig starts it
    #[command(hide = true)]
    Write {
        data_dir: PathBuf,
        /// The first number
        from: u64,
        /// Acknowledge before the disk has it
        #[arg(long)]
        careless: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().rig {
        Rig::Power { cuts, control } => power::run(cuts, control),
        Rig::Write { data_dir, from, careless } => writer::run(&data_dir, from, careless),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
