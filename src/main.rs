//! The thin binary: parses the command line, sets the threads, prints problems.

use clap::Parser as _;
use offprint::cli::Cli;
use offprint::commands::{self, FAILED};
use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "the one place that prints problems")]
fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(threads) = cli.common.threads
        && let Err(error) = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global()
    {
        eprintln!("error: cannot start {threads} threads: {error}");
        return ExitCode::from(FAILED);
    }
    match commands::dispatch(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::from(FAILED)
        }
    }
}
