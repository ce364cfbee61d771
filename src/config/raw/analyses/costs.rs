//! `analyses.costs` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawCosts {
    pub currency: String,
    pub total: RawQuantity,
    pub in_post: RawInPost,
    pub patients: RawQuantity,
    #[serde(default = "draws")]
    pub draws: u64,
    pub worth: RawWorth,
    pub outcomes: Option<Vec<String>>,
    pub figure: Option<String>,
    pub referred: Option<RawReferred>,
}

/// A number that is known with some uncertainty.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawQuantity {
    pub label: String,
    pub value: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    #[serde(default = "fixed")]
    pub distribution: String,
}

/// A number, or the word `census`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum RawInPost {
    Word(String),
    Quantity(RawQuantity),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawWorth {
    pub to: f64,
    pub steps: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawReferred {
    pub label: String,
    pub share: f64,
}

/// The Monte Carlo error of a probability is then below half a percentage point.
fn draws() -> u64 {
    10_000
}

/// Nothing is uncertain unless the config says how.
fn fixed() -> String {
    "fixed".into()
}
