//! What a reader of two versions can know that a reader of each cannot: numbers of people that the
//! difference of two shown counts gives, and counts that are hidden in one version and shown in the
//! other. Looks at the files of both, as a reader would; names places, never numbers.
//!
//! Nothing of it enters a version's own files, which depend on their inputs alone: what else lies in the
//! output folder is not among them. It stands beside the version's folder, with the other's name.

use super::cells;
use super::content::Files;
use crate::report::is_count;
use serde::Serialize;
use std::collections::BTreeMap;

/// Words that stand in place of a hidden value.
const HIDDEN: &str = "suppressed";

/// Why two versions together tell too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Both show the count, and it changed by fewer people than the threshold.
    SmallDifference,
    /// This version hides what the other shows.
    ShownBefore,
    /// This version shows what the other hides.
    HiddenBefore,
    /// Both hide it, for reasons that narrow it down together.
    OtherReason,
}

/// A place where two versions together tell too much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Flag {
    /// File in both folders.
    pub file: String,
    /// What heads the row.
    pub row: String,
    /// Column.
    pub column: String,
    /// Why.
    pub why: Why,
}

/// What a version beside another is looked at for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct History {
    /// Form of the file.
    pub form: &'static str,
    /// Folder of the version.
    pub version: String,
    /// Folder of the version on file.
    pub previous: String,
    /// SHA-256 of the other's identity.
    pub previous_identity_sha256: String,
    /// Differences below this are told.
    pub threshold: u64,
    /// `pass` or `review`.
    pub status: &'static str,
    /// The places.
    pub flags: Vec<Flag>,
}

impl History {
    /// Compares the counts of two versions' files.
    pub fn new(version: &str, files: &Files, previous: &super::Folder, threshold: u64, rounding: u64) -> Self {
        let flags = flags(&previous.files, files, threshold, rounding);
        Self {
            form: "offprint history 1",
            version: version.into(),
            previous: previous.name.clone(),
            previous_identity_sha256: previous.manifest.identity_sha256.clone(),
            threshold,
            status: if flags.is_empty() { "pass" } else { "review" },
            flags,
        }
    }
}

/// Every place, in order of file, row and column. Rounded counts differ by multiples of the base, which
/// tell no such number.
pub fn flags(before: &Files, after: &Files, threshold: u64, rounding: u64) -> Vec<Flag> {
    let mut flags = Vec::new();
    for (file, bytes) in after.iter().filter(|(file, _)| file.ends_with(".csv") && *file != crate::report::CELLS) {
        let Some(old) = before.get(file) else { continue };
        let (old, new) = (counts(file, old), counts(file, bytes));
        for ((row, column), now) in &new {
            let why = old.get(&(row.clone(), column.clone())).and_then(|then| why(then, now, threshold, rounding));
            let (file, row, column) = (file.clone(), row.clone(), column.clone());
            flags.extend(why.map(|why| Flag { file, row, column, why }));
        }
    }
    flags.sort();
    flags.dedup();
    flags
}

fn why(then: &str, now: &str, threshold: u64, rounding: u64) -> Option<Why> {
    if then == now || threshold == 0 {
        return None;
    }
    let number = |text: &str| text.parse::<f64>().ok();
    match (number(then), number(now)) {
        (Some(then), Some(now)) => {
            (rounding < 2 && (then - now).abs() < threshold as f64).then_some(Why::SmallDifference)
        }
        (Some(_), None) => Some(Why::ShownBefore),
        (None, Some(_)) => Some(Why::HiddenBefore),
        (None, None) => Some(Why::OtherReason),
    }
}

/// The counts of people of a file, by row and column: a number, or what stands in its place.
fn counts(file: &str, bytes: &[u8]) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    let Ok(rows) = cells::rows(bytes) else { return found };
    let Some((header, rows)) = rows.split_first() else { return found };
    let keys = match file {
        "results.csv" | "models.csv" => 5,
        "flow.csv" => 4,
        _ => names(rows, header.len()),
    };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let mut name = row.iter().take(keys).map(String::as_str).collect::<Vec<_>>().join(" / ");
        let again = seen.entry(name.clone()).or_default();
        *again += 1;
        if *again > 1 {
            name = format!("{name} ({again})");
        }
        for (column, cell) in header.iter().zip(row).skip(keys).filter(|(column, _)| is_count(column)) {
            found.insert((name.clone(), column.clone()), cell.clone());
        }
    }
    found
}

/// How many columns name a row: those before the first with a number or a hidden value.
fn names(rows: &[Vec<String>], width: usize) -> usize {
    let value = |cell: &String| cell.parse::<f64>().is_ok() || cell.starts_with(HIDDEN);
    (0..width).take_while(|at| !rows.iter().filter_map(|row| row.get(*at)).any(value)).count()
}
