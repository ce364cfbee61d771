//! `analyses.population` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPeople {
    pub bases: Vec<String>,
    pub outcomes: Option<Vec<String>>,
}
