//! Inequality by wave and its change with the exposure. Arranges released values.

use super::super::breaks;
use super::super::cells::{self, count, head, listed, lower, points, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::{estimate, p_row};
use super::super::types::{Row, Table};
use super::super::{outcome_id, outcome_label, wave_label};
use super::{Key, line};
use crate::config::{Config, Exhibit, Inequality};
use crate::disclosure::{Estimate, InequalityFound, InequalityOutcome, Released};
use crate::format;

fn ratio_text(x: f64) -> String {
    format::fixed(x, 3)
}

/// One row per outcome and wave, then the change over time and with the exposure.
pub(super) fn inequality(config: &Config, found: &InequalityFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Wave", &["outcome", "wave"], false),
        head(format!("{}, n", cells::capital(&config.terms.response[1])), &["n"], true),
        head("Slope index, percentage points (95% CI)", &["slope", "slope_low", "slope_high"], true),
        head("p", &["p_value"], true),
        head("Relative index (95% CI)", &["relative", "relative_low", "relative_high"], true),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for outcome in &found.outcomes {
        rows.extend(outcome_rows(config, outcome));
    }
    let mut own = Vec::new();
    if let Some(plan) = &config.analyses.inequality {
        own.extend(how(config, plan));
    }
    own.push(notes::exposure_unit(config));
    own.extend(breaks::notes(config, found.outcomes.iter().map(|outcome| outcome.outcome)));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn outcome_rows(config: &Config, outcome: &InequalityOutcome) -> Vec<Row> {
    let id = outcome_id(config, outcome.outcome);
    let mut section = outcome_label(config, outcome.outcome);
    let mut rows: Vec<Row> = Vec::new();
    for wave in &outcome.waves {
        let label = wave_label(config, wave.wave);
        let cells = vec![
            words(breaks::marked(config, outcome.outcome, wave.wave), &[&id, &label]),
            count(&wave.n),
            cells::with_interval(&wave.slope, points),
            cells::p_value(&wave.slope.map(|slope| slope.p)),
            cells::with_interval(&wave.relative, ratio_text),
        ];
        rows.push(row(std::mem::take(&mut section), cells));
    }
    let more = |label: &str, key: &str, found: &Released<Estimate>| {
        let cells = vec![
            words(label, &[&id, key]),
            count(&outcome.n),
            cells::with_interval(found, points),
            cells::p_value(&found.map(|found| found.p)),
            cells::blank(3),
        ];
        row("", cells)
    };
    rows.push(more("Change, first to last wave", "change", &outcome.change));
    rows.push(more("Change per unit of exposure", "exposure", &outcome.provision));
    rows
}

fn how(config: &Config, plan: &Inequality) -> Vec<String> {
    let label = config.covariates.get(plan.by).map_or_else(String::new, |covariate| covariate.label.clone());
    let adjusted: Vec<String> =
        plan.covariates.iter().filter_map(|at| config.covariates.get(*at)).map(|c| lower(&c.label)).collect();
    let adjusted = if adjusted.is_empty() { String::new() } else { format!(", adjusted for {}", listed(&adjusted)) };
    vec![
        format!(
            "Slope index: the share at the {} end less that at the {} end of {}, each response at the midpoint of its \
             level’s share among the wave’s responses; linear regression{adjusted}. Relative index: the ratio of the \
             two shares; Poisson regression with the logarithm as link. Errors are clustered by {}.",
            plan.ends[1],
            plan.ends[0],
            lower(&label),
            config.terms.cluster[0]
        ),
        "Change per unit of exposure: how the slope index moves with the exposure in the main model fitted as linear \
         regression, with a slope of each wave, a slope that may differ with a place’s mean exposure (so that places are compared \
         with themselves) and without the covariate that is ranked. Responses without a rank \
         leave."
            .into(),
    ]
}

/// Alternative text of the figure.
pub(super) fn alt(config: &Config, found: &InequalityFound) -> Vec<String> {
    let Some(plan) = &config.analyses.inequality else { return Vec::new() };
    let mut sentences = vec![format!(
        "Slope index of inequality by wave in percentage points, {} end less {} end, with 95% confidence intervals, one \
         panel per outcome.",
        plan.ends[1], plan.ends[0]
    )];
    for outcome in &found.outcomes {
        let each: Vec<String> = outcome
            .waves
            .iter()
            .map(|wave| {
                let slope = wave.slope.shown().map_or_else(|| cells::NOT_RELEASED.into(), |e| points(e.estimate));
                format!("{} {slope}", wave_label(config, wave.wave))
            })
            .collect();
        let short = config.outcomes.get(outcome.outcome).map_or_else(String::new, |outcome| outcome.short.clone());
        sentences.push(format!("{short}: {}{}.", each.join(", "), breaks::words(config, outcome.outcome)));
    }
    sentences
}

/// Indices by wave, their change over time and with the exposure.
pub(super) fn results_rows(config: &Config, found: &InequalityFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for outcome in &found.outcomes {
        let id = outcome_id(config, outcome.outcome);
        for wave in &outcome.waves {
            let label = format!("wave={}", wave_label(config, wave.wave));
            rows.push(line(key(&id, &label, "rank", "slope_index"), &estimate(&wave.slope), Some(&wave.n), None));
            rows.push(line(key(&id, &label, "rank", "relative_index"), &estimate(&wave.relative), Some(&wave.n), None));
        }
        let n = Some(&outcome.n);
        rows.push(line(key(&id, "", "rank", "slope_index_change"), &estimate(&outcome.change), n, None));
        rows.push(line(key(&id, "", "exposure:rank", "slope_index_change"), &estimate(&outcome.provision), n, None));
        rows.push(line(key(&id, "", "exposure:rank", "p_equivalence"), &p_row(&outcome.equivalence), n, None));
    }
    rows
}

fn key<'a>(outcome: &'a str, subgroup: &'a str, term: &'a str, quantity: &'a str) -> Key<'a> {
    Key { analysis: "inequality", outcome, subgroup, term, quantity }
}
