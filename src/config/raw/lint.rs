//! Words that the linter looks for, and those that it leaves alone.

use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RawLint {
    #[serde(default)]
    pub causal: Vec<String>,
    #[serde(default)]
    pub allow: Vec<String>,
}
