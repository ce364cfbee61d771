//! `analyses.provision` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawProvisionNeed {
    pub need: RawNeed,
    #[serde(default = "per")]
    pub per: f64,
    #[serde(default)]
    pub adjust: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawNeed {
    pub label: String,
    pub outcome: String,
    pub wave: i32,
    #[serde(default = "failure")]
    pub answer: String,
}

/// Staff per 10,000 patients is the usual way to print provision.
fn per() -> f64 {
    10_000.0
}

/// Most outcomes are worded so that more is better: need is the answer that fails.
fn failure() -> String {
    "failure".into()
}
