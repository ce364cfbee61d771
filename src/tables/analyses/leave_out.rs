//! The main model without one part at a time: table, words for the figure, machine rows. Arranges
//! released values.

use super::super::breaks;
use super::super::cells::{self, capital, head, points, row, words};
use super::super::notes::{self, Rests, finish};
use super::super::results::estimate;
use super::super::types::Table;
use super::super::{outcome_id, outcome_label, results_of};
use super::{Key, line};
use crate::config::{Config, Exhibit};
use crate::disclosure::{Estimate, Findings, LeaveOutFound, LeftOut};

/// What a part is called before its name.
pub(super) fn kind(config: &Config, part: &LeftOut) -> String {
    if part.kind == "area" { config.terms.area[0].clone() } else { part.kind.clone() }
}

/// One row per outcome and part.
pub(super) fn leave_out(config: &Config, found: &LeaveOutFound, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Left out", &["outcome", "kind", "code", "label"], false),
        head("Percentage points (95% CI)", &["effect", "effect_low", "effect_high"], true),
        head("p", &["p_value"], true),
        head(format!("{}, n", capital(&config.terms.response[1])), &["n"], true),
    ];
    let mut rows = Vec::new();
    let mut last = None;
    for one in &found.rows {
        let section = if last.replace(one.outcome) == Some(one.outcome) {
            String::new()
        } else {
            outcome_label(config, one.outcome)
        };
        let part = &one.left_out;
        let name = format!("{} {}{}", capital(&kind(config, part)), part.label, broken(config, one.outcome, part));
        let cells = vec![
            words(name, &[&outcome_id(config, one.outcome), &part.kind, &part.code, &part.label]),
            cells::with_interval(&one.effect, points),
            cells::p_value(&one.effect.map(|e| e.p)),
            cells::count(&one.n),
        ];
        rows.push(row(section, cells));
    }
    let mut own = vec![notes::exposure_unit(config)];
    if found.rows.iter().any(|row| !broken(config, row.outcome, &row.left_out).is_empty()) {
        own.extend(breaks::notes(config, found.rows.iter().map(|row| row.outcome)));
    }
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

/// The mark of a wave that opens a new series.
fn broken(config: &Config, outcome: usize, part: &LeftOut) -> &'static str {
    let wave = config.waves.iter().position(|wave| part.kind == "wave" && wave.to_string() == part.code);
    wave.map_or("", |wave| breaks::mark(config, outcome, wave))
}

/// The figure in words.
pub(super) fn alt(config: &Config, findings: &Findings, found: &LeaveOutFound) -> Vec<String> {
    let mut text = vec![format!(
        "Percentage points per {} with 95% confidence intervals when one part of the sample is left out, one column \
         per outcome, beside the main model.",
        config.terms.exposure_unit
    )];
    for main in results_of(findings, 0) {
        let shown: Vec<(&LeftOut, &Estimate)> =
            found.of(main.outcome).filter_map(|row| Some((&row.left_out, row.effect.shown()?))).collect();
        let by = |a: &&(&LeftOut, &Estimate), b: &&(&LeftOut, &Estimate)| a.1.estimate.total_cmp(&b.1.estimate);
        let (Some(low), Some(high)) = (shown.iter().min_by(by), shown.iter().max_by(by)) else { continue };
        let name = |part: &LeftOut| format!("{} {}", kind(config, part), part.label);
        let all = main
            .average_marginal_effect
            .shown()
            .map_or_else(String::new, |e| format!("; nothing left out {}", cells::interval_text(e, points)));
        text.push(format!(
            "{}: from {} without {} to {} without {}{all}.",
            config.outcomes.get(main.outcome).map_or("", |outcome| outcome.short.as_str()),
            points(low.1.estimate),
            name(low.0),
            points(high.1.estimate),
            name(high.0)
        ));
    }
    text
}

/// Rows of `results.csv`: `wave=2021` is the subgroup left out.
pub(super) fn results_rows(config: &Config, found: &LeaveOutFound) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for one in &found.rows {
        let outcome = outcome_id(config, one.outcome);
        let part = format!("{}={}", one.left_out.kind, one.left_out.code);
        for (quantity, value) in [("average_marginal_effect", &one.effect), ("coefficient", &one.coefficient)] {
            let key = Key { analysis: "leave_out", outcome: &outcome, subgroup: &part, term: "exposure", quantity };
            rows.push(line(key, &estimate(value), Some(&one.n), None));
        }
    }
    rows
}
