//! The administrative frames as ordered maps keyed by name: what the links and the exposure are
//! computed from. Sums run in key order, so they do not depend on file order or threads.

use crate::config::{Census, Closed, Config, CovariateKind};
use crate::error::{Problem, Problems, Result};
use crate::ingest::Data;
use polars::prelude::{DataFrame, PolarsResult};
use std::collections::{BTreeMap, BTreeSet};

/// A practice in a wave's file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PracticeRow {
    /// Its cluster, if it is in one.
    pub cluster: Option<String>,
    /// Registered patients by the practice file.
    pub patients: Option<f64>,
    /// Whether its patients count in the denominator.
    pub counts: bool,
    /// Urban or rural, as the file writes it.
    pub rurality: Option<String>,
}

/// A cluster at a census.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Return {
    /// Sum of the amount that counts.
    pub amount: f64,
    /// Sum of the amount of the other staff that may be adjusted for.
    pub other: f64,
    /// Rows that count.
    pub staff: u64,
}

/// The administrative tables, keyed.
pub(super) struct Tables {
    /// By wave index: practice code to its row. Waves without a file are absent.
    pub practices: BTreeMap<usize, BTreeMap<String, PracticeRow>>,
    /// List sizes by wave index, then practice: they stand before the practice files' own figures.
    pub list_sizes: BTreeMap<usize, BTreeMap<String, f64>>,
    /// Returns by census, then cluster. A cluster that sent none is absent.
    pub returns: BTreeMap<Census, BTreeMap<String, Return>>,
    /// Larger area of each cluster at the last census it is in: code and name.
    pub areas: BTreeMap<String, (String, String)>,
    /// Region likewise; empty where none are read.
    pub regions: BTreeMap<String, (String, String)>,
    /// Deprivation score by practice, then year.
    pub deprivation: BTreeMap<String, BTreeMap<i32, f64>>,
}

impl Tables {
    /// The wave whose practice file serves `wave`: its own, else the nearest, the earlier on a tie.
    pub(super) fn serving(&self, wave: usize, labels: &[i32]) -> Option<usize> {
        self.practices.keys().copied().min_by_key(|w| ((labels[*w] - labels[wave]).abs(), *w))
    }

    /// Registered patients of each cluster in a wave: those of the file that serves it, or of the
    /// list sizes of the wave, or else of that file's wave.
    pub(super) fn cluster_patients(&self, wave: usize, labels: &[i32]) -> BTreeMap<&str, f64> {
        let mut sums = BTreeMap::new();
        let Some(serving) = self.serving(wave, labels) else { return sums };
        let listed = self.list_sizes.get(&wave).or_else(|| self.list_sizes.get(&serving));
        for (practice, row) in &self.practices[&serving] {
            if let Some(cluster) = &row.cluster {
                let patients = listed.and_then(|sizes| sizes.get(practice).copied()).or(row.patients);
                *sums.entry(cluster.as_str()).or_insert(0.0) += patients.filter(|_| row.counts).unwrap_or(0.0);
            }
        }
        sums
    }
}

/// Every text that a covariate's level is made from occurs in a practice file.
///
/// # Errors
/// Each text that occurs in none, with those that do.
pub(super) fn check_levels(config: &Config, tables: &Tables) -> Result<()> {
    let rows = tables.practices.values().flat_map(BTreeMap::values);
    let present: Vec<&str> =
        rows.filter_map(|row| row.rurality.as_deref()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut problems = Problems::default();
    for covariate in &config.covariates {
        let CovariateKind::Rurality { levels, .. } = &covariate.kind else { continue };
        for text in levels.iter().flat_map(|(_, texts)| texts).filter(|text| !present.contains(&text.as_str())) {
            let what = format!("value `{text}` of covariate `{}` never occurs in the practice files", covariate.id);
            problems.push(Problem::new(what).nearest(text, &present));
        }
    }
    problems.or(())
}

/// A polars failure here means a reader broke its promise; the text says which column.
fn broken(error: &polars::error::PolarsError) -> Problem {
    Problem::new(format!("a table was read in an unexpected shape: {error}"))
}

fn texts(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<String>>> {
    Ok(frame.column(name)?.str()?.iter().map(|v| v.map(str::to_string)).collect())
}

fn numbers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<f64>>> {
    Ok(frame.column(name)?.f64()?.iter().collect())
}

fn integers(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<i32>>> {
    Ok(frame.column(name)?.i32()?.iter().collect())
}

fn flags(frame: &DataFrame, name: &str) -> PolarsResult<Vec<Option<bool>>> {
    Ok(frame.column(name)?.bool()?.iter().collect())
}

/// Keys the frames.
pub(super) fn tables(config: &Config, data: &Data) -> Result<Tables> {
    let practices = practices(config, data).map_err(|e| broken(&e))?;
    let (returns, [areas, regions]) = returns(data).map_err(|e| broken(&e))?;
    let deprivation = deprivation(data).map_err(|e| broken(&e))?;
    let list_sizes = list_sizes(data).map_err(|e| broken(&e))?;
    Ok(Tables { practices, list_sizes, returns, areas, regions, deprivation })
}

type ByWave = BTreeMap<usize, BTreeMap<String, PracticeRow>>;

fn practices(config: &Config, data: &Data) -> PolarsResult<ByWave> {
    let frame = &data.practices;
    let mut by_wave = ByWave::new();
    let waves = integers(frame, "wave")?;
    let codes = texts(frame, "practice")?;
    let clusters = texts(frame, "pcn")?;
    let patients = numbers(frame, "patients")?;
    let ruralities = texts(frame, "rurality")?;
    let closed = flags(frame, "closed")?;
    for row in 0..frame.height() {
        let (Some(wave), Some(code)) = (waves[row].and_then(|w| usize::try_from(w).ok()), codes[row].clone()) else {
            continue;
        };
        let closed = closed[row] == Some(true);
        if closed && config.inputs.practices.closed == Closed::Drop {
            continue;
        }
        let counts = !(closed && config.inputs.practices.closed == Closed::NoPatients);
        let entry = PracticeRow {
            cluster: clusters[row].clone(),
            patients: patients[row],
            counts,
            rurality: ruralities[row].clone(),
        };
        by_wave.entry(wave).or_default().insert(code, entry);
    }
    Ok(by_wave)
}

fn list_sizes(data: &Data) -> PolarsResult<BTreeMap<usize, BTreeMap<String, f64>>> {
    let frame = &data.list_sizes;
    let mut sizes: BTreeMap<usize, BTreeMap<String, f64>> = BTreeMap::new();
    if frame.height() == 0 {
        return Ok(sizes);
    }
    let (waves, codes, patients) = (integers(frame, "wave")?, texts(frame, "practice")?, numbers(frame, "patients")?);
    for row in 0..frame.height() {
        let wave = waves[row].and_then(|wave| usize::try_from(wave).ok());
        if let (Some(wave), Some(code), Some(patients)) = (wave, &codes[row], patients[row]) {
            sizes.entry(wave).or_default().insert(code.clone(), patients);
        }
    }
    Ok(sizes)
}

type Returns = BTreeMap<Census, BTreeMap<String, Return>>;
type Areas = BTreeMap<String, (String, String)>;

fn returns(data: &Data) -> PolarsResult<(Returns, [Areas; 2])> {
    let frame = &data.workforce;
    let mut returns = Returns::new();
    let mut places = [LastPlaces::new(), LastPlaces::new()];
    let censuses = texts(frame, "census")?;
    let clusters = texts(frame, "pcn")?;
    let (amounts, counts) = (numbers(frame, "amount")?, flags(frame, "counts")?);
    // Studies that do not read these have no such columns.
    let other = flags(frame, "other").unwrap_or_else(|_| vec![None; frame.height()]);
    let named = [("area", "area_name"), ("region", "region_name")];
    let named = named.map(|(code, name)| Some((texts(frame, code).ok()?, texts(frame, name).ok()?)));
    // Sums of decimals depend on their order: rows are taken by census, cluster and amount.
    let mut order: Vec<usize> = (0..frame.height()).collect();
    let amount_bits = |row: usize| amounts[row].unwrap_or(0.0).to_bits();
    order.sort_by(|a, b| {
        (&censuses[*a], &clusters[*a], amount_bits(*a)).cmp(&(&censuses[*b], &clusters[*b], amount_bits(*b)))
    });
    for row in order {
        let (Some(census), Some(cluster)) = (censuses[row].as_deref().and_then(census), &clusters[row]) else {
            continue;
        };
        let entry = returns.entry(census).or_default().entry(cluster.clone()).or_default();
        if counts[row] == Some(true) {
            entry.amount += amounts[row].unwrap_or(0.0);
            entry.staff += 1;
        } else if other[row] == Some(true) {
            entry.other += amounts[row].unwrap_or(0.0);
        }
        for (places, named) in places.iter_mut().zip(&named) {
            let Some((codes, names)) = named else { continue };
            keep_last(places, census, cluster, [&codes[row], &names[row]]);
        }
    }
    let plain = |places: LastPlaces| places.into_iter().map(|(cluster, (_, code, name))| (cluster, (code, name)));
    Ok((returns, places.map(|places| plain(places).collect())))
}

type LastPlaces = BTreeMap<String, (Census, String, String)>;

/// Keeps the place of a cluster at its last census.
fn keep_last(places: &mut LastPlaces, census: Census, cluster: &str, [code, name]: [&Option<String>; 2]) {
    let place = (census, code.clone().unwrap_or_default(), name.clone().unwrap_or_default());
    let last = places.entry(cluster.to_owned()).or_insert_with(|| place.clone());
    // The last census decides; within it the first code and name, whatever the order of rows.
    if census > last.0 || (census == last.0 && (&place.1, &place.2) < (&last.1, &last.2)) {
        *last = place;
    }
}

fn census(text: &str) -> Option<Census> {
    let (year, month) = text.split_once('-')?;
    Some(Census { year: year.parse().ok()?, month: month.parse().ok()? })
}

fn deprivation(data: &Data) -> PolarsResult<BTreeMap<String, BTreeMap<i32, f64>>> {
    let frame = &data.deprivation;
    let mut scores: BTreeMap<String, BTreeMap<i32, f64>> = BTreeMap::new();
    if frame.height() == 0 {
        return Ok(scores);
    }
    let (codes, years, values) = (texts(frame, "practice")?, integers(frame, "year")?, numbers(frame, "score")?);
    for row in 0..frame.height() {
        if let (Some(code), Some(year), Some(score)) = (&codes[row], years[row], values[row]) {
            scores.entry(code.clone()).or_default().insert(year, score);
        }
    }
    Ok(scores)
}
