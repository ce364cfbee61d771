//! Parts of a fit as what a report shows: the same for surveys and datasets. Words nothing.

use crate::disclosure::{Estimate, FitRow, Gate, JointTested, Prediction, Released};
use crate::model::{self, Fit, JointTest, Reference, Warning};
use crate::num;

/// Coefficient `at` with its interval under the model's reference distribution.
pub(super) fn coefficient(fit: &Fit, at: usize) -> Estimate {
    let (estimate, std_error) = (fit.coefficient[at], fit.std_error[at]);
    let (low, high) = model::interval(estimate, std_error, fit.critical_value);
    Estimate { estimate, std_error, low, high, statistic: fit.statistic[at], p: fit.p_value[at] }
}

/// An estimate through the gate. One whose two-way variance is not positive has no error, and is not
/// shown without one.
pub(super) fn released(gate: &Gate, fit: &Fit, estimate: Estimate) -> Released<Estimate> {
    if !estimate.estimate.is_finite() || !(estimate.std_error.is_finite() || estimate.std_error.is_nan()) {
        return gate.missing("it is too large for a number");
    }
    if estimate.std_error.is_nan() {
        let two_way = fit.errors == model::Covariance::TwoWay;
        return gate.missing(if two_way {
            "its two-way variance is not positive"
        } else {
            "its error is not a number"
        });
    }
    gate.value(fit.responses, estimate)
}

/// How many responses have each term's level, of `counts` in the order of the terms. The levels of a
/// term and its reference, which is not printed, make up all responses.
pub(super) fn level_counts(gate: &Gate, fit: &Fit, counts: &[u64]) -> Vec<Released<u64>> {
    let mut released: Vec<Released<u64>> = counts.iter().map(|n| gate.count(*n)).collect();
    let mut terms: std::collections::BTreeMap<&str, Vec<usize>> = std::collections::BTreeMap::new();
    for (at, term) in fit.terms.iter().enumerate().filter(|(_, term)| !term.level.is_empty()) {
        terms.entry(&term.name).or_default().push(at);
    }
    for at in terms.into_values() {
        let mut levels: Vec<u64> = at.iter().map(|at| counts[*at]).collect();
        levels.push(fit.responses.saturating_sub(levels.iter().sum()));
        let reference = levels.len() - 1;
        for (at, n) in at.iter().zip(gate.levels(&levels, reference)) {
            released[*at] = n;
        }
    }
    released
}

/// The coefficient of a level that `n` responses have.
pub(super) fn of_level(gate: &Gate, fit: &Fit, at: usize, n: u64) -> Released<Estimate> {
    match gate.count(n).hidden() {
        Some(_) => gate.value(n, coefficient(fit, at)),
        None => released(gate, fit, coefficient(fit, at)),
    }
}

/// An estimate with its delta-method error: the same reference distribution as the coefficients.
pub(super) fn delta(fit: &Fit, estimate: f64, std_error: f64) -> Estimate {
    let (low, high) = model::interval(estimate, std_error, fit.critical_value);
    let statistic = estimate / std_error;
    Estimate { estimate, std_error, low, high, statistic, p: model::p_value(statistic, fit.reference) }
}

/// A mean prediction. Where absorbed effects make it the observed share whatever the coefficients,
/// its error is rounding only, and says nothing.
pub(super) fn prediction(gate: &Gate, fit: &Fit, found: model::Estimate) -> Released<Prediction> {
    if !found.estimate.is_finite() {
        return gate.missing("it is too large for a number");
    }
    let (low, high) = model::interval(found.estimate, found.std_error, fit.critical_value);
    let known = found.std_error.is_finite() && found.std_error > 1e-9 * found.estimate.abs();
    let error = known.then_some([found.std_error, low, high]);
    // The observed share gives its numbers away: it is one of rounded numbers where the regime rounds.
    let mean = match error {
        None if gate.rounds() => gate.share(found.estimate * fit.responses as f64, fit.responses as f64),
        _ => found.estimate,
    };
    gate.value(fit.responses, Prediction { mean, error })
}

/// Responses less coefficients and absorbed effects; 0 where these are more.
pub(super) fn residual_df(fit: &Fit, eliminated: bool) -> u64 {
    freedom(fit, fit.responses, eliminated, |n| n)
}

fn freedom(fit: &Fit, responses: u64, eliminated: bool, as_shown: impl Fn(u64) -> u64) -> u64 {
    let absorbed: u64 = fit.absorbed.iter().map(|absorbed| as_shown(absorbed.levels)).sum();
    let groups = if eliminated { as_shown(fit.groups) } else { 0 };
    responses.saturating_sub(fit.terms.len() as u64 + groups + absorbed)
}

/// The joint test `at` of those that the fit was asked for, of the terms with these names. Where its errors are not
/// clustered in one way that holds the absorbed effects whole there is none, and a Wald test in its place.
pub(super) fn joint(gate: &Gate, fit: &Fit, at: Option<usize>, names: &[String]) -> Released<JointTested> {
    if let Some(at) = at.filter(|_| !fit.joint.is_empty() && fit.terms.iter().any(|term| names.contains(&term.name))) {
        return match fit.joint.get(at).copied().flatten() {
            Some(test) => {
                let JointTest { statistic, terms, df, p_value } = test;
                gate.value(fit.responses, JointTested { statistic, terms: terms as u64, df: Some(df), p: p_value })
            }
            None => gate.missing("there are too few clusters for so many terms"),
        };
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match model::wald(fit, &names) {
        Ok(wald) => {
            let p = match fit.ways.as_slice() {
                [one] => hotelling(wald.statistic, wald.df, one.clusters),
                _ => Some(wald.p_value),
            };
            let tested = |p| JointTested { statistic: wald.statistic, terms: wald.df as u64, df: None, p };
            p.map_or_else(
                || gate.missing("there are no more clusters than terms"),
                |p| gate.value(fit.responses, tested(p)),
            )
        }
        Err(error) => gate.missing(error.to_string()),
    }
}

/// P value of a Wald statistic of `terms` coefficients whose covariance rests on `clusters` sums: that of
/// Hotelling's T squared, `F(terms, clusters - terms)`. None with too few clusters.
fn hotelling(statistic: f64, terms: usize, clusters: u64) -> Option<f64> {
    let (q, g) = (terms as f64, clusters as f64);
    (g > q).then(|| num::f_sf(statistic * (g - q) / ((g - 1.0) * q), q, g - q))
}

/// How the model was fitted. What is said about clusters and weights describes all its responses.
pub(super) fn facts(gate: &Gate, fit: &Fit, eliminated: bool) -> FitRow {
    let n = fit.responses;
    FitRow {
        df: match fit.reference {
            Reference::Normal => None,
            Reference::StudentT(df) => Some(gate.base(df)),
        },
        // From numbers that are shown, so that it tells no more than they do.
        residual_df: gate.count(n).map(|n| freedom(fit, *n, eliminated, |n| gate.rounded(n))),
        // Shown where the number of clusters is; where no error is clustered there is none to hide.
        ways: match fit.ways.is_empty() {
            true => gate.value(n, Vec::new()),
            false => gate.count(fit.clusters).map(|_| {
                let way = |way: &model::Way| (gate.rounded(way.clusters), gate.coarse(way.factor));
                fit.ways.iter().map(way).collect()
            }),
        },
        gradient_norm: fit.gradient_norm,
        condition: fit.condition,
        log_likelihood: gate.value(n, fit.log_likelihood),
        warnings: gate.value(n, fit.warnings.iter().map(|warning| words(gate, fit, warning)).collect()),
    }
}

/// A warning's words, without a number of clusters that is not released. That of a second kind (waves,
/// say) is no secret where the first kind's is none.
fn words(gate: &Gate, fit: &Fit, warning: &Warning) -> String {
    match warning {
        Warning::FewClusters { .. } if gate.count(fit.clusters).shown().is_none() => {
            let fewest = gate.threshold();
            format!("fewer than {fewest} clusters: clustered errors are too small below about 42")
        }
        other => other.to_string(),
    }
}

/// An average marginal effect scaled to a population taken as known.
pub(super) fn scaled(effect: &Estimate, people: f64) -> Estimate {
    Estimate {
        estimate: effect.estimate * people,
        std_error: effect.std_error * people,
        low: effect.low * people,
        high: effect.high * people,
        ..effect.clone()
    }
}
