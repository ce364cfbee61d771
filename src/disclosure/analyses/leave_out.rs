//! Released findings of the main model without one part at a time.

use super::super::{Estimate, Released};
use serde::{Deserialize, Serialize};

/// A part that was left out.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// `wave`, `region` or `area`.
    pub kind: String,
    /// Wave or code.
    pub code: String,
    /// Name.
    pub label: String,
}

/// The main model of one outcome without a part.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct LeaveOutRow {
    /// Index into the config's outcomes.
    pub outcome: usize,
    /// What was left out.
    pub left_out: LeftOut,
    /// Responses analysed.
    pub n: Released<u64>,
    /// Coefficient of the exposure, or why there is none.
    pub coefficient: Released<Estimate>,
    /// Average marginal effect on the probability scale.
    pub effect: Released<Estimate>,
}

/// All of them, by outcome.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq)]
pub struct LeaveOutFound {
    /// Rows in the order of outcomes, then of parts.
    pub rows: Vec<LeaveOutRow>,
}

impl LeaveOutFound {
    /// The rows of an outcome.
    pub fn of(&self, outcome: usize) -> impl Iterator<Item = &LeaveOutRow> {
        self.rows.iter().filter(move |row| row.outcome == outcome)
    }
}
