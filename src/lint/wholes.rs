//! Parts against wholes, and the counts of one table against another's. Knows flow, description and
//! model tables; must not know which study they are of.

use super::{Finding, Rows, error, number, place};
use std::collections::BTreeMap;

/// A stage of the flow with its rows; none where they are hidden.
type Stage<'a> = (&'a str, Option<f64>);

const HINT: &str = "a count was changed or left out: make the report again";

/// Wholes of one file.
pub(super) fn check(path: &str, rows: &Rows, rounding: u64, found: &mut Vec<Finding>) {
    let Some((header, rows)) = rows.split_first() else { return };
    if place(header, "stage").is_some() {
        flow(path, header, rows, rounding, found);
    }
    if place(header, "characteristic").is_some() {
        described(path, header, rows, rounding, found);
    }
}

/// Rows received, less what left, are those analysed.
fn flow(path: &str, header: &[String], rows: &[Vec<String>], rounding: u64, found: &mut Vec<Finding>) {
    let (Some(stage), Some(count)) = (place(header, "stage"), place(header, "rows")) else { return };
    let keys: Vec<usize> = ["outcome", "wave"].iter().filter_map(|name| place(header, name)).collect();
    let mut groups: BTreeMap<Vec<&str>, (usize, Vec<Stage>)> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        let key = keys.iter().filter_map(|&key| row.get(key).map(String::as_str)).collect();
        let group = groups.entry(key).or_insert((at + 2, Vec::new()));
        group.1.push((row.get(stage).map_or("", String::as_str), number(row, count)));
    }
    for (key, (line, parts)) in groups {
        let known = parts.iter().all(|(stage, n)| n.is_some() && ["received", "left", "analysed"].contains(stage));
        if !known {
            continue;
        }
        let sum =
            |wanted: &str| parts.iter().filter(|(stage, _)| *stage == wanted).filter_map(|(_, n)| *n).sum::<f64>();
        let (all, left, analysed) = (sum("received"), sum("left"), sum("analysed"));
        if (all - left - analysed).abs() > slack(parts.len(), rounding) {
            let what = format!("{}: {all} received less {left} that left are not {analysed} analysed", key.join(", "));
            error(found, path, line, what, HINT);
        }
    }
}

/// How far a sum of so many counts may lie from its whole, each rounded to multiples of a base on its own.
fn slack(counts: usize, rounding: u64) -> f64 {
    if rounding > 1 { rounding as f64 / 2.0 * (counts + 1) as f64 } else { 1e-6 }
}

/// Levels of a characteristic give everybody; shares give one; waves give all waves.
fn described(path: &str, header: &[String], rows: &[Vec<String>], rounding: u64, found: &mut Vec<Finding>) {
    let Some(by) = place(header, "characteristic") else { return };
    let mut sections: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        sections.entry(row.get(by).map_or("", String::as_str)).or_default().push(at);
    }
    let whole = sections.get("").and_then(|rows| rows.first().copied());
    for (section, members) in sections.iter().filter(|(section, _)| !section.is_empty()) {
        for (column, name) in header.iter().enumerate() {
            let values: Option<Vec<f64>> = members.iter().map(|&at| number(&rows[at], column)).collect();
            let Some(values) = values.filter(|values| values.len() > 1) else { continue };
            let sum: f64 = values.iter().sum();
            let all = if name.starts_with("share_") {
                Some(1.0)
            } else {
                whole.and_then(|at| number(&rows[at], column)).filter(|_| name.starts_with("n_"))
            };
            let share = name.starts_with("share_");
            let rounded = if rounding > 1 { 0.005 * values.len() as f64 } else { 1e-6 };
            let allowed = if share { rounded } else { slack(values.len(), rounding) };
            if let Some(all) = all.filter(|all| (all - sum).abs() > allowed) {
                let what = format!("{section}, {name}: parts sum to {sum}, the whole is {all}");
                error(found, path, members[0] + 2, what, HINT);
            }
        }
    }
    let waves: Vec<usize> = header
        .iter()
        .enumerate()
        .filter(|(_, name)| name.starts_with("n_") && *name != "n_all")
        .map(|(at, _)| at)
        .collect();
    let Some(total) = place(header, "n_all") else { return };
    for (at, row) in rows.iter().enumerate() {
        let parts: Option<Vec<f64>> = waves.iter().map(|&column| number(row, column)).collect();
        let (Some(parts), Some(all)) = (parts.filter(|parts| !parts.is_empty()), number(row, total)) else { continue };
        let sum: f64 = parts.iter().sum();
        if (sum - all).abs() > slack(parts.len(), rounding) {
            error(found, path, at + 2, format!("waves sum to {sum}, all waves are {all}"), HINT);
        }
    }
}

/// Models rest on no more rows than were analysed, and results on as many as their model.
pub(super) fn across(tables: &BTreeMap<&str, Rows>, rounding: u64, found: &mut Vec<Finding>) {
    let column = |path: &str, names: [&str; 4]| -> Vec<(usize, [String; 4])> {
        let Some((header, rows)) = tables.get(path).and_then(|rows| rows.split_first()) else { return Vec::new() };
        let at = names.map(|name| place(header, name));
        let cells = |row: &Vec<String>| at.map(|at| at.and_then(|at| row.get(at)).cloned().unwrap_or_default());
        rows.iter().enumerate().map(|(line, row)| (line + 2, cells(row))).collect()
    };
    let mut analysed: BTreeMap<String, f64> = BTreeMap::new();
    for (_, [outcome, _, stage, n]) in column("tables/flow.csv", ["outcome", "wave", "stage", "rows"]) {
        if let (true, Ok(n)) = (stage == "analysed", n.parse::<f64>()) {
            *analysed.entry(outcome).or_default() += n;
        }
    }
    for (line, [analysis, outcome, n, _]) in column("models.csv", ["analysis", "outcome", "responses", ""]) {
        if let (Ok(n), Some(most)) = (n.parse::<f64>(), analysed.get(&outcome))
            && analysis == "main"
            && n > *most + slack(1, rounding)
        {
            error(found, "models.csv", line, format!("{outcome}: a model of {n} rows, and {most} were analysed"), HINT);
        }
    }
}
