//! The thin binary: parses the command line, sets the threads, prints problems.

use clap::Parser as _;
use offprint::cli::Cli;
use offprint::commands::{self, FAILED};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(threads) = cli.common.threads
        && let Err(error) = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global()
    {
        tell(&format!("error: cannot start {threads} threads: {error}"));
        return ExitCode::from(FAILED);
    }
    match commands::dispatch(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(problems) => {
            tell(&problems.to_string());
            ExitCode::from(FAILED)
        }
    }
}

/// Prints problems; with stderr closed the exit status still tells.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
