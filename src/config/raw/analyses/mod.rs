//! The optional sections under `analyses`: one file each. Knows YAML shapes only.

mod grid;
mod leave_out;

pub(in crate::config) use grid::*;
pub(in crate::config) use leave_out::*;

use serde::Deserialize;

/// One optional section per analysis.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawAnalyses {
    pub grid: Option<RawGrid>,
    pub leave_out: Option<RawLeaveOut>,
}
