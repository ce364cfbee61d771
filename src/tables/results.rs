//! `results.csv`: one row per estimate at full precision. A hidden estimate keeps its row, with
//! the reason in `status` and every number empty.

use crate::config::{Adjustment, Config, ExposureAt, Family};
use crate::disclosure::{CoefficientRow, Estimate, Findings, ModelResult, Prediction, Released};
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
/// Quantities: `coefficient` (every term, `age=16-24` for levels; log odds for a logit, standard
/// normal scores for a probit, probabilities for a linear model), `odds_ratio` (logit only, standard
/// error on the log scale), `average_marginal_effect` (probability scale), `people`, `e_value` (logit
/// only; `conf_low` is the E-value of the interval's limit nearest 1), `minimum_detectable_effect`
/// (probability scale), and p values, which also stand in `p_value`: `p_holm`, `p_hochberg`,
/// `p_benjamini_hochberg`, `p_equivalence`, `p_bootstrap` (with the sample's own statistic).
///
/// Contrasts have the term `exposure=ID`: `predicted_at_0`, `predicted_observed`, `contrast`,
/// `contrast_people`. Joint tests have their terms joined by `+`: `wald`, and `wald_terms`, the
/// number of coefficients tested.
pub fn results_rows(config: &Config, findings: &Findings) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = findings.models.iter().flat_map(|result| model_rows(config, result)).collect();
    rows.extend(super::analyses::results_rows(config, findings));
    rows.sort();
    rows.insert(0, RESULTS_HEADER.map(str::to_owned).to_vec());
    rows
}

fn model_rows(config: &Config, result: &ModelResult) -> Vec<Vec<String>> {
    let mut found: Vec<(String, String, Released<[f64; 6]>)> = result
        .coefficients
        .iter()
        .map(|found| (term(found), "coefficient".into(), estimate(&found.coefficient)))
        .collect();
    if !result.coefficients.iter().any(|found| found.term == EXPOSURE) {
        found.push((EXPOSURE.into(), "coefficient".into(), estimate(&result.exposure)));
    }
    let exposure = effects(config, result).into_iter().chain(tests(config, result));
    found.extend(exposure.map(|(quantity, numbers)| (EXPOSURE.into(), quantity.into(), numbers)));
    found.extend(contrasts(config, result));
    found.extend(joint(config, result));
    found.into_iter().map(|(term, quantity, numbers)| line(config, result, &term, &quantity, numbers)).collect()
}

type Quantity = (&'static str, Released<[f64; 6]>);

/// The exposure's effect on every scale that the model has.
fn effects(config: &Config, result: &ModelResult) -> Vec<Quantity> {
    let mut rows = vec![
        ("average_marginal_effect", estimate(&result.average_marginal_effect)),
        ("people", estimate(&result.people)),
    ];
    if config.models.get(result.model).is_none_or(|model| model.family == Family::Logit) {
        let e_value = result.e_value.map(|[point, limit]| [*point, NONE, *limit, NONE, NONE, NONE]);
        rows.extend([("odds_ratio", estimate(&result.odds_ratio)), ("e_value", e_value)]);
    }
    rows
}

/// Tests of the exposure that the config asks for.
fn tests(config: &Config, result: &ModelResult) -> Vec<Quantity> {
    let detectable = result.minimum_detectable.map(|x| [*x, NONE, NONE, NONE, NONE, NONE]);
    let mut rows = vec![("p_holm", p_row(&result.holm)), ("minimum_detectable_effect", detectable)];
    for adjustment in &config.tests.adjust {
        match adjustment {
            Adjustment::Holm => {}
            Adjustment::Hochberg => rows.push(("p_hochberg", p_row(&result.hochberg))),
            Adjustment::BenjaminiHochberg => rows.push(("p_benjamini_hochberg", p_row(&result.benjamini_hochberg))),
        }
    }
    if config.tests.smallest_effect.iter().any(Option::is_some) {
        rows.push(("p_equivalence", p_row(&result.equivalence)));
    }
    if let Some(bootstrap) = &result.bootstrap {
        rows.push(("p_bootstrap", bootstrap.map(|b| [b.p, NONE, NONE, NONE, b.statistic, b.p])));
    }
    rows
}

fn contrasts(config: &Config, result: &ModelResult) -> Vec<(String, String, Released<[f64; 6]>)> {
    let known = config.models.get(result.model).map_or(&[][..], |model| &model.contrasts);
    let named = result.contrasts.iter().filter_map(|row| Some((known.get(row.contrast)?, row)));
    named
        .flat_map(|(contrast, row)| {
            let quantities = [
                (predicted(contrast.from), prediction(&row.from)),
                (predicted(contrast.to), prediction(&row.to)),
                ("contrast".into(), estimate(&row.difference)),
                ("contrast_people".into(), estimate(&row.people)),
            ];
            quantities.map(|(quantity, numbers)| (format!("{EXPOSURE}={}", contrast.id), quantity, numbers))
        })
        .collect()
}

pub(super) fn prediction(found: &Released<Prediction>) -> Released<[f64; 6]> {
    found.map(|p| {
        let [std_error, low, high] = p.error.unwrap_or([NONE; 3]);
        [p.mean, std_error, low, high, NONE, NONE]
    })
}

/// `predicted_at_0`, `predicted_observed`.
pub(super) fn predicted(at: ExposureAt) -> String {
    match at {
        ExposureAt::Observed => "predicted_observed".into(),
        ExposureAt::Value(value) => format!("predicted_at_{}", plain(value)),
    }
}

fn joint(config: &Config, result: &ModelResult) -> Vec<(String, String, Released<[f64; 6]>)> {
    let named = result.joint.iter().filter_map(|row| Some((config.tests.joint.get(row.test)?, &row.wald)));
    named
        .flat_map(|(test, wald)| {
            let tested = wald.map(|w| [w.statistic, NONE, NONE, NONE, w.statistic, w.p]);
            let size = wald.map(|w| [w.terms as f64, NONE, NONE, NONE, NONE, NONE]);
            [("wald", tested), ("wald_terms", size)].map(|(name, numbers)| (test.terms.join("+"), name.into(), numbers))
        })
        .collect()
}

pub(super) fn p_row(p: &Released<f64>) -> Released<[f64; 6]> {
    p.map(|p| [*p, NONE, NONE, NONE, NONE, *p])
}

/// An empty cell.
pub(super) const NONE: f64 = f64::NAN;

/// `exposure`, or `age=16-24` for a level.
fn term(found: &CoefficientRow) -> String {
    if found.level.is_empty() { found.term.clone() } else { format!("{}={}", found.term, found.level) }
}

pub(super) fn estimate(found: &Released<Estimate>) -> Released<[f64; 6]> {
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

pub(super) fn count(n: &Released<u64>) -> String {
    n.shown().map(u64::to_string).unwrap_or_default()
}
