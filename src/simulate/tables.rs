//! Which tables are simulated and in what order: practices, then deprivation on them, then
//! workforce on both, then the survey on all.

use super::deprivation::{Geography, Score, deprivation_frame, scores};
use super::practices::{PracticeFile, files, practices_frame};
use super::survey::survey_of;
use super::workforce::{CensusRows, censuses, workforce_frame};
use super::world::{World, standardised};
use crate::config::{Config, Scale, Simulation, Source};
use crate::error::{Problem, Problems, Result};
use crate::ingest::{Data, Survey};
use std::collections::BTreeMap;

/// How large a simulated study is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// `simulate.small`.
    Small,
    /// `simulate.full`.
    Full,
}

/// The study's truth, checked against the rest of the config.
///
/// # Errors
/// When the config has no `simulate` section, or everything that is wrong with it.
pub(super) fn simulation(config: &Config) -> Result<&Simulation> {
    let Some(simulation) = &config.simulation else {
        let what = "a source is simulated, but the config has no `simulate` section";
        return Err(Problem::new(what).hint("copy the section from the default config").into());
    };
    Problems(simulation.check(config)).or(simulation)
}

impl Size {
    /// The numbers of units.
    pub(super) fn scale(self, simulation: &Simulation) -> &Scale {
        match self {
            Self::Small => &simulation.small,
            Self::Full => &simulation.full,
        }
    }
}

/// Simulated rows beyond what the frames hold, for writing files.
pub(super) struct Made {
    pub(super) practices: Option<Vec<PracticeFile>>,
    pub(super) deprivation: Option<Vec<Score>>,
    pub(super) workforce: Option<Vec<CensusRows>>,
    pub(super) geography: Geography,
}

/// Fills in the tables of `data` whose source is [`Source::Simulated`]; what is real must be in
/// `data` already and is used: simulated staff work in real clusters, for instance.
///
/// # Errors
/// When the config has no `simulate` section, or a real table lacks a column.
pub fn tables(config: &Config, size: Size, data: Data) -> Result<Data> {
    make(config, size, data, &|source| source == Source::Simulated).map(|(data, _)| data)
}

/// As [`tables`] for the sources that `wanted` picks, with the rows beside the frames.
pub(super) fn make(
    config: &Config,
    size: Size,
    mut data: Data,
    wanted: &dyn Fn(Source) -> bool,
) -> Result<(Data, Made)> {
    let simulation = simulation(config)?;
    let (scale, seed) = (size.scale(simulation), config.study.seed);
    let practices = wanted(config.inputs.practices.source).then(|| files(config, simulation, scale));
    if let Some(files) = &practices {
        data.practices = practices_frame(files)?;
    }
    let geography = Geography::new(seed, scale.areas, &data.practices)?;
    let source = config.inputs.deprivation.as_ref().map(|input| input.source);
    let deprivation = source.is_some_and(wanted).then(|| scores(seed, simulation, &geography));
    if let Some(scores) = &deprivation {
        data.deprivation = deprivation_frame(scores)?;
    }
    let need: BTreeMap<String, f64> = standardised(simulation, &data)?;
    let workforce = wanted(config.inputs.workforce.source)
        .then(|| censuses(config, simulation, &geography, &data.practices, &need))
        .transpose()?;
    if let Some(censuses) = &workforce {
        data.workforce = workforce_frame(config, simulation, &geography, censuses)?;
    }
    Ok((data, Made { practices, deprivation, workforce, geography }))
}

/// The simulated survey on the practices, deprivation and workforce of `data`.
///
/// # Errors
/// When the config has no `simulate` section, or it does not fit the study.
pub fn survey(config: &Config, size: Size, data: &Data) -> Result<Survey> {
    survey_telling(config, size, data, &|_, _| {})
}

/// As [`survey`], telling from any thread how many responders of how many are done.
///
/// # Errors
/// When the config has no `simulate` section, or it does not fit the study.
pub fn survey_telling(config: &Config, size: Size, data: &Data, tell: &(dyn Fn(u64, u64) + Sync)) -> Result<Survey> {
    let simulation = simulation(config)?;
    let world = World::from_tables(config, simulation, data)?;
    let exposure = |practice: usize, wave: usize| world.practices[practice].waves[wave].map(|place| place.exposure);
    survey_of(config, simulation, size.scale(simulation), &world, &exposure, tell)
}
