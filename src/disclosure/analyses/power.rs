//! Power in small simulated studies beside what this study can find, as released values.

use crate::disclosure::Released;
use serde::{Deserialize, Serialize};

/// A share of simulated studies: the share, its Monte Carlo standard error, and its 95 % interval (Wilson).
pub type Share = [f64; 4];

/// Studies of one outcome under one effect. Numbers of studies describe nobody.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PowerRow {
    /// Name of the effect: `truth`, or the odds ratio.
    pub effect: String,
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Odds ratio per unit of exposure.
    pub odds_ratio: f64,
    /// Studies made.
    pub replications: u64,
    /// Those in which the model could be fitted.
    pub fitted: u64,
    /// Share in which the test finds a difference.
    pub power: Released<Share>,
    /// The same from the studies' mean standard error.
    pub formula: Released<f64>,
    /// Share in which the 95 % interval holds the truth.
    pub coverage: Released<Share>,
    /// Mean coefficient less the truth, with its Monte Carlo standard error.
    pub bias: Released<[f64; 2]>,
    /// Root mean square of the standard errors.
    pub mean_error: Released<f64>,
    /// Probability that this study finds such an effect, from its own standard error.
    pub here: Released<f64>,
}

/// One outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PowerOutcome {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// Smallest average marginal effect that this study finds with the stated power, as a probability.
    pub detectable: Released<f64>,
    /// The same as an odds ratio above 1.
    pub detectable_ratio: Released<f64>,
    /// Share of intervals that hold the truth, over all effects.
    pub coverage: Released<Share>,
}

/// Everything found on power.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct PowerFound {
    /// Why there is no stored run to show; empty where there is one.
    pub problem: String,
    /// By outcome, then effect.
    pub rows: Vec<PowerRow>,
    /// By outcome.
    pub outcomes: Vec<PowerOutcome>,
}

impl PowerFound {
    /// The rows of an outcome.
    pub fn of(&self, outcome: usize) -> impl Iterator<Item = &PowerRow> {
        self.rows.iter().filter(move |row| row.outcome == outcome)
    }
}
