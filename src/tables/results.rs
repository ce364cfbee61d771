//! `results.csv`: one row per estimate at full precision. A hidden estimate keeps its row, with
//! the reason in `status` and every number empty.

use crate::config::Config;
use crate::disclosure::{CoefficientRow, Estimate, Findings, ModelResult, Released};
use crate::format::plain;

use super::outcome_id;

/// Header of `results.csv`: a contract.
pub const RESULTS_HEADER: [&str; 15] = [
    "analysis",
    "outcome",
    "subgroup",
    "term",
    "quantity",
    "estimate",
    "std_error",
    "conf_low",
    "conf_high",
    "statistic",
    "p_value",
    "n",
    "clusters",
    "groups_dropped",
    "status",
];

/// Term of the exposure.
const EXPOSURE: &str = "exposure";

/// `results.csv`, header first, rows sorted by their text.
///
/// Quantities: `coefficient` (every term, `age=16-24` for levels; log odds for a logit),
/// `odds_ratio` (standard error on the log scale), `average_marginal_effect` (probability scale),
/// `people`, `e_value` (`conf_low` is the E-value of the interval's limit nearest 1), `holm_p`
/// (also in `p_value`).
pub fn results_rows(config: &Config, findings: &Findings) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = findings.models.iter().flat_map(|result| model_rows(config, result)).collect();
    rows.sort();
    rows.insert(0, RESULTS_HEADER.map(str::to_owned).to_vec());
    rows
}

fn model_rows(config: &Config, result: &ModelResult) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = result
        .coefficients
        .iter()
        .map(|found| line(config, result, &term(found), "coefficient", estimate(&found.coefficient)))
        .collect();
    if !result.coefficients.iter().any(|found| found.term == EXPOSURE) {
        rows.push(line(config, result, EXPOSURE, "coefficient", estimate(&result.exposure)));
    }
    let exposure = [
        ("odds_ratio", estimate(&result.odds_ratio)),
        ("average_marginal_effect", estimate(&result.average_marginal_effect)),
        ("people", estimate(&result.people)),
        ("e_value", result.e_value.map(|[point, limit]| [*point, f64::NAN, *limit, f64::NAN, f64::NAN, f64::NAN])),
        ("holm_p", result.holm.map(|p| [*p, f64::NAN, f64::NAN, f64::NAN, f64::NAN, *p])),
    ];
    rows.extend(exposure.into_iter().map(|(quantity, numbers)| line(config, result, EXPOSURE, quantity, numbers)));
    rows
}

/// `exposure`, or `age=16-24` for a level.
fn term(found: &CoefficientRow) -> String {
    if found.level.is_empty() { found.term.clone() } else { format!("{}={}", found.term, found.level) }
}

fn estimate(found: &Released<Estimate>) -> Released<[f64; 6]> {
    found.map(|e| [e.estimate, e.std_error, e.low, e.high, e.statistic, e.p])
}

fn line(config: &Config, result: &ModelResult, term: &str, quantity: &str, numbers: Released<[f64; 6]>) -> Vec<String> {
    let analysis = config.models.get(result.model).map_or_else(|| result.model.to_string(), |model| model.id.clone());
    // An estimate on a hidden number of responses is hidden with it.
    let status = if result.n.hidden().is_some() { result.n.status() } else { numbers.status() };
    let shown = numbers.shown().filter(|_| result.n.shown().is_some());
    let mut row = vec![analysis, outcome_id(config, result.outcome), String::new(), term.into(), quantity.into()];
    row.extend(shown.map_or_else(|| vec![String::new(); 6], |numbers| numbers.iter().map(|x| plain(*x)).collect()));
    row.extend([&result.n, &result.clusters, &result.groups_dropped].map(count));
    row.push(status);
    row
}

fn count(n: &Released<u64>) -> String {
    n.shown().map(u64::to_string).unwrap_or_default()
}
