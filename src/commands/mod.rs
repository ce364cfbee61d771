//! Wires: each command asks rooms for what it needs and prints a line or two. Must not compute,
//! parse or format results.

mod cache;
mod check;
mod history;
mod init;
mod journal;
mod lint;
mod list;
mod power;
mod previous;
mod run;
mod simulate;
mod study;
mod verify;

use crate::cli::{Cli, Command};
use crate::error::{Problem, Result};
use std::io::{ErrorKind, Write};

/// Done, or the same.
pub const DONE: u8 = 0;
/// Differences or failed checks were found.
pub const DIFFERENT: u8 = 1;
/// Could not run.
pub const FAILED: u8 = 2;

/// Runs a command and gives its exit status.
///
/// # Errors
/// Whatever kept it from running; the caller prints it and exits with [`FAILED`].
pub fn dispatch(cli: &Cli) -> Result<u8> {
    match &cli.command {
        Command::Run => run::run(&cli.common),
        Command::Check => check::check(&cli.common),
        Command::Simulate(args) => simulate::simulate(&cli.common, args),
        Command::Verify(args) => verify::verify(&cli.common, args),
        Command::Lint(args) => lint::lint(args),
        Command::Diff(args) => verify::diff(args),
        Command::List => list::list(&cli.common),
        Command::Init { dir } => init::init(dir),
    }
}

/// Prints a line of the command's result to stdout. A reader that has left has what it wanted.
fn print(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let problem = Problem::new(format!("cannot write to stdout: {error}"));
            Err(problem.hint("check where the output is sent to").into())
        }
        _ => Ok(()),
    }
}
