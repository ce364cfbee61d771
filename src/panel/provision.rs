//! Provision over censuses and areas, from the administrative tables alone.

use super::clusters::{ClusterProvision, clusters};
use super::frames::Tables;
use crate::config::{Census, Config};
use std::collections::BTreeMap;

/// Provision at one census.
#[derive(Debug, Clone, PartialEq)]
pub struct CensusProvision {
    /// Census.
    pub census: Census,
    /// Sum of the amount that counts, over all returns.
    pub amount: f64,
    /// The amounts of single returns, in the order of their codes.
    pub amounts: Vec<f64>,
    /// Rows (members of staff) behind it.
    pub staff: u64,
    /// Clusters that sent a return.
    pub reporting: u64,
    /// Those with any amount.
    pub with_any: u64,
    /// Clusters on the practice file used.
    pub known: u64,
    /// Exposures of the reporting clusters on that file, ascending.
    pub exposures: Vec<f64>,
    /// Those clusters one by one, by code.
    pub clusters: Vec<ClusterProvision>,
}

/// Provision in one area.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaProvision {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Sum of the amount over its reporting clusters that are on the practice file.
    pub amount: f64,
    /// The amounts of single clusters, in the order of their codes.
    pub amounts: Vec<f64>,
    /// Registered patients of those clusters.
    pub patients: f64,
    /// Rows (members of staff) behind the amount.
    pub staff: u64,
    /// Exposures of those clusters, ascending.
    pub exposures: Vec<f64>,
}

/// Provision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provision {
    /// By census, in order.
    pub censuses: Vec<CensusProvision>,
    /// Census of `areas`: the last one that a wave uses.
    pub areas_census: Option<Census>,
    /// By area, by code.
    pub areas: Vec<AreaProvision>,
}

/// Describes provision at every census on file.
pub(super) fn describe(config: &Config, tables: &Tables) -> Provision {
    let censuses: Vec<CensusProvision> =
        tables.returns.keys().map(|census| at_census(config, tables, *census)).collect();
    let areas_census = config.exposure.census_for_wave.iter().flatten().max().copied();
    let areas = areas_census.map(|census| areas(config, tables, census)).unwrap_or_default();
    Provision { censuses, areas_census, areas }
}

/// The wave whose practice file serves a census: a wave that uses it, else of the wave whose fieldwork
/// (January to March of its year) comes next, else the last wave's.
pub(super) fn wave_of(config: &Config, census: Census) -> usize {
    let uses = config.exposure.census_for_wave.iter().position(|c| *c == Some(census));
    let year = if census.month <= 3 { census.year } else { census.year + 1 };
    let follows = config.waves.iter().position(|wave| *wave >= year);
    uses.or(follows).unwrap_or(config.waves.len() - 1)
}

/// Exposure by cluster among those with a return that are on the practice file.
pub(super) fn matched(config: &Config, tables: &Tables, census: Census) -> BTreeMap<String, (f64, f64, u64)> {
    let patients = tables.cluster_patients(wave_of(config, census), &config.waves);
    let one = |(cluster, r): (&String, &super::frames::Return)| {
        let patients = patients.get(cluster.as_str()).copied().filter(|p| *p > 0.0)?;
        Some((cluster.clone(), (r.amount, patients, r.staff)))
    };
    tables.returns.get(&census).map(|returns| returns.iter().filter_map(one).collect()).unwrap_or_default()
}

fn ascending(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

fn at_census(config: &Config, tables: &Tables, census: Census) -> CensusProvision {
    let returns = &tables.returns[&census];
    let known = tables.cluster_patients(wave_of(config, census), &config.waves).len();
    let matched = matched(config, tables, census);
    CensusProvision {
        census,
        amount: returns.values().map(|r| r.amount).sum(),
        amounts: returns.values().map(|r| r.amount).collect(),
        staff: returns.values().map(|r| r.staff).sum(),
        reporting: returns.len() as u64,
        with_any: returns.values().filter(|r| r.staff > 0).count() as u64,
        known: known as u64,
        clusters: clusters(config, tables, census),
        exposures: ascending(
            matched.values().map(|(amount, patients, _)| config.exposure.per * amount / patients).collect(),
        ),
    }
}

fn areas(config: &Config, tables: &Tables, census: Census) -> Vec<AreaProvision> {
    let mut areas: BTreeMap<String, AreaProvision> = BTreeMap::new();
    for (cluster, (amount, patients, staff)) in matched(config, tables, census) {
        let Some((code, name)) = tables.areas.get(&cluster) else { continue };
        let area = areas.entry(code.clone()).or_insert_with(|| AreaProvision {
            code: code.clone(),
            name: name.clone(),
            amount: 0.0,
            amounts: Vec::new(),
            patients: 0.0,
            staff: 0,
            exposures: Vec::new(),
        });
        area.amount += amount;
        area.amounts.push(amount);
        area.patients += patients;
        area.staff += staff;
        area.exposures.push(config.exposure.per * amount / patients);
    }
    let finish = |mut area: AreaProvision| {
        area.exposures = ascending(std::mem::take(&mut area.exposures));
        area
    };
    areas.into_values().map(finish).collect()
}

/// A quantile of ascending values, linear between order statistics (type 7 of Hyndman and Fan 1996).
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    ascending[low] + (ascending[high] - ascending[low]) * (place - low as f64)
}
