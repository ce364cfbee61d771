//! The sentences under a dataset's tables: what the effect is of, how intervals were made, what is
//! hidden and why.

use super::super::cells::{listed, lower};
use super::super::notes::{hidden_notes, marked};
use super::super::types::{Head, Row, Table};
use super::results_of;
use crate::config::{Dataset, DatasetErrors, DatasetFamily, DatasetModel, Exhibit, Weights};
use crate::disclosure::{DatasetFindings, DatasetResult};
use crate::format;

/// The table with the notes that every table carries, after its own.
pub(super) fn finish(
    dataset: &Dataset,
    exhibit: &Exhibit,
    heads: Vec<Head>,
    rows: Vec<Row>,
    own: Vec<String>,
) -> Table {
    let mut notes = own;
    notes.extend((!exhibit.note.is_empty()).then(|| exhibit.note.clone()));
    notes.extend(hidden_notes(&dataset.disclosure, &dataset.row[1], &rows));
    if heads.iter().any(|head| head.text.contains("CI")) {
        notes.push("CI: confidence interval.".into());
    }
    if rows.iter().flat_map(|row| &row.cells).any(|cell| cell.text.contains(" pp")) {
        notes.push("pp: percentage points.".into());
    }
    notes.extend(dataset.study.notices.iter().cloned());
    notes.dedup();
    let rows = marked(&dataset.disclosure, rows);
    Table { id: exhibit.id.clone(), number: exhibit.number.clone(), title: exhibit.title.clone(), notes, heads, rows }
}

/// What effects are per.
pub(super) fn per(dataset: &Dataset, model: &DatasetModel) -> String {
    let exposure = &dataset.variables[model.exposure];
    format!("Exposure: {}; effects are per {}.", exposure.label, exposure.unit)
}

/// A model in words: family, terms, absorbed effects, offset, weights.
pub(super) fn model(dataset: &Dataset, model: &DatasetModel) -> String {
    let label = |at: usize| lower(&dataset.variables[at].label);
    let family = match model.family {
        DatasetFamily::Logit => "Logistic regression",
        DatasetFamily::Probit => "Probit regression",
        DatasetFamily::Linear => "Linear regression",
        DatasetFamily::Poisson => "Poisson regression",
    };
    let mut parts: Vec<String> = model.terms.iter().map(|term| lower(&dataset.term_label(term))).collect();
    parts.extend(model.absorb.iter().map(|at| format!("one effect for each {}", label(*at))));
    // Labels with commas of their own need another sign between them.
    let adjusted = match parts.iter().any(|part| part.contains(',')) {
        _ if parts.is_empty() => ", unadjusted".to_string(),
        true => format!(" adjusted for {}", parts.join("; ")),
        false => format!(" adjusted for {}", listed(&parts)),
    };
    let offset = match model.offset {
        Some((at, true)) => format!("; offset: logarithm of {}", label(at)),
        Some((at, false)) => format!("; offset: {}", label(at)),
        None => String::new(),
    };
    let weights = match model.weights {
        Some(Weights::Frequency(at)) => format!("; rows count {} times", label(at)),
        Some(Weights::Sampling(at)) => format!("; sampling weights: {}", label(at)),
        None => String::new(),
    };
    let through = model.terms.iter().any(|term| term.factors.iter().any(|(at, _)| *at == model.exposure));
    let through = match through {
        true => {
            " The exposure’s own coefficient is its effect where the other parts of its interactions are zero or at their reference; the average marginal effect counts all of them."
        }
        false => "",
    };
    format!("{family}{adjusted}{offset}{weights}.{through}")
}

/// How intervals and p values of some results of one model were made, and what to beware of.
pub(super) fn inference(dataset: &Dataset, model: &DatasetModel, results: &[&DatasetResult]) -> Vec<String> {
    let Some(first) = results.first() else { return Vec::new() };
    let label = |at: usize| dataset.variables[at].label.clone();
    let kind = match model.errors {
        DatasetErrors::Iid if grouped(dataset, model) => {
            "errors of independent trials with the variance that the family implies".to_string()
        }
        DatasetErrors::Iid => "errors of independent rows with the variance that the family implies".to_string(),
        DatasetErrors::Hc1 if grouped(dataset, model) => {
            format!("errors of any variance, each {} a cluster of its own", dataset.row[0])
        }
        DatasetErrors::Hc1 => "errors of independent rows of any variance (HC1)".to_string(),
        DatasetErrors::Cluster(at) => format!("errors clustered by {}", label(at)),
        DatasetErrors::TwoWay(first, second) => {
            format!("errors clustered by {} and by {}", label(first), label(second))
        }
        DatasetErrors::Cr3(at) => format!("errors clustered by {}, leaving out one cluster at a time (CR3)", label(at)),
    };
    let span = |values: Vec<f64>, digits: usize| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (low, high) = (format::fixed(low, digits), format::fixed(high, digits));
        if low == high { low } else { format!("{low} to {high}") }
    };
    let factor = match first.how.fit.ways.shown() {
        // Two-way errors have a factor for each kind of clusters and one for their intersections.
        Some(ways) if ways.len() > 1 && results.len() == 1 => {
            let each: Vec<String> = ways.iter().map(|(_, factor)| format::fixed(*factor, 5)).collect();
            format!("small-sample factors {}", listed(&each))
        }
        _ => format!("small-sample factor {}", span(results.iter().map(|r| r.how.factor).collect(), 5)),
    };
    let mut text =
        format!("95% confidence intervals and p values rest on {kind} (profile {}, {factor}", first.how.profile);
    // Of two-way errors the third kind are the intersections.
    let ways = first.how.fit.ways.shown().map_or(0, |ways| ways.len().min(2));
    if ways > 0 {
        let clusters = |way: usize| -> Vec<f64> {
            let of = |r: &&DatasetResult| r.how.fit.ways.shown().and_then(|ways| ways.get(way)).map(|(n, _)| *n as f64);
            results.iter().filter_map(of).collect()
        };
        let each: Vec<String> = (0..ways).map(|way| span(clusters(way), 0)).collect();
        text += &format!(", {} clusters", each.join(" and "));
    }
    text += &match first.how.fit.df {
        None => ", normal distribution).".to_string(),
        Some(_) => {
            let df = span(results.iter().filter_map(|r| r.how.fit.df).collect(), 0);
            format!(", t distribution with {df} degrees of freedom).")
        }
    };
    let mut notes = vec![text];
    let mut warnings: Vec<String> = Vec::new();
    for result in results {
        for warning in result.how.fit.warnings.shown().into_iter().flatten() {
            let text = format!("Caution: {warning}.");
            if !warnings.contains(&text) {
                warnings.push(text);
            }
        }
    }
    notes.extend(warnings);
    notes
}

/// Whether a model's outcomes are successes of trials: then a row, not a trial, is independent.
fn grouped(dataset: &Dataset, model: &DatasetModel) -> bool {
    let trials = |at: &usize| matches!(dataset.outcomes[*at].measure, crate::config::Measure::Grouped { .. });
    model.outcomes.iter().any(trials)
}

/// The notes of the main model's tables of estimates.
pub(super) fn main(dataset: &Dataset, found: &DatasetFindings) -> Vec<String> {
    let main = &dataset.models[0];
    let mut notes = vec![per(dataset, main), model(dataset, main)];
    notes.extend(inference(dataset, main, &results_of(found, 0).collect::<Vec<_>>()));
    notes
}
