//! A finished report against itself: its files as bytes in, contradictions out. Knows the forms of
//! the report's tables and text; must not know config, models or how any number was made.

mod columns;
mod numbers;
mod prose;
mod wholes;

use serde::Serialize;
use std::collections::BTreeMap;

/// One contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// File of the report.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// What contradicts what.
    pub what: String,
    /// What to do about it.
    pub hint: &'static str,
    /// Whether it is a matter of words only, which stops nothing.
    pub warning: bool,
}

/// Where a table of the report begins: its rows with the header first.
type Rows = Vec<Vec<String>>;

/// Everything in a report's files that contradicts something else in them, by file and line, and
/// every place where one of `wording` (compared without case) stands in the text, as a warning.
///
/// Checked: estimates in their intervals; intervals symmetric on the natural, log or logit scale;
/// tests against intervals and errors; parts against wholes; printed cells and intervals against
/// the CSV behind them; references, captions and links. Files that are missing or of another form
/// are not looked into: a rule only speaks where it knows what it reads.
pub fn check(files: &BTreeMap<String, Vec<u8>>, wording: &[String]) -> Vec<Finding> {
    let tables: BTreeMap<&str, Rows> = files
        .iter()
        .filter(|(path, _)| path.ends_with(".csv"))
        .map(|(path, bytes)| (path.as_str(), rows(bytes)))
        .collect();
    let mut found = Vec::new();
    for (path, rows) in &tables {
        columns::check(path, rows, &mut found);
        wholes::check(path, rows, &mut found);
    }
    wholes::across(&tables, &mut found);
    if let Some(text) = files.get("report.md").and_then(|bytes| std::str::from_utf8(bytes).ok()) {
        prose::check(text, &tables, files, &mut found);
        prose::wording(text, wording, &mut found);
    }
    found.sort_by(|a, b| (&a.file, a.line, &a.what).cmp(&(&b.file, b.line, &b.what)));
    found.dedup();
    found
}

fn rows(bytes: &[u8]) -> Rows {
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let records = reader.into_records().map_while(Result::ok);
    records.map(|record| record.iter().map(str::to_string).collect()).collect()
}

/// Adds a contradiction in numbers.
fn error(found: &mut Vec<Finding>, file: &str, line: usize, what: String, hint: &'static str) {
    found.push(Finding { file: file.to_string(), line, what, hint, warning: false });
}
