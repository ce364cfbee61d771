//! Provision against need and deprivation, as released values. Nothing on single clusters.

use crate::disclosure::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// Provision against need by census.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct ProvisionFound {
    /// In order of time.
    pub censuses: Vec<ProvisionCensus>,
    /// Concentration curve at the last census that a wave uses.
    pub curve: Released<Vec<[f64; 2]>>,
    /// Census of the curve.
    pub curve_census: String,
}

/// Provision against need at one census.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct ProvisionCensus {
    /// Census, "2020-12".
    pub census: String,
    /// Clusters with a return, patients and a measure of need.
    pub clusters: Released<u64>,
    /// Mean amount per the stated number of patients over these clusters.
    pub mean: Released<f64>,
    /// Change in that amount per 10 percentage points of need.
    pub raw: Released<Estimate>,
    /// The same with what the config names held constant.
    pub adjusted: Released<Estimate>,
    /// Clusters behind the concentration index.
    pub ranked: Released<u64>,
    /// Concentration index of provision over patients ranked from most to least deprived.
    pub concentration: Released<Estimate>,
}
