//! A line for each cell: where it is, what was decided, why. Never the value.

use super::Audited;
use crate::tables::{Table, Value};

/// What was decided on a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Shown as it is.
    Shown,
    /// Shown as a multiple of the regime's base.
    Rounded,
    /// Not shown.
    Hidden,
    /// There is nothing to show.
    NotEstimated,
}

impl Decision {
    /// The word in the file.
    fn word(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Rounded => "rounded",
            Self::Hidden => "hidden",
            Self::NotEstimated => "not estimated",
        }
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// Id of the output: `table.ID`, `figure.ID`, a file's name.
    pub(super) output: String,
    /// What stands at the head of its row.
    pub(super) row: String,
    /// Its column's name in the CSV.
    pub(super) column: String,
    pub(super) decision: Decision,
    /// Why it is not shown; empty if it is.
    pub(super) reason: String,
    /// The number as filed, for the checks; the file of lines leaves it out.
    pub(super) number: Option<f64>,
}

/// Why a cell of a file without reasons is empty.
const UNSAID: &str = "suppressed, or rests on what is";

/// Whether a column counts people (or the rows that stand for them).
pub fn is_count(column: &str) -> bool {
    column == "n" || column.starts_with("n_") || ["rows", "responses", "value_n"].contains(&column)
}

/// Every cell of every output.
pub(super) fn lines(audited: &Audited<'_>) -> Vec<Line> {
    let rounds = audited.rules.rounding > 1;
    let mut lines: Vec<Line> = audited.tables.iter().flat_map(|table| table_lines(table, rounds)).collect();
    for figure in audited.figures {
        lines.extend(row_lines(&format!("figure.{}", figure.id), 1, &figure.csv, rounds));
    }
    for (path, keys, rows) in &audited.files {
        lines.extend(row_lines(path, *keys, rows, rounds));
    }
    lines
}

fn shown(column: &str, rounds: bool) -> Decision {
    if rounds && is_count(column) { Decision::Rounded } else { Decision::Shown }
}

fn table_lines(table: &Table, rounds: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut section = String::new();
    for row in &table.rows {
        if !row.section.is_empty() {
            section.clone_from(&row.section);
        }
        let head = row.cells.first().map(|cell| cell.text.as_str()).unwrap_or_default();
        let name = if section.is_empty() { head.to_string() } else { format!("{section}: {head}") };
        for (cell, head) in row.cells.iter().zip(&table.heads) {
            for (value, column) in cell.values.iter().zip(&head.names) {
                let (decision, reason, number) = match value {
                    Value::Number(x) => (shown(column, rounds), String::new(), Some(*x)),
                    Value::Hidden(why) if why.starts_with("not estimated") => {
                        (Decision::NotEstimated, why.clone(), None)
                    }
                    Value::Hidden(why) => (Decision::Hidden, why.clone(), None),
                    Value::Text(_) | Value::Blank => continue,
                };
                let (output, row) = (format!("table.{}", table.id), name.clone());
                lines.push(Line { output, row, column: column.clone(), decision, reason, number });
            }
        }
    }
    lines
}

/// Lines of a file whose first `keys` columns name a row. A file that says the status of each row has one
/// line for its numbers, and one for each count.
fn row_lines(output: &str, keys: usize, rows: &[Vec<String>], rounds: bool) -> Vec<Line> {
    let Some((header, rows)) = rows.split_first() else { return Vec::new() };
    let status = header.iter().position(|name| name == "status");
    let mut lines = Vec::new();
    for row in rows {
        let why = status.and_then(|at| row.get(at)).filter(|text| *text != "ok").cloned();
        let name = row.iter().take(keys).map(String::as_str).collect::<Vec<_>>().join(" / ");
        let wanted = |(at, column): &(usize, &String)| {
            Some(*at) != status && (status.is_none() || *at == keys || is_count(column))
        };
        for (at, column) in header.iter().enumerate().skip(keys).filter(wanted) {
            let Some(text) = row.get(at) else { continue };
            let number = text.parse::<f64>().ok();
            let (decision, reason) = match (text.is_empty(), &why, status) {
                (false, ..) if number.is_some() => (shown(column, rounds), String::new()),
                (true, Some(why), _) if why.starts_with("not estimated") => (Decision::NotEstimated, why.clone()),
                (true, Some(why), _) => (Decision::Hidden, why.clone()),
                (true, None, None) if is_count(column) => (Decision::Hidden, UNSAID.into()),
                _ => continue,
            };
            let (output, row, column) = (output.to_string(), name.clone(), column.clone());
            lines.push(Line { output, row, column, decision, reason, number });
        }
    }
    lines
}

/// The file of lines, header first.
pub(super) fn rows(lines: &[Line]) -> Vec<Vec<String>> {
    let mut rows = vec![["output", "row", "column", "decision", "reason"].map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| {
        vec![
            line.output.clone(),
            line.row.clone(),
            line.column.clone(),
            line.decision.word().to_owned(),
            line.reason.clone(),
        ]
    }));
    rows
}
