//! offprint: one config in, one versioned evaluation report out.
//!
//! Rooms, in the order in which data pass through them: [`config`], [`ingest`] (or [`simulate`]),
//! [`panel`], [`model`], [`disclosure`], [`tables`] and [`figures`], [`report`], [`store`]; [`compare`]
//! stands beside store, [`lint`] reads what is to be filed.
//! [`pipeline`] names the stages, [`commands`] calls it. [`error`], [`files`], [`num`] and
//! [`mod@format`] are leaves that any room may use.

pub mod cli;
pub mod commands;
pub mod compare;
pub mod config;
pub mod disclosure;
pub mod error;
pub mod figures;
pub mod files;
pub mod format;
pub mod ingest;
pub mod lint;
pub mod model;
pub mod num;
pub mod panel;
pub mod pipeline;
pub mod report;
pub mod simulate;
pub mod store;
pub mod tables;
