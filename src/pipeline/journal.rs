//! What a run log says of results: files read, rows in and out of every stage, warnings. From released
//! values only, so that a log discloses nothing that the report does not. Knows no clock and no file.

use super::regime::gate;
use super::{Found, Results, warnings};
use crate::config::Form;
use crate::disclosure::{FlowRow, Released, Stage};
use serde_json::{Value, json};

/// The lines, in the order of the stages.
pub fn journal(form: &Form, results: &Results) -> Vec<Value> {
    let gate = gate(match form {
        Form::Survey(config) => &config.disclosure,
        Form::Dataset(dataset) => &dataset.disclosure,
    });
    // What was noticed of a file counts single values of it: that is for the report, not for a log.
    let input = |record: &crate::ingest::InputRecord| {
        json!({
            "event": "input", "source": record.source, "path": record.path, "sha256": record.sha256,
            "bytes": record.bytes, "rows_out": count(&gate.count(record.rows)),
        })
    };
    let mut lines: Vec<Value> = results.records.iter().map(input).collect();
    match (form, &results.findings) {
        (Form::Survey(config), Found::Survey(findings)) => {
            let outcomes: Vec<&str> = config.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
            let models: Vec<&str> = config.models.iter().map(|model| model.id.as_str()).collect();
            lines.push(
                json!({ "event": "rows", "stage": "linking and recoding", "rows_out": count(&findings.responses) }),
            );
            lines.extend(flow(&findings.flow, &outcomes));
            lines.extend(findings.models.iter().map(|found| {
                fit(models[found.model], outcomes[found.outcome], &found.n, &found.groups_dropped, found.iterations)
            }));
        }
        (Form::Dataset(dataset), Found::Dataset(found)) => {
            let outcomes: Vec<&str> = dataset.outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
            let models: Vec<&str> = dataset.models.iter().map(|model| model.id.as_str()).collect();
            lines.push(
                json!({ "event": "rows", "stage": "looking up and recoding", "rows_out": count(&found.received) }),
            );
            lines.extend(flow(&found.flow, &outcomes));
            lines.extend(found.models.iter().map(|found| {
                let how = &found.how;
                fit(models[found.model], outcomes[found.outcome], &found.n, &found.groups_dropped, how.iterations)
            }));
        }
        _ => {}
    }
    lines.extend(warnings(form, results).into_iter().map(|text| json!({ "event": "warning", "text": text })));
    lines
}

/// A count, or why it is not shown.
fn count(n: &Released<u64>) -> Value {
    n.shown().map_or_else(|| json!(n.status()), |n| json!(n))
}

/// From received to analysed over all waves, outcome by outcome. What remains after a hidden count is
/// not known from there on.
fn flow(rows: &[FlowRow], outcomes: &[&str]) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut left: Option<u64> = None;
    for row in rows.iter().filter(|row| row.wave.is_none()) {
        let shown = row.rows.shown().copied();
        let before = left;
        left = match row.stage {
            Stage::Received | Stage::Analysed => shown,
            Stage::Left => left.zip(shown).map(|(all, gone)| all.saturating_sub(gone)),
        };
        lines.push(json!({
            "event": "rows", "stage": row.stage.word(), "outcome": outcomes[row.outcome], "reason": row.reason,
            "rows": count(&row.rows),
            "rows_in": if row.stage == Stage::Left { before } else { left },
            "rows_out": left,
        }));
    }
    lines
}

fn fit(model: &str, outcome: &str, n: &Released<u64>, dropped: &Released<u64>, iterations: u64) -> Value {
    json!({
        "event": "fit", "model": model, "outcome": outcome, "rows_out": count(n), "groups_dropped": count(dropped),
        "iterations": iterations,
    })
}
