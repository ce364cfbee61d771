//! `analyses.power` as written.

use crate::config::Scale;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPower {
    pub file: String,
    #[serde(default = "two_hundred")]
    pub replications: u64,
    pub size: Scale,
    pub effects: Vec<RawPowerEffect>,
    #[serde(default = "one")]
    pub seed: u64,
    #[serde(default = "say")]
    pub otherwise: String,
}

/// An odds ratio, or the word `truth`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawPowerEffect {
    Ratio(f64),
    Word(String),
}

/// Monte Carlo error of a power of one half: 3.5 percentage points.
fn two_hundred() -> u64 {
    200
}

fn one() -> u64 {
    1
}

/// A report is no worse for a stored run that does not fit: it has none, and says so.
fn say() -> String {
    "say".into()
}
