//! Clusters at a census, one by one: for analyses over clusters. Nothing of it may be shown as it is.

use super::frames::Tables;
use super::provision::wave_of;
use super::recode::score;
use crate::config::{Census, Config, DeprivationRule};
use std::collections::BTreeMap;

/// A cluster that sent a return and is on the practice file.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterProvision {
    /// Code.
    pub cluster: String,
    /// Amount that counts.
    pub amount: f64,
    /// Rows (members of staff) behind it.
    pub staff: u64,
    /// Registered patients.
    pub patients: f64,
    /// Code of its larger area.
    pub area: Option<String>,
    /// Mean deprivation score of its practices, weighted by their patients; none without scores.
    pub deprivation: Option<f64>,
}

/// The clusters behind the exposures of a census, by code.
pub(super) fn clusters(config: &Config, tables: &Tables, census: Census) -> Vec<ClusterProvision> {
    let wave = wave_of(config, census);
    let scores = deprivation(config, tables, wave, census.year);
    let one = |(cluster, (amount, patients, staff)): (String, (f64, f64, u64))| ClusterProvision {
        area: tables.areas.get(&cluster).map(|(code, _)| code.clone()),
        deprivation: scores.get(cluster.as_str()).copied(),
        cluster,
        amount,
        staff,
        patients,
    };
    super::provision::matched(config, tables, census).into_iter().map(one).collect()
}

/// Mean score of each cluster in a wave.
fn deprivation<'a>(config: &Config, tables: &'a Tables, wave: usize, year: i32) -> BTreeMap<&'a str, f64> {
    let rule = config.inputs.deprivation.as_ref().map_or(DeprivationRule::Nearest, |d| d.rule);
    let mut sums: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let Some(serving) = tables.serving(wave, &config.waves) else { return BTreeMap::new() };
    for (practice, row) in &tables.practices[&serving] {
        let found = tables.deprivation.get(practice).and_then(|scores| score(scores, year, rule));
        let patients = row.patients.filter(|patients| row.counts && *patients > 0.0);
        if let (Some(cluster), Some(score), Some(patients)) = (&row.cluster, found, patients) {
            let sum = sums.entry(cluster.as_str()).or_default();
            *sum = (sum.0 + patients * score, sum.1 + patients);
        }
    }
    sums.into_iter().map(|(cluster, (sum, patients))| (cluster, sum / patients)).collect()
}
