//! What is analysed beside the models: one optional part per analysis.

mod grid;
mod leave_out;

pub use grid::*;
pub use leave_out::*;

/// One optional part per analysis; none is asked for by default.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Analyses {
    /// Grid of specifications.
    pub grid: Option<Grid>,
    /// Parts of the sample left out in turn.
    pub leave_out: Option<LeaveOut>,
}
