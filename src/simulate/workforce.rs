//! Simulated workforce rows by census: which clusters sent a return, how much of the exposure's
//! staff they have, and other staff. Must not know the survey.

use super::deprivation::Geography;
use super::frame::{column, frame, numbers, texts};
use super::random::{name, stream};
use crate::config::{CensusTruth, Config, Role, Simulation, WorkforceInput};
use crate::error::Result;
use crate::num;
use polars::prelude::DataFrame;
use std::collections::BTreeMap;

/// One member of staff.
pub(super) struct StaffRow {
    /// Index into [`Geography::clusters`].
    pub(super) cluster: usize,
    /// Index into the config's other roles; none for the exposure's role.
    pub(super) role: Option<usize>,
    /// Amount with nine decimals.
    pub(super) amount: f64,
}

/// One census.
pub(super) struct CensusRows {
    /// Label, `2020-12`.
    pub(super) census: String,
    /// Rows by cluster.
    pub(super) rows: Vec<StaffRow>,
}

/// What the roll-out depends on, per cluster.
struct Clusters {
    patients: Vec<f64>,
    need: Vec<f64>,
}

/// The rows of every census of the config, in order of time.
pub(super) fn censuses(
    config: &Config,
    simulation: &Simulation,
    geography: &Geography,
    practices: &DataFrame,
    need: &BTreeMap<String, f64>,
) -> Result<Vec<CensusRows>> {
    let clusters = Clusters { patients: patients(geography, practices)?, need: needs(geography, need) };
    let censuses = simulation.workforce.censuses.iter();
    Ok(censuses.map(|(label, truth)| census(config, simulation, geography, &clusters, label, truth)).collect())
}

/// Mean over the practice files of each cluster's patients.
fn patients(geography: &Geography, practices: &DataFrame) -> Result<Vec<f64>> {
    let (of, patients) = (texts(practices, "pcn")?, numbers(practices, "patients")?);
    let mut waves = super::frame::integers(practices, "wave")?;
    let mut sums = vec![0.0; geography.clusters.len()];
    for (cluster, patients) in of.iter().zip(patients) {
        if let Some(at) = cluster.as_ref().and_then(|code| geography.clusters.binary_search(code).ok()) {
            sums[at] += patients.unwrap_or(0.0);
        }
    }
    waves.sort_unstable();
    waves.dedup();
    let files = waves.len().max(1) as f64;
    Ok(sums.into_iter().map(|sum| sum / files).collect())
}

/// Mean standardised deprivation of each cluster's practices.
fn needs(geography: &Geography, deprivation: &BTreeMap<String, f64>) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); geography.clusters.len()];
    for (code, cluster) in &geography.practices {
        if let (Some(cluster), Some(score)) = (cluster, deprivation.get(code)) {
            sums[*cluster].0 += score;
            sums[*cluster].1 += 1.0;
        }
    }
    sums.into_iter().map(|(sum, count): (f64, f64)| if count > 0.0 { sum / count } else { 0.0 }).collect()
}

fn census(
    config: &Config,
    simulation: &Simulation,
    geography: &Geography,
    clusters: &Clusters,
    label: &str,
    truth: &CensusTruth,
) -> CensusRows {
    let seed = config.study.seed;
    let workforce = &simulation.workforce;
    let due = truth.returns / (1.0 - workforce.lapse);
    let mut amounts: Vec<Option<f64>> = Vec::with_capacity(geography.clusters.len());
    for (at, code) in geography.clusters.iter().enumerate() {
        // What lasts comes from the cluster's own stream, what is new from the census's.
        let mut lasting = stream(seed, "roll-out", &[code]);
        let mut fresh = stream(seed, "census", &[code, label]);
        let (readiness, adoption, level) = (lasting.uniform(), lasting.uniform(), lasting.normal());
        let returned = readiness < due && fresh.uniform() >= workforce.lapse;
        let kept = workforce.persistence;
        let level = kept.sqrt() * level + (1.0 - kept).sqrt() * fresh.normal();
        let spread = workforce.spread * level + truth.need * clusters.need[at];
        let any = adoption < truth.any;
        let amount = if any { num::exp(spread) * clusters.patients[at] } else { 0.0 };
        amounts.push(returned.then_some(amount));
    }
    let total: f64 = amounts.iter().flatten().sum();
    let reporting = amounts.iter().zip(&clusters.patients).filter(|(amount, _)| amount.is_some());
    let target = truth.mean * reporting.map(|(_, patients)| patients).sum::<f64>() / config.exposure.per;
    let scale = if total > 0.0 { target / total } else { 0.0 };
    let mut rows = Vec::new();
    for (cluster, amount) in amounts.iter().enumerate() {
        if let Some(amount) = amount {
            staff(seed, simulation, geography, cluster, label, amount * scale, &mut rows);
        }
    }
    CensusRows { census: label.to_owned(), rows }
}

/// The rows of one return.
fn staff(
    seed: u64,
    simulation: &Simulation,
    geography: &Geography,
    cluster: usize,
    label: &str,
    amount: f64,
    rows: &mut Vec<StaffRow>,
) {
    let workforce = &simulation.workforce;
    let mut random = stream(seed, "staff", &[&geography.clusters[cluster], label]);
    let before = rows.len();
    let in_hours = |hours: f64| (hours / workforce.hours * 1e9).round() / 1e9;
    let mut hours = amount * workforce.hours;
    if amount > 0.0 {
        while hours > workforce.hours {
            rows.push(StaffRow { cluster, role: None, amount: 1.0 });
            hours -= workforce.hours;
        }
        // Whole hours, and nobody works none.
        rows.push(StaffRow { cluster, role: None, amount: in_hours(hours.round().max(1.0)) });
    }
    for (role, of) in workforce.other_roles.iter().enumerate() {
        for _ in 0..random.count(of.staff) {
            rows.push(StaffRow {
                cluster,
                role: Some(role),
                amount: in_hours((8.0 + 30.0 * random.uniform()).round()),
            });
        }
    }
    // A return without rows could not be told from no return.
    if rows.len() == before {
        rows.push(StaffRow { cluster, role: Some(0), amount: in_hours(8.0) });
    }
}

/// Names of a cluster and its area as the files write them.
pub(super) struct Labels {
    pub(super) cluster: String,
    pub(super) area_code: String,
    pub(super) area: String,
    /// Code and name; empty where no regions are simulated.
    pub(super) region: [String; 2],
}

/// The labels of every cluster of the geography.
pub(super) fn labels(simulation: &Simulation, geography: &Geography) -> Vec<Labels> {
    let names = &simulation.names;
    let areas = geography.area.iter().max().map_or(1, |last| last + 1);
    let region = |area: usize| {
        simulation.workforce.regions.as_ref().map_or_else(Default::default, |regions| {
            let at = area * regions.number.clamp(1, areas) / areas + 1;
            [name(&regions.code, at), name(&regions.name, at)]
        })
    };
    let label = |(at, area): (usize, &usize)| Labels {
        cluster: name(&names.cluster_name, at + 1),
        area_code: name(&names.area_code, area + 1),
        area: name(&names.area_name, area + 1),
        region: region(*area),
    };
    geography.area.iter().enumerate().map(label).collect()
}

/// The rows as the reader would return them.
pub(super) fn workforce_frame(
    config: &Config,
    simulation: &Simulation,
    geography: &Geography,
    censuses: &[CensusRows],
) -> Result<DataFrame> {
    let labels = labels(simulation, geography);
    let rows = || censuses.iter().flat_map(|census| census.rows.iter().map(|row| (census.census.as_str(), row)));
    let mut columns = vec![
        column("census", rows().map(|(census, _)| census).collect::<Vec<_>>()),
        column("pcn", rows().map(|(_, row)| geography.clusters[row.cluster].as_str()).collect::<Vec<_>>()),
        column("pcn_name", rows().map(|(_, row)| labels[row.cluster].cluster.as_str()).collect::<Vec<_>>()),
        column("area", rows().map(|(_, row)| labels[row.cluster].area_code.as_str()).collect::<Vec<_>>()),
        column("area_name", rows().map(|(_, row)| labels[row.cluster].area.as_str()).collect::<Vec<_>>()),
        column("amount", rows().map(|(_, row)| row.amount).collect::<Vec<_>>()),
        column("counts", rows().map(|(_, row)| row.role.is_none()).collect::<Vec<_>>()),
    ];
    let input = &config.inputs.workforce;
    if input.region.is_some() {
        for (at, name) in ["region", "region_name"].into_iter().enumerate() {
            let values = rows().map(|(_, row)| labels[row.cluster].region[at].as_str()).collect::<Vec<_>>();
            columns.push(column(name, values));
        }
    }
    if !input.other.is_empty() {
        let roles: Vec<bool> = simulation.workforce.other_roles.iter().map(|role| is_other(input, role)).collect();
        let values = rows().map(|(_, row)| row.role.is_some_and(|role| roles[role])).collect::<Vec<_>>();
        columns.push(column("other", values));
    }
    frame(columns)
}

/// Whether a simulated role is of the other staff that the study reads.
fn is_other(input: &WorkforceInput, role: &Role) -> bool {
    input.other.iter().all(|(header, values)| role.values.get(header).is_some_and(|value| values.contains(value)))
}
