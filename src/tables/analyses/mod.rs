//! Tables, machine rows and alternative texts of the analyses beside the models: one file each. This
//! one only lists them.

mod grid;
mod leave_out;

use super::types::Table;
use crate::config::{Config, Exhibit};
use crate::disclosure::{Findings, Released};
use crate::format::plain;

/// The ids that [`build`] knows.
pub(super) const IDS: &[&str] = &["grid", "grid_specifications", "leave_out"];

/// The table of an id; none for an id of another kind or an analysis that was not made.
pub(super) fn build(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Option<Table> {
    let (asked, found) = (&config.analyses, &findings.analyses);
    Some(match exhibit.id.as_str() {
        "grid" => grid::summary(config, asked.grid.as_ref()?, found.grid.as_ref()?, exhibit),
        "grid_specifications" => grid::specifications(config, asked.grid.as_ref()?, found.grid.as_ref()?, exhibit),
        "leave_out" => leave_out::leave_out(config, found.leave_out.as_ref()?, exhibit),
        _ => return None,
    })
}

/// Sentences that stand in for a figure; none for an id of another kind.
pub(super) fn alt(config: &Config, findings: &Findings, id: &str) -> Option<Vec<String>> {
    let found = &findings.analyses;
    Some(match id {
        "leave_out" => leave_out::alt(config, findings, found.leave_out.as_ref()?),
        id => grid::alt(config, found.grid.as_ref()?, id.strip_prefix("grid_")?)?,
    })
}

/// Rows of `results.csv`.
pub(super) fn results_rows(config: &Config, findings: &Findings) -> Vec<Vec<String>> {
    let (asked, found) = (&config.analyses, &findings.analyses);
    let mut rows = Vec::new();
    rows.extend(asked.grid.iter().zip(&found.grid).flat_map(|(plan, found)| grid::results_rows(config, plan, found)));
    rows.extend(found.leave_out.iter().flat_map(|found| leave_out::results_rows(config, found)));
    rows
}

/// Where a row of `results.csv` belongs.
struct Key<'a> {
    analysis: &'a str,
    outcome: &'a str,
    subgroup: &'a str,
    term: &'a str,
    quantity: &'a str,
}

/// One row of `results.csv`. `n` and `clusters` are none where they are no part of the quantity.
fn line(
    key: Key,
    numbers: &Released<[f64; 6]>,
    n: Option<&Released<u64>>,
    clusters: Option<&Released<u64>>,
) -> Vec<String> {
    let mut row: Vec<String> =
        [key.analysis, key.outcome, key.subgroup, key.term, key.quantity].map(str::to_owned).to_vec();
    let shown = numbers.shown();
    row.extend(shown.map_or_else(|| vec![String::new(); 6], |numbers| numbers.iter().map(|x| plain(*x)).collect()));
    row.extend([n, clusters].map(|count| count.map(super::results::count).unwrap_or_default()));
    row.push(String::new());
    row.push(numbers.status());
    row
}
