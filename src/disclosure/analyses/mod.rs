//! Released findings of the analyses beside the models: one optional part each, so that findings of
//! studies without them stay as they are.

mod grid;
mod leave_out;

pub use grid::*;
pub use leave_out::*;

use serde::{Deserialize, Serialize};

/// One optional part per analysis.
#[derive(Debug, Serialize, Deserialize, Clone, PartialEq, Default)]
pub struct Analyses {
    /// Grid of specifications.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<GridFound>,
    /// Parts left out in turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave_out: Option<LeaveOutFound>,
}

impl Analyses {
    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
