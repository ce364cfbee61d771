//! What a model changes about the exposure, the sample and the controls of the main model. Knows no YAML.

use super::{Config, NotReporting};

/// Another way of making the exposure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposureRule {
    /// Censuses taken, in months from the one that goes with the wave (-12: a year earlier); the mean of
    /// several. A census before the first on file has [`super::Exposure::before_start`].
    pub months: Vec<i32>,
    /// Clusters that sent no return.
    pub not_reporting: NotReporting,
}

/// A control beside the covariates, of values by practice and wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The amount of the other staff that `inputs.workforce.other` names, per as many patients as the
    /// exposure, by the exposure's own rule.
    OtherRoles,
    /// The practice's share with the outcome in the waves without a census, apart for each later wave.
    BaselineByWave,
    /// Regions, apart for each wave.
    RegionByWave,
}

/// What a model changes. The default changes nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Change {
    /// The exposure; none leaves the config's.
    pub exposure: Option<ExposureRule>,
    /// Waves left out: indices into [`Config::waves`].
    pub without: Vec<usize>,
    /// Codes of areas left out.
    pub without_areas: Vec<String>,
    /// Codes of regions left out.
    pub without_regions: Vec<String>,
    /// Only practices that answer in every wave that has any answer.
    pub balanced: bool,
    /// Only clusters of at most this many registered patients (by the reference mapping).
    pub largest_cluster: Option<f64>,
    /// Controls beside the covariates.
    pub controls: Vec<Control>,
}

impl Config {
    /// The ways of making the exposure that any model asks for beside the config's own, each once.
    pub fn exposure_rules(&self) -> Vec<ExposureRule> {
        let grid = self.analyses.grid.iter().flat_map(|grid| grid.specifications.iter().map(|one| &one.model));
        let mut rules: Vec<ExposureRule> = Vec::new();
        for rule in self.models.iter().chain(grid).filter_map(|model| model.change.exposure.as_ref()) {
            if !rules.contains(rule) {
                rules.push(rule.clone());
            }
        }
        rules
    }
}
