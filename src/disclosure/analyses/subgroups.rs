//! Effects by subgroup, as released values.

use crate::disclosure::{Estimate, JointTested, Released};
use serde::{Deserialize, Serialize};

/// Every interaction test with its levels, by covariate, then outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct SubgroupsFound {
    /// One per covariate and outcome.
    pub tests: Vec<SubgroupTest>,
}

/// The exposure's effect by the levels of one covariate, for one outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct SubgroupTest {
    /// Place of what divides in the config's list.
    pub by: usize,
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Clusters analysed.
    pub clusters: Released<u64>,
    /// Joint test that the effect is the same in all levels but the missing one.
    pub wald: Released<JointTested>,
    /// Holm-adjusted p over the declared family.
    pub holm: Released<f64>,
    /// Benjamini-Hochberg-adjusted p over the same family.
    pub benjamini_hochberg: Released<f64>,
    /// The levels, in the config's order, the missing one last.
    pub levels: Vec<SubgroupLevel>,
}

/// The exposure's effect among the responses of one level.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct SubgroupLevel {
    /// Label.
    pub level: String,
    /// True for responses without a usable answer to the covariate.
    pub missing: bool,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Average marginal effect on the probability scale.
    pub effect: Released<Estimate>,
    /// Odds ratio (`std_error` on the log scale); logit only.
    pub odds_ratio: Released<Estimate>,
}
