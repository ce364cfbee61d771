//! Keys on what is asked of the fitted models.

use super::defaults;
use indexmap::IndexMap;
use serde::Deserialize;

/// One kind of cluster, or two.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawCluster {
    One(String),
    Several(Vec<String>),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawBootstrap {
    Word(String),
    Draws(RawDraws),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawDraws {
    pub draws: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawContrast {
    pub label: String,
    pub from: RawPlace,
    pub to: RawPlace,
}

/// A value of the exposure, or `observed`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawPlace {
    Value(f64),
    Word(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawTests {
    #[serde(default = "defaults::adjust")]
    pub adjust: Vec<String>,
    pub outcomes: Option<Vec<String>>,
    #[serde(default = "defaults::alpha")]
    pub alpha: f64,
    #[serde(default = "defaults::power")]
    pub power: f64,
    pub smallest_effect: Option<RawSmallest>,
    #[serde(default)]
    pub joint: Vec<RawJoint>,
}

impl Default for RawTests {
    fn default() -> Self {
        let (adjust, alpha, power) = (defaults::adjust(), defaults::alpha(), defaults::power());
        Self { adjust, outcomes: None, alpha, power, smallest_effect: None, joint: Vec::new() }
    }
}

/// One for all outcomes, or one by outcome.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawSmallest {
    All(RawEffect),
    ByOutcome(IndexMap<String, RawEffect>),
}

/// Both keys are required; asked for by the check, which can say so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawEffect {
    pub value: Option<f64>,
    pub scale: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawJoint {
    pub label: String,
    pub terms: Vec<String>,
}
