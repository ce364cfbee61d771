//! offprint: one config in, one versioned evaluation report out.
#![warn(missing_docs)]

pub mod config;
pub mod error;
pub mod format;
