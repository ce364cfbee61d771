//! The sentences under tables: who is in it, how intervals were made, what is hidden and why,
//! and that simulated data are simulated. Words for units come from the config; numbers only
//! from released values.

pub(super) use super::inference::inference;

use super::cells::{NOT_ESTIMATED, NOT_RELEASED, capital, listed, lower};
use super::types::{Head, Row, Table, Value};
use crate::config::{Config, Disclosure, Exhibit, Source};
use crate::disclosure::{Findings, Released};
use crate::format;

/// Which sources a table rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rests {
    /// Survey responses, linked or not.
    Responses,
    /// Administrative files only.
    Administrative,
}

/// The table with the notes that every table carries, after its own.
pub(super) fn finish(
    config: &Config,
    exhibit: &Exhibit,
    rests: Rests,
    heads: Vec<Head>,
    rows: Vec<Row>,
    own: Vec<String>,
) -> Table {
    let mut notes = own;
    if !exhibit.note.is_empty() {
        notes.push(exhibit.note.clone());
    }
    notes.extend(hidden_notes(&config.disclosure, "people", &rows));
    if heads.iter().any(|head| head.text.contains("CI")) {
        notes.push("CI: confidence interval.".into());
    }
    if rests == Rests::Administrative {
        // Licences stand wherever the data they are about are shown.
        notes.extend(config.study.notices.iter().cloned());
    }
    notes.extend(simulated(config, rests));
    notes.dedup();
    let rows = marked(&config.disclosure, rows);
    Table { id: exhibit.id.clone(), number: exhibit.number.clone(), title: exhibit.title.clone(), notes, heads, rows }
}

/// The rows with hidden cells as the regime wants them printed.
pub(super) fn marked(disclosure: &Disclosure, mut rows: Vec<Row>) -> Vec<Row> {
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells).filter(|_| disclosure.mark != NOT_RELEASED) {
        if cell.values.iter().any(|value| matches!(value, Value::Hidden(_))) {
            cell.text = cell.text.replace(NOT_RELEASED, &disclosure.mark);
        }
    }
    rows
}

/// One sentence on the disclosure rule if a cell is hidden by it, and one for each reason of a
/// missing estimate.
pub(super) fn hidden_notes(disclosure: &Disclosure, units: &str, rows: &[Row]) -> Vec<String> {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let mut notes = Vec::new();
    if cells().any(|cell| cell.text.contains(NOT_RELEASED)) {
        notes.push(hidden_rule(disclosure, units));
    } else {
        notes.extend(rounding_rule(disclosure));
    }
    let mut reasons = std::collections::BTreeSet::new();
    for cell in cells().filter(|cell| cell.text.contains(NOT_ESTIMATED)) {
        reasons.extend(cell.values.iter().filter_map(|value| match value {
            Value::Hidden(reason) => Some(reason.clone()),
            _ => None,
        }));
    }
    notes.extend(reasons.into_iter().map(|reason| format!("{}.", capital(&reason))));
    notes
}

/// What "not released" means, with the threshold in force.
pub(super) fn hidden_rule(disclosure: &Disclosure, units: &str) -> String {
    let rounding = rounding_rule(disclosure).map(|text| format!(" {text}")).unwrap_or_default();
    format!(
        "“{}”: results on fewer than {} {units} are hidden (disclosure profile {}), and with them any other \
         number from which one could be worked out.{rounding}",
        disclosure.mark,
        format::count(disclosure.threshold),
        disclosure.profile
    )
}

/// How counts are rounded; none where they are not.
fn rounding_rule(disclosure: &Disclosure) -> Option<String> {
    let base = format::count(disclosure.rounding);
    match (disclosure.rounding > 1, disclosure.totals_of_parts) {
        (false, _) => None,
        (true, true) => {
            Some(format!("Counts are rounded to the nearest {base}; totals over time are sums of rounded parts."))
        }
        (true, false) => Some(format!("Counts are rounded to the nearest {base}, totals after they were added up.")),
    }
}

/// The sentence that simulated data carry; none when everything is real.
pub(super) fn simulated(config: &Config, rests: Rests) -> Option<String> {
    if !config.simulated() {
        return None;
    }
    let all = listed(&config.simulated_sources().into_iter().map(str::to_owned).collect::<Vec<_>>());
    let inputs = &config.inputs;
    let real_here = rests == Rests::Administrative
        && inputs.workforce.source == Source::Real
        && inputs.practices.source == Source::Real;
    Some(if real_here {
        format!("Real data in this table; elsewhere in this report the data are simulated ({all}).")
    } else {
        format!("Simulated data ({all}): nothing here is a finding about real people.")
    })
}

/// What the exposure's unit is.
pub(super) fn exposure_unit(config: &Config) -> String {
    format!("Exposure: {}; effects are per {}.", config.exposure.label, config.terms.exposure_unit)
}

/// Whether shares are weighted.
pub(super) fn weighted_shares(findings: &Findings) -> String {
    if findings.weighted {
        "Percentages use the survey weights; numbers of responses are unweighted.".into()
    } else {
        "Percentages are unweighted: the survey has no weights.".into()
    }
}

/// Covariates, absorbed effects and weights of a model.
pub(super) fn adjustment(config: &Config, model: usize) -> Option<String> {
    use crate::config::{Absorb, Family};
    let model = config.models.get(model)?;
    let family = match model.family {
        Family::Logit => "Logistic regression",
        Family::Probit => "Probit regression",
        Family::Linear => "Linear probability model",
    };
    let mut parts: Vec<String> = model
        .covariates
        .iter()
        .filter_map(|&at| config.covariates.get(at))
        .map(|covariate| lower(&covariate.label))
        .collect();
    if model.wave_effects {
        parts.push("wave".into());
    }
    match model.absorb {
        Absorb::Practice => parts.push(format!("one effect for each {}", config.terms.practice[0])),
        Absorb::Cluster => parts.push(format!("one effect for each {}", config.terms.cluster[0])),
        Absorb::None => {}
    }
    let weights = if model.weighted { "survey weights used" } else { "no weights" };
    Some(if parts.is_empty() {
        format!("{family}, unadjusted; {weights}.")
    } else {
        format!("{family} adjusted for {}; {weights}.", listed(&parts))
    })
}

/// `1,234 responses`, or the word for a hidden number.
pub(super) fn counted(n: &Released<u64>, units: &[String; 2]) -> String {
    match (n.shown(), n.hidden()) {
        (Some(1), _) => format!("1 {}", units[0]),
        (Some(n), _) => format!("{} {}", format::count(*n), units[1]),
        (None, Some(reason)) => format!("{} ({})", units[1], super::cells::hidden_word(reason)),
        (None, None) => units[1].clone(),
    }
}
