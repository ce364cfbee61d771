//! The world that responders live in: practices with their cluster, patients, deprivation and true
//! exposure by wave. Made from tables, real or simulated alike. Must not know survey items.

use super::frame::{integers, numbers, texts, truths};
use crate::config::{CapAction, Closed, Config, MeanSd, Simulation};
use crate::error::{Problem, Result};
use crate::ingest::Data;
use crate::num;
use std::collections::BTreeMap;

/// Practices and clusters as the survey's simulator needs them.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// Practices, sorted by code.
    pub practices: Vec<WorldPractice>,
    /// Cluster codes, sorted.
    pub clusters: Vec<String>,
    /// Code of each cluster's region; none where the workforce tables have none.
    pub regions: Vec<Option<String>>,
}

/// One practice.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldPractice {
    /// Code.
    pub code: String,
    /// Deprivation in standard deviations; 0 where unknown.
    pub deprivation: f64,
    /// Its place by wave; none where the wave's practice file does not have it.
    pub waves: Vec<Option<Place>>,
}

/// A practice in one wave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Index into [`World::clusters`].
    pub cluster: Option<usize>,
    /// Registered patients.
    pub patients: f64,
    /// True exposure: as the panel computes it where the cluster sent a return; else from the
    /// cluster's nearest return, else the mean over clusters; 0 outside clusters.
    pub exposure: f64,
}

/// One row of a wave's practice file.
struct FileRow {
    practice: usize,
    cluster: Option<usize>,
    patients: Option<f64>,
    closed: bool,
}

impl World {
    /// The world of `data`'s practices, workforce, deprivation and list sizes.
    ///
    /// # Errors
    /// When a table lacks a column or there is no practice file at all.
    pub fn from_tables(config: &Config, simulation: &Simulation, data: &Data) -> Result<Self> {
        let (codes, clusters, files) = practice_files(config, data)?;
        let scores = standardised(simulation, data)?;
        let amounts = Amounts::read(data, &clusters)?;
        let mut practices: Vec<WorldPractice> = codes
            .into_iter()
            .map(|code| WorldPractice {
                deprivation: scores.get(&code).copied().unwrap_or(0.0),
                waves: vec![None; config.waves.len()],
                code,
            })
            .collect();
        for wave in 0..config.waves.len() {
            let Some(file) = nearest_file(config, &files, wave) else { continue };
            let exposure = exposure(config, &amounts, &files[&file], clusters.len(), wave);
            for row in &files[&file] {
                let patients = row.patients.unwrap_or(0.0);
                let exposure = row.cluster.map_or(0.0, |cluster| exposure[cluster]);
                practices[row.practice].waves[wave] = Some(Place { cluster: row.cluster, patients, exposure });
            }
        }
        let regions = regions(data, &clusters)?;
        Ok(Self { practices, clusters, regions })
    }
}

/// The region of each cluster in the last row that names one.
fn regions(data: &Data, clusters: &[String]) -> Result<Vec<Option<String>>> {
    let mut regions = vec![None; clusters.len()];
    if data.workforce.get_column_index("region").is_some() {
        for (cluster, region) in texts(&data.workforce, "pcn")?.into_iter().zip(texts(&data.workforce, "region")?) {
            let at = cluster.and_then(|cluster| clusters.binary_search(&cluster).ok());
            if let (Some(at), Some(region)) = (at, region) {
                regions[at] = Some(region);
            }
        }
    }
    Ok(regions)
}

type Files = BTreeMap<usize, Vec<FileRow>>;

/// Practice codes, cluster codes, and rows by the wave of their file.
fn practice_files(config: &Config, data: &Data) -> Result<(Vec<String>, Vec<String>, Files)> {
    let frame = &data.practices;
    let waves = integers(frame, "wave")?;
    let (codes, clusters) = (texts(frame, "practice")?, texts(frame, "pcn")?);
    let (patients, closed) = (numbers(frame, "patients")?, truths(frame, "closed")?);
    let known = |values: &[Option<String>]| {
        let mut known: Vec<String> = values.iter().flatten().cloned().collect();
        known.sort_unstable();
        known.dedup();
        known
    };
    let (practices, known_clusters) = (known(&codes), known(&clusters));
    let lists = list_sizes(data)?;
    let mut files = Files::new();
    for row in 0..waves.len() {
        let (Some(code), Ok(wave)) = (&codes[row], usize::try_from(waves[row])) else { continue };
        let Ok(practice) = practices.binary_search(code) else { continue };
        files.entry(wave).or_default().push(FileRow {
            practice,
            cluster: clusters[row].as_ref().and_then(|cluster| known_clusters.binary_search(cluster).ok()),
            patients: lists.get(&(wave, code.as_str())).copied().or(patients[row]),
            closed: closed[row],
        });
    }
    if files.keys().all(|wave| *wave >= config.waves.len()) {
        return Err(Problem::new("no practice file to simulate a survey on").into());
    }
    Ok((practices, known_clusters, files))
}

fn list_sizes(data: &Data) -> Result<BTreeMap<(usize, &str), f64>> {
    let frame = &data.list_sizes;
    if frame.height() == 0 {
        return Ok(BTreeMap::new());
    }
    let waves = integers(frame, "wave")?;
    let patients = numbers(frame, "patients")?;
    let codes =
        frame.column("practice").and_then(|column| column.str()).map_err(|error| Problem::new(error.to_string()))?;
    let mut sizes = BTreeMap::new();
    for ((wave, code), patients) in waves.into_iter().zip(codes.iter()).zip(patients) {
        if let (Ok(wave), Some(code), Some(patients)) = (usize::try_from(wave), code, patients) {
            sizes.insert((wave, code), patients);
        }
    }
    Ok(sizes)
}

/// Standardised log score of every practice that has one, from its last year on file.
pub(super) fn standardised(simulation: &Simulation, data: &Data) -> Result<BTreeMap<String, f64>> {
    let mut last: BTreeMap<String, (i32, f64)> = BTreeMap::new();
    if data.deprivation.height() == 0 {
        return Ok(BTreeMap::new());
    }
    let (codes, years) = (texts(&data.deprivation, "practice")?, integers(&data.deprivation, "year")?);
    for ((code, year), score) in codes.into_iter().zip(years).zip(numbers(&data.deprivation, "score")?) {
        if let (Some(code), Some(score)) = (code, score) {
            let entry = last.entry(code).or_insert((year, score));
            if year >= entry.0 {
                *entry = (year, score);
            }
        }
    }
    let moments = simulation.deprivation.years.values().next_back().copied().unwrap_or(MeanSd { mean: 1.0, sd: 1.0 });
    let (mean, sd) = log_moments(moments);
    let standard = |score: f64| if score > 0.0 { ((num::ln(score) - mean) / sd).clamp(-4.0, 4.0) } else { 0.0 };
    Ok(last.into_iter().map(|(code, (_, score))| (code, standard(score))).collect())
}

/// Mean and standard deviation of the logarithm of a lognormal variable with the given ones.
pub(super) fn log_moments(of: MeanSd) -> (f64, f64) {
    let ratio = of.sd / of.mean;
    let variance = num::ln(1.0 + ratio * ratio);
    (num::ln(of.mean) - variance / 2.0, variance.sqrt())
}

/// The file that a wave takes: its own, else the nearest by label, the earlier one on a tie.
fn nearest_file(config: &Config, files: &Files, wave: usize) -> Option<usize> {
    let label = config.waves[wave];
    files
        .keys()
        .filter_map(|file| config.waves.get(*file).map(|year| ((year - label).abs(), *year, *file)))
        .min()
        .map(|(_, _, file)| file)
}

/// Amounts of the clusters that sent a return, by months of the census and cluster.
struct Amounts(BTreeMap<i32, BTreeMap<usize, f64>>);

impl Amounts {
    fn read(data: &Data, clusters: &[String]) -> Result<Self> {
        let frame = &data.workforce;
        let mut amounts: BTreeMap<i32, BTreeMap<usize, f64>> = BTreeMap::new();
        if frame.height() == 0 {
            return Ok(Self(amounts));
        }
        let (census, cluster) = (texts(frame, "census")?, texts(frame, "pcn")?);
        let (amount, counts) = (numbers(frame, "amount")?, truths(frame, "counts")?);
        for row in 0..census.len() {
            let (Some(census), Some(code)) = (&census[row], &cluster[row]) else { continue };
            let (Some(months), Ok(cluster)) = (months(census), clusters.binary_search(code)) else { continue };
            let total = amounts.entry(months).or_default().entry(cluster).or_insert(0.0);
            if counts[row] {
                *total += amount[row].unwrap_or(0.0);
            }
        }
        Ok(Self(amounts))
    }

    /// The cluster's amount at the census nearest to `months` (the earlier one on a tie), and
    /// whether that is the census itself.
    fn nearest(&self, cluster: usize, months: i32) -> Option<f64> {
        let returns =
            self.0.iter().filter_map(|(at, of)| of.get(&cluster).map(|amount| ((at - months).abs(), *at, *amount)));
        returns.min_by_key(|(distance, at, _)| (*distance, *at)).map(|(_, _, amount)| amount)
    }
}

/// Months since year 0 of a label such as `2020-12`.
pub(super) fn months(label: &str) -> Option<i32> {
    let (year, month) = label.split_once('-')?;
    Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
}

/// True exposure of every cluster in a wave.
fn exposure(config: &Config, amounts: &Amounts, rows: &[FileRow], clusters: usize, wave: usize) -> Vec<f64> {
    let rule = &config.exposure;
    let Some(census) = rule.census_for_wave.get(wave).copied().flatten() else {
        return vec![rule.before_start; clusters];
    };
    let mut patients = vec![0.0; clusters];
    for row in rows {
        let counted = config.inputs.practices.closed == Closed::Keep || !row.closed;
        if let (true, Some(cluster), Some(of)) = (counted, row.cluster, row.patients) {
            patients[cluster] += of;
        }
    }
    let limit = |value: f64| match rule.cap {
        Some((cap, CapAction::Limit)) => value.min(cap),
        _ => value,
    };
    let per_patient = |amount: f64, cluster: usize| {
        let of: f64 = patients[cluster];
        (of > 0.0).then(|| limit(rule.per * amount / of))
    };
    let returned = amounts.0.get(&census.months());
    let own =
        |cluster: usize| returned.and_then(|of| of.get(&cluster)).and_then(|amount| per_patient(*amount, cluster));
    let known: Vec<f64> = (0..clusters).filter_map(own).collect();
    let mean = if known.is_empty() { rule.before_start } else { num::sum(known.iter().copied()) / known.len() as f64 };
    let other =
        |cluster: usize| amounts.nearest(cluster, census.months()).and_then(|amount| per_patient(amount, cluster));
    (0..clusters).map(|cluster| own(cluster).or_else(|| other(cluster)).unwrap_or(mean)).collect()
}
