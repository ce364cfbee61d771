//! From a frame's rows to the estimator's sample. Owns which absorbed variable is eliminated and the
//! numbering of patterns; knows nothing of results.

use super::columns::{self, Extra};
use super::lines::{self, Clusters, Line};
use super::rows::{Used, named};
use crate::config::{Dataset, DatasetErrors, DatasetFamily, DatasetModel, Measure};
use crate::model::{Block, Column, Factor, Patterns, Place, Sample, Through};
use crate::panel::{Frame, NONE};
use std::collections::BTreeSet;

/// Everything that a sample is made from, before it borrows its patterns.
pub(super) struct Coded {
    /// The distinct combinations of factors.
    pub(super) patterns: Patterns,
    /// Pattern by row of the frame (0 in rows that are not used).
    pattern: Vec<u32>,
    /// Numeric regressors.
    pub(super) extras: Vec<Extra>,
    /// The variable whose effects are eliminated.
    pub(super) group: Option<usize>,
    /// Lines in order.
    pub(super) lines: Vec<Line>,
    /// Whether rows stand for trials: then errors are independent between rows, not between trials.
    pub(super) grouped: bool,
}

/// Codes the rows that a model of an outcome uses.
pub(super) fn code(dataset: &Dataset, frame: &Frame, model: &DatasetModel, outcome: usize, used: &Used) -> Coded {
    let distinct = |variable: usize| {
        let (_, of, _) = named(frame, variable);
        used.rows.iter().map(|row| of[*row]).collect::<BTreeSet<u32>>().len()
    };
    // The one with the most values is eliminated exactly; the first of equals.
    let group = model.absorb.iter().copied().min_by_key(|at| std::cmp::Reverse(distinct(*at)));
    let mut factors: Vec<usize> = model.terms.iter().filter_map(|term| columns::factor(dataset, term)).collect();
    let reported = factors.len();
    factors.extend(model.absorb.iter().copied().filter(|at| Some(*at) != group));
    let (patterns, pattern) = patterns(dataset, frame, &used.rows, &factors, reported);
    let extras = columns::extras(dataset, frame, model, &used.rows);
    let mut lines = lines::lines(dataset, frame, model, outcome, &used.rows, group);
    let values: Vec<Vec<f64>> = extras.iter().map(|extra| extra.values.clone()).collect();
    let grouped = matches!(dataset.outcomes[outcome].measure, Measure::Grouped { .. });
    let clusters = match model.errors {
        DatasetErrors::Hc1 if grouped => Clusters::Rows,
        DatasetErrors::Iid | DatasetErrors::Hc1 => Clusters::Lines,
        _ => Clusters::Named,
    };
    lines::sort(&mut lines, clusters, &pattern, &values);
    Coded { patterns, pattern, extras, group, lines, grouped }
}

/// The combinations of factors that occur, in order of their levels, and each row's.
fn patterns(
    dataset: &Dataset,
    frame: &Frame,
    rows: &[usize],
    factors: &[usize],
    reported: usize,
) -> (Patterns, Vec<u32>) {
    let key = |row: usize| factors.iter().map(|at| named(frame, *at).1[row]).collect::<Vec<u32>>();
    let seen: Vec<Vec<u32>> = rows.iter().map(|row| key(*row)).collect::<BTreeSet<_>>().into_iter().collect();
    let mut pattern = vec![0; frame.rows];
    for row in rows {
        pattern[*row] = seen.binary_search(&key(*row)).unwrap_or_default() as u32;
    }
    let factor = |(place, at): (usize, &usize)| {
        let (names, _, reference) = named(frame, *at);
        let absorbed = place >= reported;
        // What is absorbed is compared with a level that occurs, whichever it is.
        let occurs = seen.iter().map(|levels| levels[place]).min().unwrap_or(0);
        let reference = if absorbed || reference == NONE { occurs } else { reference };
        let name = dataset.variables[*at].id.clone();
        Factor { name, levels: names.to_vec(), reference: reference as usize, absorbed }
    };
    let levels = if factors.is_empty() { Vec::new() } else { seen.concat().into_iter().map(|l| l as u16).collect() };
    (Patterns { factors: factors.iter().enumerate().map(factor).collect(), levels }, pattern)
}

/// The sample, the columns that move with the exposure, and the second cluster of each block.
pub(super) fn sample<'a>(
    dataset: &Dataset,
    model: &DatasetModel,
    outcome: usize,
    coded: &'a Coded,
) -> (Sample<'a>, Vec<Through>, Vec<u32>) {
    let lines = &coded.lines;
    let (mut blocks, mut exposure, mut second): (Vec<Block>, Vec<f64>, Vec<u32>) = Default::default();
    let same = |a: &Line, b: &Line| {
        (a.group, a.cluster, a.second) == (b.group, b.cluster, b.second) && a.exposure == b.exposure
    };
    for (at, run) in runs(lines, same) {
        let first = &lines[at];
        blocks.push(Block { rows: at..at + run, group: first.group, cluster: first.cluster });
        exposure.push(first.exposure);
        second.push(first.second);
    }
    let by_line = |values: &[f64]| lines.iter().map(|line| values[line.row]).collect::<Vec<f64>>();
    let through = |(at, extra): (usize, &Extra)| Through {
        column: Place::Row(at),
        power: extra.power,
        other: by_line(&extra.other),
    };
    let numeric =
        |extra: &Extra| Column { name: extra.name.clone(), level: extra.level.clone(), values: by_line(&extra.values) };
    let binary = matches!(dataset.outcomes[outcome].measure, Measure::Binary(_) | Measure::Grouped { .. });
    let counted = lines.iter().any(|line| line.count != 1);
    let weighted = matches!(model.weights, Some(crate::config::Weights::Sampling(_)));
    let numeric_outcome = !binary || model.family == DatasetFamily::Poisson;
    let sample = Sample {
        blocks,
        columns: vec![Column {
            name: dataset.variables[model.exposure].id.clone(),
            level: String::new(),
            values: exposure,
        }],
        patterns: &coded.patterns,
        numerics: coded.extras.iter().map(numeric).collect(),
        pattern: lines.iter().map(|line| coded.pattern[line.row]).collect(),
        success: lines.iter().map(|line| u8::from(binary && line.outcome == 1.0)).collect(),
        outcome: numeric_outcome.then(|| lines.iter().map(|line| line.outcome).collect()),
        offset: model.offset.map(|_| lines.iter().map(|line| line.offset).collect()),
        count: counted.then(|| lines.iter().map(|line| line.count).collect()),
        weight: weighted.then(|| lines.iter().map(|line| line.weight).collect()),
        group_name: coded.group.map_or_else(|| "row".into(), |at| dataset.variables[at].label.clone()),
    };
    let moving = coded.extras.iter().enumerate().filter(|(_, extra)| extra.power > 0).map(through).collect();
    (sample, moving, if matches!(model.errors, DatasetErrors::TwoWay(..)) { second } else { Vec::new() })
}

/// Start and length of each run of neighbours that are the same.
fn runs(lines: &[Line], same: impl Fn(&Line, &Line) -> bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        match runs.last_mut() {
            Some((start, length)) if same(&lines[*start], line) => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}
