//! Inequality of outcomes over a ranked variable, as released values.

use crate::disclosure::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// Inequality by outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct InequalityFound {
    /// In the config's order.
    pub outcomes: Vec<InequalityOutcome>,
}

/// Inequality of one outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct InequalityOutcome {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Responses analysed.
    pub n: Released<u64>,
    /// By wave.
    pub waves: Vec<InequalityWave>,
    /// Slope index of the last wave less that of the first.
    pub change: Released<Estimate>,
    /// Change of the slope index per unit of the exposure.
    pub provision: Released<Estimate>,
    /// P value for the claim that this change is smaller than the smallest effect that matters.
    pub equivalence: Released<f64>,
}

/// Inequality of one outcome in one wave.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct InequalityWave {
    /// Index into the config's waves.
    pub wave: usize,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Slope index: the share at the last rank less that at the first, as a probability.
    pub slope: Released<Estimate>,
    /// Relative index: the ratio of the two (`std_error` on the log scale).
    pub relative: Released<Estimate>,
}
