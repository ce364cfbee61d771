//! `analyses.dose` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawDose {
    pub outcomes: Option<Vec<String>>,
    pub cuts: Vec<f64>,
    pub knots: Option<Vec<f64>>,
    pub quantiles: Option<Vec<f64>>,
    #[serde(default = "eight")]
    pub bins: usize,
}

/// Enough to see a bend, few enough for narrow intervals.
fn eight() -> usize {
    8
}
