//! All coefficients of the main model, in sections by outcome. The only arithmetic is the
//! exponential that turns log odds into odds ratios.

use super::cells::{self, NOTHING, blank, head, ratio, row, words};
use super::notes::{self, Rests, finish};
use super::types::{Cell, Row, Table, Value};
use super::{effects, outcome_id, outcome_label, results_of};
use crate::config::{Config, CovariateKind, Exhibit, Family};
use crate::disclosure::{CoefficientRow, Estimate, Findings, ModelResult};
use crate::num;

/// Table of every coefficient of the main model; reference levels stand in their place.
pub(super) fn coefficients(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let logit = config.models.first().is_none_or(|model| model.family == Family::Logit);
    let estimate = if logit {
        effects::ratio_head()
    } else {
        head("Coefficient (95% CI)", &["coefficient", "coefficient_low", "coefficient_high"], true)
    };
    let heads = vec![
        head("Term", &["outcome", "term", "level"], false),
        estimate,
        head("p", &["p_value"], true),
        head(format!("{}, n", cells::capital(&config.terms.response[1])), &["n"], true),
    ];
    let results = results_of(findings, 0);
    let mut rows = Vec::new();
    for result in &results {
        let mut section = outcome_label(config, result.outcome);
        for mut line in outcome_rows(config, result, logit) {
            line.section = std::mem::take(&mut section);
            rows.push(line);
        }
    }
    let mut own = vec![notes::exposure_unit(config)];
    own.extend(notes::adjustment(config, 0));
    own.extend(notes::inference(config, &results));
    own.push(format!("{NOTHING}: nothing is estimated for a reference level."));
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// Rows of one outcome: terms in the order of the model, each covariate's reference level where
/// the config has it.
fn outcome_rows(config: &Config, result: &ModelResult, logit: bool) -> Vec<Row> {
    let outcome = outcome_id(config, result.outcome);
    let mut rows = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for first in &result.coefficients {
        if done.contains(&first.term.as_str()) {
            continue;
        }
        done.push(&first.term);
        let same: Vec<&CoefficientRow> = result.coefficients.iter().filter(|c| c.term == first.term).collect();
        let mut lines: Vec<Row> = same.iter().map(|c| coefficient_row(&outcome, c, logit)).collect();
        if let Some((at, level)) = reference(config, result, &first.term, &same) {
            lines.insert(at.min(lines.len()), reference_row(&outcome, first, &level, logit));
        }
        rows.extend(lines);
    }
    rows
}

fn coefficient_row(outcome: &str, found: &CoefficientRow, logit: bool) -> Row {
    let label = if found.level.is_empty() { found.label.clone() } else { format!("{}: {}", found.label, found.level) };
    let estimate = if logit {
        cells::with_interval(&found.coefficient.map(exponentiated), ratio)
    } else {
        cells::with_interval(&found.coefficient, |x| crate::format::fixed(x, 4))
    };
    row(
        "",
        vec![
            words(label, &[outcome, &found.term, &found.level]),
            estimate,
            cells::p_value(&found.coefficient.map(|e| e.p)),
            cells::count(&found.n),
        ],
    )
}

fn exponentiated(e: &Estimate) -> Estimate {
    Estimate { estimate: num::exp(e.estimate), low: num::exp(e.low), high: num::exp(e.high), ..e.clone() }
}

fn reference_row(outcome: &str, first: &CoefficientRow, level: &str, logit: bool) -> Row {
    let (text, none) = if logit { ("1 (reference)", 1.0) } else { ("0 (reference)", 0.0) };
    let estimate = Cell { text: text.into(), values: vec![Value::Number(none), Value::Blank, Value::Blank] };
    let label = format!("{}: {level}", first.label);
    row("", vec![words(label, &[outcome, &first.term, level]), estimate, blank(1), blank(1)])
}

/// The reference level of a term and its place among the term's rows. For waves it is the one
/// wave that asked the item and has no coefficient; with several such waves none can be named.
fn reference(config: &Config, result: &ModelResult, term: &str, same: &[&CoefficientRow]) -> Option<(usize, String)> {
    if same.iter().any(|c| c.level.is_empty()) {
        return None;
    }
    let found = config.covariates.iter().find(|covariate| covariate.id == term).map(|covariate| &covariate.kind);
    let (levels, reference): (Vec<String>, usize) = match found {
        Some(CovariateKind::Item { levels, reference, .. }) => {
            (levels.iter().map(|(label, _)| label.clone()).collect(), *reference)
        }
        Some(CovariateKind::Rurality { levels, reference, .. }) => {
            (levels.iter().map(|(label, _)| label.clone()).collect(), *reference)
        }
        Some(CovariateKind::Deprivation { .. }) => return None,
        None if term == "wave" => wave_reference(config, result, same)?,
        None => return None,
    };
    let level = levels.get(reference)?.clone();
    let before = levels.iter().take(reference).filter(|level| same.iter().any(|c| c.level == **level)).count();
    (!same.iter().any(|c| c.level == level)).then_some((before, level))
}

fn wave_reference(config: &Config, result: &ModelResult, same: &[&CoefficientRow]) -> Option<(Vec<String>, usize)> {
    let items = &config.outcomes.get(result.outcome)?.items;
    let waves: Vec<String> =
        config.waves.iter().zip(items).filter(|(_, item)| item.is_some()).map(|(wave, _)| wave.to_string()).collect();
    let mut without = (0..waves.len()).filter(|&at| !same.iter().any(|c| c.level == waves[at]));
    match (without.next(), without.next()) {
        (Some(at), None) => Some((waves, at)),
        _ => None,
    }
}
