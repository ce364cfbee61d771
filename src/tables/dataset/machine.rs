//! The machine files of a dataset study: every estimate, every model, the ledger, at full precision.

use super::super::models::How;
use super::super::results::{NONE as NAN, count, estimate, p_row, predicted, prediction};
use super::super::{FLOW_HEADER, MODELS_HEADER, RESULTS_HEADER};
use crate::config::{Dataset, DatasetFamily};
use crate::disclosure::{DatasetFindings, DatasetResult, Released};
use crate::format::plain;

/// `results.csv`, header first, rows sorted by their text.
///
/// Quantities: `coefficient` (every term), `odds_ratio` or `rate_ratio` (standard error on the log
/// scale), `average_marginal_effect`, `average_marginal_effect_sampled` (error that counts the sampling
/// of covariates), and the rest as in a survey's file, with the exposure's id for `exposure`.
pub fn results_rows(dataset: &Dataset, found: &DatasetFindings) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = found.models.iter().flat_map(|result| model_rows(dataset, result)).collect();
    rows.sort();
    rows.insert(0, RESULTS_HEADER.map(str::to_owned).to_vec());
    rows
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
    for (spec, found) in result.contrasts.iter().filter_map(|row| Some((model.contrasts.get(row.contrast)?, row))) {
        let term = format!("{exposure}={}", spec.id);
        rows.push(line("", &term, &predicted(spec.from), prediction(&found.from)));
        rows.push(line("", &term, &predicted(spec.to), prediction(&found.to)));
        rows.push(line("", &term, "contrast", estimate(&found.difference)));
        if dataset.outcomes[result.outcome].population.is_some() {
            rows.push(line("", &term, "contrast_people", estimate(&found.people)));
        }
    }
    for found in &result.subgroups {
        let subgroup = term(&dataset.variables[found.variable].id, &found.level);
        rows.push(line(&subgroup, exposure, "average_marginal_effect", estimate(&found.effect)));
    }
    for (spec, found) in result.joint.iter().filter_map(|row| Some((model.joint.get(row.test)?, row))) {
        let terms: Vec<String> = spec.terms.iter().map(|at| dataset.term(&model.terms[*at])).collect();
        let tested = found.wald.map(|w| [w.statistic, NAN, NAN, NAN, w.statistic, w.p]);
        rows.push(line("", &terms.join("+"), "wald", tested));
        let size = found.wald.map(|w| [w.terms as f64, NAN, NAN, NAN, NAN, NAN]);
        rows.push(line("", &terms.join("+"), "wald_terms", size));
    }
    if let Some(tests) = &result.tests {
        for (at, name) in ["p_holm", "p_hochberg", "p_benjamini_hochberg"].into_iter().enumerate() {
            rows.push(line("", exposure, name, p_row(&tests.adjusted.map(|p| p[at]))));
        }
        let detectable = tests.detectable.map(|x| [*x, NAN, NAN, NAN, NAN, NAN]);
        rows.push(line("", exposure, "minimum_detectable_effect", detectable));
        if dataset.tests.smallest_effect.is_some() {
            rows.push(line("", exposure, "p_equivalence", p_row(&tests.equivalence)));
        }
    }
    if let Some(bootstrap) = &result.bootstrap {
        let tested = bootstrap.map(|b| [b.p, NAN, NAN, NAN, b.statistic, b.p]);
        rows.push(line("", exposure, "p_bootstrap", tested));
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
    let none = result.how.fit.ways.shown().is_some_and(Vec::is_empty);
    let clusters = if none { String::new() } else { count(&result.clusters) };
    row.extend([count(&result.n), clusters, count(&result.groups_dropped)]);
    row.push(status);
    row
}

/// `models.csv`, header first: how each model of each outcome was fitted.
pub fn models_rows(dataset: &Dataset, found: &DatasetFindings) -> Vec<Vec<String>> {
    let row = |result: &DatasetResult| {
        let (model, how) = (&dataset.models[result.model], &result.how);
        let family = match model.family {
            DatasetFamily::Logit => "logit",
            DatasetFamily::Probit => "probit",
            DatasetFamily::Linear => "linear",
            DatasetFamily::Poisson => "poisson",
        };
        let how = How {
            names: [&model.id, &dataset.outcomes[result.outcome].id, family, &how.errors],
            profile: &how.profile,
            factor: how.factor,
            responses: &result.n,
            groups: &result.groups,
            iterations: how.iterations,
            fit: &how.fit,
        };
        how.row()
    };
    std::iter::once(MODELS_HEADER.map(str::to_owned).to_vec()).chain(found.models.iter().map(row)).collect()
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
