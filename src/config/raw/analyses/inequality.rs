//! `analyses.inequality` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawInequality {
    pub by: String,
    pub ends: [String; 2],
    #[serde(default)]
    pub covariates: Vec<String>,
}
