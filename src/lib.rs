//! offprint: one config in, one versioned evaluation report out.

pub mod config;
pub mod disclosure;
pub mod error;
pub mod figures;
pub mod format;
pub mod ingest;
pub mod num;
pub mod panel;
pub mod tables;
