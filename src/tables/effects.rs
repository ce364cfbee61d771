//! The main results, and the variants beside them: odds ratio, percentage points, people.
//! Arranges released estimates; computes nothing.

use super::cells::{self, head, listed, points, ratio, row, words};
use super::notes::{self, Rests, finish};
use super::types::{Cell, Head, Table};
use super::{outcome_id, outcome_label, results_of};
use crate::config::{Config, Exhibit, Family, Model};
use crate::disclosure::{Findings, ModelResult};
use crate::format;

/// Table of the main model: one row per outcome.
pub(super) fn main_results(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let logit = config.models.first().is_none_or(|model| model.family == Family::Logit);
    let mut heads = vec![head("Outcome", &["outcome", "label"], false)];
    if logit {
        heads.push(ratio_head());
    }
    heads.extend([
        head("p", &["p_value"], true),
        head("Holm p", &["holm_p"], true),
        points_head(),
        head("People (95% CI)", &["people", "people_low", "people_high"], true),
    ]);
    heads.extend(size_heads(config));
    let results = results_of(findings, 0);
    let rows = results.iter().map(|result| {
        let label = outcome_label(config, result.outcome);
        let mut cells = vec![words(label.clone(), &[&outcome_id(config, result.outcome), &label])];
        if logit {
            cells.push(cells::with_interval(&result.odds_ratio, ratio));
        }
        cells.extend([
            cells::p_value(&result.exposure.map(|e| e.p)),
            cells::p_value(&result.holm),
            cells::with_interval(&result.average_marginal_effect, points),
            cells::with_interval(&result.people, cells::people),
        ]);
        cells.extend(size_cells(result));
        row("", cells)
    });
    let rows = rows.collect();
    let mut own = effect_notes(config, &results);
    own.extend(population_notes(config, &results, "percentage points"));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// Table of every model by outcome, the main one first; sections are outcomes.
pub(super) fn variants(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let logit = |model: &Model| model.family == Family::Logit;
    let ratios = config.models.iter().any(logit);
    let mut heads = vec![head("Model", &["outcome", "model", "label"], false)];
    heads.extend(ratios.then(ratio_head));
    heads.extend([head("p", &["p_value"], true), points_head()]);
    heads.extend(size_heads(config));
    let mut rows = Vec::new();
    for outcome in 0..config.outcomes.len() {
        let mut section = outcome_label(config, outcome);
        for (at, model) in config.models.iter().enumerate() {
            for result in findings.models.iter().filter(|found| found.model == at && found.outcome == outcome) {
                let mut cells =
                    vec![words(model.label.clone(), &[&outcome_id(config, outcome), &model.id, &model.label])];
                cells.extend(ratios.then(|| ratio_cell(config, result)));
                cells.extend([
                    cells::p_value(&result.exposure.map(|e| e.p)),
                    cells::with_interval(&result.average_marginal_effect, points),
                ]);
                cells.extend(size_cells(result));
                rows.push(row(std::mem::take(&mut section), cells));
            }
        }
    }
    let mut own = vec![notes::exposure_unit(config)];
    for (at, model) in config.models.iter().enumerate() {
        if let Some(adjusted) = notes::adjustment(config, at) {
            own.push(format!("{}: {adjusted}", model.label));
        }
        let changes = super::changes(config, model);
        if !changes.is_empty() {
            own.push(format!("{}: {}.", model.label, changes.join("; ")));
        }
    }
    if ratios && !config.models.iter().all(logit) {
        own.push(format!("{}: not a logistic model; percentage points compare across all.", cells::NOTHING));
    }
    own.extend(notes::inference(config, &findings.models.iter().collect::<Vec<_>>()));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// An odds ratio where the model has one, else a dash.
fn ratio_cell(config: &Config, result: &ModelResult) -> Cell {
    if config.models.get(result.model).is_none_or(|model| model.family == Family::Logit) {
        cells::with_interval(&result.odds_ratio, ratio)
    } else {
        cells::blank(3)
    }
}

/// Heading of an odds ratio column.
pub(super) fn ratio_head() -> Head {
    head("Odds ratio (95% CI)", &["odds_ratio", "odds_ratio_low", "odds_ratio_high"], true)
}

fn points_head() -> Head {
    head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true)
}

fn size_heads(config: &Config) -> [Head; 3] {
    [
        head(format!("{}, n", cells::capital(&config.terms.response[1])), &["n"], true),
        head(format!("{}, n", cells::capital(&config.terms.practice[1])), &["groups"], true),
        head("Clusters, n", &["clusters"], true),
    ]
}

fn size_cells(result: &ModelResult) -> [Cell; 3] {
    [cells::count(&result.n), cells::count(&result.groups), cells::count(&result.clusters)]
}

/// Unit of the exposure, adjustment and inference of the main model.
pub(super) fn effect_notes(config: &Config, results: &[&ModelResult]) -> Vec<String> {
    let mut own = vec![notes::exposure_unit(config)];
    own.extend(notes::adjustment(config, 0));
    own.extend(notes::inference(config, results));
    own.push(
        "Percentage points: average marginal effect with every adjusted-for level held as observed (CSV: shares, not \
         percentages). Holm p: adjusted for the number of outcomes in the table."
            .into(),
    );
    own
}

/// Which people the effects are scaled to; outcomes that share a population share a sentence.
pub(super) fn population_notes(config: &Config, results: &[&ModelResult], what: &str) -> Vec<String> {
    let mut own = Vec::new();
    for (at, population) in config.populations.iter().enumerate() {
        let used: Vec<String> = results
            .iter()
            .filter_map(|result| config.outcomes.get(result.outcome))
            .filter(|outcome| outcome.population == Some(at))
            .map(|outcome| cells::lower(&outcome.short))
            .collect();
        if !used.is_empty() {
            own.push(format!(
                "People ({}): {what} times {} ({}), to the nearest 1,000.",
                listed(&used),
                format::rounded(population.people, 1.0),
                population.label
            ));
        }
    }
    own
}
