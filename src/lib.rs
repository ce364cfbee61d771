//! offprint: one config in, one versioned evaluation report out.

pub mod config;
pub mod error;
pub mod format;
pub mod ingest;
pub mod num;
pub mod panel;
