//! The same estimate in different files: tables and figures against `results.csv`. Knows how their
//! columns are named; must not know what was estimated.

use super::{Finding, Rows, error, number, place};
use std::collections::BTreeMap;

const HINT: &str = "the files must give the same estimate: make the report again";

/// Columns of tables with the quantity of `results.csv` that they hold.
const QUANTITIES: [(&str, &str); 8] = [
    ("odds_ratio", "odds_ratio"),
    ("rate_ratio", "rate_ratio"),
    ("effect", "average_marginal_effect"),
    ("people", "people"),
    ("ratio", "odds_ratio"),
    ("ratio", "rate_ratio"),
    ("coefficient", "coefficient"),
    ("average_marginal_effect", "average_marginal_effect"),
];

/// Estimate, limits, p value, responses of one row of results.
type Numbers = [Option<f64>; 5];
/// By analysis, subgroup, outcome and quantity.
type Results<'a> = BTreeMap<[&'a str; 4], Vec<Numbers>>;

/// Every table with outcomes.
pub(super) fn check(tables: &BTreeMap<&str, Rows>, found: &mut Vec<Finding>) {
    if let Some((header, rows)) = tables.get("results.csv").and_then(|rows| rows.split_first()) {
        ["n", "clusters"].into_iter().for_each(|count| odd_ones(header, rows, count, found));
    }
    let Some(results) = tables.get("results.csv").and_then(results) else { return };
    for path in ["tables/main.csv", "tables/variants.csv", "tables/published.csv", "tables/grid_specifications.csv"] {
        let Some((header, rows)) = tables.get(path).and_then(|rows| rows.split_first()) else { continue };
        for (at, row) in rows.iter().enumerate() {
            one(path, at + 2, header, row, &results, found);
        }
    }
    models(tables, &results, found);
}

fn results(rows: &Rows) -> Option<Results<'_>> {
    let (header, rows) = rows.split_first()?;
    let key = ["analysis", "subgroup", "outcome", "quantity"].map(|name| place(header, name));
    let columns = ["estimate", "conf_low", "conf_high", "p_value", "n"].map(|name| place(header, name));
    let term = place(header, "term")?;
    let mut found = Results::new();
    for row in rows {
        let text = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", String::as_str);
        // Coefficients of other terms stand beside the exposure's under the same quantity.
        if text(Some(term)).contains('=') {
            continue;
        }
        let numbers = columns.map(|at| at.and_then(|at| number(row, at)));
        found.entry(key.map(text)).or_default().push(numbers);
    }
    Some(found)
}

/// One row of a table: each quantity that it holds, in the analysis that it is of.
fn one(path: &str, line: usize, header: &[String], row: &[String], results: &Results, found: &mut Vec<Finding>) {
    let text = |name: &str| place(header, name).and_then(|at| row.get(at)).map_or("", String::as_str);
    let cell = |name: &str| number(row, place(header, name)?);
    let (outcome, model, specification) = (text("outcome"), text("model"), text("specification"));
    let (analysis, subgroup) = match (model, specification) {
        ("", "" | "main") => ("main", ""),
        ("", specification) => ("grid", specification),
        (model, _) => (model, ""),
    };
    for (column, quantity) in QUANTITIES {
        let Some(candidates) = results.get(&[analysis, subgroup, outcome, quantity]) else { continue };
        let here = [cell(column), cell(&format!("{column}_low")), cell(&format!("{column}_high"))];
        let [Some(estimate), ..] = here else { continue };
        let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (a.abs() + b.abs()),
            _ => true,
        };
        let same = |there: &Numbers| (0..3).all(|at| near(here[at], there[at])) && near(cell("n"), there[4]);
        if !candidates.iter().any(same) {
            let what = format!("{column} {estimate} of `{outcome}` and its interval are not those of results.csv");
            error(found, path, line, what, HINT);
        }
    }
}

/// The rows of one fit give the same counts; one that gives another is wrong. Rows of several fits under one
/// name (categories, dates) part in more than one.
fn odd_ones(header: &[String], rows: &[Vec<String>], count: &str, found: &mut Vec<Finding>) {
    let (Some(at), responses) = (place(header, count), place(header, "n")) else { return };
    let key = ["analysis", "outcome", "subgroup"].map(|name| place(header, name));
    let mut fits: BTreeMap<[&str; 3], Vec<(usize, f64)>> = BTreeMap::new();
    for (line, row) in rows.iter().enumerate() {
        let name = key.map(|at| at.and_then(|at| row.get(at)).map_or("", String::as_str));
        // Rows without responses are summaries of clusters, not of one fit.
        if let Some(n) = number(row, at).filter(|_| responses.is_some_and(|n| number(row, n).is_some())) {
            fits.entry(name).or_default().push((line + 2, n));
        }
    }
    for (name, counts) in fits {
        let alone = |n: f64| counts.iter().filter(|(_, other)| *other == n).count() == 1;
        let mut others = counts.iter().map(|(_, n)| *n).filter(|n| !alone(*n));
        let usual = others.next().filter(|usual| others.all(|other| other == *usual));
        // Of two, either may be wrong.
        let usual = usual.or_else(|| (counts.len() == 2).then(|| counts[0].1));
        let odd: Vec<_> = counts.iter().filter(|(_, n)| Some(*n) != usual).collect();
        if let ([(line, n)], Some(usual)) = (odd.as_slice(), usual) {
            let name = name.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ");
            let what = format!("{count} {n} of `{name}`, whose other rows give {usual}");
            error(found, "results.csv", (*line, count), what, HINT);
        }
    }
}

/// A model's responses are those of its estimates.
fn models(tables: &BTreeMap<&str, Rows>, results: &Results, found: &mut Vec<Finding>) {
    let Some((header, rows)) = tables.get("models.csv").and_then(|rows| rows.split_first()) else { return };
    for (at, row) in rows.iter().enumerate() {
        let text = |name: &str| place(header, name).and_then(|at| row.get(at)).map_or("", String::as_str);
        let Some(n) = place(header, "responses").and_then(|at| number(row, at)) else { continue };
        let (analysis, outcome) = (text("analysis"), text("outcome"));
        let counts = results.iter().filter(|(key, _)| (key[0], key[1], key[2]) == (analysis, "", outcome));
        let mut counts = counts.flat_map(|(_, rows)| rows.iter().filter_map(|row| row[4]));
        if let Some(other) = counts.find(|other| *other != n) {
            let what = format!("`{analysis}` of `{outcome}` rests on {n} here and on {other} in results.csv");
            error(found, "models.csv", at + 2, what, HINT);
        }
    }
}
