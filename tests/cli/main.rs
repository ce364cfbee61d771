//! The program from outside: the small simulated study through the real binary, and every bad
//! input with its exit status, its message, and nothing filed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod attack;
mod bad;
mod cache;
mod disclosure;
mod good;
mod models;
mod next_year;
mod public_route;
mod study;
mod verify;
