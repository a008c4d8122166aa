//! 松鹤: the program. The command line, the server, the demo county.
//!
//! Every command is a file of [`commands`]. What goes wrong is said in one line with a remedy on
//! the standard error output; the exit code is 0, 1 (a negative answer, a refusal or a fault) or
//! 2 (bad usage).

/// A line of the answer, on the standard output. Who has stopped reading is not told.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*).ok();
    }};
}

/// A line beside the answer, on the standard error output.
macro_rules! tell {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stderr(), $($words)*).ok();
    }};
}

mod args;
mod assets;
mod clock;
mod commands;
mod edge;
mod home;
mod people;
mod play;
mod program_data;
mod progress;
mod serve;
mod store;

use std::io::IsTerminal;
use std::process::ExitCode;

use kernel::Trouble;
use tracing_subscriber::EnvFilter;

use args::{Command, Parsed};

/// How a command ended that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Done, or a positive answer.
    Yes,
    /// A negative answer: something does not hold.
    No,
}

fn main() -> ExitCode {
    // The reader of hostile files runs under a memory limit: before anything starts a thread.
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|word| word == "sheet-rows") {
        return facts::sheet::child_main(words);
    }
    let args = match args::parse() {
        Parsed::Run(args) => args,
        Parsed::Told(text) => {
            say!("{text}");
            return ExitCode::SUCCESS;
        }
        Parsed::Wrong(line) => {
            tell!("{line}");
            return ExitCode::from(2);
        }
    };
    log_to_stderr(&args.command);
    // Where it broke, and not with what: that may be about a person.
    std::panic::set_hook(Box::new(|broke| {
        let place = broke.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
    }));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return told(Trouble::fault(error)),
    };
    match runtime.block_on(commands::run(args)) {
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::FAILURE,
        Err(trouble) => told(trouble),
    }
}

/// The server tells every request, other commands only what is wrong. `SONGHE_LOG` says it anew.
fn log_to_stderr(command: &Command) {
    let level = match command {
        Command::Serve(_) | Command::Demo(_) => "warn,songhe=info,sqlx=error",
        _ => "warn,sqlx=error",
    };
    let filter = EnvFilter::try_from_env("SONGHE_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

/// Why a file could not be read or written.
pub(crate) fn why(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "没有这个文件或目录".to_owned(),
        ErrorKind::PermissionDenied => "没有权限".to_owned(),
        ErrorKind::InvalidData => "不是 UTF-8 文本".to_owned(),
        ErrorKind::IsADirectory => "是目录，不是文件".to_owned(),
        ErrorKind::StorageFull => "磁盘已满".to_owned(),
        _ => error.to_string(),
    }
}

/// One line on the standard error output; a fault's causes go to the log.
fn told(trouble: Trouble) -> ExitCode {
    match trouble {
        Trouble::NotFound => tell!("没有找到。 请核对后再试。"),
        Trouble::Conflict(sentence) => tell!("{sentence}"),
        Trouble::Refused(refusal) => tell!("{}", refusal.to_string().replace('\n', "；")),
        Trouble::Fault(cause) => {
            let first: &(dyn std::error::Error + 'static) = &*cause;
            let chain: Vec<String> = std::iter::successors(Some(first), |it| it.source())
                .map(ToString::to_string)
                .collect();
            tracing::error!(cause = chain.join(": "), "fault");
            tell!("系统故障，没有完成。 请把上面的日志交给系统管理员。");
        }
    }
    ExitCode::FAILURE
}
