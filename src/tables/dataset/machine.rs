//! The machine files of a dataset study: every estimate, every model, the ledger, at full precision.

use super::super::{FLOW_HEADER, RESULTS_HEADER};
use crate::config::{Dataset, DatasetFamily};
use crate::disclosure::{DatasetFindings, DatasetResult, Estimate, Released};
use crate::format::plain;

/// Header of `models.csv`.
pub const MODELS_HEADER: [&str; 16] = [
    "analysis",
    "outcome",
    "family",
    "errors",
    "profile",
    "factor",
    "clusters",
    "reference",
    "df",
    "n",
    "groups",
    "iterations",
    "gradient_norm",
    "condition",
    "log_likelihood",
    "warnings",
];

const NAN: f64 = f64::NAN;

/// `results.csv`, header first, rows sorted by their text.
///
/// Quantities: `coefficient` (every term), `odds_ratio` or `rate_ratio` (standard error on the log
/// scale), `average_marginal_effect`, `average_marginal_effect_sampled` (error that counts the sampling
/// of covariates), `people`, `e_value` (`conf_low` is that of the interval's limit nearest 1),
/// `predicted_from`, `predicted_to`, `contrast` (term: the contrast's id), `wald` (term: the test's label;
/// `n` degrees of freedom are in `statistic`'s neighbour `std_error`), `p_holm`, `p_hochberg`,
/// `p_benjamini_hochberg`, `p_equivalence`, `p_bootstrap`, `minimum_detectable_effect`.
pub fn results_rows(dataset: &Dataset, found: &DatasetFindings) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = found.models.iter().flat_map(|result| model_rows(dataset, result)).collect();
    rows.sort();
    rows.insert(0, RESULTS_HEADER.map(str::to_owned).to_vec());
    rows
}

fn estimate(found: &Released<Estimate>) -> Released<[f64; 6]> {
    found.map(|e| [e.estimate, e.std_error, e.low, e.high, e.statistic, e.p])
}

fn only_p(found: &Released<f64>) -> Released<[f64; 6]> {
    found.map(|p| [*p, NAN, NAN, NAN, NAN, *p])
}

fn model_rows(dataset: &Dataset, result: &DatasetResult) -> Vec<Vec<String>> {
    let model = &dataset.models[result.model];
    let exposure = dataset.variables[model.exposure].id.as_str();
    let line = |subgroup: &str, term: &str, quantity: &str, numbers: Released<[f64; 6]>| {
        line(dataset, result, [subgroup, term, quantity], numbers)
    };
    let term = |name: &str, level: &str| if level.is_empty() { name.to_string() } else { format!("{name}={level}") };
    let mut rows: Vec<Vec<String>> = result
        .coefficients
        .iter()
        .map(|found| line("", &term(&found.term, &found.level), "coefficient", estimate(&found.coefficient)))
        .collect();
    let ratio = match model.family {
        DatasetFamily::Logit => Some("odds_ratio"),
        DatasetFamily::Poisson => Some("rate_ratio"),
        DatasetFamily::Probit | DatasetFamily::Linear => None,
    };
    if let Some(ratio) = ratio {
        rows.push(line("", exposure, ratio, estimate(&result.ratio)));
        let e = result.e_value.map(|[point, limit]| [*point, NAN, *limit, NAN, NAN, NAN]);
        rows.push(line("", exposure, "e_value", e));
    }
    rows.push(line("", exposure, "average_marginal_effect", estimate(&result.effect)));
    rows.push(line("", exposure, "average_marginal_effect_sampled", estimate(&result.effect_sampled)));
    if dataset.outcomes[result.outcome].population.is_some() {
        rows.push(line("", exposure, "people", estimate(&result.people)));
    }
    for found in &result.contrasts {
        let id = model.contrasts.get(found.contrast).map_or("", |spec| spec.id.as_str());
        rows.push(line("", id, "predicted_from", estimate(&found.from)));
        rows.push(line("", id, "predicted_to", estimate(&found.to)));
        rows.push(line("", id, "contrast", estimate(&found.difference)));
    }
    for found in &result.subgroups {
        let subgroup = term(&dataset.variables[found.variable].id, &found.level);
        rows.push(line(&subgroup, exposure, "average_marginal_effect", estimate(&found.effect)));
    }
    for found in &result.joint {
        let label = model.joint.get(found.test).map_or("", |spec| spec.label.as_str());
        let wald = found.wald.map(|[statistic, df, p]| [*df, NAN, NAN, NAN, *statistic, *p]);
        rows.push(line("", label, "wald", wald));
    }
    if let Some(tests) = &result.tests {
        for (at, name) in ["p_holm", "p_hochberg", "p_benjamini_hochberg"].into_iter().enumerate() {
            rows.push(line("", exposure, name, only_p(&tests.adjusted.map(|p| p[at]))));
        }
        let detectable = tests.detectable.map(|x| [*x, NAN, NAN, NAN, NAN, NAN]);
        rows.push(line("", exposure, "minimum_detectable_effect", detectable));
        if dataset.tests.smallest_effect.is_some() {
            rows.push(line("", exposure, "p_equivalence", only_p(&tests.equivalence)));
        }
        if model.bootstrap.is_some() {
            rows.push(line("", exposure, "p_bootstrap", only_p(&tests.bootstrap)));
        }
    }
    rows
}

fn line(dataset: &Dataset, result: &DatasetResult, key: [&str; 3], numbers: Released<[f64; 6]>) -> Vec<String> {
    let model = &dataset.models[result.model];
    // An estimate on a hidden number of responses is hidden with it.
    let status = if result.n.hidden().is_some() { result.n.status() } else { numbers.status() };
    let shown = numbers.shown().filter(|_| result.n.shown().is_some());
    let mut row = vec![model.id.clone(), dataset.outcomes[result.outcome].id.clone()];
    row.extend(key.map(str::to_owned));
    row.extend(shown.map_or_else(|| vec![String::new(); 6], |numbers| numbers.iter().map(|x| plain(*x)).collect()));
    let clusters = if result.how.clusters.is_empty() { String::new() } else { count(&result.clusters) };
    row.extend([count(&result.n), clusters, count(&result.groups_dropped)]);
    row.push(status);
    row
}

fn count(n: &Released<u64>) -> String {
    n.shown().map(u64::to_string).unwrap_or_default()
}

/// `models.csv`, header first: how each model of each outcome was fitted.
pub fn models_rows(dataset: &Dataset, found: &DatasetFindings) -> Vec<Vec<String>> {
    let mut rows = vec![MODELS_HEADER.map(str::to_owned).to_vec()];
    for result in &found.models {
        let (model, how) = (&dataset.models[result.model], &result.how);
        let family = match model.family {
            DatasetFamily::Logit => "logit",
            DatasetFamily::Probit => "probit",
            DatasetFamily::Linear => "linear",
            DatasetFamily::Poisson => "poisson",
        };
        let shown = result.clusters.shown().is_some();
        let clusters: Vec<String> = how.clusters.iter().filter(|_| shown).map(u64::to_string).collect();
        rows.push(vec![
            model.id.clone(),
            dataset.outcomes[result.outcome].id.clone(),
            family.into(),
            how.errors.clone(),
            how.profile.clone(),
            plain(how.factor),
            clusters.join(" "),
            if how.df.is_some() { "t".into() } else { "normal".into() },
            how.df.map(plain).unwrap_or_default(),
            count(&result.n),
            count(&result.groups),
            how.iterations.to_string(),
            plain(how.gradient_norm),
            plain(how.condition),
            plain(how.log_likelihood),
            how.warnings.join("; "),
        ]);
    }
    rows
}

/// `flow.csv`, header first. A dataset has no waves, and its rows are no practices: these stay empty.
pub fn flow_rows(dataset: &Dataset, found: &DatasetFindings) -> Vec<Vec<String>> {
    let mut rows = vec![FLOW_HEADER.map(str::to_owned).to_vec()];
    rows.extend(found.flow.iter().map(|line| {
        let outcome = dataset.outcomes[line.outcome].id.clone();
        vec![outcome, "all".into(), line.stage.word().into(), line.reason.clone(), count(&line.rows), String::new()]
    }));
    rows
}
