//! What only the authors can say about where things come from: one serde struct per section.

use indexmap::IndexMap;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawProvenance {
    #[serde(default)]
    pub licence: String,
    #[serde(default)]
    pub contact: String,
    #[serde(default)]
    pub keywords: Vec<String>,
    #[serde(default)]
    pub requirements: Vec<String>,
    #[serde(default)]
    pub sources: IndexMap<String, RawAvailability>,
    #[serde(default)]
    pub statements: IndexMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawAvailability {
    pub access: String,
    pub how: String,
    #[serde(default)]
    pub licence: String,
    #[serde(default)]
    pub url: String,
    #[serde(default)]
    pub citation: String,
}
