//! Practices, deprivation and workforce in the real formats: the config's headers, further columns
//! with one value, rows that the reader must drop.

use super::super::deprivation::Geography;
use super::super::practices::PracticeFile;
use super::super::random::{name, names_in};
use super::super::tables::{Made, simulation};
use super::super::workforce::{CensusRows, Labels, StaffRow, labels};
use super::out::{encoded, line, write_bytes};
use crate::config::{Config, PracticesFile, Simulation, WorkforceInput};
use crate::error::{Problem, Result};
use crate::format::plain;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes the tables that were made.
pub(super) fn write_admin(config: &Config, made: &Made, root: &Path) -> Result<()> {
    let simulation = simulation(config)?;
    if let Some(files) = &made.practices {
        practices(config, simulation, files, root)?;
    }
    if let (Some(scores), Some(input)) = (&made.deprivation, &config.inputs.deprivation) {
        let mut text = String::new();
        line(&mut text, [input.practice.as_str(), &input.year, &input.score]);
        for (code, year, score) in scores {
            line(&mut text, [code.as_str(), &year.to_string(), &plain(*score)]);
        }
        write_bytes(&root.join(&input.path), &encoded(&text, input.encoding))?;
    }
    if let Some(censuses) = &made.workforce {
        workforce(config, simulation, &made.geography, censuses, root)?;
    }
    list_sizes(config, made, root)
}

fn practices(config: &Config, simulation: &Simulation, files: &[PracticeFile], root: &Path) -> Result<()> {
    let inputs = &config.inputs.practices;
    for made in files {
        let file = &inputs.files[made.file];
        let mut text = String::new();
        if simulation.practices.bom.contains(&config.waves[made.wave]) {
            text.push('\u{feff}');
        }
        practice_file(config, simulation, file, made, &mut text);
        write_bytes(&root.join(&file.path), &encoded(&text, inputs.encoding))?;
    }
    Ok(())
}

/// One row's values by header; the file's columns stand in the order of the headers below.
fn practice_file(
    config: &Config,
    simulation: &Simulation,
    file: &PracticesFile,
    made: &PracticeFile,
    text: &mut String,
) {
    let inputs = &config.inputs.practices;
    let missing = inputs.missing.first().map_or("", String::as_str);
    let outside = inputs.no_pcn.first().map_or(missing, String::as_str);
    let extra = &simulation.practices.extra;
    let mut headers: Vec<&str> = vec![&file.practice, &file.name, &file.pcn, &file.patients];
    let optional = [file.rurality.as_deref(), file.closed.as_deref()];
    headers.extend(optional.into_iter().flatten());
    headers.extend(file.keep.iter().map(|(header, _)| header.as_str()));
    let extra: Vec<(&String, &String)> =
        extra.iter().filter(|(header, _)| !headers.contains(&header.as_str())).collect();
    headers.extend(extra.iter().map(|(header, _)| header.as_str()));
    line(text, headers);
    let mut row =
        |code: &str, name: &str, cluster: &str, patients: &str, rurality: &str, closed: bool, kept: Option<&str>| {
            let mut values = vec![code, name, cluster, patients];
            values.extend(file.rurality.is_some().then_some(rurality));
            values.extend(file.closed.is_some().then_some(if closed { "31/12/2019" } else { "" }));
            let accepted = file.keep.iter().map(|(_, values)| values.first().map_or("", String::as_str));
            values.extend(accepted.map(|accepted| kept.unwrap_or(accepted)));
            values.extend(extra.iter().map(|(_, value)| value.as_str()));
            line(text, values);
        };
    for practice in &made.rows {
        let rurality = practice.rurality.as_deref().unwrap_or(missing);
        let cluster = practice.cluster.as_deref().unwrap_or(outside);
        row(&practice.code, &practice.name, cluster, &plain(practice.patients), rurality, practice.closed, None);
    }
    if let Some(not_kept) = simulation.practices.not_kept.as_ref().filter(|_| !file.keep.is_empty()) {
        for number in 0..not_kept.rows {
            // Codes from the end of the range, where no practice is.
            let code =
                name(&simulation.names.practice_code, names_in(&simulation.names.practice_code).saturating_sub(number));
            row(&code, &not_kept.value, outside, "0", missing, false, Some(&not_kept.value));
        }
    }
}

fn list_sizes(config: &Config, made: &Made, root: &Path) -> Result<()> {
    let (Some(files), Some(input)) = (&made.practices, &config.inputs.list_sizes) else { return Ok(()) };
    for (wave, path) in &input.files {
        let mut text = String::new();
        let matching = input.matching.iter().map(|(header, _)| header.as_str());
        line(&mut text, [input.practice.as_str(), &input.patients].into_iter().chain(matching));
        let Some(made) = files.iter().rfind(|file| file.wave <= *wave).or(files.first()) else { continue };
        for practice in &made.rows {
            let patients = plain(practice.patients);
            let accepted = input.matching.iter().map(|(_, values)| values.first().map_or("", String::as_str));
            line(&mut text, [practice.code.as_str(), &patients].into_iter().chain(accepted));
        }
        write_bytes(&root.join(path), &encoded(&text, input.encoding))?;
    }
    Ok(())
}

fn workforce(
    config: &Config,
    simulation: &Simulation,
    geography: &Geography,
    censuses: &[CensusRows],
    root: &Path,
) -> Result<()> {
    let input = &config.inputs.workforce;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (at, census) in censuses.iter().enumerate() {
        let text = files.entry(path_of(input, at, &census.census, censuses.len())?).or_default();
        census_rows(simulation, input, geography, census, text);
    }
    for (path, text) in &files {
        write_bytes(&root.join(path), &encoded(text, input.encoding))?;
    }
    Ok(())
}

/// The file of a census: a glob takes its label, a list of as many files one each, a single file all.
fn path_of(input: &WorkforceInput, at: usize, census: &str, censuses: usize) -> Result<String> {
    match input.files.as_slice() {
        [] => Err(Problem::new("`inputs.workforce.files` is empty, so simulated staff have no file").into()),
        [pattern, ..] if pattern.contains('*') => Ok(pattern.replacen('*', census, 1).replace('*', "")),
        files if files.len() == censuses => Ok(files[at].clone()),
        [file, ..] => Ok(file.clone()),
    }
}

fn census_rows(
    simulation: &Simulation,
    input: &WorkforceInput,
    geography: &Geography,
    census: &CensusRows,
    text: &mut String,
) {
    let truth = &simulation.workforce;
    let mut named =
        vec![&input.year, &input.month, &input.pcn, &input.pcn_name, &input.area, &input.area_name, &input.amount];
    named.extend(input.region.iter().flatten());
    let mut others: Vec<&String> = input.matching.iter().map(|(header, _)| header).collect();
    others.extend(input.other.iter().map(|(header, _)| header));
    others.extend(truth.other_roles.iter().flat_map(|role| role.values.keys()));
    others.extend(truth.counting_values.keys().chain(truth.extra.keys()));
    others.sort_unstable();
    others.dedup();
    others.retain(|header| !named.contains(header));
    if text.is_empty() {
        line(text, named.iter().chain(&others).map(|header| header.as_str()));
    }
    let labels = labels(simulation, geography);
    let (year, month) = census.census.split_once('-').unwrap_or((&census.census, ""));
    let month = month.trim_start_matches('0');
    for row in &census.rows {
        let Labels { cluster, area_code, area, region } = &labels[row.cluster];
        let amount = plain(row.amount);
        let code = &geography.clusters[row.cluster];
        let regions = region.iter().map(String::as_str).take(if input.region.is_some() { 2 } else { 0 });
        let values = [year, month, code.as_str(), cluster, area_code, area, &amount].into_iter().chain(regions);
        let others = others.iter().map(|header| other_value(simulation, input, row, header));
        line(text, values.chain(others));
    }
}

/// A row's value in a column beyond the named ones.
fn other_value<'a>(simulation: &'a Simulation, input: &'a WorkforceInput, row: &StaffRow, header: &str) -> &'a str {
    let truth = &simulation.workforce;
    let matching = || input.matching.iter().find(|(name, _)| name == header).and_then(|(_, values)| values.first());
    let own = match row.role {
        None => matching().or_else(|| truth.counting_values.get(header)),
        Some(role) => truth.other_roles[role].values.get(header),
    };
    own.or_else(|| truth.extra.get(header)).map_or("", String::as_str)
}
