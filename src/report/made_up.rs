//! Made-up findings of the analyses beside the models, for checking templates without data. Nothing of them
//! is ever published.

use super::check::estimate;
use crate::config::Config;
use crate::disclosure::{Analyses, Gate, GridFound, GridRow, LeaveOutFound, LeaveOutRow, LeftOut};

/// A row for each specification and part of what the config asks for. `effect` is none for "not released".
pub(super) fn analyses(config: &Config, gate: &Gate, effect: Option<f64>) -> Analyses {
    let n = if effect.is_some() { 1000 } else { 5 };
    let released = || gate.value(n, estimate(effect.unwrap_or(0.0), 0.2));
    let grid = config.analyses.grid.as_ref().map(|plan| {
        let pairs = plan
            .outcomes
            .iter()
            .flat_map(|outcome| (0..plan.specifications.len()).map(move |specification| (*outcome, specification)));
        let row = |(outcome, specification): (usize, usize)| GridRow {
            outcome,
            specification,
            linear: false,
            n: gate.count(1000),
            clusters: gate.count(1000),
            coefficient: released(),
            // One that could not be fitted.
            effect: if specification == 1 { gate.missing("made up") } else { released() },
        };
        GridFound { rows: pairs.map(row).collect() }
    });
    let leave_out = config.analyses.leave_out.as_ref().map(|plan| {
        let part = |label: &str| LeftOut { kind: "wave".into(), code: label.into(), label: label.into() };
        let rows = plan.outcomes.iter().flat_map(|outcome| {
            ["a", "b"].map(|label| LeaveOutRow {
                outcome: *outcome,
                left_out: part(label),
                n: gate.count(1000),
                coefficient: released(),
                effect: released(),
            })
        });
        LeaveOutFound { rows: rows.collect() }
    });
    Analyses { grid, leave_out }
}
