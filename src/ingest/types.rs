//! What ingest hands on: survey codes as plain columns, administrative files as polars frames,
//! and a record of every file read.

use polars::prelude::DataFrame;
use serde::{Deserialize, Serialize};

/// Code of an item that the row's wave does not use (its file may lack it, or use the name for another
/// question). Outside every survey's own codes.
pub const ABSENT: i8 = i8::MIN;

/// One survey item for every row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Variable name as the config writes it.
    pub name: String,
    /// One code per row; [`ABSENT`] where the row's file has no such column.
    pub codes: Vec<i8>,
}

/// Survey responses as plain columns, in file order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survey {
    /// Practice codes, sorted, each once.
    pub practices: Vec<String>,
    /// Index into `practices`, one per row.
    pub practice: Vec<u32>,
    /// Index into the config's waves, one per row.
    pub wave: Vec<u8>,
    /// Items, sorted by name.
    pub items: Vec<Item>,
    /// Survey weight, one per row, where the files have one.
    pub weight: Option<Vec<f64>>,
    /// Number of responses a row stands for (cells and practice files).
    pub count: Option<Vec<u32>>,
    /// Practice files only: the outcome (index into the config's outcomes) a row counts answers to.
    pub outcome: Option<Vec<u8>>,
    /// Practice files only: counts that are not on file, in no particular order.
    pub withheld: Vec<Withheld>,
}

/// A count that a practice file suppresses or leaves empty: how many answers it hides is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withheld {
    /// Index into the config's outcomes.
    pub outcome: u8,
    /// Index into the practices.
    pub practice: u32,
    /// Index into the config's waves.
    pub wave: u8,
}

/// A file that was read.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct InputRecord {
    /// Which source: `survey`, `workforce`, `practices`, `deprivation`, `list_sizes`, `power`.
    pub source: String,
    /// Path as the config gives it (after glob expansion), forward slashes, relative to the data root.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
    /// Data rows.
    pub rows: u64,
    /// What was noticed and handled, for the report: "3 values in Windows-1252", "12 rows not kept".
    pub notes: Vec<String>,
}

/// Everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// Survey responses.
    pub survey: Survey,
    /// Workforce rows: `census` (str, "2020-12"), `pcn`, `pcn_name`, `area`, `area_name` (str),
    /// `amount` (f64), `counts` (bool: the row counts towards the exposure); where the config names them, `region`,
    /// `region_name` (str) and `other` (bool: the row is of other staff that models may adjust for).
    pub workforce: DataFrame,
    /// Practices: `wave` (i32: index into the config's waves), `practice`, `name` (str),
    /// `pcn` (str, null when in none), `patients` (f64, null when missing),
    /// `rurality` (str, null when missing), `closed` (bool).
    pub practices: DataFrame,
    /// Deprivation: `practice` (str), `year` (i32), `score` (f64). No rows when the study has none.
    pub deprivation: DataFrame,
    /// List sizes: `wave` (i32: index), `practice` (str), `patients` (f64). No rows when the study has none.
    pub list_sizes: DataFrame,
    /// Every file read, in config order. Empty for sources simulated in this process.
    pub records: Vec<InputRecord>,
}
