//! A model's rows in one declared order: by group, cluster, second cluster, exposure, then every
//! other value. Rows that tie in all of them are interchangeable, so the order of the file and of
//! threads cannot show in a sum. Knows no estimator.

use super::rows::{named, numbers};
use crate::config::{Dataset, DatasetErrors, DatasetModel, Measure, Weights};
use crate::num;
use crate::panel::Frame;
use std::cmp::Ordering;

/// One line of the sample: a row of the frame, or its successes or failures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    /// Row of the frame.
    pub(super) row: usize,
    /// Index of the absorbed value whose effect is eliminated; 0 without one.
    pub(super) group: u32,
    /// Index of the cluster; the row itself where errors are not clustered.
    pub(super) cluster: u32,
    /// Index of the second cluster.
    pub(super) second: u32,
    /// Exposure.
    pub(super) exposure: f64,
    /// Outcome.
    pub(super) outcome: f64,
    /// How many responses.
    pub(super) count: u32,
    /// Sampling weight.
    pub(super) weight: f64,
    /// Offset.
    pub(super) offset: f64,
}

/// The lines of `rows`; `group` is the variable whose effects are eliminated.
pub(super) fn lines(
    dataset: &Dataset,
    frame: &Frame,
    model: &DatasetModel,
    outcome: usize,
    rows: &[usize],
    group: Option<usize>,
) -> Vec<Line> {
    let index = |variable: Option<usize>, row: usize| variable.map_or(0, |at| named(frame, at).1[row]);
    let (first, second) = match model.errors {
        DatasetErrors::Iid | DatasetErrors::Hc1 => (None, None),
        DatasetErrors::Cluster(at) | DatasetErrors::Cr3(at) => (Some(at), None),
        DatasetErrors::TwoWay(first, second) => (Some(first), Some(second)),
    };
    let exposure = numbers(frame, model.exposure);
    let mut lines = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().copied().enumerate() {
        let (frequency, weight) = match model.weights {
            Some(Weights::Frequency(variable)) => (numbers(frame, variable)[row], 1.0),
            Some(Weights::Sampling(variable)) => (1.0, numbers(frame, variable)[row]),
            None => (1.0, 1.0),
        };
        let offset = model.offset.map_or(0.0, |(variable, log)| {
            let x = numbers(frame, variable)[row];
            if log { num::ln(x) } else { x }
        });
        let mut add = |outcome: f64, count: f64| {
            if count > 0.0 {
                let cluster = first.map_or(at as u32, |variable| index(Some(variable), row));
                let (group, second) = (index(group, row), index(second, row));
                let (exposure, count) = (exposure[row], count.min(f64::from(u32::MAX)) as u32);
                lines.push(Line { row, group, cluster, second, exposure, outcome, count, weight, offset });
            }
        };
        match dataset.outcomes[outcome].measure {
            Measure::Binary(y) | Measure::Count(y) | Measure::Number(y) => add(numbers(frame, y)[row], frequency),
            Measure::Grouped { successes, trials } => {
                let (y, n) = (numbers(frame, successes)[row], numbers(frame, trials)[row]);
                add(1.0, y * frequency);
                add(0.0, (n - y) * frequency);
            }
        }
    }
    lines
}

/// How lines are clustered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clusters {
    /// By a variable of the study.
    Named,
    /// Every line by itself.
    Lines,
    /// The lines of a row together.
    Rows,
}

/// Sorts lines into the declared order. `values` are further columns of the frame, by row.
pub(super) fn sort(lines: &mut [Line], clusters: Clusters, patterns: &[u32], values: &[Vec<f64>]) {
    // Responses of a row tell rows apart that share a line.
    let mut total = std::collections::BTreeMap::new();
    if clusters == Clusters::Rows {
        lines.iter().for_each(|line| *total.entry(line.row).or_insert(0u64) += u64::from(line.count));
    }
    let clustered = clusters == Clusters::Named;
    lines.sort_by(|a, b| {
        let cluster = if clustered { (a.cluster, a.second).cmp(&(b.cluster, b.second)) } else { Ordering::Equal };
        a.group
            .cmp(&b.group)
            .then(cluster)
            .then_with(|| a.exposure.total_cmp(&b.exposure))
            .then_with(|| patterns[a.row].cmp(&patterns[b.row]))
            .then_with(|| values.iter().fold(Ordering::Equal, |o, v| o.then_with(|| v[a.row].total_cmp(&v[b.row]))))
            .then_with(|| a.outcome.total_cmp(&b.outcome))
            .then_with(|| a.offset.total_cmp(&b.offset))
            .then_with(|| a.weight.total_cmp(&b.weight))
            .then_with(|| a.count.cmp(&b.count))
            .then_with(|| total.get(&a.row).cmp(&total.get(&b.row)))
    });
    match clusters {
        Clusters::Named => {}
        Clusters::Lines => lines.iter_mut().enumerate().for_each(|(at, line)| line.cluster = at as u32),
        Clusters::Rows => {
            // Numbered as they come in the order above, which is not that of the file.
            let mut number = std::collections::BTreeMap::new();
            for line in lines.iter_mut() {
                let next = number.len() as u32;
                line.cluster = *number.entry(line.row).or_insert(next);
            }
            lines.sort_by_key(|line| (line.group, line.cluster));
        }
    }
}
