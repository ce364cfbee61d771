//! Finished strings on the analyses beside the models: one optional part each.

mod grid;
mod leave_out;

pub use grid::{GridFacts, GridOutcomeFacts};
pub use leave_out::{LeaveOutFacts, LeaveOutOutcomeFacts};

use serde::Serialize;

use crate::config::Config;
use crate::disclosure::Findings;

/// One optional part per analysis.
#[derive(Debug, Clone, Serialize)]
pub struct AnalysisFacts {
    /// Grid of specifications.
    pub grid: Option<GridFacts>,
    /// Parts left out in turn.
    pub leave_out: Option<LeaveOutFacts>,
}

/// The parts that the config asks for.
pub(super) fn analyses(config: &Config, findings: &Findings) -> AnalysisFacts {
    let (asked, found) = (&config.analyses, &findings.analyses);
    AnalysisFacts {
        grid: asked.grid.as_ref().zip(found.grid.as_ref()).map(|(plan, found)| grid::grid(config, plan, found)),
        leave_out: asked
            .leave_out
            .as_ref()
            .zip(found.leave_out.as_ref())
            .map(|(plan, found)| leave_out::leave_out(config, findings, plan, found)),
    }
}
