//! Where clusters lie and how large they are, and the exposures that models may take in place of the
//! config's own. Must not fit or word anything.

use super::frames::{Return, Tables};
use super::link::{amount_by, capped};
use super::{PanelBlock, Unexposed};
use crate::config::{Census, Config, ExposureRule};
use std::collections::BTreeMap;

/// An exposure made by another rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The rule; none for the config's own.
    pub rule: Option<ExposureRule>,
    /// Exposure of each of the panel's blocks, or why there is none.
    pub exposure: Vec<std::result::Result<f64, Unexposed>>,
    /// The other staff's amount per as many patients; 0 where there is no exposure.
    pub other: Vec<f64>,
    /// Censuses that the rule takes and no file has, although a file before them is there.
    pub absent: Vec<Census>,
}

/// What models may use beside the panel's own columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Places {
    /// Areas: code and name, sorted by code.
    pub areas: Vec<[String; 2]>,
    /// Regions likewise.
    pub regions: Vec<[String; 2]>,
    /// Area of each of the panel's clusters: index into `areas`.
    pub area: Vec<Option<u32>>,
    /// Region likewise.
    pub region: Vec<Option<u32>>,
    /// Registered patients of each cluster by the reference wave's file; none where it is not on it.
    pub patients: Vec<Option<f64>>,
    /// The config's own exposure first, then every rule that a model asks for.
    pub made: Vec<Made>,
}

impl Places {
    /// The exposure by a rule.
    pub fn made_by(&self, rule: Option<&ExposureRule>) -> Option<&Made> {
        self.made.iter().find(|made| made.rule.as_ref() == rule)
    }

    /// From practices and waves (row-major) to the panel's blocks.
    pub(super) fn by_block(mut self, blocks: &[PanelBlock], waves: usize) -> Self {
        let at = |block: &PanelBlock| block.practice as usize * waves + usize::from(block.wave);
        for made in &mut self.made {
            made.exposure = blocks.iter().map(|block| made.exposure[at(block)]).collect();
            made.other = blocks.iter().map(|block| made.other[at(block)]).collect();
        }
        self
    }
}

/// The places of the panel's clusters, and the exposures of practices and waves by every rule.
pub(super) fn places(config: &Config, tables: &Tables, practices: &[String], clusters: &[String]) -> Places {
    let patients = tables.cluster_patients(config.linkage.reference_wave, &config.waves);
    let (areas, area) = indexed(clusters, &tables.areas);
    let (regions, region) = indexed(clusters, &tables.regions);
    let mut rules = vec![None];
    rules.extend(config.exposure_rules().into_iter().map(Some));
    // Studies whose models change nothing need none.
    let plain = rules.len() == 1 && config.inputs.workforce.other.is_empty();
    let made =
        if plain { Vec::new() } else { rules.into_iter().map(|rule| made(config, tables, practices, rule)).collect() };
    Places {
        areas,
        regions,
        area,
        region,
        patients: clusters.iter().map(|code| patients.get(code.as_str()).copied()).collect(),
        made,
    }
}

type Names = BTreeMap<String, (String, String)>;

/// The places of clusters as sorted codes and indices.
fn indexed(clusters: &[String], places: &Names) -> (Vec<[String; 2]>, Vec<Option<u32>>) {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (code, name) in clusters.iter().filter_map(|cluster| places.get(cluster)).filter(|(code, _)| !code.is_empty()) {
        let known = names.entry(code).or_insert(name);
        // A code with two names keeps the first in order.
        if name.as_str() < *known {
            *known = name;
        }
    }
    let codes: Vec<&str> = names.keys().copied().collect();
    let index = |cluster: &String| codes.binary_search(&places.get(cluster)?.0.as_str()).ok().map(|at| at as u32);
    let index = clusters.iter().map(index).collect();
    (names.into_iter().map(|(code, name)| [code.to_owned(), name.to_owned()]).collect(), index)
}

fn made(config: &Config, tables: &Tables, practices: &[String], rule: Option<ExposureRule>) -> Made {
    let waves = config.waves.len();
    let mut absent = Vec::new();
    let by_wave: Vec<_> = (0..waves).map(|wave| clusters(config, tables, wave, rule.as_ref(), &mut absent)).collect();
    let (mut exposure, mut other) = (Vec::new(), Vec::new());
    for practice in practices {
        for (wave, clusters) in by_wave.iter().enumerate() {
            // As where the config names no census: before the first one there was none to be in.
            let found = match clusters {
                None => Ok((config.exposure.before_start, 0.0)),
                Some(clusters) => of_practice(config, tables, practice, wave, clusters),
            };
            exposure.push(found.map(|(exposure, _)| exposure));
            other.push(found.map_or(0.0, |(_, other)| other));
        }
    }
    absent.sort_unstable();
    absent.dedup();
    Made { rule, exposure, other, absent }
}

type Found = std::result::Result<(f64, f64), Unexposed>;

/// Exposure and the other staff's amount of every cluster on the file that serves a wave; none for a wave
/// without a census, or with none that is not before the first on file.
fn clusters<'a>(
    config: &Config,
    tables: &'a Tables,
    wave: usize,
    rule: Option<&ExposureRule>,
    absent: &mut Vec<Census>,
) -> Option<BTreeMap<&'a str, Found>> {
    let census = config.exposure.census_for_wave[wave]?;
    let months = rule.map_or(&[0][..], |rule| &rule.months);
    let first = tables.returns.keys().next().copied();
    let wanted: Vec<Census> = months.iter().map(|month| moved(census, *month)).collect();
    if first.is_none_or(|first| wanted.iter().all(|census| *census < first)) {
        return None;
    }
    let after_first = |census: &Census| first.is_some_and(|first| *census > first);
    absent.extend(wanted.iter().filter(|c| after_first(c) && !tables.returns.contains_key(c)));
    let not_reporting = rule.map_or(config.exposure.not_reporting, |rule| rule.not_reporting);
    let at = |cluster: &str, census: Census, patients: f64| -> Option<(f64, f64)> {
        if first.is_none_or(|first| census < first) {
            return Some((config.exposure.before_start, 0.0));
        }
        let per = |pick: fn(&Return) -> f64| {
            Some(config.exposure.per * amount_by(not_reporting, pick, tables, cluster, census)? / patients)
        };
        Some((per(|r| r.amount)?, per(|r| r.other)?))
    };
    let one = |(cluster, patients): (&'a str, f64)| {
        if patients <= 0.0 {
            return (cluster, Err(Unexposed::NoPatients));
        }
        let found: Vec<(f64, f64)> = wanted.iter().filter_map(|census| at(cluster, *census, patients)).collect();
        let n = found.len() as f64;
        let sum = found.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let mean = if found.is_empty() { Err(Unexposed::NoReturn) } else { capped(config, sum.0 / n) };
        (cluster, mean.map(|mean| (mean, sum.1 / n)))
    };
    Some(tables.cluster_patients(wave, &config.waves).into_iter().map(one).collect())
}

/// A census some months on.
fn moved(census: Census, months: i32) -> Census {
    let total = census.months() + months;
    Census { year: total.div_euclid(12), month: total.rem_euclid(12).unsigned_abs() + 1 }
}

fn of_practice(
    config: &Config,
    tables: &Tables,
    practice: &str,
    wave: usize,
    clusters: &BTreeMap<&str, Found>,
) -> Found {
    let serving = tables.serving(wave, &config.waves).ok_or(Unexposed::NoPractice)?;
    let row = tables.practices[&serving].get(practice).ok_or(Unexposed::NoPractice)?;
    let cluster = row.cluster.as_deref().ok_or(Unexposed::NoCluster)?;
    clusters.get(cluster).copied().unwrap_or(Err(Unexposed::NoReturn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_move_over_years() {
        let census = |year, month| Census { year, month };
        assert_eq!(moved(census(2020, 12), -12), census(2019, 12));
        assert_eq!(moved(census(2020, 12), 3), census(2021, 3));
        assert_eq!(moved(census(2021, 3), -9), census(2020, 6));
        assert_eq!(moved(census(2021, 1), -1), census(2020, 12));
    }
}
