//! The report's text against its tables: printed cells, intervals, references, links, wording.
//! Knows the Markdown that this program writes; must not know any study.

use super::numbers::{Printed, printed, symmetric};
use super::{Finding, Rows, error};
use std::collections::{BTreeMap, BTreeSet};

const FILE: &str = "report.md";

/// All rules on the text.
pub(super) fn check(
    text: &str,
    tables: &BTreeMap<&str, Rows>,
    files: &BTreeMap<String, Vec<u8>>,
    found: &mut Vec<Finding>,
) {
    let lines: Vec<&str> = text.lines().collect();
    references(&lines, files, found);
    let mut block: Vec<(usize, Vec<&str>)> = Vec::new();
    let pairs = pairs(tables);
    for (at, line) in lines.iter().enumerate() {
        if let Some(inner) = line.trim().strip_prefix('|').and_then(|line| line.strip_suffix('|')) {
            block.push((at + 1, inner.split('|').map(str::trim).collect()));
            continue;
        }
        if let Some(path) = linked(line, "[Values of Table ") {
            if let Some(rows) = tables.get(path) {
                cells(&block, rows, found);
            }
        }
        if line.starts_with("**Table ") || line.starts_with('#') {
            block.clear();
        }
        intervals(at + 1, line, Some(&pairs), found);
    }
}

fn linked<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.split_once("](")?.1.strip_suffix(')')
}

/// Every two numbers that stand in one row of a table, as limits of an interval.
fn pairs(tables: &BTreeMap<&str, Rows>) -> Vec<(f64, f64)> {
    let mut all = Vec::new();
    for rows in tables.iter().filter(|(path, _)| !path.starts_with("tables/coefficients")).map(|(_, rows)| rows) {
        let Some((header, rows)) = rows.split_first() else { continue };
        let low = header
            .iter()
            .enumerate()
            .filter(|(_, name)| name.contains("_low") || *name == "q1" || name.ends_with("q25") || *name == "p25");
        for (at, name) in low {
            let other = name.replace("_low", "_high").replace("q1", "q3").replace("q25", "q75").replace("p25", "p75");
            let Some(high) = header.iter().position(|head| *head == other) else { continue };
            let number = |row: &Vec<String>, at: usize| row.get(at)?.parse::<f64>().ok();
            all.extend(rows.iter().filter_map(|row| Some((number(row, at)?, number(row, high)?))));
        }
    }
    all
}

/// Intervals "a to b" after "95% CI" in running text, and before them the estimate.
fn intervals(line: usize, text: &str, pairs: Option<&[(f64, f64)]>, found: &mut Vec<Finding>) {
    for (at, _) in text.match_indices("95% CI ") {
        let tail = &text[at + 7..];
        let tail = &tail[..tail.find([';', ')']).unwrap_or(tail.len())];
        let limits = printed(tail);
        let [low, high, ..] = limits[..] else { continue };
        let before = &text[..at];
        let from = before.trim_end_matches([' ', '(', ',']);
        let from = from.rsplit([';', ')', '(', ':']).next().unwrap_or(from);
        if let Some(middle) = printed(from).last().copied() {
            against(line, middle, low, high, true, found);
        }
        if let Some(pairs) = pairs
            && !pairs.iter().any(|&(a, b)| (low.prints(a) && high.prints(b)) || (low.prints(-b) && high.prints(-a)))
        {
            let what = format!("the interval {} to {} stands in no table", low.value, high.value);
            error(found, FILE, line, what, "the text and the tables must give the same numbers");
        }
    }
}

/// An estimate beside its interval, as printed.
fn against(line: usize, middle: Printed, low: Printed, high: Printed, confidence: bool, found: &mut Vec<Finding>) {
    let inside =
        low.value - low.half <= middle.value + middle.half && middle.value - middle.half <= high.value + high.half;
    let stated = format!("{} with an interval of {} to {}", middle.value, low.value, high.value);
    if !inside {
        error(
            found,
            FILE,
            line,
            format!("{stated}: the estimate lies outside"),
            "a sign or digit is wrong in the text",
        );
    } else if confidence && !symmetric(low, middle, high) {
        error(found, FILE, line, format!("{stated}: not in its middle on any scale"), "a digit is wrong in the text");
    }
}

/// Printed cells against the rows of the CSV behind them, row by row where they pair off.
fn cells(block: &[(usize, Vec<&str>)], rows: &Rows, found: &mut Vec<Finding>) {
    let Some(rows) = rows.get(1..) else { return };
    let Some((_, header)) = block.first() else { return };
    let body: Vec<&(usize, Vec<&str>)> =
        block.iter().skip(2).filter(|(_, cells)| !cells.iter().skip(1).all(|cell| cell.is_empty())).collect();
    let values = |row: &Vec<String>| row.iter().flat_map(|cell| exact(cell)).collect::<Vec<f64>>();
    let all: Vec<Vec<f64>> = rows.iter().map(values).collect();
    let flat: Vec<f64> = all.iter().flatten().copied().collect();
    for (at, (line, cells)) in body.iter().enumerate() {
        let pool = if body.len() == rows.len() { &all[at] } else { &flat };
        for (column, cell) in cells.iter().enumerate().skip(1) {
            let numbers = printed(cell);
            for number in &numbers {
                if cell.contains('<') || pool.iter().any(|&x| number.prints(x)) {
                    continue;
                }
                let what = format!("{} in “{cell}” does not stand in the CSV behind the table", number.value);
                error(found, FILE, *line, what, "the text and the tables must give the same numbers");
            }
            if let ([middle, low, high, ..], true) = (&numbers[..], cell.contains(" to ")) {
                let confidence = header.get(column).is_some_and(|head| head.contains("CI"));
                against(*line, *middle, *low, *high, confidence, found);
            }
        }
    }
}

/// The number of a CSV cell, or the numbers in its words.
fn exact(cell: &str) -> Vec<f64> {
    match cell.parse::<f64>() {
        Ok(x) => vec![x],
        Err(_) => printed(cell).iter().map(|number| number.value).collect(),
    }
}

/// References have captions, captions are unlike, links lead to files, and files are linked.
fn references(lines: &[&str], files: &BTreeMap<String, Vec<u8>>, found: &mut Vec<Finding>) {
    let mut captions = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        for kind in ["Table", "Figure"] {
            let caption = line.strip_prefix("**").and_then(|line| line.strip_prefix(kind)?.split_once(".**"));
            if let Some((number, _)) = caption
                && !captions.insert(format!("{kind}{number}"))
            {
                error(found, FILE, at + 1, format!("two captions of {kind}{number}"), "number each once");
            }
        }
    }
    let mut linked = BTreeSet::new();
    for (at, line) in lines.iter().enumerate() {
        for kind in ["Table ", "Figure "] {
            for (start, _) in line.match_indices(kind) {
                let number: String =
                    line[start + kind.len()..].chars().take_while(char::is_ascii_alphanumeric).collect();
                let name = format!("{kind}{number}");
                let counts = number.chars().any(|c| c.is_ascii_digit());
                if counts && !captions.contains(&name) {
                    error(
                        found,
                        FILE,
                        at + 1,
                        format!("{name} is referred to and is not in the report"),
                        "correct the reference",
                    );
                }
            }
        }
        for (start, _) in line.match_indices("](") {
            let target = line[start + 2..].split([')', '#']).next().unwrap_or_default();
            linked.insert(target.to_string());
            let local = target.starts_with("tables/") || target.starts_with("figures/");
            if local && !files.contains_key(target) {
                error(
                    found,
                    FILE,
                    at + 1,
                    format!("`{target}` is linked and is not in the report"),
                    "correct the link",
                );
            }
        }
    }
    for path in files.keys().filter(|path| path.starts_with("tables/") || path.starts_with("figures/")) {
        if !linked.contains(path.as_str()) {
            error(
                found,
                FILE,
                1,
                format!("`{path}` is in the report and nothing leads to it"),
                "show it in the template",
            );
        }
    }
}

/// Places where one of `words` stands in running text.
pub(super) fn wording(text: &str, words: &[String], found: &mut Vec<Finding>) {
    for (at, line) in text.lines().enumerate() {
        let lower = line.to_lowercase();
        for word in words.iter().filter(|word| !word.is_empty() && lower.contains(&word.to_lowercase())) {
            found.push(Finding {
                file: FILE.to_string(),
                line: at + 1,
                what: format!("“{word}”: causal wording for an association"),
                hint: "say what was seen, or take the word off the list in the config",
                warning: true,
            });
        }
    }
}
