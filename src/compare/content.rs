//! The files of two folders, or of a folder and a re-run, compared by kind: estimates, cells, lines,
//! bytes.

use super::cells::{self, Cells};
use super::estimates::{self, Estimates};
use super::results;
use super::text::{self, Lines};
use crate::error::{Problem, Result};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The estimates' file.
pub(super) const RESULTS: &str = "results.csv";

/// Paths with their bytes.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// A file that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileChange {
    /// Path within the folder.
    pub path: String,
    /// Where it is.
    pub presence: Presence,
    /// What differs in it.
    #[serde(flatten)]
    pub detail: Detail,
    /// Whether numbers differ; true where that cannot be told and was not given as layout.
    pub numbers_differ: bool,
}

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// On both sides, with other bytes.
    Both,
    /// On the first side only.
    FirstOnly,
    /// On the second side only.
    SecondOnly,
}

/// What differs in a file.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Detail {
    /// Estimates; told apart in [`Estimates`].
    Estimates,
    /// Cells.
    Cells(Cells),
    /// Lines.
    Lines(Lines),
    /// Bytes that are not looked into, or a file on one side only.
    Bytes,
    /// A file that should be a table and is not.
    Damaged {
        /// What is wrong.
        problem: String,
    },
}

/// Compares every file of two sides; files with equal bytes are left out.
pub(super) fn changes(before: &Files, after: &Files, versions: [&str; 2]) -> Vec<FileChange> {
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |path: &String| {
        let (presence, detail) = match (before.get(path), after.get(path)) {
            (Some(a), Some(b)) if a == b => return None,
            (Some(a), Some(b)) => (Presence::Both, detail(path, a, b, versions)),
            (Some(_), None) => (Presence::FirstOnly, Detail::Bytes),
            _ => (Presence::SecondOnly, Detail::Bytes),
        };
        let numbers_differ = match &detail {
            // Estimates have their own, finer rule.
            Detail::Estimates => false,
            Detail::Cells(cells) => cells.numbers_differ,
            // What says from what the folder was made is judged by its causes, not its digits.
            Detail::Lines(_) if presence == Presence::Both && is_provenance(path) => false,
            Detail::Lines(lines) => lines.numbers_differ,
            Detail::Bytes => presence != Presence::Both,
            Detail::Damaged { .. } => true,
        };
        Some(FileChange { path: path.clone(), presence, detail, numbers_differ })
    };
    paths.into_par_iter().filter_map(change).collect()
}

/// Files that say what a report was made from.
fn is_provenance(path: &str) -> bool {
    let named =
        ["manifest.json", "REPRODUCE.md", "config.yaml", "CITATION.cff", "ro-crate-metadata.json", "changes.json"];
    named.contains(&path) || path.starts_with("templates/")
}

fn detail(path: &str, before: &[u8], after: &[u8], versions: [&str; 2]) -> Detail {
    if path == RESULTS {
        return Detail::Estimates;
    }
    if path.ends_with(".csv") {
        return match (cells::rows(before), cells::rows(after)) {
            (Ok(before), Ok(after)) => Detail::Cells(cells::compare(&before, &after)),
            (Err(problem), _) | (_, Err(problem)) => Detail::Damaged { problem },
        };
    }
    let tagged = path.ends_with(".html") || path.ends_with(".svg");
    match (std::str::from_utf8(before), std::str::from_utf8(after)) {
        (Ok(before), Ok(after)) => Detail::Lines(text::lines(before, after, versions, tagged)),
        _ => Detail::Bytes,
    }
}

/// Compares the estimates of two sides.
///
/// # Errors
/// A side whose `results.csv` is missing or damaged.
pub(super) fn estimates(before: &Files, after: &Files, names: [&str; 2]) -> Result<Estimates> {
    let read = |files: &Files, name: &str| {
        let shown = format!("{name}/{RESULTS}");
        let bytes = files.get(RESULTS).ok_or_else(|| Problem::new("no such file").file(&shown))?;
        let rows = cells::rows(bytes).map_err(|problem| {
            Problem::new(format!("not a table: {problem}")).file(&shown).hint("the file is damaged")
        })?;
        results::read(&rows, &shown)
    };
    let (first, second) = rayon::join(|| read(before, names[0]), || read(after, names[1]));
    Ok(estimates::compare(&first?, &second?))
}
