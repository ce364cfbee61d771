//! One number, one decision: what stands in the ledger and again beside a model is shown or hidden
//! alike. Runs after the ledger, whose sums decide. Makes no released value of its own.

use crate::disclosure::{CoefficientRow, DatasetResult, DroppedRow, FlowRow, ModelResult, Released, Stage};

/// The main model's number analysed and what left within its estimator, as the ledger has them.
pub(super) fn survey(flow: &[FlowRow], results: &mut [ModelResult]) {
    for result in results.iter_mut().filter(|result| result.model == 0) {
        if let Some(line) = analysed(flow, result.outcome) {
            agree(flow, result.outcome, &line, &mut result.dropped, &mut result.coefficients);
            result.n = line;
        }
    }
}

/// The same for a dataset's.
pub(super) fn dataset(flow: &[FlowRow], results: &mut [DatasetResult]) {
    for result in results.iter_mut().filter(|result| result.model == 0) {
        // A sum over rows that stand for several is not the ledger's number of rows.
        if let Some(line) = analysed(flow, result.outcome).filter(|line| line.shown().is_none()) {
            agree(flow, result.outcome, &line, &mut result.dropped, &mut result.coefficients);
            result.n = line;
        } else {
            left(flow, result.outcome, &mut result.dropped);
        }
    }
}

fn analysed(flow: &[FlowRow], outcome: usize) -> Option<Released<u64>> {
    let mine = |row: &&FlowRow| row.outcome == outcome && row.wave.is_none() && row.stage == Stage::Analysed;
    flow.iter().find(mine).map(|row| row.rows.clone())
}

fn agree(
    flow: &[FlowRow],
    outcome: usize,
    analysed: &Released<u64>,
    dropped: &mut [DroppedRow],
    coefficients: &mut [CoefficientRow],
) {
    left(flow, outcome, dropped);
    // A number has a coefficient that all responses stand behind.
    for row in coefficients.iter_mut().filter(|row| row.level.is_empty()) {
        row.n = analysed.clone();
    }
}

/// What left within the estimator is a line of the ledger.
fn left(flow: &[FlowRow], outcome: usize, dropped: &mut [DroppedRow]) {
    for row in dropped {
        let mine = |line: &&FlowRow| {
            line.outcome == outcome && line.wave.is_none() && line.stage == Stage::Left && line.reason == row.what
        };
        if let Some(line) = flow.iter().find(mine) {
            row.rows = line.rows.clone();
        }
    }
}
