//! The tables of the text against the CSV behind them, row by row. Knows the Markdown that this
//! program writes; must not know any study.

use super::numbers::{Printed, inside, printed, symmetric};
use super::{Finding, Rows, error, place};
use std::collections::BTreeMap;

const FILE: &str = "report.md";
const SAME: &str = "the text and the tables must give the same numbers";

/// A row of a table in the text.
struct Row<'a> {
    line: usize,
    /// Section that it stands in; empty for none.
    section: String,
    cells: Vec<&'a str>,
}

/// Every table that a CSV stands behind.
pub(super) fn check(lines: &[&str], tables: &BTreeMap<&str, Rows>, found: &mut Vec<Finding>) {
    let mut block: Vec<(usize, Vec<&str>)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if let Some(inner) = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|')) {
            block.push((at + 1, inner.split('|').map(str::trim).collect()));
        } else if line.starts_with("**Table ") || line.starts_with('#') {
            block.clear();
        } else if let Some(rows) = behind(line).and_then(|path| tables.get(path)) {
            table(&block, rows, tables.get("results.csv"), found);
            block.clear();
        }
    }
}

/// The CSV that a line names as the values of a table.
fn behind(line: &str) -> Option<&str> {
    line.strip_prefix("[Values of Table ")?.split_once("](")?.1.strip_suffix(')')
}

fn table(block: &[(usize, Vec<&str>)], csv: &Rows, results: Option<&Rows>, found: &mut Vec<Finding>) {
    let (Some((_, heads)), Some((header, values))) = (block.first(), csv.split_first()) else { return };
    let mut section = String::new();
    let mut body = Vec::new();
    for (line, cells) in block.iter().skip(2) {
        if cells.len() > 1 && cells.iter().skip(1).all(|cell| cell.is_empty()) {
            section = plain(cells[0]);
        } else {
            body.push(Row { line: *line, section: section.clone(), cells: cells.clone() });
        }
    }
    body.iter().for_each(|row| limits(row, heads, found));
    let missing: Vec<Vec<Printed>> = body.iter().map(|row| absent(row, header, values)).collect();
    let wrong = missing.iter().filter(|missing| !missing.is_empty()).count();
    // A table that is laid out otherwise than its CSV has most rows unlike any row of it: then each
    // number must stand somewhere in it.
    let turned = wrong * 3 > body.len() && wrong > 2;
    let all: Vec<f64> = if turned { values.iter().flat_map(|row| numbers(row)).collect() } else { Vec::new() };
    for (row, missing) in body.iter().zip(missing) {
        let elsewhere =
            |number: &Printed| (turned && all.iter().any(|x| number.prints(*x))) || filed(row, number, results);
        for number in missing.iter().filter(|number| !elsewhere(number)) {
            let what =
                format!("{} in the row “{}” is not in the CSV behind the table", number.value, plain(row.cells[0]));
            error(found, FILE, row.line, what, SAME);
        }
    }
}

/// Whether all numbers of the cell that holds this one stand in one row of the results.
fn filed(row: &Row, number: &Printed, results: Option<&Rows>) -> bool {
    let cells = row.cells.iter().skip(1).map(|cell| printed(cell));
    let own = cells.into_iter().filter(|cell| cell.len() > 1 && cell.contains(number));
    let holds = |cell: &Vec<Printed>, values: &[f64]| cell.iter().all(|n| values.iter().any(|x| n.prints(*x)));
    own.into_iter().any(|cell| results.is_some_and(|rows| rows.iter().any(|values| holds(&cell, &numbers(values)))))
}

/// Text of a cell without its marks.
fn plain(cell: &str) -> String {
    cell.replace(['*', '\\', '†', '`'], "").trim().to_string()
}

/// The numbers of a row that are not in the row of the CSV that is most like it.
fn absent(row: &Row, header: &[String], values: &[Vec<String>]) -> Vec<Printed> {
    let label = plain(row.cells.first().copied().unwrap_or_default());
    let printed: Vec<Printed> = row.cells.iter().skip(1).flat_map(|cell| printed(cell)).collect();
    if printed.is_empty() {
        return Vec::new();
    }
    let section = place(header, "section");
    let here =
        |value: &&Vec<String>| section.is_none_or(|at| row.section.is_empty() || value.get(at) == Some(&row.section));
    let named = |value: &&Vec<String>| value.contains(&label);
    let mut candidates: Vec<&Vec<String>> = values.iter().filter(here).filter(named).collect();
    if candidates.is_empty() {
        candidates = values.iter().filter(here).collect();
    }
    let without = |value: &&Vec<String>| -> Vec<Printed> {
        let numbers = numbers(value);
        printed.iter().filter(|number| !numbers.iter().any(|x| number.prints(*x))).copied().collect()
    };
    let each = candidates.iter().map(without);
    each.min_by_key(Vec::len).unwrap_or(printed)
}

/// Every number of a row of a CSV, those in words among them.
fn numbers(row: &[String]) -> Vec<f64> {
    let one = |cell: &String| match cell.parse::<f64>() {
        Ok(x) => vec![x],
        Err(_) => printed(cell).iter().map(|number| number.value).collect(),
    };
    row.iter().flat_map(one).collect()
}

/// Estimates of the cells lie in the intervals beside them.
fn limits(row: &Row, heads: &[&str], found: &mut Vec<Finding>) {
    for (column, cell) in row.cells.iter().enumerate().filter(|(_, cell)| cell.contains(" to ")) {
        let numbers = printed(cell);
        let [middle, low, high, ..] = numbers[..] else { continue };
        let between = &cell[middle.at.1..low.at.0];
        if !between.contains('(') || !cell[low.at.1..high.at.0].contains(" to ") {
            continue;
        }
        let stated = format!("{} with an interval of {} to {}", middle.value, low.value, high.value);
        let confidence = heads.get(column).is_some_and(|head| head.contains("CI"));
        if !inside(low, middle, high) {
            error(found, FILE, row.line, format!("{stated}: the estimate lies outside"), SAME);
        } else if confidence && !symmetric(low, middle, high) && !heads[column].to_lowercase().contains("cost") {
            error(found, FILE, row.line, format!("{stated}: not in its middle on any scale"), SAME);
        }
    }
}
