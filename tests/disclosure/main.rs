//! Disclosure control: no hidden count can be solved for from everything that is shown, by exact
//! reasoning over all tables of whole numbers that a reader could think of; regimes by their own words;
//! the papers of the output checker; versions beside each other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod history;
mod known;
mod ledgers;
mod regimes;
mod solver;
mod tables;
