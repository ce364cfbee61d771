//! A finished report against itself: its files as bytes in, contradictions out. Knows the forms of
//! the report's tables and text; must not know models or how any number was made.
//!
//! A contradiction between numbers, or a reference that leads nowhere, is an error: one of the two
//! is wrong, whichever. Wording, and exhibits that the text passes over, are warnings. Files that are
//! missing or of another form are not looked into: a rule only speaks where it knows what it reads.

mod cells;
mod columns;
mod context;
mod dossier;
mod inputs;
mod levels;
mod numbers;
mod page;
mod prose;
mod references;
mod shares;
mod tests_of;
mod wholes;
mod words;

use crate::config::Form;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// One contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// File of the report.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// In text the character of the line, from 1; in a CSV the column's name; empty for the whole line.
    pub column: String,
    /// What contradicts what.
    pub what: String,
    /// What to do about it.
    pub hint: &'static str,
    /// Whether it is a matter of words only, which stops nothing.
    pub warning: bool,
}

impl Finding {
    /// Where in the file: `12`, `12:41`, or `12, column effect`.
    pub fn place(&self) -> String {
        match (self.column.as_str(), self.column.parse::<usize>()) {
            ("", _) => self.line.to_string(),
            (_, Ok(character)) => format!("{}:{character}", self.line),
            (name, Err(_)) => format!("{}, column {name}", self.line),
        }
    }
}

/// What the study tells its linter.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Wordings of cause, compared without case by whole words; each use is a warning.
    pub causal: Vec<String>,
    /// Passages that no rule on text looks into.
    pub allow: Vec<String>,
    /// What counts are rounded to before they are released; 0 and 1 for none.
    pub rounding: u64,
    /// Every outcome's names: id, label, short label.
    pub outcomes: Vec<[String; 3]>,
}

impl Told {
    /// What a study's config tells.
    pub fn of(form: &Form) -> Self {
        let names = |id: &String, label: &String, short: &String| [id.clone(), label.clone(), short.clone()];
        let outcomes = match form {
            Form::Survey(config) => config.outcomes.iter().map(|o| names(&o.id, &o.label, &o.short)).collect(),
            Form::Dataset(dataset) => dataset.outcomes.iter().map(|o| names(&o.id, &o.label, &o.short)).collect(),
        };
        let rounding = match form {
            Form::Survey(config) => config.disclosure.rounding,
            Form::Dataset(dataset) => dataset.disclosure.rounding,
        };
        let (lint, study) = (&form.study().lint, form.study());
        // A paper's title is not this report's claim.
        let titles = [&study.citation, &study.title].into_iter().filter(|title| !title.is_empty());
        let allow = lint.allow.iter().chain(titles).cloned().collect();
        Self { causal: lint.causal.clone(), allow, rounding, outcomes }
    }
}

/// A CSV of the report: its rows with the header first.
type Rows = Vec<Vec<String>>;

/// A rule on the report's text.
type Rule<'a> = dyn Fn(&mut Vec<Finding>) + Sync + 'a;

/// A report's files: paths with their bytes.
pub type Files = BTreeMap<String, Vec<u8>>;

/// Everything in a report's files that contradicts something else in them, by file and line.
///
/// Checked: estimates in their intervals; intervals symmetric on the natural, log or logit scale;
/// statistics and p values against estimates, errors and intervals; adjusted p values against plain
/// ones; parts against wholes; counts of one table against another's; the same estimate in different
/// files; printed cells against the CSV behind them; numbers and intervals of the text against the
/// tables; the page against the text; the list of inputs against the manifest; one level of confidence;
/// references, captions and links; wording.
pub fn check(files: &Files, told: &Told) -> Vec<Finding> {
    // Files and rules side by side; what they find is put in order at the end.
    let numbers: Vec<(&String, &Vec<u8>)> = files.iter().filter(|(path, _)| is_numbers(path)).collect();
    let read = numbers.into_par_iter().map(|(path, bytes)| {
        let mut found = Vec::new();
        let rows = rows(path, bytes, &mut found);
        columns::check(path, &rows, told, &mut found);
        tests_of::check(path, &rows, &mut found);
        wholes::check(path, &rows, told.rounding, &mut found);
        ((path.as_str(), rows), found)
    });
    let (tables, found): (BTreeMap<&str, Rows>, Vec<Vec<Finding>>) = read.collect::<Vec<_>>().into_iter().unzip();
    let mut found = found.concat();
    wholes::across(&tables, told.rounding, &mut found);
    dossier::check(&tables, &mut found);
    if let Some(text) = files.get("report.md").and_then(|bytes| std::str::from_utf8(bytes).ok()) {
        let lines: Vec<&str> = text.lines().collect();
        let rules: [&Rule; 7] = [
            &|found| prose::check(&lines, &mut context::Context::new(files, &tables, told), found),
            &|found| cells::check(&lines, &tables, found),
            &|found| page::check(&lines, files, found),
            &|found| references::check(&lines, files, found),
            &|found| words::check(&lines, told, found),
            &|found| levels::check(&lines, found),
            &|found| inputs::check(&lines, files, found),
        ];
        let of_rule = |rule: &&Rule| {
            let mut found = Vec::new();
            rule(&mut found);
            found
        };
        found.extend(rules.par_iter().map(of_rule).collect::<Vec<_>>().concat());
    }
    found.sort_by(|a, b| (&a.file, a.line, &a.column, &a.what).cmp(&(&b.file, b.line, &b.column, &b.what)));
    found.dedup();
    found
}

/// Whether a file holds results as numbers.
fn is_numbers(path: &str) -> bool {
    let folder = path.starts_with("tables/") || path.starts_with("figures/");
    (folder && path.ends_with(".csv")) || ["results.csv", "models.csv", "flow.csv"].contains(&path)
}

fn rows(path: &str, bytes: &[u8], found: &mut Vec<Finding>) -> Rows {
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    let mut rows: Rows = Vec::new();
    for record in reader.into_records() {
        let Ok(record) = record else {
            error(found, path, rows.len() + 1, "not UTF-8 text".into(), "the file is damaged");
            break;
        };
        let line = record.position().map_or(0, csv::Position::line) as usize;
        let row: Vec<String> = record.iter().map(str::to_string).collect();
        if let Some(header) = rows.first().filter(|header| header.len() != row.len()) {
            let what = format!("{} cells below a header of {}", row.len(), header.len());
            error(found, path, line, what, "the file is damaged");
        }
        rows.push(row);
    }
    rows
}

/// Column of a name.
fn place(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|head| head == name)
}

/// A cell as a finite number.
fn number(row: &[String], at: usize) -> Option<f64> {
    row.get(at)?.parse::<f64>().ok().filter(|x| x.is_finite())
}

/// A line with the column's name or the character in it.
struct Place(usize, String);

impl From<usize> for Place {
    fn from(line: usize) -> Self {
        Self(line, String::new())
    }
}

impl From<(usize, &str)> for Place {
    fn from((line, column): (usize, &str)) -> Self {
        Self(line, column.to_string())
    }
}

/// The place of what begins at a byte of a line of text.
fn character(line: usize, text: &str, at: usize) -> Place {
    Place(line, (text.char_indices().take_while(|(start, _)| *start < at).count() + 1).to_string())
}

/// Adds a contradiction in numbers.
fn error(found: &mut Vec<Finding>, file: &str, place: impl Into<Place>, what: String, hint: &'static str) {
    let Place(line, column) = place.into();
    found.push(Finding { file: file.to_string(), line, column, what, hint, warning: false });
}

/// Adds a matter of words.
fn warning(found: &mut Vec<Finding>, place: impl Into<Place>, what: String, hint: &'static str) {
    let Place(line, column) = place.into();
    found.push(Finding { file: "report.md".into(), line, column, what, hint, warning: true });
}
