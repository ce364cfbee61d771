//! Studies of a table by config alone: the config, its files, the frame of variables.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod config;
#[path = "../model_support/crossed.rs"]
mod crossed;
mod estimates;
mod example;
mod files;
mod frame;
mod public;
mod support;
