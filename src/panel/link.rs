//! Which cluster a practice belongs to in a wave, and with what exposure.

use super::Unexposed;
use super::frames::{Return, Tables};
use super::places::{self, Places};
use crate::config::{CapAction, Census, Config, NotReporting};
use crate::error::{Problem, Problems, Result};
use crate::ingest::Survey;
use std::collections::{BTreeMap, BTreeSet};

/// The links of every practice.
pub(super) struct Links {
    /// Exposure by practice and wave, row-major: practices x waves.
    pub exposure: Vec<std::result::Result<f64, Unexposed>>,
    /// Cluster of the reference mapping by practice: index into `clusters`.
    pub cluster: Vec<u32>,
    /// Cluster codes, sorted.
    pub clusters: Vec<String>,
    /// What, how many, of how many.
    pub facts: Vec<(String, u64, u64)>,
    /// Areas, regions and other exposures, by practice and wave.
    pub places: Places,
}

/// Links the survey's practices to clusters and exposures.
pub(super) fn link(config: &Config, tables: &Tables, survey: &Survey) -> Result<Links> {
    censuses_on_file(config, tables)?;
    enough_linked(config, tables, survey)?;
    returns_linked(config, tables)?;
    let waves = config.waves.len();
    let by_wave: Vec<BTreeMap<&str, _>> = (0..waves).map(|wave| exposures(config, tables, wave)).collect();
    let mut exposure = Vec::with_capacity(survey.practices.len() * waves);
    for practice in &survey.practices {
        for (wave, clusters) in by_wave.iter().enumerate() {
            exposure.push(of_practice(config, tables, practice, wave, clusters));
        }
    }
    let (cluster, clusters) = reference_clusters(config, tables, survey);
    let facts = facts(config, tables, survey);
    let places = places::places(config, tables, &survey.practices, &clusters);
    Ok(Links { exposure, cluster, clusters, facts, places })
}

/// Every wave's census is on file.
fn censuses_on_file(config: &Config, tables: &Tables) -> Result<()> {
    let mut problems = Problems::default();
    let present: Vec<String> = tables.returns.keys().map(ToString::to_string).collect();
    for (wave, census) in config.exposure.census_for_wave.iter().enumerate() {
        if let Some(census) = census.filter(|c| !tables.returns.contains_key(c)) {
            let what = format!("wave {} takes census {census}, which is in no workforce file", config.waves[wave]);
            problems.push(Problem::new(what).nearest(&census.to_string(), &present));
        }
    }
    problems.or(())
}

/// Enough responses have a practice that some practice file knows.
fn enough_linked(config: &Config, tables: &Tables, survey: &Survey) -> Result<()> {
    let known: Vec<bool> =
        survey.practices.iter().map(|code| tables.practices.values().any(|wave| wave.contains_key(code))).collect();
    let count = |row: usize| survey.count.as_ref().map_or(1, |c| u64::from(c[row]));
    // Linked, all, and a row without a link, by wave: codes of one wave's file may be written differently.
    let mut waves = vec![(0u64, 0u64, None); config.waves.len()];
    for (row, practice) in survey.practice.iter().enumerate() {
        let wave = &mut waves[usize::from(survey.wave[row])];
        wave.1 += count(row);
        if known[*practice as usize] {
            wave.0 += count(row);
        } else {
            wave.2 = wave.2.or(Some(*practice as usize));
        }
    }
    if waves.iter().all(|(_, all, _)| *all == 0) {
        return Err(Problem::new("the survey files hold no responses").hint("check `inputs.survey.files`").into());
    }
    let few = |(_, (linked, all, _)): &(usize, &(u64, u64, Option<usize>))| {
        (*linked as f64) < config.linkage.minimum_linked * *all as f64
    };
    let mut problems = Problems::default();
    for (wave, (linked, all, strange)) in waves.iter().enumerate().filter(few) {
        let strange = strange.map(|practice| survey.practices[practice].as_str());
        problems.push(not_linked(config, tables, wave, [*linked, *all], strange));
    }
    problems.or(())
}

/// The problem of a wave with `[linked, all]` responses; `strange` is a code that no practice file has.
fn not_linked(
    config: &Config,
    tables: &Tables,
    wave: usize,
    [linked, all]: [u64; 2],
    strange: Option<&str>,
) -> Problem {
    let share = linked as f64 / all as f64;
    let example = tables.practices.values().flat_map(BTreeMap::keys).next().map_or("none", String::as_str);
    let what = format!(
        "only {linked} of {all} responses of wave {} ({:.1} %) have a practice that is on a practice file, expected at least {:.0} %",
        config.waves[wave],
        share * 100.0,
        config.linkage.minimum_linked * 100.0
    );
    let hint = format!(
        "practice codes look like `{}` in the survey and `{example}` in the practice files; check the column maps, or lower `linkage.minimum_linked`",
        strange.unwrap_or_default()
    );
    Problem::new(what).hint(hint)
}

/// Enough clusters with a return at a wave's census are on the practice file that serves the wave.
fn returns_linked(config: &Config, tables: &Tables) -> Result<()> {
    let mut problems = Problems::default();
    for (wave, census) in config.exposure.census_for_wave.iter().enumerate() {
        let (Some(census), Some(serving)) = (census, tables.serving(wave, &config.waves)) else { continue };
        let Some(returns) = tables.returns.get(census) else { continue };
        let known = tables.cluster_patients(wave, &config.waves);
        let strange: Vec<&String> = returns.keys().filter(|code| !known.contains_key(code.as_str())).collect();
        let matched = returns.len() - strange.len();
        if (matched as f64) >= config.linkage.minimum_linked * returns.len() as f64 {
            continue;
        }
        let what = format!(
            "only {matched} of {} {} with a return at census {census} are on the practice file of wave {}, expected at least {:.0} %",
            returns.len(),
            config.terms.cluster[1],
            config.waves[serving],
            config.linkage.minimum_linked * 100.0
        );
        let hint = format!(
            "codes look like `{}` in the returns and `{}` in the practice file; check the column maps",
            strange.first().map_or("", |code| code.as_str()),
            known.keys().next().unwrap_or(&"none")
        );
        problems.push(Problem::new(what).hint(hint));
    }
    problems.or(())
}

/// Exposure of every cluster on the practice file that serves a wave.
fn exposures<'a>(
    config: &Config,
    tables: &'a Tables,
    wave: usize,
) -> BTreeMap<&'a str, std::result::Result<f64, Unexposed>> {
    let Some(census) = config.exposure.census_for_wave[wave] else { return BTreeMap::new() };
    let one = |(cluster, patients): (&'a str, f64)| {
        // The first reason of the ledger that applies.
        let exposure = match amount(config, tables, cluster, census) {
            _ if patients <= 0.0 => Err(Unexposed::NoPatients),
            None => Err(Unexposed::NoReturn),
            Some(amount) => capped(config, config.exposure.per * amount / patients),
        };
        (cluster, exposure)
    };
    tables.cluster_patients(wave, &config.waves).into_iter().map(one).collect()
}

pub(super) fn capped(config: &Config, exposure: f64) -> std::result::Result<f64, Unexposed> {
    match config.exposure.cap {
        Some((cap, CapAction::Limit)) if exposure > cap => Ok(cap),
        Some((cap, CapAction::Drop)) if exposure > cap => Err(Unexposed::AboveCap),
        _ => Ok(exposure),
    }
}

/// A cluster's amount at a census, by the rule for clusters that sent no return.
fn amount(config: &Config, tables: &Tables, cluster: &str, census: Census) -> Option<f64> {
    amount_by(config.exposure.not_reporting, |r| r.amount, tables, cluster, census)
}

/// The same by any rule and of any amount.
pub(super) fn amount_by(
    rule: NotReporting,
    pick: impl Fn(&Return) -> f64,
    tables: &Tables,
    cluster: &str,
    census: Census,
) -> Option<f64> {
    let at = |census: &Census| tables.returns.get(census).and_then(|r| r.get(cluster)).map(&pick);
    if let Some(amount) = at(&census) {
        return Some(amount);
    }
    let before = || tables.returns.range(..census).rev().find_map(|(c, _)| Some((*c, at(c)?)));
    let after = || tables.returns.range(census..).find_map(|(c, _)| Some((*c, at(c)?)));
    match rule {
        NotReporting::Missing => None,
        NotReporting::Zero => Some(0.0),
        NotReporting::CarryForward => before().map(|(_, amount)| amount),
        NotReporting::CarryBack => after().map(|(_, amount)| amount),
        NotReporting::Interpolate => {
            let ((first, low), (last, high)) = (before()?, after()?);
            let share = f64::from(census.months() - first.months()) / f64::from(last.months() - first.months());
            Some(low + (high - low) * share)
        }
    }
}

/// Exposure of one practice in one wave.
fn of_practice(
    config: &Config,
    tables: &Tables,
    practice: &str,
    wave: usize,
    clusters: &BTreeMap<&str, std::result::Result<f64, Unexposed>>,
) -> std::result::Result<f64, Unexposed> {
    if config.exposure.census_for_wave[wave].is_none() {
        return Ok(config.exposure.before_start);
    }
    let serving = tables.serving(wave, &config.waves).ok_or(Unexposed::NoPractice)?;
    let row = tables.practices[&serving].get(practice).ok_or(Unexposed::NoPractice)?;
    let cluster = row.cluster.as_deref().ok_or(Unexposed::NoCluster)?;
    clusters.get(cluster).copied().unwrap_or(Err(Unexposed::NoReturn))
}

/// The cluster of each practice by the reference mapping: the reference wave's file, else the
/// nearest other wave in which the practice is in a cluster, else the practice itself.
fn reference_clusters(config: &Config, tables: &Tables, survey: &Survey) -> (Vec<u32>, Vec<String>) {
    let labels = &config.waves;
    let reference = config.linkage.reference_wave;
    let mut waves: Vec<usize> = tables.practices.keys().copied().collect();
    waves.sort_by_key(|w| ((labels[*w] - labels[reference]).abs(), *w));
    let find = |code: &String| {
        let found = waves.iter().find_map(|wave| tables.practices[wave].get(code)?.cluster.clone());
        found.unwrap_or_else(|| format!("practice {code}"))
    };
    let names: Vec<String> = survey.practices.iter().map(find).collect();
    let clusters: Vec<String> = names.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let index = |name: &String| clusters.binary_search(name).unwrap_or_default() as u32;
    (names.iter().map(index).collect(), clusters)
}

/// How the sources linked.
fn facts(config: &Config, tables: &Tables, survey: &Survey) -> Vec<(String, u64, u64)> {
    let terms = &config.terms;
    let mut facts = Vec::new();
    let on_file = survey.practices.iter().filter(|code| tables.practices.values().any(|wave| wave.contains_key(*code)));
    let what = format!("{} with a response that are on a practice file", terms.practice[1]);
    facts.push((what, on_file.count() as u64, survey.practices.len() as u64));
    for (wave, census) in config.exposure.census_for_wave.iter().enumerate() {
        let (Some(census), Some(serving)) = (census, tables.serving(wave, &config.waves)) else { continue };
        let Some(returns) = tables.returns.get(census) else { continue };
        let known = tables.cluster_patients(wave, &config.waves);
        let matched = returns.keys().filter(|code| known.contains_key(code.as_str())).count();
        let what = format!(
            "{} with a return at census {census} that are on the practice file of {}",
            terms.cluster[1], config.waves[serving]
        );
        facts.push((what, matched as u64, returns.len() as u64));
        let what = format!(
            "{} on the practice file of {} that sent a return at census {census}",
            terms.cluster[1], config.waves[serving]
        );
        facts.push((what, matched as u64, known.len() as u64));
    }
    facts
}
