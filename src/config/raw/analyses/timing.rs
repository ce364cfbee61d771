//! `analyses.timing` as written.

use crate::config::raw::PerWave;
use indexmap::IndexMap;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawTiming {
    pub outcomes: Option<Vec<String>>,
    pub reference: Option<i32>,
    #[serde(default = "one")]
    pub leads: u32,
    #[serde(default = "one")]
    pub lags: u32,
    #[serde(default)]
    pub shifts: Vec<u32>,
    #[serde(default)]
    pub controls: IndexMap<String, RawControl>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawControl {
    pub label: String,
    pub item: PerWave,
    pub success: Vec<i8>,
    pub failure: Vec<i8>,
    #[serde(default)]
    pub left_out: IndexMap<i8, String>,
}

/// Each more costs a wave.
fn one() -> u32 {
    1
}
