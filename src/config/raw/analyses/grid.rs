//! `analyses.grid` as written, and what a variant may change beside the model's own keys.

use super::super::RawCluster;
use indexmap::IndexMap;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawGrid {
    /// Axes whose alternatives are fully crossed.
    #[serde(default)]
    pub cross: Vec<String>,
    /// Axes crossed with every other specification.
    #[serde(default)]
    pub with_all: Vec<String>,
    pub outcomes: Option<Vec<String>>,
    pub axes: IndexMap<String, RawAxis>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawAxis {
    pub label: String,
    pub levels: IndexMap<String, RawLevel>,
}

/// An alternative: what it overrides of the main model, by the names that variants use.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawLevel {
    pub label: String,
    pub family: Option<String>,
    pub covariates: Option<Vec<String>>,
    pub absorb: Option<String>,
    pub effects: Option<Vec<String>>,
    pub cluster: Option<RawCluster>,
    pub weights: Option<String>,
    pub vcov: Option<String>,
    pub errors: Option<String>,
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

/// Another way of making the exposure; what is not named stays.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawRule {
    pub months: Option<Vec<i32>>,
    pub not_reporting: Option<String>,
}

/// What is changed beside a model's own keys.
#[derive(Debug, Default)]
pub(in crate::config) struct RawChange {
    pub exposure: Option<RawRule>,
    pub without: Vec<i32>,
    pub without_areas: Vec<String>,
    pub without_regions: Vec<String>,
    pub balanced: bool,
    pub largest_cluster: Option<f64>,
    pub controls: Vec<String>,
}
