//! `analyses.leave_out` as written.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawLeaveOut {
    pub by: Vec<String>,
    pub outcomes: Option<Vec<String>>,
}
