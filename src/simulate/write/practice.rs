//! Survey files with one row per practice: answers counted per outcome, small bases suppressed.

use super::out::{encoded, line, write_bytes};
use super::person::runs;
use crate::config::{Config, Outcome, OutcomeCounts, SurveyFile};
use crate::error::{Problem, Problems, Result};
use crate::ingest::Survey;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

/// Bases below this are suppressed.
const SMALLEST: u64 = 10;
/// What stands for a suppressed number.
const SUPPRESSED: &str = "-99";

/// Writes one row per practice to the survey's files under `root`.
///
/// # Errors
/// When a file cannot be written, is no CSV, or holds several waves.
pub fn write_practice(config: &Config, survey: &Survey, root: &Path) -> Result<()> {
    let mut problems = Problems::default();
    for file in &config.inputs.survey.files {
        problems.keep(write_file(config, survey, file, root));
    }
    problems.or(())
}

fn write_file(config: &Config, survey: &Survey, file: &SurveyFile, root: &Path) -> Result<()> {
    let Some(wave) = file.wave.filter(|_| file.path.ends_with(".csv")) else {
        return Err(Problem::new("practice files are one CSV per wave").file(&file.path).into());
    };
    let rows = runs(survey, Some(wave));
    let counted = |outcome: &&Outcome| outcome.counts.is_some() && outcome.items[wave].is_some();
    let outcomes: Vec<&Outcome> = config.outcomes.iter().filter(counted).collect();
    let tallies: Vec<Tally<'_>> =
        outcomes.iter().filter_map(|outcome| Tally::new(survey, outcome, wave, &rows)).collect();
    let mut headers = vec![file.practice.as_str()];
    headers.extend(tallies.iter().flat_map(Tally::headers).map(|name| file.header(name)));
    let mut text = String::new();
    line(&mut text, headers);
    let mut practices: Vec<u32> = rows.iter().flat_map(|run| survey.practice[run.clone()].iter().copied()).collect();
    practices.sort_unstable();
    practices.dedup();
    for practice in practices {
        let values: Vec<String> = tallies.iter().flat_map(|tally| tally.values(practice)).collect();
        let code = survey.practices[practice as usize].as_str();
        line(&mut text, std::iter::once(code).chain(values.iter().map(String::as_str)));
    }
    write_bytes(&root.join(&file.path), &encoded(&text, config.inputs.survey.encoding))
}

/// Answers to one outcome by practice.
struct Tally<'a> {
    columns: &'a OutcomeCounts,
    /// Success columns, then the base, by practice.
    counts: BTreeMap<u32, Vec<u64>>,
}

impl<'a> Tally<'a> {
    fn new(survey: &Survey, outcome: &'a Outcome, wave: usize, rows: &[Range<usize>]) -> Option<Self> {
        let columns = outcome.counts.as_ref()?;
        let name = outcome.items[wave].as_ref()?;
        let codes = &survey.items.iter().find(|item| item.name == *name)?.codes;
        let width = columns.success.len();
        let mut counts: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        for row in rows.iter().cloned().flatten() {
            let count = counts.entry(survey.practice[row]).or_insert_with(|| vec![0; width + 1]);
            let people = survey.count.as_ref().map_or(1, |count| u64::from(count[row]));
            // One column per code where there are as many, else the last column takes the rest.
            if let Some(place) = outcome.success.iter().position(|code| *code == codes[row]) {
                count[place.min(width.saturating_sub(1))] += people;
                count[width] += people;
            } else if outcome.failure.contains(&codes[row]) {
                count[width] += people;
            }
        }
        Some(Self { columns, counts })
    }

    fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.success.iter().chain([&self.columns.base]).map(String::as_str)
    }

    fn values(&self, practice: u32) -> Vec<String> {
        let width = self.columns.success.len() + 1;
        match self.counts.get(&practice) {
            Some(counts) if counts[width - 1] >= SMALLEST => counts.iter().map(u64::to_string).collect(),
            _ => vec![SUPPRESSED.into(); width],
        }
    }
}
