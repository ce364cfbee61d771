//! Simulated deprivation scores: lognormal, with parts shared by area and by cluster. Also the
//! geography that scores and workforce share. Must not know the survey.

use super::frame::{column, frame, integers, texts};
use super::random::stream;
use super::world::log_moments;
use crate::config::Simulation;
use crate::error::Result;
use crate::num;
use polars::prelude::DataFrame;
use std::collections::BTreeMap;

/// Clusters in their areas, and every practice with the cluster it was first seen in.
pub(super) struct Geography {
    /// Cluster codes, sorted.
    pub(super) clusters: Vec<String>,
    /// Area number (from 0) of each cluster.
    pub(super) area: Vec<usize>,
    /// Practice code to index into `clusters`.
    pub(super) practices: BTreeMap<String, Option<usize>>,
}

impl Geography {
    /// The geography of a practices table: areas are runs of clusters by code, of unequal size.
    pub(super) fn new(seed: u64, areas: usize, practices: &DataFrame) -> Result<Self> {
        let (codes, of, waves) =
            (texts(practices, "practice")?, texts(practices, "pcn")?, integers(practices, "wave")?);
        let mut clusters: Vec<String> = of.iter().flatten().cloned().collect();
        clusters.sort_unstable();
        clusters.dedup();
        let mut first: BTreeMap<String, (i32, Option<usize>)> = BTreeMap::new();
        for ((code, cluster), wave) in codes.into_iter().zip(of).zip(waves) {
            let Some(code) = code else { continue };
            let cluster = cluster.and_then(|cluster| clusters.binary_search(&cluster).ok());
            let entry = first.entry(code).or_insert((wave, cluster));
            if wave < entry.0 {
                *entry = (wave, cluster);
            }
        }
        let area = areas_of(seed, areas, clusters.len());
        Ok(Self { clusters, area, practices: first.into_iter().map(|(code, (_, cluster))| (code, cluster)).collect() })
    }
}

fn areas_of(seed: u64, areas: usize, clusters: usize) -> Vec<usize> {
    let weights: Vec<f64> =
        (0..areas).map(|area| 0.5 + 2.0 * stream(seed, "area size", &[&area.to_string()]).uniform()).collect();
    let total: f64 = weights.iter().sum();
    let mut bounds = Vec::with_capacity(areas);
    let mut sum = 0.0;
    for weight in weights {
        sum += weight / total;
        bounds.push(sum);
    }
    let place = |cluster: usize| (cluster as f64 + 0.5) / clusters as f64;
    (0..clusters)
        .map(|cluster| bounds.partition_point(|bound| *bound < place(cluster)).min(areas.saturating_sub(1)))
        .collect()
}

/// One score: practice, year, score with eight decimals.
pub(super) type Score = (String, i32, f64);

/// Scores of every practice for every year, by practice and year.
pub(super) fn scores(seed: u64, simulation: &Simulation, geography: &Geography) -> Vec<Score> {
    let truth = &simulation.deprivation;
    let own = (1.0 - truth.area_share - truth.cluster_share).max(0.0);
    let normal = |table: &str, unit: &str| stream(seed, table, &[unit]).normal();
    let of_area: Vec<f64> = (0..=geography.area.iter().copied().max().unwrap_or(0))
        .map(|area| normal("area deprivation", &area.to_string()))
        .collect();
    let shared: Vec<f64> = geography
        .clusters
        .iter()
        .zip(&geography.area)
        .map(|(code, area)| {
            truth.area_share.sqrt() * of_area[*area] + truth.cluster_share.sqrt() * normal("cluster deprivation", code)
        })
        .collect();
    let mut scores = Vec::with_capacity(geography.practices.len() * truth.years.len());
    for (code, cluster) in &geography.practices {
        let mut random = stream(seed, "practice deprivation", &[code]);
        let lasting = own.sqrt() * random.normal();
        // A practice outside clusters draws the shared part itself.
        let shared = cluster.map_or_else(|| (1.0 - own).sqrt() * random.normal(), |cluster| shared[cluster]);
        for (year, moments) in &truth.years {
            let (mean, sd) = log_moments(*moments);
            let lasting = (1.0 - truth.change * truth.change).sqrt() * (lasting + shared);
            let score = num::exp(mean + sd * (lasting + truth.change * random.normal()));
            scores.push((code.clone(), *year, (score * 1e8).round() / 1e8));
        }
    }
    scores
}

/// The scores as the reader would return them.
pub(super) fn deprivation_frame(scores: &[Score]) -> Result<DataFrame> {
    frame(vec![
        column("practice", scores.iter().map(|score| score.0.as_str()).collect::<Vec<_>>()),
        column("year", scores.iter().map(|score| score.1).collect::<Vec<_>>()),
        column("score", scores.iter().map(|score| score.2).collect::<Vec<_>>()),
    ])
}
