//! Sections on what is analysed and shown.

use super::{PerWave, RawBootstrap, RawChange, RawCluster, RawContrast, RawRule, defaults};
use indexmap::IndexMap;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A code or a word.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum Scalar {
    Code(i64),
    Word(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawCovariate {
    pub label: String,
    pub item: Option<PerWave>,
    pub from: Option<String>,
    #[serde(default)]
    pub levels: IndexMap<String, Vec<Scalar>>,
    pub reference: Option<String>,
    #[serde(default = "defaults::missing")]
    pub missing: String,
    #[serde(default = "defaults::scale")]
    pub scale: f64,
    #[serde(default = "defaults::good")]
    pub describe: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawOutcome {
    pub label: String,
    pub short: Option<String>,
    #[serde(default)]
    pub asked: String,
    pub item: PerWave,
    pub success: Vec<i8>,
    pub failure: Vec<i8>,
    #[serde(default)]
    pub left_out: IndexMap<i8, String>,
    #[serde(default)]
    pub base: IndexMap<String, Vec<i8>>,
    pub base_reason: Option<String>,
    pub counts: Option<RawCounts>,
    #[serde(default = "defaults::good")]
    pub good: bool,
    pub population: Option<String>,
    #[serde(default)]
    pub breaks: BTreeMap<i32, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawCounts {
    pub success: Vec<String>,
    pub base: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawModels {
    pub main: RawModel,
    #[serde(default)]
    pub variants: Vec<RawVariant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawModel {
    pub label: Option<String>,
    #[serde(default = "defaults::family")]
    pub family: String,
    #[serde(default)]
    pub covariates: Vec<String>,
    #[serde(default = "defaults::absorb")]
    pub absorb: String,
    #[serde(default = "defaults::effects")]
    pub effects: Vec<String>,
    #[serde(default = "defaults::cluster")]
    pub cluster: RawCluster,
    #[serde(default = "defaults::weights")]
    pub weights: String,
    #[serde(default = "defaults::vcov")]
    pub vcov: String,
    #[serde(default = "defaults::errors")]
    pub errors: String,
    pub bootstrap: Option<RawBootstrap>,
    #[serde(default)]
    pub contrasts: IndexMap<String, RawContrast>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawVariant {
    pub id: String,
    pub label: String,
    pub family: Option<String>,
    pub covariates: Option<Vec<String>>,
    pub absorb: Option<String>,
    pub effects: Option<Vec<String>>,
    pub cluster: Option<RawCluster>,
    pub weights: Option<String>,
    pub vcov: Option<String>,
    pub errors: Option<String>,
    pub bootstrap: Option<RawBootstrap>,
    #[serde(default)]
    pub contrasts: IndexMap<String, RawContrast>,
    pub exposure: Option<RawRule>,
    #[serde(default)]
    pub without: Vec<i32>,
    #[serde(default)]
    pub without_areas: Vec<String>,
    #[serde(default)]
    pub without_regions: Vec<String>,
    #[serde(default)]
    pub balanced: bool,
    pub largest_cluster: Option<f64>,
    #[serde(default)]
    pub controls: Vec<String>,
}

impl RawVariant {
    /// What it changes beside the model's own keys.
    pub(in crate::config) fn change(&self) -> RawChange {
        RawChange {
            exposure: self.exposure.clone(),
            without: self.without.clone(),
            without_areas: self.without_areas.clone(),
            without_regions: self.without_regions.clone(),
            balanced: self.balanced,
            largest_cluster: self.largest_cluster,
            controls: self.controls.clone(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPopulation {
    pub label: String,
    pub people: f64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPublished {
    pub name: String,
    pub n: Option<u64>,
    #[serde(default)]
    pub estimates: IndexMap<String, RawPublishedEstimate>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPublishedEstimate {
    pub odds_ratio: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub digits: Option<usize>,
    pub people: Option<f64>,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawAssumption {
    pub about: String,
    pub key: String,
    pub because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawDisclosure {
    pub profile: String,
    pub threshold: Option<u64>,
    pub rounding: Option<u64>,
    pub zeros: Option<String>,
    pub totals: Option<String>,
    pub residual_degrees_of_freedom: Option<u64>,
    pub largest_two: Option<f64>,
    pub p_percent: Option<f64>,
    #[serde(default)]
    pub units: Vec<String>,
    pub previous: Option<String>,
    #[serde(default)]
    pub exceptions: IndexMap<String, String>,
}

impl RawDisclosure {
    /// A profile and nothing else.
    pub(in crate::config) fn named(profile: &str) -> Self {
        Self {
            profile: profile.into(),
            threshold: None,
            rounding: None,
            zeros: None,
            totals: None,
            residual_degrees_of_freedom: None,
            largest_two: None,
            p_percent: None,
            units: Vec::new(),
            previous: None,
            exceptions: IndexMap::new(),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawExhibit {
    pub number: String,
    pub title: String,
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawReport {
    pub template: String,
    pub page: String,
}
