//! `analyses.public_route` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawPublicRoute {
    pub suppress_below: Option<u64>,
    pub outcomes: Option<Vec<String>>,
}
