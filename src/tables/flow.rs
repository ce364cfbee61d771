//! The ledger as a table and as `flow.csv`, and what leaves within the estimator. Arranges
//! released counts; computes nothing.

use super::cells::{self, capital, head, row, words};
use super::notes::{Rests, finish};
use super::types::{Row, Table};
use super::{outcome_id, outcome_label, results_of};
use crate::config::{Config, Exhibit};
use crate::disclosure::{Findings, FlowRow, Released, Stage};

/// Header of `flow.csv`: a contract.
pub const FLOW_HEADER: [&str; 6] = ["outcome", "wave", "stage", "reason", "rows", "practices"];

/// Table of the ledger over all waves, in sections by outcome.
pub(super) fn flow(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("Stage", &["outcome", "stage", "reason"], false),
        head(capital(&config.terms.response[1]), &["rows"], true),
        head(capital(&config.terms.practice[1]), &["practices"], true),
    ];
    let mut rows = Vec::new();
    for outcome in 0..config.outcomes.len() {
        let mut section = outcome_label(config, outcome);
        for line in ordered(findings).into_iter().filter(|line| line.outcome == outcome && line.wave.is_none()) {
            rows.push(stage_row(config, std::mem::take(&mut section), line));
        }
    }
    let own = vec![
        format!(
            "All waves. Of the {} received, each leaves once, for the first reason that applies in the order shown; what \
             remains is analysed. By wave: flow.csv.",
            config.terms.response[1]
        ),
        format!(
            "A {} can stand in several lines, so {} do not add up.",
            config.terms.practice[0], config.terms.practice[1]
        ),
    ];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}

fn stage_row(config: &Config, section: String, line: &FlowRow) -> Row {
    let text = match line.stage {
        Stage::Received => format!("{} received", capital(&config.terms.response[1])),
        Stage::Left => format!("Left: {}", line.reason),
        Stage::Analysed => format!("{} analysed", capital(&config.terms.response[1])),
    };
    let names = [outcome_id(config, line.outcome), line.stage.word().to_owned(), line.reason.clone()];
    let values = names.each_ref().map(String::as_str);
    row(section, vec![words(text, &values), cells::count(&line.rows), cells::count(&line.practices)])
}

/// The ledger by outcome, wave (all waves last) and stage; reasons keep the order they apply in.
fn ordered(findings: &Findings) -> Vec<&FlowRow> {
    let mut lines: Vec<&FlowRow> = findings.flow.iter().collect();
    lines.sort_by_key(|line| (line.outcome, line.wave.unwrap_or(usize::MAX), line.stage));
    lines
}

/// `flow.csv`, header first: outcome id, wave (`all` for all waves together), stage, reason, and
/// counts that are empty where they are not released.
pub fn flow_rows(config: &Config, findings: &Findings) -> Vec<Vec<String>> {
    let shown = |n: &Released<u64>| n.shown().map(u64::to_string).unwrap_or_default();
    let mut rows = vec![FLOW_HEADER.map(str::to_owned).to_vec()];
    rows.extend(ordered(findings).into_iter().map(|line| {
        vec![
            outcome_id(config, line.outcome),
            line.wave.map_or_else(|| "all".into(), |wave| super::wave_label(config, wave)),
            line.stage.word().to_owned(),
            line.reason.clone(),
            shown(&line.rows),
            shown(&line.practices),
        ]
    }));
    rows
}

/// Table of what leaves within the estimator of the main model, in sections by outcome.
pub(super) fn dropped(config: &Config, findings: &Findings, exhibit: &Exhibit) -> Table {
    let heads = vec![
        head("What left", &["outcome", "what"], false),
        head("Groups or levels", &["groups"], true),
        head(capital(&config.terms.response[1]), &["rows"], true),
    ];
    let mut rows = Vec::new();
    for result in results_of(findings, 0) {
        let outcome = outcome_id(config, result.outcome);
        let mut section = outcome_label(config, result.outcome);
        if result.dropped.is_empty() {
            let cells = vec![
                words("Nothing", &[&outcome, "nothing"]),
                cells::numbers("0".into(), &[0.0]),
                cells::numbers("0".into(), &[0.0]),
            ];
            rows.push(row(std::mem::take(&mut section), cells));
        }
        for line in &result.dropped {
            let cells = vec![
                words(capital(&line.what), &[&outcome, &line.what]),
                cells::count(&line.groups),
                cells::count(&line.rows),
            ];
            rows.push(row(std::mem::take(&mut section), cells));
        }
    }
    let own = vec![format!(
        "Main model. A {} whose answers are all the same says nothing about the exposure beside an effect of its own; a \
         level that predicts the answer perfectly has no finite coefficient.",
        config.terms.practice[0]
    )];
    finish(config, exhibit, Rests::Responses, heads, rows, own)
}
