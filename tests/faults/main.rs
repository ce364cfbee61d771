//! Faults and attacks, through the real binary: killed runs, full disks, other clocks and places,
//! inputs that change, runs at the same time, hostile configs, templates, names and files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod corpus;
#[cfg(unix)]
mod disk;
mod hostile;
mod inputs;
#[cfg(unix)]
mod killed;
mod lengths;
mod machine;
mod names;
#[cfg(unix)]
mod outside;
mod small;
#[path = "../cli/study.rs"]
#[allow(dead_code, reason = "the command line's tests use all of it")]
mod study;
mod together;
