//! Who is analysed: every variable over the rows that the main model uses, through the gate.
//! Unweighted; fits nothing.

use super::rows::{named, numbers};
use crate::config::{Dataset, VariableKind};
use crate::disclosure::{DescribedRow, Gate, Summary};
use crate::panel::{Frame, NONE, quantile};

/// Describes the variables that any model of the config uses, in the config's order.
pub(super) fn described(dataset: &Dataset, frame: &Frame, rows: &[usize], gate: &Gate) -> Vec<DescribedRow> {
    let mut needed = std::collections::BTreeSet::new();
    for model in &dataset.models {
        model.outcomes.iter().for_each(|outcome| needed.extend(dataset.needed(model, *outcome)));
    }
    let mut out = Vec::new();
    for variable in needed {
        match dataset.variables[variable].kind {
            VariableKind::Number { .. } => out.push(number(numbers(frame, variable), variable, rows, gate)),
            VariableKind::Category { .. } => out.extend(levels(frame, variable, rows, gate)),
            VariableKind::Key => out.push(key(frame, variable, rows, gate)),
        }
    }
    out
}

fn number(values: &[f64], variable: usize, rows: &[usize], gate: &Gate) -> DescribedRow {
    let mut present: Vec<f64> = rows.iter().map(|row| values[*row]).filter(|x| !x.is_nan()).collect();
    // Sums in order of size: the same bits for any order of the file.
    present.sort_by(f64::total_cmp);
    let n = present.len() as u64;
    let mean = present.iter().sum::<f64>() / n as f64;
    let squares: f64 = present.iter().map(|x| (x - mean) * (x - mean)).sum();
    let spread = if n > 1 { (squares / (n - 1) as f64).sqrt() } else { f64::NAN };
    let at = |share| quantile(&present, share);
    let summary = match n {
        0 => gate.missing("no row has a value"),
        _ => gate.value(n, [mean, spread, at(0.25), at(0.5), at(0.75)].map(|x| gate.statistic(x))),
    };
    DescribedRow { variable, level: String::new(), n: gate.count(n), summary: Summary::Number(summary) }
}

fn levels(frame: &Frame, variable: usize, rows: &[usize], gate: &Gate) -> Vec<DescribedRow> {
    let (names, of, _) = named(frame, variable);
    let mut counts = vec![0u64; names.len()];
    rows.iter().map(|row| of[*row]).filter(|level| *level != NONE).for_each(|level| counts[level as usize] += 1);
    let all: u64 = counts.iter().sum();
    let row = |((name, n), released): ((&String, &u64), crate::disclosure::Released<u64>)| {
        let share = released.map(|_| gate.share(*n as f64, all as f64));
        DescribedRow { variable, level: name.clone(), n: released, summary: Summary::Share(share) }
    };
    names.iter().zip(&counts).zip(gate.parts(&counts)).map(row).collect()
}

fn key(frame: &Frame, variable: usize, rows: &[usize], gate: &Gate) -> DescribedRow {
    let (_, of, _) = named(frame, variable);
    let present: Vec<u32> = rows.iter().map(|row| of[*row]).filter(|at| *at != NONE).collect();
    let distinct = present.iter().copied().collect::<std::collections::BTreeSet<u32>>().len() as u64;
    let n = present.len() as u64;
    let distinct = Summary::Distinct(gate.value(n, gate.rounded(distinct)));
    DescribedRow { variable, level: String::new(), n: gate.count(n), summary: distinct }
}
