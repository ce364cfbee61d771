//! Simulated practices by practice file: list sizes, clusters, who moves and who closes.
//! Must not know the survey.

use super::frame::{column, frame};
use super::random::{Stream, name, stream};
use crate::config::{Config, PracticeTruth, Scale, Simulation};
use crate::error::Result;
use crate::num;
use polars::prelude::DataFrame;

/// One practice in one file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PracticeRow {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) cluster: Option<String>,
    pub(super) patients: f64,
    pub(super) rurality: Option<String>,
    pub(super) closed: bool,
}

/// One practice file: its place among the config's files, its wave, and its rows by code.
pub(super) struct PracticeFile {
    pub(super) file: usize,
    pub(super) wave: usize,
    pub(super) rows: Vec<PracticeRow>,
}

/// The rows of every practice file, in the order of waves. Files with one path are one file.
pub(super) fn files(config: &Config, simulation: &Simulation, scale: &Scale) -> Vec<PracticeFile> {
    let inputs = &config.inputs.practices.files;
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by_key(|file| inputs[*file].wave);
    let mut versions: Vec<&str> = Vec::new();
    for file in &order {
        if !versions.contains(&inputs[*file].path.as_str()) {
            versions.push(&inputs[*file].path);
        }
    }
    let mut rows: Vec<Vec<PracticeRow>> = vec![Vec::with_capacity(scale.practices); versions.len()];
    for number in 1..=scale.practices {
        for (version, row) in life(config.study.seed, simulation, scale, number, versions.len()).into_iter().enumerate()
        {
            rows[version].push(row);
        }
    }
    let version = |file: usize| versions.iter().position(|path| *path == inputs[file].path).unwrap_or(0);
    order
        .into_iter()
        .map(|file| PracticeFile { file, wave: inputs[file].wave, rows: rows[version(file)].clone() })
        .collect()
}

/// One practice through the files until it closes.
fn life(seed: u64, simulation: &Simulation, scale: &Scale, number: usize, versions: usize) -> Vec<PracticeRow> {
    let (truth, names) = (&simulation.practices, &simulation.names);
    let code = name(&names.practice_code, number);
    let mut random = stream(seed, "practice", &[&code]);
    let spread = truth.list_size_spread;
    let mut patients = truth.list_size * num::exp(spread * random.normal() - spread * spread / 2.0);
    let mut cluster = first_cluster(&mut random, scale, number);
    let assigned = random.uniform() >= truth.unassigned;
    let rurality = rurality(truth, random.uniform());
    let mut rows = Vec::with_capacity(versions);
    for version in 0..versions {
        let (change, moves, to, closes) = (random.normal(), random.uniform(), random.below(4), random.uniform());
        if version > 0 {
            patients *= (1.0 + truth.growth + 0.01 * change).max(0.5);
            if moves < truth.moving {
                cluster = neighbour(cluster, to, scale.clusters);
            }
        }
        let closed = closes < truth.closing;
        rows.push(PracticeRow {
            code: code.clone(),
            name: name(&names.practice_name, number),
            cluster: assigned.then(|| name(&names.cluster_code, cluster + 1)),
            // Practice files give quarterly means: quarters of a patient.
            patients: (patients * 4.0).round() / 4.0,
            rurality: rurality.clone(),
            closed,
        });
        if closed {
            break;
        }
    }
    rows
}

/// Practices fill the clusters in order, with enough jitter that clusters differ in size.
fn first_cluster(random: &mut Stream, scale: &Scale, number: usize) -> usize {
    let per_cluster = scale.practices as f64 / scale.clusters as f64;
    let jitter = (random.uniform() - 0.5) * 1.6;
    let place = (number as f64 - 0.5) / per_cluster + jitter;
    (place.max(0.0) as usize).min(scale.clusters - 1)
}

fn neighbour(cluster: usize, to: usize, clusters: usize) -> usize {
    let moved = (cluster + [1, 2, clusters.saturating_sub(1), clusters.saturating_sub(2)][to.min(3)]) % clusters.max(1);
    // The two ends of the list are far apart on any map.
    if moved.abs_diff(cluster) > 2 { cluster.saturating_sub(1) } else { moved }
}

fn rurality(truth: &PracticeTruth, draw: f64) -> Option<String> {
    let mut sum = 0.0;
    truth
        .rurality
        .iter()
        .find(|(_, share)| {
            sum += **share;
            draw < sum
        })
        .map(|(text, _)| text.clone())
}

/// The rows as the reader would return them, in config order.
pub(super) fn practices_frame(files: &[PracticeFile]) -> Result<DataFrame> {
    let mut files: Vec<&PracticeFile> = files.iter().collect();
    files.sort_by_key(|file| file.file);
    let rows = || files.iter().flat_map(|file| file.rows.iter().map(move |row| (file.wave, row)));
    frame(vec![
        column("wave", rows().map(|(wave, _)| wave as i32).collect::<Vec<_>>()),
        column("practice", rows().map(|(_, row)| row.code.as_str()).collect::<Vec<_>>()),
        column("name", rows().map(|(_, row)| row.name.as_str()).collect::<Vec<_>>()),
        column("pcn", rows().map(|(_, row)| row.cluster.as_deref()).collect::<Vec<_>>()),
        column("patients", rows().map(|(_, row)| Some(row.patients)).collect::<Vec<_>>()),
        column("rurality", rows().map(|(_, row)| row.rurality.as_deref()).collect::<Vec<_>>()),
        column("closed", rows().map(|(_, row)| row.closed).collect::<Vec<_>>()),
    ])
}
