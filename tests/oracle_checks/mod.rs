//! The checks of `tests/oracles.rs`, by origin of the numbers.

mod joint;
mod nist;
mod pyfixest;
mod r;
mod survey;
mod textbook;
