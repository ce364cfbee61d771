//! Reading input files: good ones, and everything that can be wrong with them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod admin;
mod codes;
mod columnar;
mod fuzz;
mod real;
mod support;
mod survey;
