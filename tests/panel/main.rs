//! The panel held against studies small enough to reckon by hand, and the pipeline against itself:
//! another order of rows, another number of threads, cells in place of rows.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../common/mod.rs"]
mod common;

mod analyses;
mod errors;
mod inference;
mod ledger;
mod link;
mod pipeline;
mod recode;
mod support;
