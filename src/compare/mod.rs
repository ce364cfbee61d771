//! Compares a version's folder with its manifest, its inputs and a re-run ([`verify`]), and two
//! folders with each other ([`diff`]). Typed differences out; [`verify_text`] and [`diff_text`]
//! put them in words.
//!
//! Reads files and writes none; fits nothing: the re-run is handed in as bytes. Every value it
//! names was read from a file of a folder, so nothing is disclosed that was not released before.
//!
//! # The verdict's rules
//!
//! Taken in this order; [`Verdict`] is the first that holds.
//!
//! 1. `full`: no file is missing, extra or edited, the manifest's identity is that of its own
//!    entries, every input is the one that was read, the linter finds no contradiction, and the
//!    re-run gives every file (the manifest among them) with the same bytes.
//! 2. Without a re-run, because an input is not at hand: `partial` when no file is missing or edited,
//!    the manifest holds and every input at hand is the one that was read; `failure` otherwise.
//! 3. `failure`: the re-run stopped with an error.
//! 4. `failure`: no outcome comes back (there being any).
//! 5. `full with minor issues`: every row of `results.csv` is equal ([`Agreement::Exact`]) and no
//!    other number differs: files differ in words, names or layout only, or a file is there that
//!    should not be, or the report contradicts itself as it was made.
//! 6. `partial`: everything else. Some outcome moved, or all come back but not exactly, or a number
//!    of a table, figure or text differs, or a file is missing.
//!
//! An outcome is one analysis, outcome and subgroup; it *comes back* when each of its rows does. A
//! row is
//!
//! - exact: the same status and counts, and each number equal to within 1e-9 of its size (or 1e-9
//!   standard errors);
//! - close: the same status, counts within 1 in 1,000, and estimate, limits and standard error
//!   within 0.1 of the folder's standard error, or equal as printed (odds ratios 3 decimals,
//!   coefficients 4, probabilities 4, people to the nearest 1,000, p values 3); a row without a
//!   standard error may also differ by 5 in 100;
//! - moved: anything else.
//!
//! Distances are the re-run less the folder (`diff`: the second less the first) over the folder's
//! standard error, for odds ratios on the log scale, where their standard error is.
//!
//! In text (Markdown, HTML, SVG without its tags) numbers are compared in their order, the
//! program's own version apart. What cannot be read (XLSX, damaged CSV) counts as a number that
//! differs when it was edited after filing, and as layout otherwise.

mod causes;
mod cells;
mod changes;
mod content;
mod diff;
mod distance;
mod estimates;
mod folder;
mod hashes;
mod history;
mod published;
mod results;
mod show_diff;
mod show_verify;
mod text;
mod tree;
mod verdict;
mod verify;

pub use causes::{Cause, Causes, Cue, InputChange, ProgramChange};
pub use cells::{CellChange, Cells};
pub use changes::changes;
pub use content::{Detail, FileChange, Presence};
pub use diff::{Diff, Side, diff};
pub use estimates::{Agreement, EstimateChange, Estimates, OutcomeChange};
pub use folder::Folder;
pub use hashes::{HashCheck, InputCheck, InputState, check_hashes};
pub use history::{Flag, History, Why, flags};
pub use published::Published;
pub use results::Numbers;
pub use show_diff::diff_text;
pub use show_verify::verify_text;
pub use text::Lines;
pub use tree::KeyChange;
pub use verdict::Verdict;
pub use verify::{Made, Rerun, RerunReport, Verification, verify};
