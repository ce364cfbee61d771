//! Everything a report of a dataset study may show, as released values.

use serde::{Deserialize, Serialize};

/// Findings.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Default)]
pub struct DatasetFindings {}
