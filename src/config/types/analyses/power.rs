//! Power: small simulated studies under known odds ratios.

use crate::config::Scale;
use crate::format::plain;

/// An odds ratio that studies are simulated under.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PowerEffect {
    /// Each outcome's own under `simulate.outcomes`.
    Truth,
    /// The same for all outcomes.
    Ratio(f64),
}

impl PowerEffect {
    /// Its name in files: `truth`, or the odds ratio.
    pub fn name(self) -> String {
        match self {
            Self::Truth => "truth".into(),
            Self::Ratio(ratio) => plain(ratio),
        }
    }
}

/// What is asked of the simulated studies.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// The stored run, relative to the data root.
    pub file: String,
    /// Studies per effect.
    pub replications: u64,
    /// Size of each study.
    pub size: Scale,
    /// Odds ratios, in the order of the config.
    pub effects: Vec<PowerEffect>,
    /// Seed of all studies.
    pub seed: u64,
    /// Whether a run that is missing or of another config is an error; else the report says it.
    pub refuse: bool,
    /// SHA-256 of everything that the studies and their models depend on, but for their number.
    pub key: String,
}
