//! `models.csv`: how each model was fitted to each outcome, one row per fit. What depends on hidden
//! counts is empty.

use super::outcome_id;
use crate::config::{Config, Errors, Family, Model};
use crate::disclosure::{Findings, FitRow, ModelResult, Released};
use crate::format::plain;

/// Header of `models.csv`: a contract.
pub const MODELS_HEADER: [&str; 17] = [
    "analysis",
    "outcome",
    "family",
    "errors",
    "profile",
    "factor",
    "clusters",
    "reference",
    "df",
    "responses",
    "groups",
    "iterations",
    "gradient_norm",
    "condition",
    "log_likelihood",
    "converged",
    "warnings",
];

/// `models.csv`, header first, by model and outcome in the order of the config.
///
/// `factor` and `clusters` have one entry for each kind of cluster, separated by `;`: two-way errors
/// have three, the last being the intersections, whose factor is negative. `reference` is `normal` or `t` with
/// `df`; `converged` is always true, because a fit that does not converge stops the run;
/// `gradient_norm` and `condition` are rounded, being measures of size.
pub fn models_rows(config: &Config, findings: &Findings) -> Vec<Vec<String>> {
    let mut rows = vec![MODELS_HEADER.map(str::to_owned).to_vec()];
    let named = findings.models.iter().filter_map(|result| Some((config.models.get(result.model)?, result)));
    rows.extend(named.map(|(model, result)| row(config, model, result)));
    rows
}

fn row(config: &Config, model: &Model, result: &ModelResult) -> Vec<String> {
    let how = How {
        names: [&model.id, &outcome_id(config, result.outcome), family(model.family), errors(model)],
        profile: &result.profile,
        factor: result.factor,
        responses: &result.n,
        groups: &result.groups,
        iterations: result.iterations,
        fit: &result.fit,
    };
    how.row()
}

/// How one model was fitted to one outcome.
pub(super) struct How<'a> {
    /// Analysis, outcome, family, errors.
    pub(super) names: [&'a str; 4],
    pub(super) profile: &'a str,
    pub(super) factor: f64,
    pub(super) responses: &'a Released<u64>,
    pub(super) groups: &'a Released<u64>,
    pub(super) iterations: u64,
    pub(super) fit: &'a FitRow,
}

impl How<'_> {
    /// Its row of `models.csv`.
    pub(super) fn row(&self) -> Vec<String> {
        let fit = self.fit;
        let each = |text: &dyn Fn(&(u64, f64)) -> String| {
            fit.ways.shown().map(|ways| ways.iter().map(text).collect::<Vec<_>>().join(";")).unwrap_or_default()
        };
        let factors = each(&|(_, factor)| plain(*factor));
        let mut row: Vec<String> = self.names.map(str::to_owned).to_vec();
        row.extend([
            self.profile.to_string(),
            // A factor or degrees of freedom would give a hidden number of clusters away.
            if fit.ways.shown().is_some_and(Vec::is_empty) { plain(self.factor) } else { factors },
            each(&|(clusters, _)| clusters.to_string()),
            if fit.df.is_some() { "t" } else { "normal" }.into(),
            fit.df.filter(|_| fit.ways.shown().is_some()).map(plain).unwrap_or_default(),
            count(self.responses),
            count(self.groups),
            self.iterations.to_string(),
            size(fit.gradient_norm),
            size(fit.condition),
            fit.log_likelihood.shown().map(|x| plain(*x)).unwrap_or_default(),
            "true".into(),
            fit.warnings.shown().map(|all| all.join("; ")).unwrap_or_default(),
        ]);
        row
    }
}

fn family(family: Family) -> &'static str {
    match family {
        Family::Logit => "logit",
        Family::Probit => "probit",
        Family::Linear => "linear",
    }
}

fn errors(model: &Model) -> &'static str {
    match model.errors {
        Errors::Cluster if model.cluster_waves => "two-way cluster",
        Errors::Cluster => "cluster",
        Errors::Cr3 => "cr3",
        Errors::Hc1 => "hc1",
        Errors::Iid => "iid",
    }
}

fn count(n: &Released<u64>) -> String {
    n.shown().map(u64::to_string).unwrap_or_default()
}

/// A number of which only the size matters.
fn size(x: f64) -> String {
    if x.is_finite() { format!("{x:.1e}") } else { String::new() }
}
