//! `analyses.subgroups` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawSubgroups {
    pub by: Vec<String>,
    pub outcomes: Option<Vec<String>>,
    #[serde(default = "all")]
    pub family: String,
    pub figure: Option<String>,
}

/// Every test that is made could mislead, so all of them share one family.
fn all() -> String {
    "all".into()
}
